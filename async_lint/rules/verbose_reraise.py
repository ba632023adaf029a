"""ASL402: the caught exception raised by its name where a bare `raise` says the same."""

import ast
import re
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.model import FixAvailability
from async_lint.rule import Finding, Rule
from async_lint.rules._exceptions.compiled import is_compiled
from async_lint.rules._exceptions.handlers import RAISE_SCOPE, Handler, closest_handler, in_raise_scope, own_statements
from async_lint.rules._exceptions.reraise import is_reraise, leaves_nothing, reraise_fix
from async_lint.rules._exceptions.unreached import is_unreached
from async_lint.rules._shared.comments import is_declined
from async_lint.rules._shared.decorated import public_name
from async_lint.rules._shared.guards import is_dead
from async_lint.rules._shared.names import own_nodes
from async_lint.rules._shared.ruff_comments import is_left_out_of_ruff

_MANAGERS = ("contextlib.contextmanager", "contextlib.asynccontextmanager")
_RUFF = frozenset({"TRY201", "verbose-raise"})
_ELSEWHERE = re.compile(r"\bTRY201\b")


def could_report(handler: ast.ExceptHandler, facts: Facts) -> bool:
    return handler.name is not None and any(
        isinstance(statement, ast.Raise)
        and statement.cause is None
        and isinstance(statement.exc, ast.Name)
        and statement.exc.id == handler.name
        for statement in own_statements(handler)
    )


def check(node: cst.Raise, context: Context) -> Iterator[Finding]:
    handler = closest_handler(context)
    if handler is None or node.cause is not None or not isinstance(node.exc, cst.Name):
        return
    if not is_reraise(node, handler) or not in_raise_scope(context) or leaves_nothing(node, handler, context):
        return
    if is_compiled(context) or is_dead(context) or _is_at_the_yield(handler, context) or _is_declined(node, context):
        return
    if is_unreached(handler, context):
        return
    message = (
        f"`raise {node.exc.value}` raises again what this handler caught: a bare `raise` does, "
        "and adds no second line to its traceback"
    )
    yield Finding(context.span(node), message, reraise_fix(node, handler, context))


def _is_declined(node: cst.Raise, context: Context) -> bool:
    span = context.span(node)
    return is_declined(span, _ELSEWHERE, context) or is_left_out_of_ruff(span, _RUFF, context)


def _is_at_the_yield(handler: Handler, context: Context) -> bool:
    """Whether the handler gets what the body of a `with` raised, at the `yield` of its context manager.

    What `contextlib` makes of the function gives that exception the traceback that it had before.
    """
    function = context.function()
    if not isinstance(function, cst.FunctionDef):
        return False
    if not any(public_name(decorator.decorator, _MANAGERS, context) for decorator in function.decorators):
        return False
    statement = context.ancestors[context.ancestors.index(handler) - 1]
    assert isinstance(statement, cst.Try)
    return any(isinstance(node, cst.Yield) for node in own_nodes(statement.body))


RULE = Rule(
    code="ASL402",
    name="verbose-reraise",
    summary="caught exception is raised by its name instead of by a bare `raise`",
    fix=FixAvailability.SOMETIMES,
    triggers={ast.ExceptHandler: could_report},
    visit={cst.Raise: check},
    options=(RAISE_SCOPE,),
)
