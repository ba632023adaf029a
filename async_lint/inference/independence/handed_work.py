"""Calls that only hand on what they are given: to a thread, or to the event loop with something around it."""

import ast
from collections.abc import Iterator

from async_lint.inference.independence.words import those
from async_lint.inference.syntax.binding import last_name
from async_lint.inference.syntax.nodes import descendants

# `Aclosing` is what some call their own `contextlib.aclosing`.
AROUND = frozenset({"Aclosing", "aclosing", "cast", "create_task", "ensure_future", "shield", "wait_for"})


def handed(call: ast.Call) -> ast.expr | None:
    """Return the work that a call hands on: `f` in `to_thread(f, x)`, `f(x)` in `wait_for(f(x), 5)`."""
    name = last_name(call.func)
    if name not in AROUND and not is_hand_off(call.func):
        return None
    # What stands first there is the executor, or a type.
    if name in ("cast", "run_in_executor"):
        return _bare(call.args[1]) if len(call.args) > 1 else None
    return _bare(call.args[0]) if call.args else None


def calls_in_thread(hand_off: ast.Call) -> Iterator[ast.Call]:
    """Yield the calls that a thread makes of what it is left: `f(x)` of `to_thread(f, x)`, and those of a lambda."""
    match handed(hand_off):
        case ast.Lambda(body=body):
            yield from (node for node in descendants(body) if isinstance(node, ast.Call))
        case ast.Name() | ast.Attribute() as work:
            given = next((value for value in hand_off.args if work is value or work is _bare(value)), None)
            if given is None:
                return
            behind = hand_off.args[hand_off.args.index(given) + 1 :]
            partly = given if isinstance(given, ast.Call) else None
            args = [*(partly.args[1:] if partly else ()), *behind]
            keywords = [*(partly.keywords if partly else ()), *hand_off.keywords]
            yield ast.copy_location(ast.Call(work, args, keywords), hand_off)


def called_by(call: ast.Call) -> Iterator[ast.expr]:
    """Yield what a call calls: itself, and as the work that it hands on."""
    yield call.func
    match handed(call):
        case ast.Name() | ast.Attribute() as work:
            yield work
        case ast.Lambda(body=body):
            yield from (node.func for node in descendants(body) if isinstance(node, ast.Call))


def _bare(work: ast.expr) -> ast.expr:
    """Return `f` of `partial(f, x)`."""
    match work:
        case ast.Call(func=func, args=[first, *_]) if last_name(func) == "partial":
            return first
    return work


def is_hand_off(callee: ast.expr) -> bool:
    """Whether it leaves work to a thread, by its name."""
    # A database's `run_sync` does all in the thread that it has: `anyio.to_thread.run_sync` does not.
    if isinstance(callee, ast.Attribute) and callee.attr == "run_sync":
        return last_name(callee.value) == "to_thread"
    return last_name(callee) in those("threads")


def shares_threads(call: ast.Call) -> bool:
    """Whether asgiref is told that any thread will do: by default, all that it is given is done by one."""
    return any(
        keyword.arg == "thread_sensitive" and isinstance(keyword.value, ast.Constant) and not keyword.value.value
        for keyword in call.keywords
    )
