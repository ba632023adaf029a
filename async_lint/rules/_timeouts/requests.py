"""What a function does with what it is going to wait for: who else gets it, and what asks them to act."""

import ast
import re
from collections.abc import Iterator

from async_lint.inference.face import Frame, Kind, ModuleView, Site, descendants
from async_lint.rules._timeouts.given import last_word
from async_lint.rules._timeouts.limits import TELLING, TIMERS, call_limits, is_nothing
from async_lint.rules._timeouts.own_code import before, place
from async_lint.rules._timeouts.replies import Reply
from async_lint.rules._timeouts.told import Told

# These keep what they are given, for whoever looks there.
_KEEPING = frozenset(
    ["add", "append", "appendleft", "callback", "extend", "heappush", "insert", "push", "put", "put_nowait"]
    + ["partial", "setattr", "setdefault", "update"]
)
# These only note something, or take it away.
_QUIET = frozenset(
    ["critical", "debug", "error", "exception", "info", "log", "print", "warn", "warning"]
    + ["cancel", "clear", "discard", "pop", "popleft", "release", "remove", "set"]
)
# What ends something asks nobody for a reply.
_ENDING = frozenset(
    ["abort", "aclose", "close", "disconnect", "end", "exit", "kill", "quit", "shutdown", "stop", "terminate"]
)
_LIBRARIES = frozenset({"anyio", "asyncio", "builtins", "concurrent", "contextlib", "logging", "threading", "trio"})
_SENDING = frozenset({"drain", "send", "send_all", "sendto", "sock_sendall", "sock_sendto", "write", "writelines"})
# What these are given runs in this process: work that ends when it is done, and what the event loop calls itself.
_LOCAL = frozenset(
    ["add_signal_handler", "call_soon", "call_soon_threadsafe", "connect_accepted_socket", "create_connection"]
    + ["create_datagram_endpoint", "create_server", "create_task", "create_unix_connection", "create_unix_server"]
    + ["ensure_future", "run_in_executor", "signal", "start_soon", "to_thread"]
)
# Somewhere in the file, waits that took too long are ended.
_EXPIRING = re.compile(r"\bset_exception\([^)\n]*time_?out", re.IGNORECASE)
_DEEP = 3


def request(reply: Reply, wait: ast.Await, frame: Frame, view: ModuleView) -> ast.Call | None:
    """Return the call that asks for a reply, where others have what is waited for; None where a timer may end it."""
    around = view.project.above(wait, frame)
    if not around:
        return None
    told = Told(reply, around[0])
    if _EXPIRING.search(frame.module.text) or any(
        isinstance(node, ast.Call) and last_word(node) in TIMERS for node in descendants(around[0])
    ):
        return None
    on_the_way = list(before(around[0], wait))
    if any(_is_local(node, told) for node in on_the_way) or not any(map(told.is_known_after, on_the_way)):
        return None
    given = [node for node in on_the_way if isinstance(node, ast.Call) and told.by(node) and not told.is_own(node)]
    callees = [call.func for call in given if last_word(call) not in _KEEPING]
    callees += [decorator.func if isinstance(decorator, ast.Call) else decorator for decorator in told.decorators]
    # A library may well see to it that what it is given comes to an end.
    if not all(view.names.source_of(callee, frame) for callee in callees):
        return None
    # `panel.on_timeout = received`
    if any(TELLING.search(ast.unparse(target)) for node in on_the_way for target in told.kept_in(node)):
        return None
    asking = [call for call in _asking(on_the_way, reply, told) if _asks(call, frame, view, _DEEP)]
    if not asking or any(_may_end_it(call, reply, told, frame, view) for call in asking):
        return None
    # An event that is kept may be cleared for something else: what is done in between has to be the one request.
    if last_word(reply.made) == reply.signal.anew and not (len(asking) == 1 and told.is_of_a_holder(asking[0])):
        return None
    # What was waited for since may have been the reply.
    waits = [node for node in on_the_way if isinstance(node, ast.Await)]
    if any(place(node) > place(asking[-1]) for node in waits if not isinstance(node.value, ast.Call)):
        return None
    awaited = [node.value for node in waits]
    return next((call for call in reversed(asking) if call in awaited), asking[-1])


def _is_local(node: ast.AST, told: Told) -> bool:
    """Whether the function ends the wait itself, or hands that over to what needs nobody else."""
    return told.is_answered_by(node) or (isinstance(node, ast.Call) and last_word(node) in _LOCAL and told.by(node))


def _asking(nodes: list[ast.AST], reply: Reply, told: Told) -> Iterator[ast.Call]:
    """Yield the calls that are made for what they do, and that have to do with what is waited for."""
    for node in nodes:
        if not isinstance(node, ast.Await | ast.Expr) or not isinstance(node.value, ast.Call):
            continue
        call = node.value
        # Before the program waits for something else, no reply can come: it may be asked for first.
        if place(call) > place(reply.made) or last_word(call) in _SENDING:
            if isinstance(node, ast.Await) or (told.is_of_a_holder(call) and not told.registers(call)):
                yield call


def _asks(call: ast.Call, frame: Frame, view: ModuleView, depth: int) -> bool:
    """Whether a call may make somebody reply, as far as it can be followed."""
    word = last_word(call)
    if not word or word in _KEEPING | _QUIET | _ENDING | _LOCAL:
        return False
    # `self.add_task(self.run())`
    if any(isinstance(given, ast.Call) and _is_coroutine(given, frame, view) for given in call.args):
        return False
    library = (view.calls.kind_of(call, frame).name or "").partition(".")[0].lstrip("_")
    if library in _LIBRARIES:
        return word in _SENDING
    nodes = view.project.inside(call.func, frame) if depth else None
    if nodes is None:
        return True
    return any(_asks(node, inner, view, depth - 1) for node, inner in nodes if isinstance(node, ast.Call))


def _is_coroutine(call: ast.Call, frame: Frame, view: ModuleView) -> bool:
    return view.calls.kind_of(call, frame).kind is Kind.COROUTINE


def _may_end_it(call: ast.Call, reply: Reply, told: Told, frame: Frame, view: ModuleView) -> bool:
    """Whether a call is told how long to wait, sets a timer, or is given what is waited for and limits or ends that."""
    if _says_how_long(call) or _sets_timer(call, frame, view, _DEEP):
        return True
    if not told.by(call):
        return False
    nodes = view.project.inside(call.func, frame) or ()
    answers = any(isinstance(node, ast.Call) and last_word(node) in reply.signal.answers for node, _ in nodes)
    return answers or call_limits(Site(call, frame), view)


def _sets_timer(call: ast.Call, frame: Frame, view: ModuleView, depth: int) -> bool:
    """Whether a call starts a timer, as far as it can be followed: that may give up the connection, and all waits."""
    if last_word(call) in TIMERS:
        return True
    nodes = view.project.inside(call.func, frame) if depth else None
    return any(_sets_timer(node, inner, view, depth - 1) for node, inner in nodes or () if isinstance(node, ast.Call))


def _says_how_long(call: ast.Call) -> bool:
    named = (keyword for keyword in call.keywords if keyword.arg and TELLING.search(keyword.arg))
    return any(not is_nothing(keyword.value) for keyword in named) or any(
        isinstance(node, ast.Name | ast.Attribute) and TELLING.search(ast.unparse(node))
        for argument in call.args
        for node in descendants(argument)
    )
