"""ASL702: a generator yields inside a deadline, a cancel scope or a task group, and is no context manager."""

import ast
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.inference.face import children
from async_lint.rule import Finding, Rule
from async_lint.rules._async_generators.cancel_scopes import scope_of
from async_lint.rules._async_generators.handed_on import is_handed_on, is_transformed

_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def could_yield(block: ast.With | ast.AsyncWith, facts: Facts) -> bool:
    scope = facts.frame.enclosing_function()
    # Most functions are no generators, and most of those that are are context managers.
    if scope is None or scope.function is None or not scope.function.is_generator:
        return False
    if first_yield(block) is None or is_transformed(facts.frame, facts.view):
        return False
    return any(scope_of(item.context_expr, facts.frame, facts.view) is not None for item in block.items)


def first_yield(block: ast.With | ast.AsyncWith) -> ast.Yield | ast.YieldFrom | None:
    """Return the first `yield` in a block that is one of the function around the block."""
    waiting: list[ast.AST] = list(reversed(block.body))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Yield | ast.YieldFrom):
            return node
        if not isinstance(node, _NESTED):
            waiting += reversed(children(node))
    return None


def check(node: cst.With, context: Context) -> Iterator[Finding]:
    for item in node.items:
        manager = context.counterpart(item.item)
        above = context.view.project.above(manager.node, manager.frame) if manager is not None else None
        block = next((one for one in reversed(above or ()) if isinstance(one, ast.With | ast.AsyncWith)), None)
        if manager is None or not above or block is None:
            continue
        suspended = first_yield(block)
        scope = scope_of(manager.node, manager.frame, context.view) if suspended is not None else None
        if suspended is None or scope is None:
            continue
        if not is_transformed(manager.frame, context.view) and not is_handed_on(manager.frame, context):
            yield Finding(
                context.span(item.item),
                f"`yield` on line {suspended.lineno} suspends `{getattr(above[0], 'name', '')}` inside {scope.label}: "
                f"{scope.cancels}",
            )
            return


RULE = Rule(
    code="ASL702",
    name="yield-in-cancel-scope",
    summary="generator yields inside a deadline, a cancel scope or a task group",
    triggers={ast.With: could_yield, ast.AsyncWith: could_yield},
    visit={cst.With: check},
)
