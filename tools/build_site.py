"""Builds the documentation site: `python -m tools.build_site` puts it into build/site.

The pages are those of docs/, the README as the first one, and an index of the rules by family. A link to a file that is
no page, such as a module, becomes its text: the site stands alone, and the project has no address to link to.
"""

import posixpath
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

from async_lint.model import RuleInfo
from async_lint.registry import RULES

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "build" / "site-pages"
_AT_HOME = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")
_FAMILY = re.compile(r"^\*\*(ASL\d): ([^*]+?)\.?\*\*", re.MULTILINE)
_LINK = re.compile(r"(?<!!)\[([^\[\]]*)\]\(([^()\s]+)\)")
_FENCE = re.compile(r"(^ *(`{3,}).*?^ *\2$)", re.DOTALL | re.MULTILINE)


def pages() -> dict[str, str]:
    """Return the text of each page of the site, by its path there."""
    sources = {_there(name): (ROOT / name).read_text("utf-8") for name in _sources()}
    written = {_there(name): _relinked(name, sources) for name in _sources()}
    return {**written, "rules/index.md": rules_index(sources["index.md"])}


def images() -> dict[str, Path]:
    """Return the pictures of the site, by their paths there."""
    return {path.name: path for path in (ROOT / "docs").glob("*.svg")}


def rules_index(readme: str) -> str:
    """Return the list of the rules, by the families that the README names."""
    families = {**dict(_FAMILY.findall(readme)), "ASL9": "the tool itself"}
    parts = ["# Rules\n"]
    for family, rules in groupby((rule.info for rule in RULES), lambda rule: rule.code[:4]):
        head = f"## {family}: {families[family]}\n\n| code | name | what is found | by default |\n|---|---|---|---|\n"
        parts.append(head + "".join(map(_row, rules)))
    return "\n".join(parts)


def _row(rule: RuleInfo) -> str:
    return f"| {rule.code} | [{rule.name}]({rule.name}.md) | {rule.summary} | {'on' if rule.default else 'off'} |\n"


def _sources() -> Iterator[str]:
    yield from _AT_HOME
    for path in sorted((ROOT / "docs").glob("*.md")) + sorted((ROOT / "docs" / "rules").glob("*.md")):
        yield path.relative_to(ROOT).as_posix()


def _there(name: str) -> str:
    return "index.md" if name == "README.md" else name.removeprefix("docs/")


def _relinked(name: str, sources: Mapping[str, str]) -> str:
    folder, here = posixpath.dirname(name), posixpath.dirname(_there(name))

    def link(match: re.Match[str]) -> str:
        label, address = match.groups()
        if address.startswith(("https://", "#")):
            return match[0]
        path, hash_, anchor = address.partition("#")
        target = posixpath.normpath(posixpath.join(folder, path))
        page = "rules/index.md" if target == "docs/rules" else _there(target)
        if page not in sources and page != "rules/index.md":
            return label
        return f"[{label}]({posixpath.relpath(page, here or '.')}{hash_}{anchor})"

    # Every third piece is a block of code, every third the fence that it begins with.
    pieces = _FENCE.split(sources[_there(name)])
    return "".join(
        _LINK.sub(link, piece) if number % 3 == 0 else piece for number, piece in enumerate(pieces) if number % 3 < 2
    )


def main() -> int:
    shutil.rmtree(PAGES, ignore_errors=True)
    for name, text in pages().items():
        path = PAGES / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for name, picture in images().items():
        shutil.copyfile(picture, PAGES / name)
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--clean", "-f", str(ROOT / "mkdocs.yml")]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
