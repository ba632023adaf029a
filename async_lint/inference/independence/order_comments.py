"""Comments that say that the order of a loop, or of statements in a row, is meant."""

import ast
import re
from collections.abc import Sequence

from async_lint.inference.independence.iteration import bound_in
from async_lint.inference.independence.order_words import ELSEWHERE
from async_lint.inference.syntax.binding import Module
from async_lint.inference.syntax.nodes import children, descendants

# `serialise` and `serializer` say nothing of an order.
_SAYS_SO = re.compile(
    r"#.*(?:\b(?:sequential|serial(?!i[sz])|one[ -](?:by|at|after)|in (?:\w+ )?order|order matters|ordering|"
    r"rate.?limit|throttl|concurren|parallel|simultaneous|race condition|at once|at most|in a loop|"
    r"before (?:an|the )other|no point|not worth|bursts?\b|hammer|overwhelm|anti.?(?:bot|detection|détection)\b)|"
    rf"{ELSEWHERE})",
    re.IGNORECASE,
)
# Further up, with other things between, only what can mean nothing else.
_SAYS_SO_PLAINLY = re.compile(
    rf"#.*(?:\b(?:sequential(?:ly)?|serially|one[ -](?:by[ -]one|at[ -]a[ -]time))\b|{ELSEWHERE})", re.IGNORECASE
)
_REFUSES = re.compile(
    r"#.*(?:\b(?:avoid|cannot|never|no|not)|n'?t)\b(?: use| using)? (?:asyncio\.)?gather", re.IGNORECASE
)
# What somebody wishes for is not how it has to be: `TODO: run these in parallel`.
_WISHES = re.compile(
    r"#.*\b(?:could|fixme|may|might|todo)\b.*\b(?:concurren|parallel|simultaneous|at once)", re.IGNORECASE
)
_ASSIGNMENTS = (ast.Assign, ast.AnnAssign, ast.AugAssign)


def say_so(nodes: Sequence[ast.expr | ast.stmt], around: Sequence[ast.AST], module: Module) -> bool:
    """Whether a comment in the nodes or right above them says so; `around` are the nodes above them.

    What is assigned right above for them to use belongs to them, and so do the comments above that. A comment that
    refuses `gather` is heeded anywhere in the function.
    """
    first, last = nodes[0].lineno, nodes[-1].end_lineno or nodes[-1].lineno
    used = {node.id for part in nodes for node in descendants(part) if isinstance(node, ast.Name)}
    first = _with_comments(first, module)
    for statement in _before(nodes[0], around):
        adjacent = statement.end_lineno == first - 1
        if not adjacent or not isinstance(statement, _ASSIGNMENTS) or used.isdisjoint(bound_in(statement)):
            break
        first = _with_comments(statement.lineno, module)
    function = around[0]
    whole = module.lines(getattr(function, "lineno", first), getattr(function, "end_lineno", None) or last)
    if _REFUSES.search(whole) is not None:
        return True
    if any(map(_SAYS_SO_PLAINLY.search, _paragraph_above(nodes[0], around, module))):
        return True
    lines = module.lines(first, last).splitlines()
    return any(_SAYS_SO.search(line) is not None and _WISHES.search(line) is None for line in lines)


def _paragraph_above(node: ast.expr | ast.stmt, around: Sequence[ast.AST], module: Module) -> list[str]:
    """Return the lines of statements right above a node that await nothing, and of the comments on them."""
    first = _with_comments(node.lineno, module)
    for statement in _before(node, around):
        simple = isinstance(statement, (*_ASSIGNMENTS, ast.Expr))
        if statement.end_lineno != first - 1 or not simple or _awaits(statement):
            break
        first = _with_comments(statement.lineno, module)
    return module.lines(first, node.lineno).splitlines()


def _awaits(statement: ast.stmt) -> bool:
    return any(isinstance(node, ast.Await) for node in descendants(statement))


def _with_comments(line: int, module: Module) -> int:
    while line > 1 and module.lines(line - 1, line - 1).lstrip().startswith("#"):
        line -= 1
    return line


def _before(node: ast.expr | ast.stmt, around: Sequence[ast.AST]) -> list[ast.stmt]:
    """Return the statements of its block that stand before a node, the nearest first."""
    child: ast.AST = node
    for parent in reversed(around):
        if isinstance(child, ast.stmt):
            block = [part for part in children(parent) if isinstance(part, ast.stmt)]
            return [statement for statement in block if statement.lineno < child.lineno][::-1]
        child = parent
    return []
