"""`--explain-loop`: whether a loop is reported, and the way to that verdict."""

import ast
import re
from pathlib import Path

import pytest

from async_lint.cli import main
from tests.harness import ROOT, lint

PAGES = """\
import asyncio

class Page:
    async def load(self, client):
        self.text = await client.get(self.url)

class Store:
    async def fetch(self, key):
        return await self.client.get(key)

    async def note(self, key):
        await self.client.post(key)

    async def locked(self, key):
        async with self.lock:
            return await self.client.get(key)
"""
REASONS = {
    "a gate in the header": ("for key in sorted(keys):", "await store.fetch(key)", "`sorted` gives the items an order"),
    "a gate in the body": (
        "for key in keys:",
        "if await store.fetch(key): break",
        "it ends with the first that breaks",
    ),
    "a name that is carried": (
        "for key in keys:",
        "last = await store.fetch(last)",
        "`last` is bound by one iteration and read by a later one, or behind the loop",
    ),
    "shared state": (
        "for key in keys:",
        "store.last = await store.fetch(key)",
        "`store.last` keeps what the last one gives",
    ),
    "no ground": (
        "for key in keys:",
        "await anything(key)",
        "nothing says that the order in which `anything` is called",
    ),
    "a veto further down": (
        "for key in keys:",
        "await store.locked(key)",
        "`Store.locked` enters `self.lock` (app.py:15)",
    ),
    "a raise": (
        "for key in keys:",
        "await store.note(key)\n        raise OSError",
        "keeps the later ones from starting",
    ),
    "no await": ("for key in keys:", "print(key)", "nothing is awaited in it"),
    "a while": ("while client.more():", "await store.fetch(keys[0])", "nobody knows beforehand how often it runs"),
    "an async for": ("async for key in keys:", "await store.fetch(key)", "its items come one by one"),
    "a generator": ("print(", "await store.fetch(key) for key in keys)", "a generator makes each item when"),
}
LOOP = len(PAGES.splitlines()) + 2


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def explain(body: str, capsys: pytest.CaptureFixture[str], *flags: str, line: int = LOOP, name: str = "main") -> str:
    """Return what is said of a line of a program whose function has this body; the first line is its first."""
    header = f"async def {name}(store: Store, keys: list[str], pages: list[Page], client, anything):"
    Path("app.py").write_text(f"{PAGES}{header}\n    {body}\n")
    assert main(["--explain-loop", f"app.py:{line}", *flags]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("title", REASONS)
def test_it_says_the_first_reason_why_a_loop_is_not_reported(title: str, capsys: pytest.CaptureFixture[str]) -> None:
    header, body, reason = REASONS[title]
    first = explain(f"{header}\n        {body}", capsys).splitlines()[0]
    assert first.startswith(f"{LOOP}:")
    assert " is not reported: " in first
    assert reason in first


def test_it_says_what_was_passed_before_that(capsys: pytest.CaptureFixture[str]) -> None:
    said = explain("for key in keys:\n        store.last = await store.fetch(key)", capsys)
    assert "    passed: something is awaited in it" in said
    assert "passed: no name carries anything" in said
    assert "the same places" not in said


def test_it_says_what_speaks_for_each_await_and_where_the_callee_stands(capsys: pytest.CaptureFixture[str]) -> None:
    said = explain("for page in pages:\n        await page.load(client)\n        await store.fetch(page)", capsys)
    first, *steps = said.splitlines()
    assert first == (
        f"{LOOP}:5: `for page in pages` is reported by ASL201: "
        "each iteration waits for the one before, and nothing seen in it needs that"
    )
    assert all(step.startswith("    ") for step in steps)
    load = steps.index(
        f"    line {LOOP + 1}, waits for `page.load(client)`: shown, "
        "`page.load` is called on an object that belongs to one item"
    )
    assert steps[load + 1] == "        may run `Page.load` (app.py:4), which was read"
    assert steps[load + 2].startswith(f"    line {LOOP + 2}, waits for `store.fetch(page)`: shown, ")
    assert steps[load + 3] == "        may run `Store.fetch` (app.py:8), which was read"
    assert steps[-1].startswith("    passed: ")


def test_a_while_that_empties_a_container_is_explained_as_a_for_is(capsys: pytest.CaptureFixture[str]) -> None:
    first = explain("while keys:\n        await store.fetch(keys.pop())", capsys).splitlines()[0]
    assert first.startswith(f"{LOOP}:5: `while keys` is reported by ASL201: ")


def test_the_await_that_nothing_speaks_for_comes_last(capsys: pytest.CaptureFixture[str]) -> None:
    body = (
        "for key in keys:\n        await store.fetch(key)\n        await anything(key)\n        await store.fetch(key)"
    )
    *_, last = explain(body, capsys).splitlines()
    assert last == f"    line {LOOP + 2}, waits for `anything(key)`: there is no ground"


def test_what_is_plausible_alone_is_of_a_rule_that_is_off_by_default(capsys: pytest.CaptureFixture[str]) -> None:
    body = "for key in keys:\n        await anything.delete_it(key)"
    said = explain(body, capsys)
    assert "would be reported by ASL204, which is off by default: " in said
    assert "it probably needs not" in said
    assert re.search(r"^    not shown: .*`anything\.delete_it`", said, re.MULTILINE)
    assert " is reported by ASL204: " in explain(body, capsys, "--extend-select", "ASL204")


def test_the_settings_of_the_project_hold(capsys: pytest.CaptureFixture[str]) -> None:
    body = "for key in keys:\n        await store.fetch(key)"
    assert "would be reported by ASL201, which is not selected: " in explain(body, capsys, "--select", "ASL1")
    Path("async-lint.toml").write_text('per-file-ignores = { "app.py" = ["ASL201"] }\n')
    assert "is reported by ASL201, which is ignored in this file: " in explain(body, capsys)


def test_of_test_code_it_says_what_has_it_looked_at(capsys: pytest.CaptureFixture[str]) -> None:
    body = "for key in keys:\n        await store.fetch(key)"
    first, second, *_ = explain(body, capsys, name="test_all").splitlines()
    assert first.endswith("is not reported: it is test code, where order is often the point")
    assert second.startswith(
        "    with `await-in-loop-in-tests = true`, test code is looked at: `for key in keys` is reported by ASL201: "
    )
    Path("async-lint.toml").write_text("await-in-loop-in-tests = true\n")
    assert " is reported by ASL201: " in explain(body, capsys, name="test_all").splitlines()[0]


def test_every_loop_of_the_line_has_its_own_part(capsys: pytest.CaptureFixture[str]) -> None:
    said = explain("return [await store.fetch(k) for k in {key for key in keys}], {k: 1 for k in keys}", capsys)
    headers = re.findall(rf"^{LOOP}:\d+: `(.*?)` is", said, re.MULTILINE)
    assert headers == [
        "[await store.fetch(k) for k in {key for key in keys}]",
        "{key for key in keys}",
        "{k: 1 for k in keys}",
    ]


@pytest.mark.parametrize("offset", [0, 1, 2])
def test_a_header_may_take_several_lines(offset: int, capsys: pytest.CaptureFixture[str]) -> None:
    body = "for key in set(\n        keys\n    ):\n        await store.fetch(key)"
    assert explain(body, capsys, line=LOOP + offset).startswith(f"{LOOP}:5: `for key in set(keys)` is reported")


def test_the_for_of_a_comprehension_is_its_header_too(capsys: pytest.CaptureFixture[str]) -> None:
    body = "return [\n        await store.fetch(key)\n        for key in keys\n    ]"
    assert explain(body, capsys, line=LOOP + 2).startswith(f"{LOOP}:12: `[await store.fetch(key) for key in keys]`")


@pytest.mark.parametrize("name", ["no_fix", "order_and_flow", "unknown"])
def test_it_says_the_same_as_a_run(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / f"tests/fixtures/await-in-loop/{name}.py").read_text()
    Path("app.py").write_text(text)
    said = set()
    loops = ast.For | ast.ListComp | ast.SetComp | ast.DictComp
    for line in sorted({node.lineno for node in ast.walk(ast.parse(text)) if isinstance(node, loops)}):
        assert main(["--explain-loop", f"app.py:{line}", "--isolated"]) == 0
        out = capsys.readouterr().out
        said |= set(re.findall(r"^(\d+:\d+): .* (?:is|would be) reported by (ASL\d+)", out, re.MULTILINE))
    reported = lint({"app.py": text}, ["ASL201", "ASL204"]).diagnostics
    starts = [(diagnostic.span.start, diagnostic.code) for diagnostic in reported]
    assert said == {(f"{start.line}:{start.column + 1}", code) for start, code in starts}


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("none.py:1", "none.py cannot be read: No such file or directory"),
        ("app.py:1", "no loop begins on line 1 of app.py; the nearest begin on lines 2, 4 and 5"),
        ("app.py:9", "no loop begins on line 9 of app.py; the nearest begin on lines 4, 5 and 6"),
        ("one.py:1", "no loop begins on line 1 of one.py; the nearest begin on line 3"),
        ("empty.py:1", "no loop begins on line 1 of empty.py; there is none in the file"),
        ("broken.py:1", "broken.py:2: "),
        ("app.py", "must be a file and a line from 1 up, as in app.py:12, not 'app.py'"),
    ],
)
def test_a_place_that_is_none_is_wrong_usage(place: str, reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("app.py").write_text("\nfor x in y:\n    pass\nwhile x:\n    for z in x: pass\n[a for a in b]\n\n\n\n")
    Path("one.py").write_text("\n\nfor x in y: pass\n")
    Path("empty.py").write_text("")
    Path("broken.py").write_text("pass\ndef\n")
    assert main(["--explain-loop", place]) == 2
    assert reason in capsys.readouterr().err


def test_a_copy_from_another_project_is_said_to_be_one(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    copy = tmp_path / "_vendor" / "app.py"
    copy.parent.mkdir()
    copy.write_text("async def all(client, urls):\n    for url in urls:\n        await client.get(url)\n")
    (tmp_path / "pyproject.toml").write_text("[tool.async-lint]\n")
    assert main(["--explain-loop", f"{copy}:2"]) == 0
    said = capsys.readouterr().out
    assert "is not reported: the file was copied from another project" in said
    assert "passed" not in said
