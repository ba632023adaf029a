"""Which functions of the project a call may mean: through decorators, and the methods of subclasses."""

import ast
from collections.abc import Iterable, Iterator

from async_lint.inference.effects.interprocedural import is_followed
from async_lint.inference.kinds import kinds
from async_lint.inference.modules.summary import body_of
from async_lint.inference.names import origins
from async_lint.inference.names.aliases import bindings
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Binding, Class, Function, last_name
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.describe import describe
from async_lint.inference.types.values import Callable as Callback
from async_lint.inference.types.values import (
    ClassType,
    Coroutine,
    External,
    Frame,
    FunctionType,
    Instance,
    NoneType,
    OverloadedType,
    Type,
    Union,
    Unknown,
)

# A name that more files define, such as `get`, says nothing about one receiver.
_MAX_FILES = 30
_MAX_HEIRS = 40  # more implementations than that say nothing about one call


def definitions(evaluator: Evaluator, callee: ast.expr, frame: Frame) -> tuple[Function, ...]:
    """Return the functions with a body that a call of `callee` may run; empty when none of the project's was found."""
    of = evaluator.evaluate(callee, frame)
    kept = _kept_by_class(evaluator, callee.value, frame) if isinstance(callee, ast.Attribute) else None
    if isinstance(callee, ast.Attribute) and isinstance(of, Unknown | External) and kept is not None:
        of = evaluator.class_member(kept, callee.attr) or of
    meant = list(_functions(evaluator, of, callee, frame))
    if isinstance(callee, ast.Attribute):
        for function in list(meant):
            overrides = _overrides(evaluator, callee, function, frame, kept)
            if overrides is None:
                return ()
            meant += overrides
    # Who implements a protocol need not name it.
    if isinstance(callee, ast.Attribute) and any(map(_is_of_protocol, meant)):
        meant += namesakes(evaluator, callee.attr)
    return tuple(dict.fromkeys(function for function in meant if is_in_sight(function)))


def makes(evaluator: Evaluator, call: ast.Call, frame: Frame) -> bool:
    """Whether a call makes an object anew: of a class, or of a function that always returns what it has made."""
    if _is_plain_class(evaluator, evaluator.evaluate(call.func, frame)):
        return True
    given = origins.results(evaluator, origins.Site(call, frame))
    return bool(given) and all(
        isinstance(value, ast.Call) and _is_plain_class(evaluator, evaluator.evaluate(value.func, inner))
        for value, inner in given or ()
    )


def _is_plain_class(evaluator: Evaluator, of: Type) -> bool:
    """Whether it is a class, and one that may not give the same object twice."""
    if not isinstance(of, ClassType) or of.cls.node.decorator_list:
        return False
    bases = [base.cls for base in evaluator.order(of.cls).bases if base.cls.module.path]
    own = [keyword for cls in bases for keyword in cls.node.keywords if keyword.arg == "metaclass"]
    return not any("__new__" in cls.table for cls in bases) and all(last_name(one.value) == "ABCMeta" for one in own)


def namesakes(evaluator: Evaluator, name: str) -> tuple[Function, ...]:
    """Return the methods of that name in the project: what a receiver that was not found may have. None if too many."""
    project = evaluator.project
    paths = project.mentioning(f"def {name}(") if project is not None else []
    if len(paths) > _MAX_FILES:
        return ()
    modules = [module for module in map(evaluator.library.at, paths) if module is not None]
    methods = (function for module in modules for function in module.functions if function.owner is not None)
    # A property is none: what is called is what it gives.
    return tuple(one for one in methods if one.name == name and is_in_sight(one) and not _is_property(one))


def awaited_namesakes(evaluator: Evaluator, name: str) -> tuple[Function, ...]:
    """Return those `namesakes` whose result can be awaited: a plain function that gives nothing back has none."""
    return tuple(one for one in namesakes(evaluator, name) if one.is_async or _gives_something(one))


def is_defined(evaluator: Evaluator, name: str) -> bool:
    """Whether the project has a function of that name anywhere."""
    return evaluator.project is None or bool(evaluator.project.mentioning(f"def {name}("))


def is_stored(evaluator: Evaluator, name: str) -> bool:
    """Whether the project keeps something in an attribute of that name, which may be called."""
    return evaluator.project is not None and bool(evaluator.project.mentioning(f"self.{name} ="))


def is_handed_over(evaluator: Evaluator, callee: ast.expr, frame: Frame) -> bool:
    """Whether what is called was handed over: it is known by its annotation alone, and is no method."""
    of = evaluator.evaluate(callee, frame)
    options = of.items if isinstance(of, Union) else (of,)
    return any(isinstance(option, Callback) and option.function is None for option in options)


def is_handed_and_kept(evaluator: Evaluator, callee: ast.expr, frame: Frame) -> bool:
    """Whether an attribute keeps what is called, by what its class is seen to do; or as a field that may give anything.

    A method that a decorator makes look so is no field, and a field that promises something awaitable may be a method.
    """
    if not isinstance(callee, ast.Attribute) or not is_handed_over(evaluator, callee, frame):
        return False
    if is_stored(evaluator, callee.attr):
        return True
    of = evaluator.evaluate(callee, frame)
    gives_anything = isinstance(of, Callback) and isinstance(of.result, Unknown)
    return gives_anything and not any(True for _ in _below_decorators(evaluator, callee, frame))


