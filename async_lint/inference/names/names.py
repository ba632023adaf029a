"""What a name stands for at the place where it is read: its scope, and which of its bindings reach it."""

import ast
from collections.abc import Sequence

from async_lint.inference.modules.summary import body_of
from async_lint.inference.names.bound_values import binding_type, unpack
from async_lint.inference.names.narrowing import narrow, reached
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax import conditions, control, flow
from async_lint.inference.syntax.binding import MANY, Binding, Foreign, Function, How, form, targets
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.unions import join
from async_lint.inference.types.values import (
    UNKNOWN,
    Frame,
    FunctionType,
    NoneType,
    OverloadedType,
    Type,
    TypeVariable,
    Union,
    Unknown,
    unknown,
)


def name_type(evaluator: Evaluator, node: ast.Name, frame: Frame) -> Type:
    """Return what a name is at that very place."""
    scope: Frame | None = frame
    place = (node.lineno, node.col_offset)
    now = True  # the scope's own code is what runs; a closure runs at any time later
    innermost = True
    while scope is not None:
        if scope.node is not None:
            found = _in_expression_scope(evaluator, node.id, scope)
            if found is not None:
                return narrow_by_filters(evaluator, node, found, frame)
            now = now and not isinstance(scope.node, ast.Lambda)
            innermost = False
        elif scope.function is not None:
            body = body_of(scope.function)
            if node.id in body.module_names:
                return evaluator.global_type(scope.module, node.id)
            bindings = body.table.get(node.id)
            if bindings and node.id not in body.outward:
                return _local(evaluator, node, bindings, scope, place, now)
            # For the scopes further out, the name is read from where the function is made on.
            place = (scope.function.node.lineno, scope.function.node.col_offset)
            now = innermost = False
        elif scope.cls is not None:
            # A method does not see what the class around it binds.
            known = scope.cls.table.get(node.id) if innermost else None
            if known and any(_is_before(each, place) for each in known):
                return bound(evaluator, known, scope, place)
            innermost = False
        elif scope.variables is not None:
            if node.id in scope.variables:
                bound_to = getattr(scope.variables[node.id], "bound", None)
                allowed = bound_to.elts if isinstance(bound_to, ast.Tuple) else [bound_to] if bound_to else []
                bounds = [evaluator.annotation(each, scope) for each in allowed]
                return TypeVariable(node.id, join(bounds) if bounds else None)
        else:
            return evaluator.global_type(scope.module, node.id, place if now else None)
        scope = scope.parent
    return UNKNOWN


def narrow_by_filters(evaluator: Evaluator, node: ast.Name, found: Type, frame: Frame) -> Type:
    """Apply the `if` clauses of the comprehension around the name."""
    if isinstance(frame.node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        tests = [conditions.Test(test, True) for generator in frame.node.generators for test in generator.ifs]
        # In a filter itself, nothing has been filtered yet.
        if tests and not any(node in descendants(test.node) for test in tests):
            return narrow(evaluator, node.id, found, tests, frame)
    return found


def _in_expression_scope(evaluator: Evaluator, name: str, frame: Frame) -> Type | None:
    node = frame.node
    if isinstance(node, ast.Lambda):
        if frame.arguments is not None and name in frame.arguments:
            return frame.arguments[name]
        given = node.args
        names = {
            each.arg
            for each in (*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, (given.vararg, given.kwarg)))
        }
        return unknown(f"`{name}` is a parameter of a lambda") if name in names else None
    assert node is not None
    for index, generator in enumerate(node.generators):
        for bound_name, path in targets(generator.target):
            if bound_name == name:
                # Python evaluates the first iterable in the scope around the comprehension.
                outer = frame.parent if index == 0 else frame
                assert outer is not None
                return unpack(
                    evaluator,
                    evaluator.element(evaluator.evaluate(generator.iter, outer), bool(generator.is_async)),
                    path,
                )
    return None


def _local(
    evaluator: Evaluator, node: ast.Name, bindings: Sequence[Binding], frame: Frame, place: control.Place, now: bool
) -> Type:
    """What a function's own name is at `place`; or, for a closure that is made there, from then on."""
    assert frame.function is not None
    if len(bindings) > MANY:
        return unknown(f"`{node.id}` is bound in more than {MANY} places")
    body = body_of(frame.function)
    if len(bindings) == 1 and node.id not in body.tested:
        reach = flow.Reaching(frozenset(), True, (), None)  # where it stands makes no difference
    else:
        reach = flow.reaching(node.id, place, body.statements, node.id in body.walruses, body.lines_of(node.id))
    tests = reach.tests
    if len(bindings) > 1:
        chosen = [
            each for each in bindings if id(each.node) in reach.nodes or (each.how is How.PARAMETER and reach.start)
        ]
        bound_later = [] if now else [each for each in bindings if _position(each) > place and each not in chosen]
        # A closure may run when they have replaced what was tested.
        if bound_later:
            tests = ()
        bindings = [*chosen, *bound_later] or [each for each in bindings if _position(each) < place]
        # What stands behind a test that fails for these arguments is not run for them.
        if frame.arguments:
            bindings = [
                each
                for each in bindings
                if each.how is How.PARAMETER or reached(_position(each), body.statements, frame)
            ] or bindings
    found = with_foreign(evaluator, body.inner, node.id, bindings, _joined(evaluator, bindings, frame))
    # To look for tests inside the statement walks its expressions: only where they could add something.
    if isinstance(found, Union | Unknown):
        statement = reach.statement or flow.statement_at(body.statements, place)
        tests = (*[*conditions.inside(statement, place)][::-1], *tests)
    return narrow(evaluator, node.id, found, tests, frame) if tests else found


