"""`# noqa` comments for what is found, put where flake8 looks for them."""

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from async_lint.files.ports import Files
from async_lint.files.source import Source, UnreadableError, read_source
from async_lint.files.suppression import Mark, Suppressions, comments, marks, noqa_ranges
from async_lint.files.write import LeftAloneError, write
from async_lint.model import Diagnostic


class Added(NamedTuple):
    """What was added: comments about so many `problems` on `lines`; `errors` are sentences about what was not."""

    problems: int
    lines: int
    errors: list[str]


def add_noqa(path: Path, diagnostics: Sequence[Diagnostic], checked: Sequence[str], files: Files) -> Added:
    """Add the comments that suppress the findings of one file, and write it.

    The file is left alone where that would change more than comments, or where its lines are not those that were
    `checked`.
    """
    name = diagnostics[0].path
    try:
        source = read_source(name, files.read(path))
        if source.shown_lines != list(checked):
            raise LeftAloneError("the file changed since it was read")
        after = suppressed(source, diagnostics)
        if after is None:
            return Added(0, 0, [f"{name}: no comment is added to the file: it would change more than comments"])
        write(path, source.data, after.data)
    except (OSError, LeftAloneError) as error:
        return Added(0, 0, [f"{name}: not written: {getattr(error, 'strerror', None) or error}"])
    except (UnreadableError, UnicodeError):
        return Added(0, 0, [f"{name}: no comment is added to the file: it could not be read again"])
    differ = sum(old != new for old, new in zip(source.lines, after.lines, strict=True))
    unheeded = _unheeded(after, diagnostics)
    why = "no comment is added: flake8 heeds the `noqa` in a string there, and nothing after it"
    lines = dict.fromkeys(each.noqa_line for each in unheeded)
    return Added(len(diagnostics) - len(unheeded), differ, [f"{after.label(line)}: {why}" for line in lines])


def suppressed(source: Source, diagnostics: Sequence[Diagnostic]) -> Source | None:
    """Return a file with the comments for its findings; None where they would change more than comments.

    Raises UnreadableError or UnicodeError where the result cannot be read again.
    """
    after = read_source(source.path, source.encode("".join(with_noqa(source, diagnostics))))
    return after if _same_code(source, after) else None


def with_noqa(source: Source, diagnostics: Sequence[Diagnostic]) -> list[str]:
    """Return the lines of a file with a comment for each finding, merged with those that are there."""
    lines, ranges = list(source.lines), noqa_ranges(source.lines)
    there = {line: mark for mark in marks(source.lines) for line in mark.covers}
    known = comments(source.lines) if there else {}
    wanted: dict[int, set[str]] = {}
    for diagnostic in diagnostics:
        _, last = ranges.get(diagnostic.noqa_line, (0, diagnostic.noqa_line))
        wanted.setdefault(last, set()).add(diagnostic.code)
    for last, codes in wanted.items():
        mark = there.get(last)
        if mark is None:
            body = lines[last - 1].rstrip("\r\n")
            lines[last - 1] = f"{body.rstrip()}  # noqa: {', '.join(sorted(codes))}{lines[last - 1][len(body) :]}"
        elif mark.codes is not None and mark.column >= known.get(mark.line, (mark.column + 1, ""))[0]:
            lines[mark.line - 1] = _merged(lines[mark.line - 1], mark, codes)
    return lines


def _merged(line: str, mark: Mark, codes: set[str]) -> str:
    end = mark.column + len(mark.text.rstrip(", \t\r\n"))
    return f"{line[:end]}, {', '.join(sorted(codes))}{line[end:]}"


def _unheeded(source: Source, diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    suppressions = Suppressions(source)
    return [each for each in diagnostics if not suppressions.covers(each.noqa_line, each.code)]


def _same_code(before: Source, after: Source) -> bool:
    # Node by node, and not as one text: a tree may be deeper than a recursion goes.
    return all(one == other for one, other in zip(_shape(before.tree), _shape(after.tree), strict=False))


def _shape(tree: ast.AST) -> Iterator[tuple[object, ...]]:
    for node in ast.walk(tree):
        values = (value for value in vars(node).values() if not isinstance(value, (ast.AST, list)))
        yield type(node), *values
    yield ()
