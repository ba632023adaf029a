"""Handlers that end an exception, and show nobody more of it than its text."""

import ast
from collections.abc import Callable

from async_lint.context import Context
from async_lint.inference.face import Frame, descendants, last_name
from async_lint.rules._exceptions.control_flow import is_control_flow
from async_lint.rules._exceptions.handed_on import given_to_readers
from async_lint.rules._exceptions.handlers import nodes_in
from async_lint.rules._exceptions.text_alone import reads_text_alone

# Whether what a handler raises in place of what it caught ends further out, by its text alone.
Follows = Callable[[ast.Raise, Frame], bool]

_EXITS = frozenset({"Exit", "SystemExit", "_exit", "exit"})


def _never(_: ast.Raise, __: Frame) -> bool:
    return False


def ends_by_text(handler: ast.ExceptHandler, frame: Frame, context: Context) -> bool:
    """Whether a handler shows its exception's text alone, and goes on, exits, or raises what shows no cause either."""
    return not raises_again(handler) and leaves_text(handler, frame, context)


def leaves_text(handler: ast.ExceptHandler, frame: Frame, context: Context, follows: Follows = _never) -> bool:
    """Whether a handler ends its exception so, or raises it again as it is: whoever gets it then may show more.

    `follows` tells of another one that it raises whether that ends so further out.
    """
    again = [node for node in _raises(handler) if _raises_again(node, handler)]
    others = [node for node in _raises(handler) if node not in again and not _shows_nothing(node)]
    # The cause of an exit is shown to nobody; those of the others are asked about below.
    causes = [node.cause for node in _raises(handler) if node.cause is not None]
    let_be = [*causes, *(node.exc for node in again if node.exc)]
    readers = given_to_readers(handler.body, handler.name, frame, context.view)
    # A `raise` for those who debug shows the traceback, causes and all.
    return reads_text_alone(handler, [*let_be, *readers]) and all(
        _answers_by_text(node, handler, frame, context) or follows(node, frame) for node in others
    )


def raises_again(handler: ast.ExceptHandler) -> bool:
    """Whether a handler lets what it caught go on as it is."""
    return any(_raises_again(node, handler) for node in _raises(handler))


def _raises(handler: ast.ExceptHandler) -> list[ast.Raise]:
    return [node for node in nodes_in(handler.body) if isinstance(node, ast.Raise)]


def _raises_again(node: ast.Raise, handler: ast.ExceptHandler) -> bool:
    match node:
        case ast.Raise(exc=None):
            return True
        case ast.Raise(exc=ast.Name(id=name), cause=None):
            return name == handler.name
    return False


def _answers_by_text(node: ast.Raise, handler: ast.ExceptHandler, frame: Frame, context: Context) -> bool:
    """Whether a framework makes an answer or a message of what is raised, and of the caught exception's text in it."""
    if node.exc is None or not (
        _is_abort(node.exc)
        or (isinstance(node.exc, ast.Call) and any(_mentions(node.exc, name) for name in _names_of_text(handler)))
    ):
        return False
    made = context.view.exceptions.raised(node.exc, frame)
    return bool(made) and all(is_control_flow(new.lineage, context) for new in made)


def _is_abort(node: ast.expr) -> bool:
    """Whether click ends the command for it, and shows nothing of it, whatever the handler has told already."""
    return last_name(node.func if isinstance(node, ast.Call) else node) == "Abort"


def _names_of_text(handler: ast.ExceptHandler) -> list[str]:
    """Return the name of what a handler caught, and those of what it makes of that: `message = str(err)`."""
    if handler.name is None:
        return []
    assigned = (node for node in nodes_in(handler.body) if isinstance(node, ast.Assign))
    made = [node.targets[0] for node in assigned if _mentions(node.value, handler.name)]
    return [handler.name, *(target.id for target in made if isinstance(target, ast.Name))]


def _mentions(node: ast.AST, name: str) -> bool:
    return any(isinstance(part, ast.Name) and part.id == name for part in descendants(node))


def is_exit(node: ast.expr) -> bool:
    return last_name(node.func if isinstance(node, ast.Call) else node) in _EXITS


def _shows_nothing(node: ast.Raise) -> bool:
    match node:
        case ast.Raise(exc=ast.expr(), cause=ast.Constant(value=None)):
            return True
        case ast.Raise(exc=ast.expr() as raised):
            return is_exit(raised)
    return False
