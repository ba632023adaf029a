"""What chooses among the findings. Without JavaScript it would do nothing, and is not shown."""

from collections.abc import Iterable, Sequence

from async_lint.model import Diagnostic
from async_lint.reporters.html.markup import text


def controls(diagnostics: Sequence[Diagnostic]) -> str:
    rules = sorted({(each.code, f"{each.code} {each.name}") for each in diagnostics})
    files = sorted({(each.path, each.path) for each in diagnostics})
    severities = sorted({(each.severity.value, each.severity.value) for each in diagnostics})
    choices = (
        _choice("view", "Findings by", [("file", "file"), ("rule", "rule")]),
        _choice("rule", "Rule", [("", "all"), *rules]),
        _choice("file", "File", [("", "all"), *files]),
        _choice("severity", "Severity", [("", "all"), *severities]),
    )
    return f'<form id="controls" hidden>{"".join(choices)}<output id="shown"></output></form>\n'


def _choice(name: str, label: str, options: Iterable[tuple[str, str]]) -> str:
    listed = "".join(f'<option value="{text(value)}">{text(shown)}</option>' for value, shown in options)
    return f'<label>{label} <select name="{name}">{listed}</select></label>\n'
