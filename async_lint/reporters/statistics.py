"""How often each rule was broken, most often first."""

import json
from collections import Counter
from collections.abc import Sequence

from async_lint.model import Applicability, Diagnostic


def render(diagnostics: Sequence[Diagnostic]) -> str:
    """Return a line for each rule: how often, the code, the name; `*` marks one of whose findings some can be fixed."""
    rows = _rows(diagnostics)
    digits = max((len(str(count)) for count, *_ in rows), default=0)
    return "".join(
        f"{count:>{digits}}  {code}  [{'*' if fixable else ' '}] {name}\n" for count, code, name, fixable in rows
    )


def render_json(diagnostics: Sequence[Diagnostic]) -> str:
    """Return the same as a JSON list of objects; `fixable` counts the findings with a fix that can be applied."""
    rows = [{"code": c, "name": n, "count": count, "fixable": fixable} for count, c, n, fixable in _rows(diagnostics)]
    return json.dumps(rows, indent=2) + "\n"


def render_fixed(applied: Sequence[Diagnostic]) -> str:
    """Return a line for each rule of whose findings some were fixed: how many, the code, the name."""
    rows = _rows(applied)
    digits = max((len(str(count)) for count, *_ in rows), default=0)
    return "".join(f"  {count:>{digits}} {code} {name}\n" for count, code, name, _ in rows)


def _rows(diagnostics: Sequence[Diagnostic]) -> list[tuple[int, str, str, int]]:
    counts = Counter((diagnostic.code, diagnostic.name) for diagnostic in diagnostics)
    fixable = Counter(
        diagnostic.code
        for diagnostic in diagnostics
        if diagnostic.fix and diagnostic.fix.applicability is not Applicability.DISPLAY
    )
    rows = [(count, code, name, fixable[code]) for (code, name), count in counts.items()]
    return sorted(rows, key=lambda row: (-row[0], row[1]))
