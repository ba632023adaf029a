"""Loops that only close or stop things: a moment at the end, of few items, is all that could be gained.

for worker in workers: await worker.stop()       only closes
for name in names: await self._close_page(name)  so does this, by the verb; and `_cdp_close_page`, behind a protocol
for page in pages:
    await page.flush_to(url)                     a better ground stands beside
    await page.close()
"""

import ast
from collections.abc import Sequence

from async_lint.inference.independence.handed_work import handed
from async_lint.inference.independence.verdict import Awaited
from async_lint.inference.independence.words import asks, those, verb, words
from async_lint.inference.syntax.binding import last_name


def only_closes(awaited: Sequence[Awaited]) -> bool:
    """Whether something is closed in a loop, and nothing else speaks for it but what may wait for little."""
    closing = [step for step in awaited if _closes(step.node)]
    others = [step for step in awaited if step not in closing]
    return bool(closing) and all(_adds_little(step) for step in others)


def _closes(node: ast.expr) -> bool:
    match node:
        case ast.IfExp(body=first, orelse=second):
            return _closes(first) and _closes(second)
        # What closes it may be left to a thread, or be given a deadline.
        case ast.Call(func=func):
            work = handed(node)
            return _closes(work) if isinstance(work, ast.IfExp | ast.Call) else _is_closing(last_name(work or func))
    return False


def _is_closing(name: str) -> bool:
    parts = words(name)
    # `unsubscribe_and_close` does more.
    ends = parts[-1:] if verb(name) not in those("removing") else ()
    behind = parts[1:2] if those("protocols").issuperset(parts[:1]) else ()
    return not asks(name) and not those("closing").isdisjoint((verb(name), *behind, *ends))


def _adds_little(step: Awaited) -> bool:
    is_deadline = isinstance(step.node, ast.Call) and last_name(step.node.func) in those("deadlines")
    return is_deadline or (step.ground is not None and step.ground.little)
