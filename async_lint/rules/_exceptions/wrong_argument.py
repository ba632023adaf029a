"""A `raise` in a handler that refuses an argument which the `try` never looks at: that failed of something else."""

from collections.abc import Iterator
from itertools import pairwise

import libcst as cst

from async_lint.context import Context
from async_lint.rules._exceptions.handlers import Handler, caught_name
from async_lint.rules._shared.names import is_parameter, mentions, rebinds

_WRITTEN_OUT = (cst.BaseNumber, cst.SimpleString)


def refuses_argument(raised: cst.BaseExpression, handler: Handler, context: Context) -> bool:
    """Whether the visited `raise` tells of a parameter that is none of what the handler knows, and not of the failure.

    Nothing else than that parameter is asked on the way.
    """
    name = caught_name(handler)
    if name is not None and mentions(raised, name):
        return False
    way = [*context.ancestors[context.ancestors.index(handler) + 1 :], context.node]
    asked = {_refused(outer, inner) for outer, inner in pairwise(way) if _branches(outer)}
    if len(asked) != 1 or (parameter := asked.pop()) is None:
        return False
    function = context.function()
    if not isinstance(function, cst.FunctionDef) or not is_parameter(function, parameter):
        return False
    statement = context.ancestors[context.ancestors.index(handler) - 1]
    is_of_try = not isinstance(statement, (cst.Try, cst.TryStar)) or mentions(statement.body, parameter)
    return mentions(raised, parameter) and not is_of_try and not rebinds(function.body, parameter)


def _branches(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.BaseCompoundStatement)


def _refused(statement: cst.CSTNode, branch: cst.CSTNode) -> str | None:
    """Return the name that holds none of what `statement` asks for where `branch` of it runs."""
    match statement:
        case cst.If(
            test=cst.Comparison(left=cst.Name(value=name), comparisons=[cst.ComparisonTarget(how, known)]), body=body
        ) if all(isinstance(value, _WRITTEN_OUT) for value in _known(known)):
            refusing = (cst.NotEqual, cst.NotIn) if branch is body else (cst.Equal, cst.In)
            return name if isinstance(how, refusing) else None
    return None


def _known(value: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    if isinstance(value, (cst.List, cst.Set, cst.Tuple)):
        yield from (element.value for element in value.elements)
    else:
        yield value
