"""How a test of the exception that a handler has caught comes out for a cancellation."""

import ast
from collections.abc import Callable, Mapping, Sequence

from async_lint.inference.face import Frame, ModuleView
from async_lint.rules._cancellations.cancellation import holds_cancellation, own_nodes
from async_lint.rules._cancellations.decided import decided
from async_lint.rules._cancellations.ways import Exit, Handled, Way, exits

# What a group of exceptions has, and a cancellation does not.
_OF_A_GROUP = "exceptions"

_Given = Mapping[str, tuple[ast.expr, Frame]]


def outcome_for_cancellation(
    test: ast.expr, name: str | None, frame: Frame, view: ModuleView, given: _Given | None = None
) -> bool | None:
    """Return whether a test of `name` is true for a cancellation, None where nothing tells.

    `given` is what the function that makes the test was called with: a class that it asks for may be among that.
    """

    def known(part: ast.expr) -> bool | None:
        match part:
            case ast.NamedExpr(value=value):
                return outcome_for_cancellation(value, name, frame, view, given)
            case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=asked), classes]) if asked == name:
                handed = given.get(classes.id) if given and isinstance(classes, ast.Name) else None
                return holds_cancellation(*(handed or (classes, frame)), view)
            case ast.Call(func=ast.Name(id="hasattr"), args=[ast.Name(id=asked), ast.Constant(value=attribute)]):
                return False if asked == name and attribute == _OF_A_GROUP else None
            # One that asks yet another is as good as unknown: it may be itself.
            case ast.Call(args=[ast.Name(id=asked), *_], keywords=[]) if asked == name and given is None:
                return _answer(part, frame, view)
        return None

    return decided(test, known)


def _answer(call: ast.Call, frame: Frame, view: ModuleView) -> bool | None:
    """Return what a function of the project says of a cancellation, if that is the same on each of its ways."""
    answers = {_tested(call, frame, *body, view) for body in view.project.bodies(call.func, frame) or ()}
    return answers.pop() if len(answers) == 1 else None


def _tested(
    call: ast.Call, caller: Frame, statements: Sequence[ast.stmt], frame: Frame, view: ModuleView
) -> bool | None:
    scope = frame.enclosing_function()
    if scope is None or scope.function is None or scope.function.is_async or scope.function.is_generator:
        return None
    parameters = scope.function.node.args
    plain = [*parameters.posonlyargs, *parameters.args]
    # A method has one more, which comes first.
    names = [one.arg for one in plain[: len(plain) - len(parameters.defaults)]][-len(call.args) :]
    starred = any(isinstance(argument, ast.Starred) for argument in call.args)
    if starred or len(names) != len(call.args) or _binds_again(statements, names):
        return None
    given = {name: (argument, caller) for name, argument in zip(names, call.args, strict=True)}

    def outcome(test: ast.expr) -> bool | None:
        return outcome_for_cancellation(test, names[0], frame, view, given)

    ways = exits(statements, Handled(outcome, lambda statement: False, lambda statement: False))
    answers = {_given_by(way, names[0], outcome) for way in ways}
    return answers.pop() if len(answers) == 1 else None


def _given_by(way: Exit, name: str, outcome: Callable[[ast.expr], bool | None]) -> bool | None:
    """Return whether what a function gives there is true."""
    match way:
        case Exit(way=Way.END) | Exit(node=ast.Return(value=None)):
            return False
        case Exit(node=ast.Return(value=ast.Constant(value=value))):
            return bool(value)
        case Exit(node=ast.Return(value=ast.Name(id=given))) if given == name:
            return True
        case Exit(node=ast.Return(value=ast.expr() as test)):
            return outcome(test)
    return None


def _binds_again(statements: Sequence[ast.stmt], names: Sequence[str]) -> bool:
    bound = (node for node in own_nodes(statements) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    return any(node.id in names for node in bound)
