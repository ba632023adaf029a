"""A picture of awaits that could run together: as bars over time, today and then."""

import re
from typing import NamedTuple

from async_lint.model import Diagnostic
from async_lint.reporters.html.markup import text

_CODES = ("ASL201", "ASL202", "ASL204")
_COUNT = re.compile(r"^(\d+) awaits one after another|; (\d+) steps one after another can be one$")
_BOUND = re.compile(r"at most (\d+) at once$")
# How many bars stand for a number that is not known, and the most that are drawn.
_UNKNOWN = 3
_MOST = 8

_LEFT, _WIDTH, _ROW, _BAR = 70, 240, 14, 9
_TITLE = 18


class _Awaits(NamedTuple):
    """`number`: how many there are, None where the code does not tell. `bound`: how many may run at once."""

    number: int | None
    bound: int | None
    noun: str

    @property
    def drawn(self) -> int:
        return min(self.number or _UNKNOWN, _MOST)

    @property
    def open(self) -> bool:
        """Whether there may be more than are drawn."""
        return self.number is None or self.number > _MOST


def timeline(diagnostic: Diagnostic) -> str:
    """Return the picture, empty for a rule that is not about awaits that could run together."""
    if diagnostic.code not in _CODES:
        return ""
    found = _COUNT.search(diagnostic.message)
    bound = _BOUND.search(diagnostic.fix.title) if diagnostic.fix else None
    awaits = _Awaits(
        int(found[1] or found[2]) if found else None,
        int(bound[1]) if bound else None,
        "await" if diagnostic.code == "ASL202" else "item",
    )
    return _figure(awaits)


def _figure(awaits: _Awaits) -> str:
    together = f"at most {awaits.bound} at once" if awaits.bound else "together"
    second = _TITLE + (awaits.drawn + awaits.open) * _ROW + 8
    several = f"{awaits.number} {awaits.noun}s" if awaits.number else f"{awaits.noun}s"
    today, then = f"today: {several} one after another", f"possible: {several} {together}"
    return (
        f'<figure><svg role="img" aria-label="{text(f"{today}; {then}")}" viewBox="0 0 320 {2 * second}">'
        f"{_rows(awaits, today, 0, 'today', 1)}"
        f"{_rows(awaits, then, second, 'then', awaits.bound)}"
        "</svg>\n<figcaption>Time runs to the right. Every wait is drawn equally long; nothing was measured."
        "</figcaption></figure>\n"
    )


def _rows(awaits: _Awaits, title: str, top: int, kind: str, at_once: int | None) -> str:
    width = _WIDTH / (awaits.drawn + awaits.open)
    parts = [f'<text x="0" y="{top + 12}" class="title">{text(title)}</text>']
    for number in range(awaits.drawn + awaits.open):
        x = _LEFT + (number // at_once if at_once else 0) * width
        y = top + _TITLE + number * _ROW
        if number < awaits.drawn:
            parts.append(f'<text x="0" y="{y + _BAR}">{awaits.noun} {number + 1}</text>')
            parts.append(f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{_BAR}" rx="2" class="{kind}"/>')
        else:
            parts.append(f'<text x="{x + 2:.1f}" y="{y + _BAR}">…</text>')
    return "".join(parts)
