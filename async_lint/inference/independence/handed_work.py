"""Calls that only hand on what they are given: to a thread, or to the event loop with something around it."""

import ast

from async_lint.inference.independence.words import those
from async_lint.inference.syntax.binding import last_name

# `Aclosing` is what some call their own `contextlib.aclosing`.
AROUND = frozenset({"Aclosing", "aclosing", "cast", "create_task", "ensure_future", "shield", "wait_for"})


def handed(call: ast.Call) -> ast.expr | None:
    """Return the work that a call hands on: `f` in `to_thread(f, x)`, `f(x)` in `wait_for(f(x), 5)`."""
    name = last_name(call.func)
    # What stands first there is the executor, or a type.
    if name in ("cast", "run_in_executor"):
        return call.args[1] if len(call.args) > 1 else None
    return call.args[0] if call.args and (name in AROUND or name in those("threads")) else None
