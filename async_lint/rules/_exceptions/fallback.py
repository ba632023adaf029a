"""A handler that does the work of its `try` another way: what fails in there is another failure."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import libcst as cst

from async_lint.context import Context
from async_lint.rules._exceptions.handlers import Handler, caught_name
from async_lint.rules._shared.names import bindings, mentions, own_nodes

# They read the caught exception without its name.
_READS_CAUGHT = re.compile(r"\b(?:exc_info|format_exc|print_exc|\w*log\w*\.exception)\b")


def is_of_fallback(handler: Handler, context: Context) -> bool:
    """Whether the visited `raise` depends on what the handler worked out, which never reads what it caught."""
    inside = context.ancestors[context.ancestors.index(handler) + 1 :]
    return _asks_about_own_work([*inside, context.node]) and not _reads_caught(handler, context)


def _asks_about_own_work(way: Sequence[cst.CSTNode]) -> bool:
    """Whether a statement on the way, from a handler's block down, asks about what was bound before it."""
    worked_out: set[str] = set()
    for outer, inner in pairwise(way):
        if not worked_out.isdisjoint(_asked(outer)):
            return True
        if isinstance(outer, cst.IndentedBlock):
            earlier = outer.body[: next(i for i, statement in enumerate(outer.body) if statement is inner)]
            worked_out.update(binding.name for statement in earlier for binding in bindings(statement))
    return False


def _asked(statement: cst.CSTNode) -> Iterator[str]:
    """Yield the names in what an `if`, `for` or `while` statement asks."""
    if isinstance(statement, (cst.If, cst.While, cst.For)):
        question = statement.iter if isinstance(statement, cst.For) else statement.test
        yield from (name.value for name in own_nodes(question) if isinstance(name, cst.Name))


def _reads_caught(handler: Handler, context: Context) -> bool:
    name = caught_name(handler)
    if name is not None and mentions(handler.body, name):
        return True
    return _READS_CAUGHT.search(context.code(handler)) is not None
