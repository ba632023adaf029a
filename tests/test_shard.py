"""Parts of a run: each file in one of them, and together they find what one run finds."""

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from async_lint.arguments import FORMATS
from async_lint.files.discovery import Found
from async_lint.files.parts import Part
from async_lint.files.ports import Disk, Overlay
from async_lint.files.shard import Shard
from async_lint.workers import executor, shares
from tests.in_process import lint, put

SENDS = "from client import Client\n\n\nasync def main(client: Client) -> None:\n    client.send('x')\n"
PROGRAM = {
    "async-lint.toml": "",
    "app/__init__.py": "",
    "app/load.py": "try:\n    load()\nexcept ValueError as error:\n    raise RuntimeError\n",
    "app/main.py": SENDS,
    "app/quiet.py": SENDS.replace("('x')", "('x')  # noqa: ASL101"),
    "broken.py": "def f(:\n",
    "client.py": "class Client:\n    async def send(self, text): ...\n",
    "other/async-lint.toml": 'ignore = ["ASL4"]\n',
    "other/one.py": "try:\n    load()\nexcept ValueError as error:\n    raise RuntimeError\n",
    "other/two.py": "async def two():\n    two()\n",
}


@pytest.fixture(autouse=True)
def _program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    put(PROGRAM)


def concise(*flags: str) -> list[str]:
    return lint("--quiet", "--output-format", "concise", *flags).out.splitlines()


def in_parts(count: int, *flags: str) -> list[str]:
    return [line for number in range(count) for line in concise("--shard", f"{number + 1}/{count}", *flags)]


@pytest.mark.parametrize("count", [1, 2, 3, 8, 20])
def test_all_parts_together_find_what_one_run_finds(count: int) -> None:
    whole = concise()
    assert {line.split()[1] for line in whole} == {"ASL101", "ASL401", "ASL900"}
    assert in_parts(count) == whole
    # Told from what is kept of the parts, and then anew.
    assert in_parts(count) == whole
    assert in_parts(count, "--no-cache") == whole


def test_several_processes_check_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executor, "_WORTH", 1)
    monkeypatch.setattr(shares, "_CHUNK", 1)
    assert in_parts(2, "--jobs", "3") == concise()


@pytest.mark.parametrize("output_format", FORMATS)
def test_every_format_shows_a_part_as_it_shows_these_files(output_format: str) -> None:
    names = sorted(name for name in PROGRAM if name.endswith(".py"))
    first = [found.path for found in divided([Found(name, Path(name).absolute()) for name in names], 2)[0]]
    assert "app/main.py" in first
    assert lint("--shard", "1/2", "--output-format", output_format) == lint("--output-format", output_format, *first)


def test_where_a_part_has_no_file_nothing_is_wrong() -> None:
    told = lint("--shard", "1/2", "app/__init__.py")
    assert (told.code, told.err) == (0, "async-lint: warning: no Python files to check in shard 1/2\n")
    assert lint("--shard", "2/2", "app/__init__.py").err == ""


def test_a_path_that_is_not_there_is_an_error_of_every_part() -> None:
    for shard in ("1/2", "2/2"):
        told = lint("--shard", shard, "app", "gone.py")
        assert told.code == 2
        assert "gone.py: no such file or directory" in told.err


@pytest.mark.parametrize("text", ["0/3", "4/3", "x", "1", "1/0", "/", "1/", "-1/3", "1/2/3", "1 / 2", "1/²", ""])
def test_what_names_no_part(text: str) -> None:
    told = lint(f"--shard={text}")
    assert told.code == 2
    assert f"argument --shard: must be I/N, the I-th of N parts, as in 1/4 to 4/4, not {text!r}" in told.err


@pytest.mark.parametrize("flags", [["--write-baseline", "accepted.json"], ["-"]])
def test_what_is_about_all_files_has_no_parts(flags: Sequence[str]) -> None:
    told = lint("--shard", "1/2", *flags)
    assert told.code == 2
    assert "--shard cannot be used with" in told.err


def test_entries_of_files_of_other_parts_are_not_stale() -> None:
    lint("--write-baseline", "accepted.json")
    for number in range(3):
        told = lint("--quiet", "--baseline", "accepted.json", "--shard", f"{number + 1}/3")
        assert ("ASL1" in told.out, "ASL4" in told.out, told.err) == (False, False, "")
    Path("app/main.py").write_text("")
    warnings = [lint("--baseline", "accepted.json", "--shard", f"{number + 1}/3").err for number in range(3)]
    assert sorted(map(bool, warnings)) == [False, False, True]
    assert "the baseline has 1 problem that is not there any more" in "".join(warnings)


def test_a_border_that_moves_is_noticed(checked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("async_lint.cache.trace._TICK", 0)
    lint("--shard", "1/2")
    assert "two.py" not in checked
    checked.clear()
    lint("--shard", "1/2")
    assert checked == []
    # Of another project, and so nothing that was found rests on it.
    Path("other/two.py").write_text("x = 1\n" * 1000)
    lint("--shard", "1/2")
    assert "one.py" in checked
    assert "load.py" not in checked


def divided(walk: Sequence[Found], count: int, files: Disk | Overlay | None = None) -> list[list[Found]]:
    return [Part(Shard(number + 1, count), files or Disk()).of(walk) for number in range(count)]


def sized(sizes: Sequence[int]) -> tuple[list[Found], Overlay]:
    paths = [Path(f"/nowhere/{number:04}.py") for number in range(len(sizes))]
    texts = {path: b"#" * size for path, size in zip(paths, sizes, strict=True)}
    return [Found(path.name, path) for path in paths], Overlay(Disk(), texts)


@pytest.mark.parametrize("count", [2, 3, 7])
def test_parts_are_about_as_large(count: int) -> None:
    sizes = [Random(number).choice([0, 300, 5_000, 20_000]) for number in range(400)]
    walk, files = sized(sizes)
    parts = divided(walk, count, files)
    assert [found for part in parts for found in part] == walk
    each = [sum(len(files.read(found.absolute)) + 200 for found in part) for part in parts]
    assert max(each) - min(each) <= 2 * 20_200


@pytest.mark.parametrize("at", [0, 17, 399])
def test_a_file_that_is_added_moves_those_at_the_borders(at: int) -> None:
    walk, files = sized([1_000] * 401)
    before = divided(walk[:at] + walk[at + 1 :], 4, files)
    after = divided(walk, 4, files)
    moved = [set(one) ^ set(other) - {walk[at]} for one, other in zip(before, after, strict=True)]
    assert len(set().union(*moved) - {walk[at]}) <= 3


def test_line_ends_do_not_count() -> None:
    walk, _ = sized([0] * 4)
    texts = [b"a\n" * number * 50 for number in (9, 2, 3, 4)]
    unix, windows = (
        Overlay(Disk(), {found.absolute: text.replace(b"\n", end) for found, text in zip(walk, texts, strict=True)})
        for end in (b"\n", b"\r\n")
    )
    assert divided(walk, 2, unix) == divided(walk, 2, windows)


def test_json_of_a_part_is_whole() -> None:
    parts = [json.loads(lint("--output-format", "json", "--shard", f"{each}/2").out) for each in (1, 2)]
    assert [*parts[0], *parts[1]] == json.loads(lint("--output-format", "json").out)
