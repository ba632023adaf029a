"""JUnit's XML, as CI servers read it: a suite for each file, a failed case for each finding.

It keeps to the schema of Jenkins, the strictest of those in use, in which a case has neither a file nor a line:
https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from xml.sax.saxutils import escape as escape_xml
from xml.sax.saxutils import quoteattr

from async_lint.model import Diagnostic, Severity, Sources, is_unchecked
from async_lint.reporters.text import escape, place, row

_SUITE = "async-lint"


def render(diagnostics: Sequence[Diagnostic], sources: Sources, colour: bool, errors: Sequence[str] = ()) -> str:
    """Return the document. `errors` are sentences about what kept the run from being whole."""
    suites = [_findings(path, list(found)) for path, found in groupby(diagnostics, lambda each: each.path)]
    if errors:
        suites.append(_suite(_SUITE, map(_error, errors), len(errors), 0, len(errors)))
    # Some servers take a report without any case for a broken one.
    if not suites:
        suites.append(
            _suite(_SUITE, [f"    <testcase {_attributes(name='async-lint', classname=_SUITE)} />\n"], 1, 0, 0)
        )
    failures, broken = _counts(diagnostics)
    totals = _attributes(
        name=_SUITE, tests=max(1, len(diagnostics) + len(errors)), failures=failures, errors=broken + len(errors)
    )
    return f'<?xml version="1.0" encoding="utf-8"?>\n<testsuites {totals}>\n{"".join(suites)}</testsuites>\n'


def _findings(path: str, diagnostics: Sequence[Diagnostic]) -> str:
    return _suite(path, map(_case, diagnostics), len(diagnostics), *_counts(diagnostics), file=path)


def _counts(diagnostics: Sequence[Diagnostic]) -> tuple[int, int]:
    """Return how many cases fail, and how many files could not be checked."""
    broken = sum(map(is_unchecked, diagnostics))
    return len(diagnostics) - broken - sum(map(_passes, diagnostics)), broken


def _passes(diagnostic: Diagnostic) -> bool:
    # The format knows no severity: what fails no run must not fail a server's.
    return diagnostic.severity is Severity.INFO and not is_unchecked(diagnostic)


def _suite(name: str, cases: Iterable[str], tests: int, failures: int, errors: int, **more: str) -> str:
    attributes = _attributes(name=name, tests=tests, failures=failures, errors=errors, skipped=0, **more)
    return f"  <testsuite {attributes}>\n{''.join(cases)}  </testsuite>\n"


def _case(diagnostic: Diagnostic) -> str:
    column = diagnostic.span.start.column
    cell = f"cell {diagnostic.cell.number}, " if diagnostic.cell else ""
    case = _attributes(
        name=f"{diagnostic.code} {diagnostic.name}, {cell}line {row(diagnostic)}, column {column + 1}",
        classname=diagnostic.path,
    )
    message = f"{place(diagnostic)}: {diagnostic.message}"
    if _passes(diagnostic):
        return f"    <testcase {case}>\n      <system-out>{escape_xml(_legal(message))}</system-out>\n    </testcase>\n"
    problem = _attributes(message=message, type=diagnostic.code)
    element = "error" if is_unchecked(diagnostic) else "failure"
    return f"    <testcase {case}>\n      <{element} {problem} />\n    </testcase>\n"


def _error(sentence: str) -> str:
    case, problem = _attributes(name="error", classname=_SUITE), _attributes(message=sentence, type="error")
    return f"    <testcase {case}>\n      <error {problem} />\n    </testcase>\n"


def _attributes(**values: str | int) -> str:
    return " ".join(f"{key}={quoteattr(_legal(str(value)))}" for key, value in values.items())


def _legal(text: str) -> str:
    # XML has no way to write most control characters, U+FFFE and U+FFFF, not even as numbers.
    return escape(text).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
