"""What one binding gives a name: an assignment, an import, a loop, a parameter, an annotation."""

import ast

from async_lint.inference.names import asgi, fixtures
from async_lint.inference.names.belied_annotation import is_belied
from async_lint.inference.names.container_elements import filled
from async_lint.inference.names.contradicted_default import contradicts_default
from async_lint.inference.names.records import as_tuple, specified
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Binding, Class, Function, How, Module, form
from async_lint.inference.types.scope import typed
from async_lint.inference.types.type_variables import instance_of, substitute
from async_lint.inference.types.unions import join, options
from async_lint.inference.types.values import (
    UNKNOWN,
    ClassType,
    External,
    Frame,
    Instance,
    ModuleType,
    NoneType,
    TupleType,
    Type,
    Union,
    Unknown,
    unknown,
)


def binding_type(evaluator: Evaluator, binding: Binding, frame: Frame) -> Type:
    """What one binding gives the name."""
    return evaluator.remember(binding, frame, lambda: _binding_type(evaluator, binding, frame))


def _binding_type(evaluator: Evaluator, binding: Binding, frame: Frame) -> Type:
    match binding.how:
        case How.ASSIGN:
            assert binding.value is not None
            return unpack(
                evaluator, filled(evaluator, evaluator.evaluate(binding.value, frame), binding, frame), binding.path
            )
        case How.DECLARE:
            return declared(evaluator, binding, frame)
        case How.FUNCTION:
            assert isinstance(binding.definition, Function)
            return evaluator.function_type(binding.definition, frame)
        case How.CLASS:
            assert isinstance(binding.definition, Class)
            return evaluator.class_type(binding.definition, frame)
        case How.IMPORT:
            return _imported_module(evaluator, binding, frame.module)
        case How.IMPORT_FROM:
            return evaluator.import_from(binding.module, binding.name, frame.module)
        case How.PARAMETER:
            return parameter(evaluator, binding, frame)
        case How.ITERATE | How.ASYNC_ITERATE:
            assert binding.value is not None
            items = evaluator.element(evaluator.evaluate(binding.value, frame), binding.how is How.ASYNC_ITERATE)
            return unpack(evaluator, items, binding.path)
        case How.ENTER | How.ASYNC_ENTER:
            assert binding.value is not None
            entered = evaluator.entered(evaluator.evaluate(binding.value, frame), binding.how is How.ASYNC_ENTER)
            return unpack(evaluator, entered, binding.path)
        case How.ALIAS:
            assert binding.value is not None
            return evaluator.alias(binding.value, typed(binding.node, frame))
        case How.EXCEPT if binding.value is not None:
            caught = evaluator.evaluate(binding.value, frame)
            classes = caught.items if isinstance(caught, TupleType) else (caught,)
            return join(
                [Instance(exception.cls) if isinstance(exception, ClassType) else UNKNOWN for exception in classes]
            )
        case How.AUGMENTED:
            assert binding.value is not None
            return evaluator.evaluate(binding.value, frame)
        case How.PATTERN if isinstance(binding.node, ast.MatchAs):
            return _matched(evaluator, binding, frame)
    return unknown("nothing says what it is")


def _matched(evaluator: Evaluator, binding: Binding, frame: Frame) -> Type:
    pattern = binding.node
    assert isinstance(pattern, ast.MatchAs)
    # Of the patterns, only one of a class says what it binds.
    if isinstance(pattern.pattern, ast.MatchClass):
        matched = evaluator.evaluate(pattern.pattern.cls, frame)
        return Instance(matched.cls) if isinstance(matched, ClassType) else UNKNOWN
    return UNKNOWN


def declared(evaluator: Evaluator, binding: Binding, frame: Frame) -> Type:
    """An annotation says what it is; where it says nothing, the value does."""
    assert binding.annotation is not None
    if binding.value is not None and is_alias_annotation(binding.annotation):
        return evaluator.alias(binding.value, frame)
    annotated = evaluator.annotation(binding.annotation, frame)
    target = getattr(binding.node, "target", None)
    if isinstance(target, ast.Name) and is_belied(evaluator, target.id, annotated, frame):
        return unknown(f"what is done with `{target.id}` belies its annotation")
    # `names: Any = []`: what it begins as says more.
    if binding.value is not None and isinstance(annotated, Unknown):
        value = specified(evaluator, binding.value, frame)
        return filled(evaluator, evaluator.evaluate(binding.value, frame), binding, frame) if value is None else value
    if isinstance(annotated, Instance) and not annotated.args and evaluator.class_parameters(annotated.cls):
        return filled(evaluator, annotated, binding, frame)  # `-> list`, of whatever is put in
    return annotated


def is_alias_annotation(annotation: ast.expr) -> bool:
    return form(annotation) == "TypeAlias"


def _imported_module(evaluator: Evaluator, binding: Binding, importer: Module) -> Type:
    if evaluator.library.module(binding.module, importer.root) is None:
        # Its names keep their origin, by which rules know a library that is not installed.
        return External(binding.module)
    return ModuleType(binding.module, importer.root)


def parameter(evaluator: Evaluator, binding: Binding, frame: Frame) -> Type:
    """A parameter: what a caller is known to give, its annotation, or, for the first of a method, the receiver."""
    function = frame.function
    node = binding.node
    assert function is not None
    assert isinstance(node, ast.arg)
    # What this call gives says more than what any call may give.
    if frame.arguments is not None and node.arg in frame.arguments:
        return frame.arguments[node.arg]
    given = function.node.args
    if binding.annotation is not None:
        annotated = evaluator.annotation(binding.annotation, evaluator.definition_frame(function, frame))
        if function.owner is not None:
            annotated = substitute(annotated, {"Self": instance_of(evaluator.receiver(function))})
        if given.vararg is node:
            return evaluator.builtin("tuple", annotated)
        if given.kwarg is node:
            return evaluator.builtin("dict", evaluator.builtin("str"), annotated)
        if contradicts_default(evaluator, function, node, annotated):
            return unknown(f"the default of `{node.arg}` gives no awaitable, whatever the annotation says")
        if is_belied(evaluator, node.arg, annotated, frame):
            return unknown(f"what is done with `{node.arg}` belies its annotation")
        if fixtures.contradicts(evaluator, function, node, annotated):
            return unknown(f"the fixture `{node.arg}` gives something else than the annotation says")
        if not isinstance(annotated, NoneType):
            return asgi.parameter(function, node, annotated)
    positional = [*given.posonlyargs, *given.args]
    if function.owner is not None and positional and positional[0] is node:
        return evaluator.receiver(function)
    if given.vararg is node:
        return evaluator.builtin("tuple", UNKNOWN)
    if given.kwarg is node:
        return evaluator.builtin("dict", evaluator.builtin("str"), UNKNOWN)
    return asgi.parameter(function, node, evaluator.unannotated(function, node))


def unpack(evaluator: Evaluator, value: Type, path: tuple[int | None, ...]) -> Type:
    """Follow the path of an unpacking target into a value."""
    for step in path:
        if isinstance(value, Union):
            value = join([unpack(evaluator, option, (step,)) for option in options(value)])
            continue
        value = as_tuple(evaluator, value)
        if isinstance(value, TupleType) and step is not None and -len(value.items) <= step < len(value.items):
            value = value.items[step]
        elif step is None:
            # Python makes a list of what a star takes, whatever it takes it from.
            value = evaluator.builtin("list", evaluator.element(value, False))
        else:
            value = evaluator.element(value, False)
    return value
