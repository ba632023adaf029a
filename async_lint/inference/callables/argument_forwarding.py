"""Where an argument arrives: through a wrapper's `*args` and `**kwargs`, and through who calls a function later."""

import ast
from collections.abc import Iterator, Mapping

from async_lint.inference.modules.summary import body_of
from async_lint.inference.questions.arguments import Arguments, Value, assigned
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import last_name
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.scope import function_scope
from async_lint.inference.types.values import UNKNOWN, Frame, FunctionType, Type


def parameter(callee: FunctionType, arguments: Arguments, value: Value) -> ast.arg | None:
    """Return the parameter that an argument is for, be it a starred one; None when the arguments do not fit."""
    node = callee.function.node.args
    skipped = 0 if callee.bound is None else 1
    if assigned(node, arguments, skipped) is None:
        return None
    plain = [*node.posonlyargs, *node.args][skipped:]
    for index, argument in enumerate(arguments.positional):
        if argument is value:
            return plain[index] if index < len(plain) else node.vararg
    for name, argument in arguments.named.items():
        if argument is value:
            return next((one for one in (*node.args, *node.kwonlyargs) if one.arg == name), node.kwarg)
    return None


def onward(evaluator: Evaluator, callee: FunctionType, arguments: Arguments) -> tuple[Type, Arguments] | None:
    """Return what is called with the starred arguments of a function, and with what; None when that is not plain."""
    later = _later(evaluator, callee, arguments)
    if later is not None or callee.function.module.is_stub:
        return later
    node = callee.function.node.args
    body = body_of(callee.function)
    starred = [arg.arg for arg in (node.vararg, node.kwarg) if arg is not None]
    # `kwargs = {**defaults, **kwargs}` is no longer what was given.
    if any(len(body.table.get(name, ())) > 1 for name in starred):
        return None
    calls = [
        call
        for statement in body.statements
        for call in descendants(statement)
        if isinstance(call, ast.Call) and set(starred) <= set(_spread(call))
    ]
    if len(calls) != 1:
        return None
    frame = function_scope(callee.function)
    if callee.frame is not None:
        frame = Frame(callee.function.module, callee.frame, function=callee.function)
    return evaluator.evaluate(calls[0].func, frame), _handed(calls[0], callee, arguments, frame)


def _spread(call: ast.Call) -> Iterator[str]:
    stars = [argument.value for argument in call.args if isinstance(argument, ast.Starred)]
    for spread in [*stars, *(keyword.value for keyword in call.keywords if keyword.arg is None)]:
        if isinstance(spread, ast.Name):
            yield spread.id


def _handed(call: ast.Call, callee: FunctionType, arguments: Arguments, frame: Frame) -> Arguments:
    """Return the arguments of a call in a function's body, its parameters replaced by what the function is given."""
    node = callee.function.node.args
    skipped = 0 if callee.bound is None else 1
    plain = [*node.posonlyargs, *node.args][skipped:]
    given = assigned(node, arguments, skipped) or {}
    names = {arg.arg for arg in (*node.args, *node.kwonlyargs)}
    known = {arg.arg: value for arg, value in given.items() if arg not in (node.vararg, node.kwarg)}
    positional: list[Value] = []
    for argument in call.args:
        if isinstance(argument, ast.Starred):
            positional += arguments.positional[len(plain) :]
        else:
            positional.append(_replaced(argument, known))
    named = {keyword.arg: _replaced(keyword.value, known) for keyword in call.keywords if keyword.arg is not None}
    named |= {name: value for name, value in arguments.named.items() if name not in names}
    return Arguments(positional, named, frame, True)


def _replaced(value: ast.expr, known: Mapping[str, Value]) -> Value:
    return known.get(value.id, UNKNOWN) if isinstance(value, ast.Name) else UNKNOWN


def _later(evaluator: Evaluator, callee: FunctionType, arguments: Arguments) -> tuple[Type, Arguments] | None:
    """What is declared to be called with the starred arguments: `f: Callable[P, T], *args: P.args`."""
    node = callee.function.node.args
    variable = _variable(node.vararg)
    skipped = 0 if callee.bound is None else 1
    for arg, value in (assigned(node, arguments, skipped) or {}).items():
        if variable and arg.annotation is not None and arg is not node.vararg and isinstance(value, ast.expr):
            if variable in _names(arg.annotation):
                plain = [*node.posonlyargs, *node.args][skipped:]
                own = {one.arg for one in (*node.args, *node.kwonlyargs)}
                named = {name: given for name, given in arguments.named.items() if name not in own}
                handed = Arguments(arguments.positional[len(plain) :], named, arguments.frame, arguments.open)
                return arguments.type_of(evaluator, value), handed
    return None


def _variable(vararg: ast.arg | None) -> str:
    """Return the variable that stands for all of the arguments: `P` of `P.args`, `Ts` of `Unpack[Ts]` and `*Ts`."""
    match vararg.annotation if vararg is not None else None:
        case ast.Attribute(value=ast.Name(id=name), attr="args"):
            return name
        case ast.Subscript(value=unpack, slice=ast.Name(id=name)) if "Unpack" in _names(unpack):
            return name
        case ast.Starred(value=ast.Name(id=name)):
            return name
    return ""


def _names(node: ast.expr) -> set[str]:
    return {last_name(part) for part in descendants(node)}