def gives_nothing(evaluator: Evaluator, call: ast.Call, frame: Frame) -> bool:
    """Whether it calls a library's plain function that has no result: `await` raises an error there."""
    of = evaluator.evaluate(call.func, frame)
    # A class of the project may have heirs that give something.
    if not isinstance(of, FunctionType) or of.function.is_async or is_followed(of.function.module):
        return False
    return isinstance(evaluator.evaluate(call, frame), NoneType)


def _gives_something(function: Function) -> bool:
    returned = (node.value for node in descendants(function.whole()) if isinstance(node, ast.Return))
    return any(value is not None for value in returned)


def _is_property(function: Function) -> bool:
    return any(last_name(decorator) in ("property", "cached_property") for decorator in function.node.decorator_list)


def _is_of_protocol(function: Function) -> bool:
    return function.owner is not None and is_followed(function.module) and kinds.is_protocol(function.owner)


def is_in_sight(function: Function) -> bool:
    """Whether it is one of the project's, and has a body that says what it does."""
    return is_followed(function.module) and not _is_abstract(function)


def _functions(evaluator: Evaluator, of: Type, callee: ast.expr, frame: Frame) -> Iterator[Function]:
    if isinstance(of, Union):
        for item in of.items:
            yield from _functions(evaluator, item, callee, frame)
        return
    if isinstance(of, OverloadedType):
        of = of.implementation or of
    definition = describe(of).definition if not isinstance(of, Coroutine) else None
    if isinstance(definition, Class):
        called = evaluator.class_member(definition, "__call__") if isinstance(of, Instance) else None
        definition = called.function if isinstance(called, FunctionType) else None
    if isinstance(definition, Function):
        yield definition
    # Most decorators call what they decorate: what orders its calls would be missed otherwise. Many say no more of what
    # they give back than that it is a `Callable`, or an object of theirs.
    if not isinstance(definition, Function) or definition.outer is not None or not is_followed(definition.module):
        yield from _below_decorators(evaluator, callee, frame)


def _below_decorators(evaluator: Evaluator, callee: ast.expr, frame: Frame) -> Iterator[Function]:
    """Yield what a name was defined as, whatever its decorators make of it."""
    match callee:
        case ast.Name(id=name):
            yield from _defined_by(bindings(name, frame))
        case ast.Attribute(value=value, attr=name):
            of = evaluator.evaluate(value, frame)
            if isinstance(of, Instance):
                yield from defined_in(evaluator, of.cls, name)


def defined_in(evaluator: Evaluator, cls: Class, name: str) -> Iterator[Function]:
    """Yield what a class, or else the first that it inherits from, defines by a name."""
    held = (base.cls.table.get(name) for base in evaluator.order(cls).bases)
    return _defined_by(next(filter(None, held), ()))


def _defined_by(bindings: Iterable[Binding]) -> Iterator[Function]:
    return (binding.definition for binding in bindings if isinstance(binding.definition, Function))


def _kept_by_class(evaluator: Evaluator, receiver: ast.expr, frame: Frame) -> Class | None:
    """Return the class whose instance a container gives for it: `container[Store]`."""
    if not isinstance(receiver, ast.Subscript):
        return None
    key = evaluator.evaluate(receiver.slice, frame)
    return key.cls if isinstance(key, ClassType) and is_followed(key.cls.module) else None


def _overrides(
    evaluator: Evaluator, callee: ast.Attribute, function: Function, frame: Frame, kept: Class | None
) -> list[Function] | None:
    """Return what subclasses put in the place of a method; None if they are too many to be read."""
    if function.owner is None or function.name.startswith("__") or not is_followed(function.module):
        return []
    of = evaluator.evaluate(callee.value, frame)
    cls = of.cls if isinstance(of, Instance) else kept
    known = evaluator.heirs.of(cls) if cls is not None else ()
    if known is None:
        return None
    bindings = (binding for heir in known for binding in heir.table.get(function.name, ()))
    found = [binding.definition for binding in bindings if isinstance(binding.definition, Function)]
    return found if len(found) <= _MAX_HEIRS else None


def _is_abstract(function: Function) -> bool:
    """Whether the body stands in for another: `...`, a `raise`, a method that does nothing and may be overridden."""
    if any("abstract" in ast.unparse(decorator) for decorator in function.node.decorator_list):
        return True
    statements = [statement for statement in body_of(function).statements if not _is_text(statement)]
    if function.owner is None:
        return bool(statements) and all(map(_stands_in, statements))
    return all(_stands_in(statement) or _does_nothing(statement) for statement in statements)


def _stands_in(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Raise) or _is_ellipsis(statement)


def _does_nothing(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Return) and (statement.value is None or isinstance(statement.value, ast.Constant))
    )


def _is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _is_ellipsis(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant) and statement.value.value is ...
    )
