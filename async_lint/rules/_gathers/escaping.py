"""Where an error gets out of what is called, as far as its body is in sight."""

import ast
import re
from collections.abc import Iterable
from typing import NamedTuple

from async_lint.inference.face import Frame, ModuleView, Try, children, last_name, suppresses
from async_lint.rules._gathers.purpose import is_ending
from async_lint.rules._gathers.works import Work, answer_of
from async_lint.rules._shared.broad_handlers import ALL_ERRORS

_DEEP = 5  # functions that are followed, one from the body of the other
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_CANCELLATION = frozenset(
    {"asyncio.exceptions.CancelledError", "asyncio.CancelledError", "builtins.GeneratorExit"}
    | {"builtins.KeyboardInterrupt", "builtins.SystemExit"}
)
# Managers of such a name may keep an error back, as those do that `suppresses` knows, or tell somebody about it.
_TELLING = re.compile("captur|error|exception|guard|handl|isolat|log|report|safe|shield|track", re.IGNORECASE)
_LOGGING = frozenset({"critical", "debug", "error", "exception", "info", "log", "warn", "warning"})
# Of the standard library's waits these can fail for reasons of their own.
_FAILING = frozenset({"open_connection", "open_unix_connection", "start_server", "to_thread", "wait_for"})
_FAILING |= {"create_connection", "create_subprocess_exec", "create_subprocess_shell", "getaddrinfo"}


class Escape(NamedTuple):
    """The statement at which an error may leave a function, and the file that it stands in."""

    line: int
    path: str


def escape(work: Work, view: ModuleView) -> Escape | None:
    """Return where an error may get out of work; None where nothing shows that one can."""
    return _escape(work.callee, work.frame, view, _DEEP)


def is_known_to_fail(work: Work, view: ModuleView) -> bool:
    """Whether work is a call of a library that is known to wait for something that may fail."""
    if work.threaded or view.names.source_of(work.callee, work.frame):
        return False
    answer = answer_of(work.callee, work.call, work.frame, view)
    return answer.awaitable and answer.name is not None and not answer.name.startswith("asyncio.")


def _escape(callee: ast.expr, frame: Frame, view: ModuleView, depth: int) -> Escape | None:
    definition = view.project.body(callee, frame) if depth else None
    function = definition[1].function if definition is not None else None
    if definition is None or function is None:
        return None
    return _Body(definition[1], view, depth, function.is_async).first(definition[0])


class _Body:
    """One function's body; of one that never awaits, calls are what may fail."""

    def __init__(self, frame: Frame, view: ModuleView, depth: int, is_async: bool) -> None:
        self._frame = frame
        self._view = view
        self._depth = depth
        self._is_async = is_async

    def first(self, nodes: Iterable[ast.AST]) -> Escape | None:
        """Return the first place among some statements from which an error gets out of all of them."""
        for node in nodes:
            place = self._of(node)
            if place is not None:
                return place
        return None

    def _of(self, node: ast.AST) -> Escape | None:
        if isinstance(node, _SCOPES):
            return None
        if isinstance(node, Try):
            return self._of_try(node)
        match node:
            case ast.With(items=items) | ast.AsyncWith(items=items):
                if any(_keeps_back(item.context_expr) for item in items):
                    return None
                return self.first(node.body)
            case ast.Raise():
                return self._here(node)
            case ast.AsyncFor(iter=ast.Call() as call):
                return self._here(node) if self._lets_out(call) else self.first([*node.body, *node.orelse])
            case ast.Await(value=ast.Call() as call):
                return self._here(node) if self._lets_out(call) else self.first(children(call))
            case ast.Await():
                return self._here(node)
            case ast.Call(func=ast.Attribute(attr=attr)) if not self._is_async and attr not in _LOGGING:
                return self._here(node)
        return self.first(children(node))

    def _of_try(self, statement: ast.Try) -> Escape | None:
        caught = any(handler.type is None or self._is_one(handler.type, ALL_ERRORS) for handler in statement.handlers)
        place = None if caught else self.first(statement.body)
        if place is not None:
            return place
        for handler in statement.handlers:
            # A handler that hands a cancellation on lets no error out.
            if handler.type is None or not self._is_one(handler.type, _CANCELLATION):
                raised = next((node for node in _own(handler) if isinstance(node, ast.Raise)), None)
                if raised is not None and not _tells(handler):
                    return self._here(raised)
        return self.first([*statement.orelse, *statement.finalbody])

    def _is_one(self, caught: ast.expr, names: frozenset[str]) -> bool:
        return any(lineage.own in names for lineage in self._view.exceptions.classes_of(caught, self._frame))

    def _lets_out(self, call: ast.Call) -> bool:
        if is_ending(last_name(call.func)):
            return False
        answer = self._view.calls.kind_of(call, self._frame)
        if answer.name is not None and answer.name.startswith("asyncio."):
            return last_name(call.func) in _FAILING
        if self._view.project.body(call.func, self._frame) is not None:
            return _escape(call.func, self._frame, self._view, self._depth - 1) is not None
        # What stands behind a decorator, or is annotated as something awaitable, may do more than its body says.
        if answer.awaitable and answer.name is None:
            return False
        return not self._view.names.source_of(call.func, self._frame)

    def _here(self, node: ast.AST) -> Escape:
        return Escape(getattr(node, "lineno", 0), self._frame.module.path)


def _keeps_back(manager: ast.expr) -> bool:
    name = last_name(manager.func if isinstance(manager, ast.Call) else manager)
    return suppresses(manager) or _TELLING.search(name) is not None


def _tells(handler: ast.ExceptHandler) -> bool:
    """Whether a handler does something about an error besides raising it, or another: logs it, as a rule."""
    return any(isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Await) for node in _own(handler))


def _own(node: ast.AST) -> Iterable[ast.AST]:
    yield node
    for child in children(node):
        if not isinstance(child, _SCOPES) and not isinstance(child, Try):
            yield from _own(child)