def with_foreign(evaluator: Evaluator, foreign: Foreign, name: str, bindings: Sequence[Binding], own: Type) -> Type:
    """Join what the scope itself gives a name with what functions further in give it; a None gets replaced."""
    others = foreign.get(name)
    if others is None or any(each.how is How.DECLARE for each in bindings):
        return own
    found = [binding_type(evaluator, each, evaluator.function_scope(function)) for function, each in others]
    return join(found if isinstance(own, NoneType) else [own, *found])


def _is_before(binding: Binding, place: control.Place) -> bool:
    """Whether the statement that binds has run when `place` is reached from above."""
    node = binding.node
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        return (node.end_lineno or 0, node.end_col_offset or 0) <= place
    return _position(binding) < place


def _position(binding: Binding) -> control.Place:
    return getattr(binding.node, "lineno", 0), getattr(binding.node, "col_offset", 0)


def _joined(evaluator: Evaluator, bindings: Sequence[Binding], frame: Frame) -> Type:
    # `x: T` alone on a line declares all the assignments to the name.
    declared = [each for each in bindings if each.how is How.DECLARE and each.value is None]
    if declared and len(declared) < len(bindings):
        found = binding_type(evaluator, declared[0], frame)
        if not isinstance(found, Unknown):
            return found
        bindings = [each for each in bindings if each not in declared]
    return join(
        [
            binding_type(evaluator, each, frame)
            for each in bindings
            # what `+=` adds says less of a name than what it began as
            if each.how is not How.AUGMENTED or len(bindings) == 1
        ]
    )


def bound(evaluator: Evaluator, bindings: Sequence[Binding], frame: Frame, place: control.Place | None = None) -> Type:
    """What a module's or a class's name is: its last certain binding, and those behind it."""
    if place is not None and len(bindings) > 1:
        earlier = [each for each in bindings if _is_before(each, place)]
        bindings = earlier or bindings
    overloads = [each for each in bindings if each.how is How.FUNCTION and _is_overload(each)]
    if overloads:
        plain = [each for each in bindings if each not in overloads]
        if not plain or all(each.how is How.FUNCTION for each in plain):
            return _overloaded(evaluator, overloads, plain[-1] if plain else None, frame)
    accessors = [each for each in bindings if each.how is How.FUNCTION and _is_accessor(each)]
    bindings = [each for each in bindings if each not in accessors] or list(bindings)
    last = max(
        (index for index, each in enumerate(bindings) if each.certain and each.how is not How.AUGMENTED), default=0
    )
    active = [index for index, each in enumerate(bindings) if evaluator.is_active(each)]
    if active:
        # `f = wrap(f)`: the name on the right is what it was before.
        bindings = bindings[: active[0]]
        last = max((index for index, each in enumerate(bindings) if each.certain), default=0)
    return _joined(evaluator, bindings[last:], frame) if bindings else unknown("it is defined by itself")


def _is_overload(binding: Binding) -> bool:
    assert isinstance(binding.definition, Function)
    return any(form(each) == "overload" for each in binding.definition.node.decorator_list)


def _is_accessor(binding: Binding) -> bool:
    """`@name.setter` and `@name.deleter` leave what reading the property gives."""
    assert isinstance(binding.definition, Function)
    return any(
        isinstance(each, ast.Attribute) and each.attr in ("setter", "deleter")
        for each in binding.definition.node.decorator_list
    )


def _overloaded(
    evaluator: Evaluator, overloads: Sequence[Binding], implementation: Binding | None, frame: Frame
) -> Type:
    found = [binding_type(evaluator, each, frame) for each in overloads]
    items = tuple(each for each in found if isinstance(each, FunctionType))
    if len(items) == len(found):
        body = binding_type(evaluator, implementation, frame) if implementation is not None else None
        return OverloadedType(items, body if isinstance(body, FunctionType) else None)
    return found[0] if all(type(each) is type(found[0]) for each in found) else UNKNOWN
