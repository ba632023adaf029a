"""How rewritten code is laid out: within the file's line length, indented as the file indents."""

import ast
from dataclasses import dataclass
from typing import NamedTuple

from async_lint.context import Context
from async_lint.files.source import Source

# The least that formatters agree on; a file with longer lines shows that it may be more, up to a limit.
WIDTH = 88
_WIDEST = 120


class Code(NamedTuple):
    """Code of the file; `indent` is that of its first line, None where its other lines must not be moved."""

    text: str
    indent: str | None = ""


class Brackets(NamedTuple):
    """`head` ends with the opening bracket. With a `comma`, parts are separated by one, else by a space."""

    head: str
    parts: "tuple[Part, ...]"
    close: str
    comma: bool = True


Part = Code | Brackets


@dataclass(frozen=True, slots=True)
class Layout:
    """`width` is how many characters a line may have, `unit` one step of indentation."""

    width: int
    unit: str

    def written(self, part: Part, indent: str, column: int, behind: int = 0) -> str:
        """Return a part that begins at `column` of a line indented by `indent`, with `behind` characters after it."""
        line = _on_one_line(part)
        if isinstance(part, Code):
            return moved(part, indent)
        if "\n" not in line and column + len(line) + behind <= self.width:
            return line
        several = part.comma and len(part.parts) > 1
        inner = indent + self.unit
        comma = "," if several else ""
        lines = [inner + self.written(inside, inner, len(inner), len(comma)) + comma for inside in part.parts]
        return "\n".join([part.head, *lines, indent + part.close])

    def statement(self, start: str, part: Part, indent: str, end: str = "") -> str:
        """Return a statement on lines of its own."""
        return indent + start + self.written(part, indent, len(indent) + len(start), len(end)) + end


def layout_of(function: ast.FunctionDef | ast.AsyncFunctionDef, context: Context) -> Layout:
    outer = indent_of(context.source.lines[function.lineno - 1])
    inner = indent_of(context.source.lines[function.body[0].lineno - 1])
    unit = inner.removeprefix(outer) if inner.startswith(outer) else ""
    return Layout(context.source.once(_width), unit or "    ")


def _width(source: Source) -> int:
    lines = (line.rstrip() for line in source.lines)
    # A long comment says nothing: formatters leave it as it is.
    return max(WIDTH, min(_WIDEST, max((len(line) for line in lines if not line.lstrip().startswith("#")), default=0)))


def indent_of(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t\f"))]


def code(node: ast.expr, context: Context) -> Code:
    """Return the text of an expression, without its own parentheses."""
    source = context.source
    text = source.slice(source.span(node)).replace("\r\n", "\n").replace("\r", "\n")
    return Code(text, None if _has_long_string(node) else indent_of(source.lines[node.lineno - 1]))


def moved(part: Code, indent: str) -> str:
    """Return the code as it is indented where its first line is by `indent`."""
    if part.indent is None or "\n" not in part.text:
        return part.text
    first, *others = part.text.split("\n")
    return "\n".join([first, *(_shifted(line, part.indent, indent) for line in others)])


def _shifted(line: str, old: str, new: str) -> str:
    return new + line.removeprefix(old) if line.startswith(old) else line


def _has_long_string(node: ast.expr) -> bool:
    strings = (part for part in ast.walk(node) if isinstance(part, ast.JoinedStr | ast.Constant))
    return any(string.lineno != string.end_lineno for string in strings)


def _on_one_line(part: Part) -> str:
    if isinstance(part, Code):
        return part.text
    separator = ", " if part.comma else " "
    return part.head + separator.join(map(_on_one_line, part.parts)) + part.close
