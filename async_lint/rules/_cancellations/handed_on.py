"""What a handler does with the cancellation that it has caught: raises it again, hands it on, or nothing."""

import ast
from collections.abc import Iterator, Sequence
from enum import Enum

from async_lint.inference.face import Frame, ModuleView, children, last_name
from async_lint.rules._cancellations.cancellation import is_cancellation, own_nodes
from async_lint.rules._cancellations.going_on import texts
from async_lint.rules._cancellations.raised_again import raises_cancellation_again
from async_lint.rules._cancellations.tested_errors import outcome_for_cancellation
from async_lint.rules._cancellations.ways import Handled
from async_lint.rules._shared.program_exits import EXITS

LOGS = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "log", "trace", "print"})
_LOOKS = frozenset({"isinstance", "type", "str", "repr", "print", "format", "id", "hasattr", "getattr"})

# By `exc_info()` the exception is at hand without a name.
_RECALLS = frozenset({"exc_info", ".exc_info", ".cancel"})


class Handing(Enum):
    NO = "nobody learns of it"
    GIVEN = "somebody else is given it"
    RAISED = "it is raised later"


def handled_cancellation(handler: ast.ExceptHandler, frame: Frame, view: ModuleView) -> Handled:
    """Return what the body of `handler` does where it has caught a cancellation."""

    def outcome(test: ast.expr) -> bool | None:
        return outcome_for_cancellation(test, handler.name, frame, view)

    def stops(statement: ast.stmt) -> bool:
        return _stops(statement, frame, view)

    def raises_again(statement: ast.Raise) -> bool:
        raised = statement.exc
        if raised is None or (isinstance(raised, ast.Name) and raised.id == handler.name):
            return True
        # `raise err.with_traceback(...)`
        if isinstance(raised, ast.Call) and isinstance(raised.func, ast.Attribute):
            return isinstance(raised.func.value, ast.Name) and raised.func.value.id == handler.name
        made = view.exceptions.raised(raised, frame)
        # What may be kept from elsewhere, or a class that nothing tells, may be a cancellation.
        return not made or any(is_cancellation(new.lineage, view) for new in made)

    return Handled(outcome, stops, raises_again)


def _stops(statement: ast.stmt, frame: Frame, view: ModuleView) -> bool:
    match statement:
        case ast.Expr(value=ast.Await(value=ast.Call(func=callee))):
            return view.exceptions.never_returns(callee, frame, True) or raises_cancellation_again(
                callee, frame, view, True
            )
        case ast.Expr(value=ast.Call(func=callee)):
            if view.names.name_of(callee, frame) in EXITS or view.exceptions.never_returns(callee, frame, False):
                return True
            return raises_cancellation_again(callee, frame, view, False)
    return False


def handing(handler: ast.ExceptHandler, chain: Sequence[ast.AST], frame: Frame, view: ModuleView) -> Handing:
    """Return what becomes of the exception that `handler` has caught, apart from being raised there.

    `chain` leads to the handler from the function down.
    """
    # Who cancels another task there hands the cancellation on.
    if not _RECALLS.isdisjoint(texts(handler.body)):
        return Handing.RAISED
    if handler.name is None:
        return Handing.NO
    handed = Handing.NO
    for statement in own_nodes(handler.body):
        if not isinstance(statement, ast.stmt):
            continue
        # What a call gives may hold the exception.
        kept = isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Return)
        if kept and _is_itself(getattr(statement, "value", None), handler.name):
            return Handing.RAISED
        for taker in _takers(statement, handler.name):
            match taker:
                case ast.Call(func=ast.Attribute(value=ast.Name(id=name))) if _is_of_a_generator(
                    name, chain, frame, view
                ):
                    return Handing.RAISED
                # Who awaits the future learns of it, but a loop around the handler goes on.
                case ast.Call(func=ast.Attribute(attr="set_exception")):
                    handed = Handing.GIVEN
                case ast.Call():
                    inside = view.project.inside(taker.func, frame)
                    # What cannot be read may raise it, as a function of the project may that raises anything.
                    if kept or inside is None or any(isinstance(node, ast.Raise) for node, _ in inside):
                        return Handing.RAISED
                case ast.Assign() | ast.AnnAssign() | ast.Return() | ast.Yield():
                    return Handing.RAISED
                # `first = first or err`, `kind, last = type(err), err`
                case ast.BoolOp() | ast.IfExp() | ast.Tuple() if kept:
                    return Handing.RAISED
                case _:
                    handed = Handing.GIVEN
    return handed


def _is_itself(value: ast.AST | None, name: str) -> bool:
    """Whether it is `err.with_traceback(...)`, which gives the exception itself."""
    match value:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=called), attr="with_traceback")):
            return called == name
    return False


def _is_of_a_generator(name: str, chain: Sequence[ast.AST], frame: Frame, view: ModuleView) -> bool:
    """Whether a loop around has the name from a generator, which may raise in its next step what that is given."""
    loops = (outer for outer in chain if isinstance(outer, ast.For | ast.AsyncFor))
    return any(
        isinstance(loop.target, ast.Name) and loop.target.id == name and _may_raise_kept(loop.iter, frame, view)
        for loop in loops
    )


def _may_raise_kept(iterable: ast.expr, frame: Frame, view: ModuleView) -> bool:
    """Whether a generator may raise an exception that it was handed: one of the project's that raises no new one."""
    for site in view.project.origins(iterable, frame) or ():
        assert isinstance(site.node, ast.Call)
        inside = view.project.inside(site.node.func, site.frame) or ()
        if any(isinstance(node, ast.Yield) for node, _ in inside) and any(
            isinstance(node, ast.Raise) and node.exc is not None and not view.exceptions.raised(node.exc, own)
            for node, own in inside
        ):
            return True
    return False


def _takers(node: ast.AST, name: str) -> Iterator[ast.AST]:
    """Yield the calls and statements that are given the exception itself; those that only report it left out."""
    # A text of it is no exception any more, and of a `raise` the ways out tell.
    if isinstance(node, ast.Raise | ast.JoinedStr):
        return
    # Nor is an attribute of it, but `adopt(err).code` has called `adopt` with it.
    if isinstance(node, ast.Attribute) and not isinstance(node.value, ast.Call):
        return
    if isinstance(node, ast.Call) and (last_name(node.func) in LOGS | _LOOKS):
        return
    below = [child.value if isinstance(child, ast.keyword) else child for child in children(node)]
    for child in below:
        if isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            continue
        if isinstance(child, ast.Name) and child.id == name and isinstance(child.ctx, ast.Load):
            yield node
        else:
            yield from _takers(child, name)
