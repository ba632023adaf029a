"""Text and elements as HTML. Whatever comes from a program or its names goes through `text`."""

import re
from html import escape as escape_markup

from async_lint.reporters.text import escape

_CODE = re.compile(r"`([^`]+)`")


def text(plain: str) -> str:
    """Return `plain` for an element or a quoted attribute; tabs and line ends stay, other controls are written out."""
    return escape_markup("\n".join("\t".join(map(escape, line.split("\t"))) for line in plain.split("\n")))


def element(name: str, content: str, **attributes: str) -> str:
    """Return an element that holds `content` as text; what stands in backticks becomes code."""
    return f"<{name}{_attributes(attributes)}>{with_code(content)}</{name}>"


def with_code(plain: str) -> str:
    return _CODE.sub(r"<code>\1</code>", text(plain))


def _attributes(values: dict[str, str]) -> str:
    return "".join(f' {key.rstrip("_")}="{text(value)}"' for key, value in values.items())
