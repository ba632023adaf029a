"""What bounds how much runs at once, and what each part waits for."""

import ast
import re
from functools import lru_cache
from typing import NamedTuple

from async_lint.inference.face import Frame, Function, How, ModuleView, body_of, children, dotted, last_name, words
from async_lint.knowledge.tables import table
from async_lint.rules._gathers.purpose import is_ending
from async_lint.rules._gathers.sizes import bound_by
from async_lint.rules._gathers.works import Work, answer_of

_DEEP = 4  # functions that are followed, one from the body of the other
# Words that a function uses which bounds something, in code or in a comment.
_LIMITING = re.compile(
    r"semaphore|(?:\b|_)sem(?:\b|_)|limiter|rate.?limit|throttl|concurrency|max_concurrent|max_parallel|max_workers|"
    r"in_?flight|backpressure|(?:\b|_)slots?\b|(?:\b|_)(?:batch|chunk)|\bat most\b|(?:\b|_)lock\b",
    re.IGNORECASE,
)
# Not with 0 or 1, which asks whether there is anything at all.
_COMPARED = re.compile(r"\blen\(\w+\)\s*>=?\s*(?:[A-Za-z_]|[2-9]|\d\d)")
# A pool has only so many connections.
_POOLED = re.compile("pool", re.IGNORECASE)
# Waits for what goes on anyhow, and managers that only watch the clock.
_WATCHING = frozenset({"acquire", "fail_after", "join", "move_on_after", "sleep", "timeout", "timeout_at", "wait"})
_WATCHING |= {"enter_async_context", "wait_closed", "wait_for"}
_DEFINED = frozenset({How.FUNCTION, How.CLASS, How.IMPORT, How.IMPORT_FROM})
_LONG = 60  # characters
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
# Of the standard library's waits these take something that a machine or a service has only so many of.
_TAKING = frozenset({"open_connection", "open_unix_connection", "create_connection", "getaddrinfo"})
_TAKING |= {"create_subprocess_exec", "create_subprocess_shell"}


class Wait(NamedTuple):
    """What a part of the work waits for outside the program, and where."""

    label: str
    line: int
    path: str


def is_bounded_by(frame: Frame) -> bool:
    """Whether the functions around a place speak of a bound."""
    scope = frame.enclosing_function()
    while scope is not None and scope.function is not None:
        if _speaks_of_a_bound(scope.function):
            return True
        scope = scope.parent.enclosing_function() if scope.parent is not None else None
    return False


# A function is asked about for each task that it makes.
@lru_cache(maxsize=4)
def _speaks_of_a_bound(function: Function) -> bool:
    text = function.module.lines(function.node.lineno, function.last_line)
    return bool(_LIMITING.search(text) or _COMPARED.search(text))


def unbounded_wait(work: Work, view: ModuleView) -> Wait | None:
    """Return what work waits for outside the program; None where that is not known, or something bounds it."""
    if work.threaded or is_ending(last_name(work.callee)):
        return None  # an executor has only so many threads
    wait = _of_call(work.callee, work.call, work.frame, view, _DEEP)
    return wait if isinstance(wait, Wait) else None


def _is_of_threads(word: str) -> bool:
    """Whether a function leaves its work to threads, of which an executor has only so many, whoever wraps it."""
    return word == "make_async" or word in table("concurrency")["threads"]


def _of_call(callee: ast.expr, call: ast.Call, frame: Frame, view: ModuleView, depth: int) -> "Wait | bool":
    """Return what a call waits for; True where something bounds it, False where it waits for nothing known."""
    word = last_name(callee)
    if _is_of_threads(word) or _LIMITING.search(dotted(callee)) or _POOLED.search(dotted(callee)) or depth == 0:
        return True
    if word in _WATCHING or (isinstance(callee, ast.Name) and _is_held(callee.id, frame)) or _writes_a_log(callee):
        return False
    body = view.project.body(callee, frame)
    if body is not None:
        return _of_body(body[0], body[1], view, depth)
    if view.names.source_of(callee, frame):
        return True  # what stands behind a decorator may be bounded by it
    answer = answer_of(callee, call, frame, view)
    if answer.awaitable and answer.name is None:
        return True  # nor does an annotation say what is behind it
    if answer.name is not None and answer.name.startswith("asyncio."):
        if word not in _TAKING:
            return False
    elif answer.name is not None and _POOLED.search(answer.name):
        return True
    # In a body, a call is looked at only if it is awaited; the work itself need not be awaitable.
    elif depth == _DEEP and not answer.awaitable:
        return False
    return Wait(label(callee), call.lineno, frame.module.path)


def label(callee: ast.expr) -> str:
    """Return how messages call what is called."""
    text = ast.unparse(callee)
    return text if len(text) <= _LONG else last_name(callee)


def _writes_a_log(callee: ast.expr) -> bool:
    return isinstance(callee, ast.Attribute) and not {"log", "logger"}.isdisjoint(words(last_name(callee.value)))


def _is_held(name: str, frame: Frame) -> bool:
    """Whether a local holds what is called: a parameter, an item, something that was put together."""
    scope: Frame | None = frame
    while scope is not None:
        if scope.node is not None and name in bound_by(scope.node):
            return True
        bindings = body_of(scope.function).table.get(name, ()) if scope.function is not None else ()
        if bindings:
            return any(binding.how not in _DEFINED for binding in bindings)
        scope = scope.parent
    return False


def _of_body(statements: list[ast.stmt], frame: Frame, view: ModuleView, depth: int) -> "Wait | bool":
    if frame.function is not None:
        text = frame.module.lines(frame.function.node.lineno, frame.function.last_line)
        if _LIMITING.search(text):
            return True
    first: Wait | bool = False
    for call in sorted(_awaited(statements), key=_is_made):
        wait = _of_call(call.func, call, frame, view, depth - 1)
        if wait is True:
            return True
        first = first or wait
    return first


def _is_made(call: ast.Call) -> bool:
    """Whether a call is written like one of a class: what is done with its object says more."""
    return last_name(call.func)[:1].isupper()


def _awaited(nodes: list[ast.stmt] | list[ast.AST]) -> list[ast.Call]:
    calls: list[ast.Call] = []
    for node in nodes:
        match node:
            case ast.Await(value=ast.Call() as call) | ast.AsyncFor(iter=ast.Call() as call):
                calls.append(call)
            case ast.AsyncWith(items=items):
                calls += [item.context_expr for item in items if isinstance(item.context_expr, ast.Call)]
        if not isinstance(node, _SCOPES):
            calls += _awaited(children(node))
    return calls
