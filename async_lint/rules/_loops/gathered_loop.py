"""The fix of ASL201: the awaits of a loop run together, as the project wants it."""

import ast
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from async_lint.context import Context
from async_lint.inference.face import Frame, body_around, outlives
from async_lint.model import Applicability, Edit, Fix, Position, Span
from async_lint.rules._loops.clause_code import part_of_clause
from async_lint.rules._loops.concurrency import Means, Way, means
from async_lint.rules._loops.fresh_names import fresh
from async_lint.rules._loops.item_work import Work, as_it_is, can_stay, wrapped
from async_lint.rules._loops.loop_shape import Clause, Collected, Gatherable, Shape, shape_of
from async_lint.rules._loops.surroundings import catches_one, comes_first, is_in_time, place_before, replaced
from async_lint.rules._loops.together import collected, gathered, listed, started
from async_lint.rules._shared.comments import has_comment
from async_lint.rules._shared.layout import Brackets, Code, Layout, Part, indent_of, layout_of

# Not what is used up by being looked at, such as a generator.
_REPEATABLE = frozenset(
    f"builtins.{name}" for name in ("bytes", "dict", "frozenset", "list", "range", "set", "str", "tuple")
)


class _Place(NamedTuple):
    """`span` is what is replaced; `above` is where lines go that its statement needs, None where none can."""

    loop: Gatherable
    frame: Frame
    around: Sequence[ast.AST]
    span: Span
    above: Position | None
    layout: Layout
    context: Context

    @property
    def is_first(self) -> bool:
        """Whether lines above the statement may do what the loop does, and nothing is done out of turn."""
        return isinstance(self.loop, ast.For) or comes_first(self.loop, self.around)

    def fresh(self, base: str) -> str:
        return fresh(base, self.around[0], self.loop)

    def are_builtin(self, names: Iterable[str]) -> bool:
        loads = ((name, ast.copy_location(ast.Name(name, ast.Load()), self.loop)) for name in names)
        name_of = self.context.view.names.name_of
        return all(name_of(load, self.frame) == f"builtins.{name}" for name, load in loads)


def gather(loop: Gatherable, frame: Frame, around: Sequence[ast.AST], context: Context) -> Fix | None:
    """Return the fix; None where the loop has another shape, or something would be lost."""
    function = around[0]
    shape = shape_of(loop, function, context)
    # In an f-string, quotes and line breaks are not free before Python 3.12.
    if shape is None or any(isinstance(node, ast.JoinedStr) for node in around):
        return None
    span = replaced(loop, shape, around, context)
    # What a deadline has ended was not to be begun.
    if is_in_time(around):
        return None
    if span is None or has_comment(context.source.slice(span)):
        return None
    # In the rewritten code the loop's variable is gone.
    if isinstance(loop, ast.For) and outlives(loop, body_around(around)):
        return None
    by = means(loop, frame, context)
    if by is None or not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        return None
    above = place_before(loop, shape, around, context)
    place = _Place(loop, frame, around, span, above, layout_of(function, context), context)
    edits = _edits(shape, by, place)
    return None if edits is None else Fix(_title(by), (*by.edits, *edits), Applicability.UNSAFE)


def _edits(shape: Shape, by: Means, place: _Place) -> list[Edit] | None:
    # A group raises an ExceptionGroup, which `except ValueError` does not catch.
    if by.way is not Way.GATHER and catches_one(place.loop, place.around):
        return None
    if can_stay(place.loop, shape, place.frame, by, place.context):
        work = as_it_is(shape.value, place.context)
    elif place.above is not None:
        work = wrapped(place.loop, shape, place.around[0], by, place.layout, place.above, place.context)
    else:
        return None
    if by.way is Way.GATHER:
        return _by_gather(shape, work, by, place)
    if shape.collected is Collected.NOTHING:
        return _by_starting(shape, work, by, place)
    return _by_tasks(shape, work, by, place)


