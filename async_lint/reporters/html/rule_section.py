"""A rule of which something was found: what it is about, its page, and the places."""

import re
from collections.abc import Sequence

from async_lint.pages import page_of
from async_lint.reporters.html.finding import Numbered
from async_lint.reporters.html.markdown import to_html
from async_lint.reporters.html.markup import element, text, with_code
from async_lint.reporters.text import count, place

_TITLE = re.compile(r"# [^\n]*\n+")


def rule_section(found: Sequence[Numbered]) -> str:
    """Return the section for what one rule found."""
    first = found[0].diagnostic
    title = f"<h3>{text(first.code)} {text(first.name)} <small>{count(len(found))}</small></h3>\n"
    body = _TITLE.sub("", page_of(first.name) or "", count=1)
    about, _, rest = ("", "", body) if body.startswith("#") else body.partition("\n\n")
    if about:
        title += f"<p>{with_code(about)}</p>\n"
    if rest:
        title += f"<details><summary>The page of this rule</summary>\n{to_html(rest)}</details>\n"
    items = "".join(map(_item, found))
    places = f'<details class="places" open><summary>Places</summary>\n<ul>{items}</ul></details>\n'
    return f'<section class="group" id="{text(first.code)}" data-rule="{text(first.code)}">{title}{places}</section>\n'


def _item(each: Numbered) -> str:
    diagnostic = each.diagnostic
    link = f'<a href="#{each.anchor}">{text(place(diagnostic))}</a>'
    return f'<li data-for="{each.anchor}">{link} {element("span", diagnostic.message)}</li>\n'
