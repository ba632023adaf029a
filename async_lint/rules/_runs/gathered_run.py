"""The fix of ASL202: the awaits of a run handed to one `asyncio.gather`, its results to the names that had them."""

import ast
from collections.abc import Sequence

from async_lint.context import Context
from async_lint.inference.face import Frame, Step, Try, descendants
from async_lint.model import Applicability, Fix, Span
from async_lint.rules._shared.comments import has_comment
from async_lint.rules._shared.layout import WIDTH, code, indent_of, moved
from async_lint.rules._shared.library_import import asyncio_import


def gather(steps: Sequence[Step], frame: Frame, around: Sequence[ast.AST], context: Context) -> Fix | None:
    """Return the fix; None where something would be lost. `around` are the nodes above the steps."""
    source = context.source
    replaced = Span(source.span(steps[0].statement).start, source.span(steps[-1].statement).end)
    # One of several targets cannot be annotated.
    if any(isinstance(step.statement, ast.AnnAssign) for step in steps) or has_comment(source.slice(replaced)):
        return None
    imported = asyncio_import(steps[0].value, frame, context)
    if imported is None or _is_read_after_failure(steps, around):
        return None
    text = _text(steps, f"{imported.name}.gather", replaced, context)
    edits = (*imported.edits, context.replace(replaced, text))
    return Fix("Run the awaits together with `asyncio.gather`", edits, Applicability.UNSAFE)


def _is_read_after_failure(steps: Sequence[Step], around: Sequence[ast.AST]) -> bool:
    """Whether a `try` around the run looks at what the first steps bound when a later one fails."""
    places = {step.place for step in steps[:-1]}
    for node in around:
        if isinstance(node, Try):
            behind = [*(line for handler in node.handlers for line in handler.body), *node.finalbody]
            below = (part for line in behind for part in descendants(line))
            if any(ast.unparse(part) in places for part in below if isinstance(part, ast.Name | ast.Attribute)):
                return True
    return False


def _text(steps: Sequence[Step], gather: str, replaced: Span, context: Context) -> str:
    source = context.source
    indent = indent_of(source.lines[replaced.start.line - 1])
    rest = len(source.lines[replaced.end.line - 1].rstrip("\r\n")) - replaced.end.column
    targets = ", ".join(source.slice(source.span(step.target)) for step in steps)
    calls = [source.slice(source.span(step.value)) for step in steps]
    line = f"{targets} = await {gather}({', '.join(calls)})"
    if "\n" not in line and "\r" not in line and replaced.start.column + len(line) + rest <= WIDTH:
        return line
    unit = "\t" if indent.endswith("\t") else "    "
    parts = (moved(code(step.value, context), indent + unit) for step in steps)
    inner = "".join(f"{indent}{unit}{part},\n" for part in parts)
    head = f"{targets} = await {gather}("
    if len(indent) + len(head) > WIDTH:
        targets = "".join(f"{indent}{unit}{source.slice(source.span(step.target))},\n" for step in steps)
        head = f"(\n{targets}{indent}) = await {gather}("
    return f"{head}\n{inner}{indent})"
