"""SARIF 2.1.0, which code hosts and editors read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
"""

import json
import posixpath
import re
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePath
from urllib.parse import quote

from async_lint import __version__
from async_lint.fingerprint import unique
from async_lint.model import Applicability, Diagnostic, Edit, Fix, Severity, Sources, Span, is_unchecked
from async_lint.pages import address, page, project_address
from async_lint.registry import RULES
from async_lint.reporters.text import escape, with_cell
from async_lint.rule import Rule

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# What a reader replaces by where it has the sources.
_ROOT = "SRCROOT"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_NUMBERS = {rule.code: number for number, rule in enumerate(RULES)}
_LINK = re.compile(r"\[(?=[^\[\]]*\]\()")

Json = dict[str, object]


def render(diagnostics: Sequence[Diagnostic], sources: Sources, colour: bool, errors: Sequence[str] = ()) -> str:
    """Return the log of one run. `errors` are sentences about what kept the run from being whole."""
    driver: Json = {"name": "async-lint", "version": __version__, "rules": list(map(_rule, RULES))}
    if home := project_address("Homepage"):
        driver["informationUri"] = home
    fingerprints = unique(diagnostics, sources)
    run: Json = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": not errors, **_notifications(diagnostics, errors)}],
        # Positions count characters, not UTF-16's units.
        "columnKind": "unicodeCodePoints",
        "results": [_result(*each) for each in zip(diagnostics, fingerprints, strict=True)],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: Rule) -> Json:
    text = page(rule.info)
    described: Json = {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": _capital(rule.summary)},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"enabled": rule.default, "level": "warning"},
    }
    if uri := address(rule.name):
        described["helpUri"] = uri
    return described


def _result(diagnostic: Diagnostic, fingerprint: str) -> Json:
    result: Json = {
        "ruleId": diagnostic.code,
        "ruleIndex": _NUMBERS[diagnostic.code],
        "level": _LEVELS[diagnostic.severity],
        "message": _message(with_cell(diagnostic)),
        "locations": [_location(diagnostic)],
        "partialFingerprints": {"asyncLint/v1": fingerprint},
    }
    # A fix is something that a tool may apply; what only a person can do is none.
    # Nor can a tool apply to a notebook's JSON what is meant for a cell.
    if diagnostic.fix and diagnostic.fix.applicability is not Applicability.DISPLAY and diagnostic.cell is None:
        result["fixes"] = [_fix(diagnostic.path, diagnostic.fix)]
    return result


def _location(diagnostic: Diagnostic) -> Json:
    cell = diagnostic.cell
    region = _region(diagnostic.span) if cell is None else {"startLine": cell.file_line}
    location: Json = {"physicalLocation": {"artifactLocation": _artifact(diagnostic.path), "region": region}}
    return location if cell is None else {**location, "logicalLocations": [{"name": f"cell {cell.number}"}]}


def _fix(path: str, fix: Fix) -> Json:
    change: Json = {"artifactLocation": _artifact(path), "replacements": list(map(_replacement, fix.edits))}
    return {
        "description": _message(fix.title),
        "artifactChanges": [change],
        "properties": {"applicability": fix.applicability.value},
    }


def _replacement(edit: Edit) -> Json:
    return {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.content}}


def _notifications(diagnostics: Iterable[Diagnostic], errors: Iterable[str]) -> Json:
    found: list[Json] = [{"level": "error", "message": _message(error)} for error in errors]
    for diagnostic in diagnostics:
        if is_unchecked(diagnostic):
            found.append(
                {
                    "level": "error",
                    "message": _message(diagnostic.message),
                    "associatedRule": {"id": diagnostic.code, "index": _NUMBERS[diagnostic.code]},
                    "locations": [_location(diagnostic)],
                }
            )
    return {"toolExecutionNotifications": found} if found else {}


def _message(text: str) -> Json:
    """Return a message as SARIF writes it: a brace is doubled (3.11.5), and what looks like a link is none (3.11.6)."""
    lines = "\n".join(map(escape, text.splitlines()))
    return {"text": _LINK.sub(r"\\[", lines.replace("{", "{{").replace("}", "}}"))}


def _artifact(path: str) -> Json:
    if PurePath(path).is_absolute():
        return {"uri": Path(path).as_uri()}
    normal = posixpath.normpath(PurePath(path).as_posix())
    location: Json = {"uri": quote(normal.encode("utf-8", "surrogateescape"), safe="/~")}
    # What leads out of the root is not relative to it (3.4.4).
    return location if normal.startswith("../") else {**location, "uriBaseId": _ROOT}


def _region(span: Span) -> Json:
    start, end = span
    return {
        "startLine": start.line,
        "startColumn": start.column + 1,
        "endLine": end.line,
        "endColumn": end.column + 1,
    }


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
