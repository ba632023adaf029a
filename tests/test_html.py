"""The format `html`: one page that needs nothing else, and in which whatever a program holds is text."""

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from async_lint.cli import main
from async_lint.config import Overrides
from async_lint.engine import run
from async_lint.file_run import Request
from async_lint.files.ports import Disk
from async_lint.files.source import read_source
from async_lint.fix import apply
from async_lint.model import Applicability, Cell, Diagnostic, Edit, Fix, Position, Severity, Span
from async_lint.pages import page
from async_lint.projects import Projects
from async_lint.registry import RULES
from async_lint.reporters import html
from async_lint.reporters.html.changed_lines import changed
from async_lint.reporters.html.markdown import to_html
from async_lint.reporters.html.timeline import timeline
from async_lint.rule import Rule
from tests.harness import FIXTURES, ROOT

LINES = ["import app\n", "\n", "    f()\n", "    g()\n"]
HOSTILE = "</script><script>alert(1)</script><!-- --><b a='\"'>&amp;]]>"
BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
VOID = ("meta", "rect")


class Parsed(HTMLParser):
    """The elements of a page in their order, and the text in each kind; an end tag that fits none is an error."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts.append((self._open[-1], data))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def all(self, name: str) -> Iterator[dict[str, str | None]]:
        return (attributes for tag, attributes in self.elements if tag == name)

    @property
    def text(self) -> str:
        return "".join(data for tag, data in self.texts if tag not in ("script", "style"))


def span(line: int, start: int, end: int) -> Span:
    return Span(Position(line, start), Position(line, end))


def finding(path: str = "a.py", message: str = "`f` is lost (a.py:7)", fix: Fix | None = None) -> Diagnostic:
    return Diagnostic(path, "ASL101", "floating-coroutine", message, span(3, 4, 7), 3, fix)


def awaits(code: str, message: str, title: str | None = None) -> str:
    fix = Fix(title, (), Applicability.UNSAFE) if title else None
    return timeline(Diagnostic("a.py", code, "name", message, span(1, 0, 1), 1, fix))


def bars(picture: str, kind: str) -> list[float]:
    """Return where the bars of a kind begin, in widths of a bar."""
    found = re.findall(rf'<rect x="([\d.]+)" y="\d+" width="([\d.]+)" height="\d+" rx="2" class="{kind}"/>', picture)
    left = min(float(x) for x, _ in found)
    return [round((float(x) - left) / float(width)) for x, width in found]


def test_a_page_of_a_run_with_all_rules() -> None:
    disk = Disk()
    folders = (FIXTURES / name for name in ("unreadable-file", "sequential-awaits", "missing-yield"))
    paths = [str(ROOT / "docs" / "example"), *map(str, folders)]
    report = run(Request(paths), Projects(disk, Overrides(select=("ALL",)), isolated=True), disk)
    shown = Parsed(html.render(report.diagnostics, report.sources, False, ["b.py: no such file or directory"]))
    articles = list(shown.all("article"))
    assert Counter((each["data-file"], each["data-rule"]) for each in articles) == Counter(
        (diagnostic.path, diagnostic.code) for diagnostic in report.diagnostics
    )
    identities = [attributes["id"] for _, attributes in shown.elements if "id" in attributes]
    assert len(set(identities)) == len(identities)
    for link in (each["href"] or "" for each in shown.all("a")):
        assert link.startswith("https://") or link[1:] in identities
    assert "b.py: no such file or directory" in shown.text
    for diagnostic in report.diagnostics:
        assert diagnostic.message.replace("`", "") in shown.text.replace("`", "")


def test_the_page_fetches_nothing_and_runs_nothing_but_its_own_script() -> None:
    rendered = html.render([finding()], {"a.py": LINES}, False)
    assert rendered.isascii()
    parsed = Parsed(rendered)
    names = {name for _, attributes in parsed.elements for name in attributes}
    assert names.isdisjoint({"src", "style", "srcset", "action"})
    assert not any(name.startswith("on") for name in names)
    assert [tag for tag, _ in parsed.elements if tag in ("link", "img", "iframe", "object", "base")] == []
    assert not re.search(r"url\(|@import", rendered)
    policy = next(each["content"] or "" for each in parsed.all("meta") if "http-equiv" in each)
    assert re.fullmatch(
        r"default-src 'none'; base-uri 'none'; style-src 'sha256-\S{44}'; script-src 'sha256-\S{44}'", policy
    )


@pytest.mark.parametrize("place", ["path", "message", "source", "title", "content", "error"])
def test_whatever_a_program_holds_is_text(place: str) -> None:
    held = {each: f"x{HOSTILE}" if each == place else "plain" for each in ("path", "message", "title", "content")}
    fix = Fix(held["title"], (Edit(span(3, 4, 4), held["content"]),), Applicability.SAFE)
    lines = [*LINES[:2], f"    {HOSTILE}\n", LINES[3]] if place == "source" else LINES
    errors = [HOSTILE] if place == "error" else []
    ordinary = Parsed(html.render([finding("plain", "plain", fix=fix)], {"plain": LINES}, False, errors and ["plain"]))
    hostile = Parsed(
        html.render([finding(held["path"], held["message"], fix=fix)], {held["path"]: lines}, False, errors)
    )
    # A fix changes the line that its row shows, and both pages have it.
    assert Counter(tag for tag, _ in hostile.elements) == Counter(tag for tag, _ in ordinary.elements)
    # A mark parts the line of the source.
    assert HOSTILE in hostile.text
    assert [data for tag, data in hostile.texts if tag == "script"] == [
        data for tag, data in ordinary.texts if tag == "script"
    ]


def test_what_could_mislead_a_reader_is_written_out() -> None:
    shown = Parsed(html.render([finding("a\udce9.py", "\u202e\x1b")], {"a\udce9.py": ["\tx = '\u202e'\n"]}, False))
    assert "\\u202e\\x1b" in shown.text
    assert "a\\xe9.py" in shown.text


def test_a_run_without_findings() -> None:
    assert "No problems found." in html.render([], {}, False)
    shown = Parsed(html.render([], {}, False, ["c.py: no such file or directory"]))
    assert "No problems found." not in shown.text
    assert "c.py: no such file or directory" in shown.text


def test_the_source_around_a_finding_is_shown_and_its_place_marked() -> None:
    shown = Parsed(html.render([finding()], {"a.py": LINES}, False))
    assert [data for tag, data in shown.texts if tag == "mark"] == ["f()"]
    assert "1 import app\n2 \n3     f()\n4     g()\n" in shown.text


def test_the_lines_of_a_notebook_are_those_of_the_cell() -> None:
    in_cell = replace(finding("a.ipynb"), cell=Cell(number=2, before=2, file_line=9))
    shown = Parsed(html.render([in_cell], {"a.ipynb": LINES}, False))
    assert "a.ipynb:cell 2:1:5" in shown.text
    assert [data for tag, data in shown.texts if tag == "mark"] == ["f()"]
    assert "1     f()\n2     g()\n" in shown.text
    assert "import app" not in shown.text


def test_of_a_line_of_a_megabyte_the_neighbourhood_is_shown() -> None:
    line = "(" * 500_000 + "f()" + ")" * 500_000 + "\n"
    broken = Diagnostic("a.py", "ASL101", "floating-coroutine", "lost", span(1, 500_000, 500_003), 1)
    rendered = html.render([broken], {"a.py": [line]}, False)
    assert "<mark>f()</mark>" in rendered
    assert len(rendered) < 40_000


def test_a_file_without_lines_has_findings_all_the_same() -> None:
    unread = Diagnostic("b.py", "ASL900", "unreadable-file", "no UTF-8", span(1, 0, 0), 1, severity=Severity.ERROR)
    shown = Parsed(html.render([unread], {}, False))
    assert [each["data-severity"] for each in shown.all("article")] == ["error"]
    assert "no UTF-8" in shown.text


def test_a_fix_is_shown_as_the_lines_before_and_after() -> None:
    rows = changed([Edit(span(3, 4, 4), "await "), Edit(span(1, 0, 0), "import b\n")], LINES)
    shown = Parsed(rows).text
    assert shown == "+ import b\n  import app\n-     f()\n+     await f()\n"


def test_an_edit_at_the_end_of_a_file() -> None:
    assert Parsed(changed([Edit(span(2, 0, 0), "b = 2\n")], ["a = 1\n"])).text == "+ b = 2\n"
    assert changed([Edit(span(9, 0, 0), "b = 2\n")], ["a = 1\n"]) == ""


def test_the_diffs_of_the_example_are_what_the_fixes_make() -> None:
    disk = Disk()
    overrides = Overrides(select=("ALL",))
    report = run(Request([str(ROOT / "docs" / "example")]), Projects(disk, overrides, isolated=True), disk)
    checked = 0
    for diagnostic in report.diagnostics:
        if diagnostic.fix is None or not diagnostic.fix.edits:
            continue
        source = read_source(diagnostic.path, Path(diagnostic.path).read_bytes())
        after = apply(source, diagnostic.fix.edits).splitlines()
        shown = Parsed(changed(diagnostic.fix.edits, report.sources[diagnostic.path])).text.splitlines()
        kept = [row[2:] for row in shown if row[0] != "-"]
        added = Counter(after) - Counter(source.text.splitlines())
        assert added == Counter(row[2:] for row in shown if row[0] == "+") - Counter(
            row[2:] for row in shown if row[0] == "-"
        )
        assert all(row in after for row in kept)
        checked += 1
    assert checked > 2


def test_awaits_are_drawn_as_they_run_and_as_they_could() -> None:
    two = awaits("ASL202", "2 awaits one after another could be one step, for none needs another: why")
    assert (bars(two, "today"), bars(two, "then")) == ([0, 1], [0, 0])
    assert "…" not in two
    assert 'aria-label="today: 2 awaits one after another; possible: 2 awaits together"' in two


def test_a_number_that_is_not_known_is_three_and_more() -> None:
    for code in ("ASL201", "ASL204"):
        some = awaits(code, "each iteration waits for the one before: why; they can run together")
        assert (bars(some, "today"), bars(some, "then")) == ([0, 1, 2], [0, 0, 0])
        assert some.count("…") == 2


def test_many_awaits_are_not_all_drawn() -> None:
    many = awaits("ASL201", "each iteration waits: why; 11 steps one after another can be one")
    assert bars(many, "today") == list(range(8))
    assert many.count("…") == 2
    assert "11 items" in many


def test_a_bound_is_drawn() -> None:
    title = "Run the awaits together with `asyncio.gather`, at most 2 at once"
    five = awaits("ASL201", "each iteration waits: why; 5 steps one after another can be one", title)
    assert bars(five, "then") == [0, 0, 1, 1, 2]
    assert "at most 2 at once" in five


def test_other_rules_have_no_picture() -> None:
    assert awaits("ASL203", "2 awaits one after another could be one step") == ""


def test_the_pages_of_the_rules_become_elements() -> None:
    paragraph = "A `*f*` is **not** [one](x.md), see [it](https://a.b/)."
    table = "| c | d |\n|---|---|\n| 1 | 2 |"
    code = "```python\nx < 1\n\n# no heading\n```"
    shown = to_html("\n\n".join(["## Why", paragraph, "- a\n- b", "1. c\n2. d", table, code]) + "\n")
    assert shown == (
        "<h4>Why</h4>\n"
        '<p>A <code>*f*</code> is <strong>not</strong> one, see <a href="https://a.b/">it</a>.</p>\n'
        "<ul><li>a</li><li>b</li></ul>\n"
        "<ol><li>c</li><li>d</li></ol>\n"
        '<div class="wide"><table><tr><td>c</td><td>d</td></tr><tr><td>1</td><td>2</td></tr></table></div>\n'
        "<pre>x &lt; 1\n\n# no heading\n</pre>\n"
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_no_page_leaves_markdown_behind(rule: Rule) -> None:
    shown = to_html(page(rule.info))
    without_code = re.sub(r"<(code|pre)>.*?</\1>", "", shown, flags=re.DOTALL)
    assert not re.search(r"```|\*\*|\]\(|^\s*\|", without_code, re.MULTILINE)
    Parsed(shown)


def test_a_file_in_html_is_such_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.py").write_text("try:\n    import_it()\nexcept ImportError as error:\n    raise RuntimeError\n")
    assert main(["--isolated", "--quiet", "--output-file", "report.html", "a.py", "missing.py"]) == 2
    shown = Parsed(Path("report.html").read_text("utf-8"))
    assert [each["data-rule"] for each in shown.all("article")] == ["ASL401"]
    assert "missing.py: no such file or directory" in shown.text


@pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")
def test_a_browser_runs_the_script_of_the_page(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text(html.render([finding(), finding("b.py")], {"a.py": LINES}, False))
    flags = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom"]
    command = [str(BROWSER), *flags, (tmp_path / "report.html").as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    shown = Parsed(done.stdout)
    assert ("output", "2 of 2 shown") in shown.texts
    assert all("hidden" not in attributes for attributes in shown.all("form"))
