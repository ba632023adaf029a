"""A statement put under a new header, one step further in."""

import io
import tokenize

import libcst as cst

from async_lint.context import Context
from async_lint.model import Edit, Position, Span


def under_header(header: str, span: Span, context: Context, replaced: Span | None = None) -> list[Edit] | None:
    """Return the edits that put the statement at `span` under a header; None where its lines cannot be indented.

    The lines on which `replaced` goes on are somebody else's to edit.
    """
    first, last = span.start.line, span.end.line
    lines = context.source.lines[first - 1 : last]
    indent = lines[0][: span.start.column]
    if indent.strip(" \t") or _has_long_string("".join(lines)):
        return None
    unit = "\t" if "\t" in indent else " " * _unit(context)
    left = range(replaced.start.line + 1, replaced.end.line + 1) if replaced is not None else range(0)
    edits = [context.insert(span.start, f"{header}\n{indent}{unit}")]
    for number, text in enumerate(lines[1:], first + 1):
        if text.strip() and number not in left:
            edits.append(context.insert(Position(number, 0), unit))
    return edits


def _has_long_string(text: str) -> bool:
    """Whether a string goes over several lines: to indent those would change it."""
    starts: list[int] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(f"(\n{text}\n)").readline):
            name = tokenize.tok_name[token.type]
            if name == "STRING" and token.start[0] != token.end[0]:
                return True
            if name == "FSTRING_START":
                starts.append(token.start[0])
            elif name == "FSTRING_END" and starts.pop() != token.end[0]:
                return True
    except (tokenize.TokenError, SyntaxError):
        return True
    return False


def _unit(context: Context) -> int:
    """Return how many spaces the function around indents its body by."""
    function = context.function()
    if isinstance(function, cst.FunctionDef) and isinstance(function.body, cst.IndentedBlock):
        inner = context.span(function.body.body[0]).start.column
        return max(1, inner - context.span(function).start.column)
    return 4
