"""A handler that does the work of its `try` another way: what fails in there is another failure."""

import re
from collections.abc import Iterator, Sequence

import libcst as cst

from async_lint.context import Context
from async_lint.rules._exceptions.handlers import Handler, caught_name
from async_lint.rules._shared.names import bindings, mentions, own_nodes

# They read the caught exception without its name.
_READS_CAUGHT = re.compile(r"\b(?:exc_info|format_exc|print_exc|\w*log\w*\.exception)\b")


def is_of_fallback(handler: Handler, context: Context) -> bool:
    """Whether the visited `raise` depends on what the handler worked out, which never reads what it caught."""
    inside = context.ancestors[context.ancestors.index(handler) + 1 :]
    asked = set(_asked(inside))
    if not asked or _reads_caught(handler, context):
        return False
    worked_out: set[str] = set()
    for statement in handler.body.body:
        if any(statement is each for each in inside):
            break
        worked_out.update(each.name for each in bindings(statement))
    return not worked_out.isdisjoint(asked)


def _asked(inside: Sequence[cst.CSTNode]) -> Iterator[str]:
    """Yield the names in what the `if`, `for` and `while` statements among the nodes ask."""
    for each in inside:
        if isinstance(each, (cst.If, cst.While, cst.For)):
            question = each.iter if isinstance(each, cst.For) else each.test
            yield from (name.value for name in own_nodes(question) if isinstance(name, cst.Name))


def _reads_caught(handler: Handler, context: Context) -> bool:
    name = caught_name(handler)
    if name is not None and mentions(handler.body, name):
        return True
    return _READS_CAUGHT.search(context.code(handler)) is not None
