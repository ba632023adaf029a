"""The Markdown of the rules' pages as HTML: headings, paragraphs, lists, tables and blocks of code."""

import re
import textwrap
from collections.abc import Iterator, Sequence

from async_lint.reporters.html.markup import text

_FENCE = re.compile(r"^ *```\w*\n(.*?)^ *```$\n?", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"#+ (.*)")
_ITEM = re.compile(r"^(?:-|\d+\.) ", re.MULTILINE)
# Code comes first: what looks like emphasis in it is none.
_INLINE = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\[\]]+)\]\(([^()\s]+)\)")


def to_html(markdown: str) -> str:
    return "".join(_pieces(markdown))


def _pieces(markdown: str) -> Iterator[str]:
    done = 0
    for fence in _FENCE.finditer(markdown):
        yield from map(_block, _blocks(markdown[done : fence.start()]))
        yield f"<pre>{text(textwrap.dedent(fence[1]))}</pre>\n"
        done = fence.end()
    yield from map(_block, _blocks(markdown[done:]))


def _blocks(markdown: str) -> list[str]:
    return [block.strip() for block in re.split(r"\n{2,}", markdown) if block.strip()]


def _block(block: str) -> str:
    if heading := _HEADING.fullmatch(block):
        return f"<h4>{_inline(heading[1])}</h4>\n"
    if _ITEM.match(block):
        kind = "ul" if block.startswith("-") else "ol"
        items = "".join(f"<li>{_inline(item.strip())}</li>" for item in _ITEM.split(block)[1:])
        return f"<{kind}>{items}</{kind}>\n"
    if block.startswith("|"):
        return _table([line.strip() for line in block.splitlines()])
    return f"<p>{_inline(block)}</p>\n"


def _table(lines: Sequence[str]) -> str:
    # The second line only says how columns are aligned.
    rows = [lines[0], *lines[2:]]
    cells = ([f"<td>{_inline(cell.strip())}</td>" for cell in row.strip("|").split("|")] for row in rows)
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in cells)
    return f'<div class="wide"><table>{body}</table></div>\n'


def _inline(markdown: str) -> str:
    pieces, done = [], 0
    for match in _INLINE.finditer(markdown):
        pieces += [text(markdown[done : match.start()]), _span(match)]
        done = match.end()
    return "".join([*pieces, text(markdown[done:])])


def _span(match: re.Match[str]) -> str:
    code, strong, emphasis, label, address = match.groups()
    if code is not None:
        return f"<code>{text(code)}</code>"
    if strong is not None:
        return f"<strong>{_inline(strong)}</strong>"
    if emphasis is not None:
        return f"<em>{_inline(emphasis)}</em>"
    # The other pages and files that a page leads to are not here.
    return f'<a href="{text(address)}">{_inline(label)}</a>' if address.startswith("https://") else _inline(label)
