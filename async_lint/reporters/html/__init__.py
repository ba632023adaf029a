"""One page for people: the findings by rule and by file. It needs no network, no other file and no JavaScript."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from async_lint import __version__
from async_lint.model import Diagnostic, Sources
from async_lint.reporters.html.controls import controls
from async_lint.reporters.html.document import document
from async_lint.reporters.html.finding import Numbered, article
from async_lint.reporters.html.markup import element, text
from async_lint.reporters.html.rule_section import rule_section
from async_lint.reporters.text import count, summary

_HERE = Path(__file__).parent


def render(diagnostics: Sequence[Diagnostic], sources: Sources, colour: bool, errors: Sequence[str] = ()) -> str:
    """Return the page, in ASCII. `errors` are sentences about what kept the run from being whole."""
    style, script = ((_HERE / name).read_text("utf-8") for name in ("report.css", "report.js"))
    found = [Numbered(number, diagnostic) for number, diagnostic in enumerate(diagnostics, 1)]
    parts = [_header(diagnostics, errors)]
    if errors:
        parts.append(_errors(errors))
    if found:
        parts += [controls(diagnostics), _by_rule(found), _by_file(found, sources)]
    return document("".join(parts), style, script)


def _header(diagnostics: Sequence[Diagnostic], errors: Sequence[str]) -> str:
    # Beside an error that kept files from being checked, `No problems found.` would be no truth.
    closing = summary(diagnostics, 0, unsafe=False) if diagnostics or not errors else "Not everything was checked."
    return f"<header><h1>async-lint {text(__version__)}</h1>\n{element('p', closing, id='summary')}</header>\n"


def _errors(errors: Sequence[str]) -> str:
    items = "".join(element("li", error) for error in errors)
    return f'<section id="errors"><h2>What kept this run from being whole</h2>\n<ul>{items}</ul></section>\n'


def _by_rule(found: Sequence[Numbered]) -> str:
    ordered = sorted(found, key=lambda each: each.diagnostic.code)
    sections = [rule_section(list(group)) for _, group in groupby(ordered, lambda each: each.diagnostic.code)]
    return f'<section id="by-rule"><h2>By rule</h2>\n{"".join(sections)}</section>\n'


def _by_file(found: Sequence[Numbered], sources: Sources) -> str:
    ordered = sorted(found, key=lambda each: each.diagnostic.path)
    sections = []
    for path, group in groupby(ordered, lambda each: each.diagnostic.path):
        articles = [article(each, sources.get(path, ())) for each in group]
        title = f"<h3>{text(path)} <small>{count(len(articles))}</small></h3>"
        sections.append(f'<section class="group" data-file="{text(path)}">{title}\n{"".join(articles)}</section>\n')
    return f'<section id="by-file"><h2>By file</h2>\n{"".join(sections)}</section>\n'
