"""The pages of the documentation site: each is reached, and each link between them leads somewhere."""

import posixpath
import re

import pytest

from async_lint.registry import RULES
from tests.harness import ROOT
from tools.build_site import images, pages

PAGES = pages()
# Code holds what looks like links, and comments that look like headings.
PROSE = {name: re.sub(r"^ *(`{3,}).*?^ *\1$", "", text, flags=re.DOTALL | re.MULTILINE) for name, text in PAGES.items()}
LINK = re.compile(r"(?<!`)\[[^\[\]]*\]\(([^()\s]+)\)")
NAV = set(re.findall(r": ([\w/.-]+\.md)$", (ROOT / "mkdocs.yml").read_text("utf-8"), re.MULTILINE))


def anchors(text: str) -> set[str]:
    """Return the names that the headings of a page have as anchors."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower()) for heading in headings}


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_to_pages_and_headings(name: str) -> None:
    for address in LINK.findall(PROSE[name]):
        if address.startswith("https://"):
            continue
        path, _, anchor = address.partition("#")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
        assert target in PAGES or target in images(), address
        assert not anchor or anchor in anchors(PROSE[target]), address


def test_every_page_is_in_the_navigation_or_in_the_index_of_the_rules() -> None:
    indexed = {f"rules/{address}" for address in LINK.findall(PAGES["rules/index.md"])}
    assert indexed == {f"rules/{rule.name}.md" for rule in RULES}
    assert set(PAGES) == NAV | indexed


def test_the_index_names_the_family_of_each_rule() -> None:
    families = re.findall(r"^## (ASL\d): \w+", PAGES["rules/index.md"], re.MULTILINE)
    assert families == sorted({rule.code[:4] for rule in RULES})


def test_a_picture_stays_one() -> None:
    assert re.search(r"^!\[CPU time a line, .*\]\(curve\.svg\)$", PAGES["how-it-works.md"], re.MULTILINE)
    for page, picture in (
        ("rules/await-in-loop.md", "awaits-in-a-loop"),
        ("rules/sequential-awaits.md", "awaits-in-a-row"),
    ):
        assert re.search(rf"^!\[.*\]\(\.\./{picture}\.svg\)$", PAGES[page], re.MULTILINE)
    assert {"curve.svg", "awaits-in-a-loop.svg", "awaits-in-a-row.svg"} == set(images())


def test_a_link_to_no_page_is_its_text() -> None:
    home = PAGES["index.md"]
    assert "[docs/rules](rules/index.md)" in home
    assert "Contributing: a rule in an hour](CONTRIBUTING.md)" in home
    assert "License: MIT" in home
    assert "(LICENSE)" not in home
