"""A line through some points, as an SVG file."""

from collections.abc import Sequence
from html import escape
from math import ceil, floor, log10

_WIDTH, _HEIGHT = 640, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 40, 44, 52
_FRAME = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" \
font-family="sans-serif" font-size="12" fill="#333">
<title>{title}</title>
<rect width="100%" height="100%" fill="#fff"/>
{body}
</svg>
"""


def plotted(points: Sequence[tuple[float, float]], title: str, across: str, up: str) -> str:
    """Return a plot of at least two points, from left to right: a logarithmic axis across, one from 0 on up."""
    first, last = floor(log10(points[0][0]) + 0.01), ceil(log10(points[-1][0]) - 0.02)
    step = _step(max(y for _, y in points))
    steps = ceil(max(y for _, y in points) * 1.05 / step)
    wide, high = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM

    def x(value: float) -> float:
        return _LEFT + (log10(value) - first) / (last - first) * wide

    def y(value: float) -> float:
        return _HEIGHT - _BOTTOM - value / (step * steps) * high

    body = [_text(_WIDTH / 2, 22, title, "middle", ' font-size="14"')]
    for power in range(first, last + 1):
        body.append(_line(x(10**power), y(0), x(10**power), y(step * steps)))
        body.append(_text(x(10**power), y(0) + 18, f"{10**power:,}", "middle"))
    for number in range(steps + 1):
        body.append(_line(_LEFT, y(step * number), _WIDTH - _RIGHT, y(step * number)))
        body.append(_text(_LEFT - 8, y(step * number) + 4, f"{step * number:g}", "end"))
    body.append(_text(_LEFT + wide / 2, _HEIGHT - 10, across, "middle"))
    middle = _TOP + high / 2
    body.append(_text(16, middle, up, "middle", f' transform="rotate(-90 16 {middle:g})"'))
    corners = " ".join(f"{x(across):.1f},{y(up):.1f}" for across, up in points)
    body.append(f'<polyline points="{corners}" fill="none" stroke="#1f6feb" stroke-width="2"/>')
    for across_, up_ in points:
        body.append(f'<circle cx="{x(across_):.1f}" cy="{y(up_):.1f}" r="3.5" fill="#1f6feb"/>')
        body.append(_text(x(across_), y(up_) - 10, f"{up_:.0f}", "middle"))
    return _FRAME.format(width=_WIDTH, height=_HEIGHT, title=escape(title), body="\n".join(body))


def _step(largest: float) -> float:
    """Return a round distance between lines: four to nine of them."""
    power = 10.0 ** floor(log10(largest))
    return next(each * power for each in (0.2, 0.5, 1, 2) if largest / (each * power) <= 7)


def _line(x: float, y: float, to_x: float, to_y: float) -> str:
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="#ddd"/>'


def _text(x: float, y: float, text: str, anchor: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{escape(text)}</text>'
