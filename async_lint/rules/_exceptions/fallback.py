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
    """Whether the visited `raise` depends on what the handler worked out, which never reads what it caught.

    To let other errors go on before that (`if err.code != 5: raise`) does not count as reading it.
    """
    place = context.ancestors.index(handler)
    way = [*context.ancestors[place + 1 :], context.node]
    statement = context.ancestors[place - 1]
    if not _asks_about_own_work(way) and not (isinstance(statement, cst.Try) and _asks_again(way, statement, context)):
        return False
    return not _reads_caught(handler, context)


def _asks_about_own_work(way: Sequence[cst.CSTNode]) -> bool:
    """Whether a statement on the way, from a handler's block down, asks about what was bound before it."""
    worked_out: set[str] = set()
    for outer, inner in pairwise(way):
        if not worked_out.isdisjoint(_asked(outer)):
            return True
        if isinstance(outer, cst.IndentedBlock):
            earlier = outer.body[: next(i for i, statement in enumerate(outer.body) if statement is inner)]
            for statement in earlier:
                # What stands behind `if found: return found` is its `else`.
                if _gives_up(statement) and not worked_out.isdisjoint(_asked(statement)):
                    return True
                worked_out.update(binding.name for binding in bindings(statement))
    return False


def _gives_up(statement: cst.CSTNode) -> bool:
    """Whether it is an `if` without an `else` that ends in a `return`, `continue` or `break`."""
    if not isinstance(statement, cst.If) or statement.orelse is not None:
        return False
    last = statement.body.body[-1]
    return isinstance(last, cst.SimpleStatementLine) and isinstance(
        last.body[-1], cst.Return | cst.Continue | cst.Break
    )


def _asks_again(way: Sequence[cst.CSTNode], statement: cst.Try, context: Context) -> bool:
    """Whether an `if` on the way asks an object what the `try` asked it, once methods of the object were called."""
    asked_before = {context.code(call) for call in own_nodes(statement.body) if isinstance(call, cst.Call)}
    mended: set[str] = set()
    for outer, inner in pairwise(way):
        if isinstance(outer, cst.If) and inner is not outer.orelse:
            again = [call for call in own_nodes(outer.test) if context.code(call) in asked_before]
            if any(receiver in mended for call in again for receiver in _receivers(call, context)):
                return True
        if isinstance(outer, cst.IndentedBlock):
            earlier = outer.body[: next(i for i, one in enumerate(outer.body) if one is inner)]
            calls = (_called_alone(one) for one in earlier)
            mended.update(receiver for call in calls if call is not None for receiver in _receivers(call, context))
    return False


def _called_alone(statement: cst.BaseStatement | cst.BaseSmallStatement) -> cst.Call | None:
    match statement:
        case cst.SimpleStatementLine(body=[cst.Expr(value=value)]):
            value = value.expression if isinstance(value, cst.Await) else value
            return value if isinstance(value, cst.Call) else None
    return None


def _receivers(call: cst.CSTNode, context: Context) -> Iterator[str]:
    """Yield the object whose method is called."""
    if isinstance(call, cst.Call) and isinstance(call.func, cst.Attribute):
        yield context.code(call.func.value)


def _asked(statement: cst.CSTNode) -> Iterator[str]:
    """Yield the names in what an `if`, `for` or `while` statement asks."""
    if isinstance(statement, (cst.If, cst.While, cst.For)):
        question = statement.iter if isinstance(statement, cst.For) else statement.test
        yield from (name.value for name in own_nodes(question) if isinstance(name, cst.Name))


def _reads_caught(handler: Handler, context: Context) -> bool:
    name = caught_name(handler)
    if name is not None and any(mentions(line, name) for line in handler.body.body if not _lets_others_go(line)):
        return True
    return _READS_CAUGHT.search(context.code(handler)) is not None


def _lets_others_go(statement: cst.CSTNode) -> bool:
    """Whether it is an `if` that raises again what was caught, and does nothing else."""
    match statement:
        case cst.If(
            body=cst.IndentedBlock(body=[cst.SimpleStatementLine(body=[cst.Raise(exc=None)])])
            | cst.SimpleStatementSuite(body=[cst.Raise(exc=None)]),
            orelse=None,
        ):
            return True
    return False
