"""Reports and traces as JSON: whoever hands over a repository hands over its cache, and JSON runs nothing.

What reads a text raises ValueError for any that was not made here.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from async_lint.cache.trace import Folder, Read, Trace
from async_lint.model import Applicability, Cell, Diagnostic, Edit, Fix, Position, Severity, Span
from async_lint.report import Report, Suppressed


def report_to_text(report: Report, path: str = "") -> str:
    """Return a report as text, without the lines of its files; `path` is what the user calls the one that it is on."""
    return json.dumps(
        [
            path,
            [_from_diagnostic(each) for each in report.diagnostics],
            [[_from_diagnostic(each), reason] for each, reason in report.suppressed],
            report.errors,
            report.warnings,
            report.files,
        ],
        separators=(",", ":"),
    )


def report_of_text(text: str, path: str = "") -> Report:
    """Return what `report_to_text` was given, on a file that the user now calls `path`."""
    with foreign_is_wrong():
        before, diagnostics, suppressed, errors, warnings, files = json.loads(text)
        return Report(
            diagnostics=[_to_diagnostic(each, path) for each in diagnostics],
            suppressed=[Suppressed(_to_diagnostic(each, path), str(reason)) for each, reason in suppressed],
            errors=list(map(str, errors)),
            warnings=[path + str(warning).removeprefix(before) for warning in warnings],
            files=int(files),
        )


def outcome_to_text(report: Report, idle: Sequence[str]) -> str:
    return json.dumps([report_to_text(report), list(idle)])


def outcome_of_text(text: str) -> tuple[Report, list[str]]:
    with foreign_is_wrong():
        report, idle = json.loads(text)
        return report_of_text(report), list(map(str, idle))


def findings_to_text(found: Sequence[Diagnostic]) -> str:
    return json.dumps(list(map(_from_diagnostic, found)), separators=(",", ":"))


def findings_of_text(text: str, path: str) -> list[Diagnostic]:
    """Return what `findings_to_text` was given, in the file `path`."""
    with foreign_is_wrong():
        return [_to_diagnostic(each, path) for each in json.loads(text)]


def trace_to_text(trace: Trace) -> str:
    files = {path: [read.size, read.time, read.digest] for path, read in trace.files.items()}
    folders = {path: [folder.time, folder.names, folder.listed] for path, folder in trace.folders.items()}
    return json.dumps([files, folders], separators=(",", ":"))


def trace_of_text(text: str) -> Trace:
    with foreign_is_wrong():
        files, folders = json.loads(text)
        return Trace(
            {path: Read(int(size), int(time), str(digest)) for path, (size, time, digest) in files.items()},
            {path: Folder(int(time), _to_names(names), str(listed)) for path, (time, names, listed) in folders.items()},
        )


@contextmanager
def foreign_is_wrong() -> Iterator[None]:
    """Raise ValueError for whatever a text that was not made here leads to."""
    try:
        yield
    except (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError) as error:
        raise ValueError("a cached text is none of ours") from error


def _to_names(names: Mapping[str, int]) -> dict[str, int]:
    return {name: int(kind) for name, kind in names.items()}


def _from_diagnostic(one: Diagnostic) -> list[Any]:
    fix = None
    if one.fix is not None:
        edits = [[*_from_span(edit.span), edit.content, edit.cell] for edit in one.fix.edits]
        fix = [one.fix.title, edits, one.fix.applicability.value]
    span = _from_span(one.span)
    return [one.path, one.code, one.name, one.message, span, one.noqa_line, fix, one.severity.value, one.cell]


def _to_diagnostic(values: Sequence[Any], path: str) -> Diagnostic:
    before, code, name, message, span, noqa_line, fix, severity, cell = values
    remedy = None
    if fix is not None:
        title, edits, applicability = fix
        replaced = tuple(Edit(_to_span(edit[:4]), str(edit[4]), _to_cell(edit[5])) for edit in edits)
        remedy = Fix(str(title), replaced, Applicability(applicability))
    path, code, name, message = map(str, (path or before, code, name, message))
    place, weight = _to_span(span), Severity(severity)
    return Diagnostic(path, code, name, message, place, int(noqa_line), remedy, weight, _to_cell(cell))


def _to_cell(values: Sequence[int] | None) -> Cell | None:
    if values is None:
        return None
    number, before, file_line = map(int, values)
    return Cell(number, before, file_line)


def _from_span(span: Span) -> list[int]:
    return [*span.start, *span.end]


def _to_span(values: Sequence[int]) -> Span:
    line, column, end_line, end_column = map(int, values)
    if min(line, column + 1, end_line, end_column + 1) < 1:
        raise ValueError("a cached text is none of ours")
    return Span(Position(line, column), Position(end_line, end_column))
