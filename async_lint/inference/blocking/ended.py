"""Whether what a call waits for has ended for sure, or its function asks whether it has."""

import ast
import re
from collections.abc import Iterator, Sequence

from async_lint.inference.modules.summary import body_of
from async_lint.inference.names.origins import origins
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import last_name
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.values import Frame

# Who asks for one of these waits for no more than it has found; a process that was killed is gone at once.
_ASKING = frozenset(
    # The end of a process's queue that `select` and `multiprocessing.connection.wait` take.
    ["done", "is_alive", "poll", "cancelled", "running", "kill", "returncode", "put", "set", "_reader"]
)
# What several functions share may be asked for in one of them, and taken in another.
_STATES = frozenset(["empty", "qsize", "is_set"])
# What gives a future that is not done yet.
_STARTING = frozenset(["submit", "run_coroutine_threadsafe", "Future"])
# Who is handed a future waits for it without blocking, or says when it is done.
_WAITING = frozenset(["wait", "wrap_future", "as_completed", "gather", "wait_for"])
_NOT_BLOCKING = ("setblocking", "settimeout", "SOCK_NONBLOCK")
_DATAGRAMS = "SOCK_DGRAM"
# A serial port whose `timeout` is 0, and one that is asked how much has come.
_PORT_WITHOUT_WAIT = re.compile(r"\bin_?waiting\b|\btimeout\s*=\s*0(?:\.0*)?(?![\d.])", re.IGNORECASE)
_NAMED = (ast.Name, ast.Attribute)


def is_asked_for(call: ast.Call, frame: Frame) -> bool:
    """Whether the function around `x.wait()` asks `x` how far it is, or sees to it itself that it need not wait."""
    if not isinstance(call.func, ast.Attribute):
        return False
    waited = ast.unparse(call.func.value)
    if any(f"{last_name(call.func.value)}.{state}(" in frame.module.text for state in _STATES):
        return True
    return any(
        isinstance(node, ast.Attribute) and node.attr in _ASKING and ast.unparse(node.value) == waited
        for node in nodes_around(frame)
    )


def may_be_done(evaluator: Evaluator, call: ast.Call, frame: Frame) -> bool:
    """Whether the future of `x.result()` may be done: it was not started in this function, or is waited for there."""
    if not isinstance(call.func, ast.Attribute):
        return True
    future = call.func.value
    made = origins(evaluator, future, frame)
    if not made or any(last_name(site.node.func) not in _STARTING for site in made):
        return True
    here = frame.enclosing_function()
    if any(site.frame.enclosing_function() is not here for site in made):
        return True
    waited = ast.unparse(future)
    nodes = list(nodes_around(frame))
    return any(_is_waited_for(node, waited) for node in nodes) or _is_told_of_end(nodes, waited, call.lineno)


def may_not_block(evaluator: Evaluator, call: ast.Call, frame: Frame) -> bool:
    """Whether the socket of `x.recv()` may be one that never waits, or for datagrams, which are sent at once."""
    made = origins(evaluator, call.func.value, frame) if isinstance(call.func, ast.Attribute) else None
    if not made:
        return True
    texts = {site.frame.module.text for site in made} | {frame.module.text}
    if any(word in text for text in texts for word in _NOT_BLOCKING):
        return True
    return any(last_name(site.node.func) != "socket" or _DATAGRAMS in ast.unparse(site.node) for site in made)


def may_have_come(evaluator: Evaluator, call: ast.Call, frame: Frame) -> bool:
    """Whether the serial port of `x.readline()` may be one that never waits, or is asked for what has come."""
    made = origins(evaluator, call.func.value, frame) if isinstance(call.func, ast.Attribute) else None
    texts = {site.frame.module.text for site in made or ()} | {frame.module.text}
    return not made or any(map(_PORT_WITHOUT_WAIT.search, texts))


def _is_waited_for(node: ast.AST, text: str) -> bool:
    match node:
        case ast.Await(value=value):
            return ast.unparse(value) == text
        # `wait(futures)`, and `to_thread(wait, futures)`
        case ast.Call(func=func, args=arguments) if any(last_name(one) in _WAITING for one in (func, *arguments)):
            return any(text in map(ast.unparse, _elements(argument)) for argument in arguments)
    return False


def _is_told_of_end(nodes: Sequence[ast.AST], future: str, line: int) -> bool:
    """Whether something is awaited above a line which a callback of the future sets when that is done."""
    told: set[str] = set()
    for node in nodes:
        match node:
            case ast.Call(func=ast.Attribute(value=value, attr="add_done_callback"), args=[callback, *_]):
                if ast.unparse(value) == future:
                    told |= {ast.unparse(part) for part in descendants(callback) if isinstance(part, _NAMED)}
    waits = (node for node in nodes if isinstance(node, ast.Await) and node.lineno < line)
    return bool(told) and any(_event(node.value) in told for node in waits)


def _event(awaited: ast.expr) -> str:
    match awaited:
        case ast.Call(func=ast.Attribute(value=event, attr="wait"), args=[], keywords=[]):
            return ast.unparse(event)
        case ast.Name() | ast.Attribute():
            return ast.unparse(awaited)
    return ""


def _elements(argument: ast.expr) -> list[ast.expr]:
    match argument:
        case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
            return elements
        case ast.IfExp(body=one, orelse=other):
            return [*_elements(one), *_elements(other)]
    return [argument]


def nodes_around(frame: Frame) -> Iterator[ast.AST]:
    """Yield what stands in the function around."""
    scope = frame.enclosing_function()
    if scope is not None and scope.function is not None:
        for statement in body_of(scope.function).statements:
            yield from descendants(statement)