def _by_gather(shape: Shape, work: Work, by: Means, place: _Place) -> list[Edit] | None:
    lines = list(work.lines)
    if shape.key is None:
        needed = ["set"] if shape.collected is Collected.SET else []
        return _replacing(lines, gathered(shape, work, by), place) if place.are_builtin(needed) else None
    if len(shape.clauses) != 1 or not place.are_builtin(["dict", "list", "zip"]):
        return None
    clause, key = shape.clauses[0], part_of_clause(shape.key, place.context)
    itself = key.text == clause.target
    # The keys and the awaits each go through the items.
    if _can_repeat(shape, place):
        keys = clause.iterable if itself else listed(shape, key)
    elif itself and place.above is not None and place.is_first:
        name = Code(place.fresh("keys"))
        indent = _indent(place.above.line, place)
        lines.append(place.layout.statement(f"{name.text} = ", listed(shape, key), indent))
        shape = replace(shape, clauses=(Clause(clause.target, name, (), clause.source),))
        keys = name
    else:
        return None
    return _replacing(lines, gathered(shape, work, by, keys), place)


def _by_starting(shape: Shape, work: Work, by: Means, place: _Place) -> list[Edit] | None:
    if by.way is Way.START_SOON:
        # It hands on what is given by position alone.
        if work.callee is None or not isinstance(shape.value, ast.Call) or shape.value.keywords:
            return None
    indent = _indent(place.span.start.line, place)
    group = place.fresh("nursery" if by.library == "trio" else "group")
    text = "\n".join([*work.lines, *started(shape, work, by, place.layout, indent, group)])
    first, _, others = text.partition("\n")
    # A blank line above a function has no indentation to take away.
    text = text.removeprefix(indent) if first else f"\n{others}"
    start = place.span.start if first else Position(place.span.start.line, 0)
    return [place.context.replace(Span(start, place.span.end), text)]


def _by_tasks(shape: Shape, work: Work, by: Means, place: _Place) -> list[Edit] | None:
    if by.way is Way.START_SOON or place.above is None or not place.is_first:
        return None
    key = None if shape.key is None else part_of_clause(shape.key, place.context)
    function = place.around[0]
    name = shape.key.id if isinstance(shape.key, ast.Name) else fresh("key", function)
    names = place.fresh("tasks"), fresh("task", function), name
    group = place.fresh("group")
    indent = _indent(place.above.line, place)
    lines, part = collected(shape, work, by, place.layout, indent, group, names, key)
    return _replacing([*work.lines, *lines], part, place)


def _replacing(lines: Sequence[str], part: Part, place: _Place) -> list[Edit] | None:
    source = place.context.source
    start, end = place.span
    if isinstance(part, Brackets) and part.head.startswith("await ") and _binds_tighter(place.loop, place.around[-1]):
        part = part._replace(head=f"({part.head}", close=f"{part.close})")
    behind = len(source.lines[end.line - 1].rstrip("\r\n")) - end.column
    text = place.layout.written(part, _indent(start.line, place), start.column, behind)
    edits = [place.context.replace(place.span, text)]
    if lines:
        if place.above is None:
            return None
        edits.insert(0, place.context.insert(place.above, "\n".join(lines) + "\n"))
    return edits


def _indent(line: int, place: _Place) -> str:
    return indent_of(place.context.source.lines[line - 1])


def _can_repeat(shape: Shape, place: _Place) -> bool:
    """Whether the items are those of a variable whose class gives the same ones again."""
    clause = shape.clauses[0]
    if not isinstance(clause.source, ast.Name) or clause.tests:
        return False
    return place.context.view.names.name_of(clause.source, place.frame) in _REPEATABLE


def _binds_tighter(loop: Gatherable, parent: ast.AST) -> bool:
    """Whether what stands behind the comprehension would take the call alone: `[...][0]`."""
    if isinstance(loop, ast.For):
        return False
    if isinstance(parent, (ast.Attribute, ast.Subscript)):
        return parent.value is loop
    return isinstance(parent, ast.Await) or (isinstance(parent, ast.Call) and parent.func is loop)


def _title(by: Means) -> str:
    names = {"asyncio": "an `asyncio.TaskGroup`", "anyio": "a task group of `anyio`", "trio": "a nursery of `trio`"}
    means = "with `asyncio.gather`" if by.way is Way.GATHER else f"in {names[by.library]}"
    limit = f", at most {by.bound} at once" if by.bound is not None else ""
    return f"Run the awaits together {means}{limit}"
