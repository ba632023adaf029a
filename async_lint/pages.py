"""The rules' pages: their text, and where they stand on the web."""

import re
from functools import cache
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from async_lint.model import RuleInfo

_PICTURE = re.compile(r"^!\[[^\[\]]*\]\([^()]*\)\n\n?", re.MULTILINE)


def page(rule: RuleInfo) -> str:
    """Return the rule's documentation in Markdown."""
    return page_of(rule.name) or f"# {rule.name} ({rule.code})\n\n{rule.summary[0].upper()}{rule.summary[1:]}.\n"


def page_of(name: str) -> str | None:
    """Return the page of the rule `name`: from the installation, or from a checkout of the source.

    Without its pictures, which are files of their own: a terminal shows none, and a report has others.
    """
    package = Path(__file__).parent
    for folder in (package / "docs" / "rules", package.parent / "docs" / "rules"):
        try:
            return _PICTURE.sub("", (folder / f"{name}.md").read_text("utf-8"))
        except FileNotFoundError:
            continue
    return None


def address(name: str) -> str | None:
    """Return the address of the page of the rule `name`; None while the project names no `Documentation`."""
    home = project_address("Documentation")
    return f"{home.rstrip('/')}/rules/{name}/" if home else None


@cache
def project_address(label: str) -> str | None:
    """Return an address of the project's metadata, such as its `Homepage`; None where there is none."""
    try:
        addresses = metadata("async-lint").get_all("Project-URL") or []
    except PackageNotFoundError:
        return None
    labelled = dict(entry.split(", ", 1) for entry in addresses if ", " in entry)
    return labelled.get(label)
