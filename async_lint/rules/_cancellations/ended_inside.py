"""Functions of the project that end a cancellation themselves: none comes out of them to who awaits them."""

import ast
from collections.abc import Iterator, Sequence

from async_lint.inference.face import Frame, ModuleView, Try
from async_lint.rules._cancellations.cancellation import Caught, catches, is_suppress, own_nodes, suppressed, waits


def ends_cancellation(node: ast.AST, frame: Frame, view: ModuleView) -> bool:
    """Whether it is an `await` of a function, all of whose own waits stand where a cancellation ends."""
    if not isinstance(node, ast.Await) or not isinstance(node.value, ast.Call):
        return False
    bodies = view.project.bodies(node.value.func, frame)
    return bool(bodies) and all(_ends(statements, own, view) for statements, own in bodies or ())


def _ends(statements: Sequence[ast.stmt], frame: Frame, view: ModuleView) -> bool:
    if frame.function is None or not frame.function.is_async:
        return False
    found = list(waits(statements))
    ended = set(map(id, _ended(statements, frame, view))) if found else set()
    # A body without any is there for heirs to replace it, for all that is known.
    return bool(found) and all(id(wait) in ended for wait in found)


def _ended(statements: Sequence[ast.stmt], frame: Frame, view: ModuleView) -> Iterator[ast.AST]:
    """Yield the waits out of which no cancellation leaves some statements."""
    for node in own_nodes(statements):
        is_end = (isinstance(node, Try) and _catches_for_good(node, frame, view)) or (
            isinstance(node, ast.With) and any(_suppresses(item.context_expr, frame, view) for item in node.items)
        )
        if is_end and isinstance(node, Try | ast.With):
            yield from waits(node.body)


def _catches_for_good(statement: ast.Try, frame: Frame, view: ModuleView) -> bool:
    for handler in statement.handlers:
        caught = catches(handler.type, frame, view)
        if caught is not None:
            # With anyio and trio the next wait is cancelled again; what catches all may do so by mistake.
            return caught is Caught.NAMED and not any(isinstance(one, ast.Raise) for one in own_nodes(handler.body))
    return False


def _suppresses(manager: ast.expr, frame: Frame, view: ModuleView) -> bool:
    if not isinstance(manager, ast.Call) or not is_suppress(manager, frame, view):
        return False
    return suppressed(manager, frame, view) is Caught.NAMED
