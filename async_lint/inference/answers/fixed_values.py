"""What classes fix for all of their instances: in their bodies, and by what their constructors set and hand on."""

import ast
from collections.abc import Iterable, Iterator

from async_lint.inference.modules.summary import body_of
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Class, Function, How
from async_lint.inference.types.scope import class_scope, function_scope
from async_lint.inference.types.unions import options
from async_lint.inference.types.values import ClassType, Frame, Instance

Values = tuple[tuple[ast.expr, Frame], ...]

_CONSTRUCTOR = "__init__"


def fixed_values(
    evaluator: Evaluator, node: ast.expr, frame: Frame, attributes: frozenset[str]
) -> tuple[tuple[Values, ...], ...]:
    """Return for each class that an expression denotes, or gives an instance of, what it and its bases fix, in order.

    That is what their bodies bind `attributes` to, what `__init__` assigns to these, and what it gives the next one by
    position or by such a name; the default of a parameter called by one of `attributes`, where the call leaves it out.
    Empty unless all classes are known.
    """
    values = options(evaluator.evaluate(node, frame))
    classes = [value.cls for value in values if isinstance(value, ClassType | Instance)]
    if len(classes) != len(values):
        return ()
    call = _construction(evaluator, node, frame)
    return tuple(
        tuple(_by_base((base.cls for base in evaluator.order(cls).bases), call, attributes)) for cls in classes
    )


def _construction(evaluator: Evaluator, node: ast.expr, frame: Frame) -> ast.Call | None:
    """Return the call that an instance is made by, one without arguments for the class itself; None if not in sight."""
    cls = node.func if isinstance(node, ast.Call) else node
    if not all(isinstance(value, ClassType) for value in options(evaluator.evaluate(cls, frame))):
        return None
    return node if isinstance(node, ast.Call) else ast.Call(node, [], [])


def _by_base(bases: Iterable[Class], call: ast.Call | None, attributes: frozenset[str]) -> Iterator[Values]:
    for cls in bases:
        yield tuple(_settled(value, frame, call, cls, attributes) for value, frame in _fixed(cls, attributes))
        own = constructor(cls)
        if own is not None:
            # What it gives the next one decides about the defaults there.
            calls = list(super_calls(own))
            call = calls[0] if len(calls) == 1 else None


def _settled(
    value: ast.expr, frame: Frame, call: ast.Call | None, cls: Class, attributes: frozenset[str]
) -> tuple[ast.expr, Frame]:
    """Return the default that a value stands for, if it is a parameter that `call` leaves out; else the value."""
    function = frame.function
    if not isinstance(value, ast.Name) or value.id not in attributes or call is None or function is None:
        return value, frame
    default = _default_left(function, value.id, call)
    if default is None or not is_unchanged(function, value.id):
        return value, frame
    return default, class_scope(cls)


def _default_left(function: Function, name: str, call: ast.Call) -> ast.expr | None:
    """Return the default of a method's parameter, if a call is sure to leave the parameter out."""
    if any(keyword.arg in (None, name) for keyword in call.keywords):
        return None
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return None
    arguments = function.node.args
    plain = [parameter.arg for parameter in (*arguments.posonlyargs, *arguments.args)]
    if name in plain and plain.index(name) - 1 < len(call.args):
        return None
    defaults = dict(zip(reversed(plain), reversed(arguments.defaults), strict=False))
    alone = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return defaults.get(name) or next((value for parameter, value in alone if parameter.arg == name), None)


def is_unchanged(function: Function, parameter: str) -> bool:
    """Whether a parameter stands for what was given all through: bound anew, it stands for something else."""
    return len(body_of(function).table.get(parameter, ())) == 1


def constructor(cls: Class) -> Function | None:
    """Return the `__init__` that the body of a class leaves."""
    for binding in cls.table.get(_CONSTRUCTOR, ())[-1:]:
        if isinstance(binding.definition, Function):
            return binding.definition
    return None


def _fixed(cls: Class, attributes: frozenset[str]) -> Iterator[tuple[ast.expr, Frame]]:
    for name in attributes:
        # The last binding is what the body leaves.
        for binding in cls.table.get(name, ())[-1:]:
            if binding.how in (How.ASSIGN, How.DECLARE) and binding.value is not None and not binding.path:
                yield binding.value, class_scope(cls)
        for function, binding in cls.attributes.get(name, ()):
            if function.name == _CONSTRUCTOR and binding.how is How.ASSIGN and binding.value is not None:
                yield binding.value, function_scope(function)
    own = constructor(cls)
    if own is not None:
        for call in super_calls(own):
            for value in (*call.args, *(keyword.value for keyword in call.keywords if keyword.arg in attributes)):
                yield value, function_scope(own)


def super_calls(method: Function) -> Iterator[ast.Call]:
    """Yield the calls of `super().__init__` that a constructor is sure to come to."""
    for statement in body_of(method).statements:
        match statement:
            case ast.Expr(
                ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name("super")), attr="__init__")) as call
            ):
                yield call
