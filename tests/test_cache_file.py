"""Whatever the file holds that results are kept in: a run finds what it finds, and says nothing of it."""

from pathlib import Path
from random import Random

import pytest

from async_lint.cache import store
from async_lint.cache.store import FOLDER
from tests.in_process import Told, lint, put
from tests.kept_results import FILE, PROGRAM, ask

HEADER = b"SQLite format 3\0"


@pytest.fixture(autouse=True)
def _program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASYNC_LINT_CACHE_DIR", str(tmp_path / FOLDER))
    put(PROGRAM)


@pytest.fixture
def expected() -> Told:
    told = lint()
    assert told.out.count("ASL") == 2
    assert FILE.is_file()
    return told


@pytest.mark.parametrize("seed", range(30))
def test_random_bytes(expected: Told, seed: int) -> None:
    lint("--select", "ASL4")
    random, data = Random(seed), bytearray(FILE.read_bytes())
    for _ in range(random.choice([1, 20, 400])):
        at = random.randrange(len(data))
        data[at : at + random.choice([1, 4, 60])] = random.randbytes(random.choice([1, 4, 60]))
    FILE.write_bytes(data[: random.choice([len(data), random.randrange(len(data))])])
    assert lint() == expected
    put({"client.py": PROGRAM["client.py"].replace("async ", "")})
    for _ in range(2):
        assert lint() == lint("--no-cache") != expected


@pytest.mark.parametrize("data", [b"", b"\0", b"no database", HEADER, HEADER + b"\xff" * 9000])
def test_no_database(expected: Told, data: bytes) -> None:
    FILE.write_bytes(data)
    assert lint() == expected
    lint()
    assert ask("pragma integrity_check") == [("ok",)]
    assert len(ask("select * from runs")) == 1


def test_a_folder_in_its_place(expected: Told) -> None:
    FILE.unlink()
    FILE.mkdir()
    for _ in range(2):
        assert lint() == expected


def test_a_link_to_nowhere_in_its_place(expected: Told) -> None:
    FILE.unlink()
    FILE.symlink_to("/nowhere/at/all")
    for _ in range(2):
        assert lint() == expected


@pytest.mark.parametrize(
    "statements",
    [
        ["pragma user_version = 999"],
        ["drop table files"],
        ["drop table worlds", "create table worlds (world, generation)"],
        ["alter table runs rename column report to text"],
        ["drop table runs", "create view runs as select 1 as run, 2 as basis, 3 as report"],
        ["create trigger t after insert on runs begin delete from runs; end"],
        ["pragma user_version = 0", 'create table "a""b" (x integer primary key autoincrement)'],
        ["update runs set basis = x'ff'"],
        ["update runs set report = cast(x'fffe' as text)"],
        ["update worlds set trace = 12", "delete from runs"],
        ["update files set report = 1.5", "delete from runs"],
        ["update worlds set used = 9e99"],
    ],
    ids=lambda statements: statements[0],
)
def test_tables_of_another_shape(expected: Told, statements: list[str]) -> None:
    for statement in statements:
        ask(statement)
    for _ in range(3):
        assert lint() == expected
    # It is not slow for good.
    assert len(ask("select basis from runs")) == 1


TEXTS = [
    "",
    "null",
    "7",
    '"text"',
    "[]",
    "{}",
    "[[], []]",
    "[{}, {}]",
    "[" * 100_000,
    '["", [[]], [], [], [], 1]',
    '["", [["a", "b", "c", "d", [1e999, 0, 0, 0], 1, null, "error"]], [], [], [], 1]',
    '["", [["a", "b", "c", "d", [-1, -5, 0, 0], 1, null, "error"]], [], [], [], 1]',
    '["", [["a", "b", "c", "d", [1, 0, 1, 0], 1, [1, [[]], "x"], "error"]], [], [], [], 1]',
    '[{"a": [1, 2, 3]}, {"b": [1, {"c": "d"}, 3]}]',
    '[{"a\\u0000": [1e999, 2, "x"]}, {"b": [1, 2, 3]}]',
    f'[{{"a": [{"9" * 5000}, 2, "x"]}}, {{}}]',
]


@pytest.mark.parametrize("column", ["runs.basis", "runs.report", "worlds.trace", "files.report"])
def test_texts_of_another_shape(expected: Told, column: str) -> None:
    table, name = column.split(".")
    for text in [*TEXTS, f'["{TEXTS[9]}", []]', '["[]", []]']:
        ask(f"update {table} set {name} = ?", store.sealed(text))
        if table != "runs":
            ask("delete from runs")
        assert lint() == expected, text
        assert ask(f"select count(*) from {table}") != [(0,)]


@pytest.mark.parametrize("column", ["uses.uses", "worlds.names"])
def test_what_was_noted_in_another_shape(column: str) -> None:
    table, name = column.split(".")
    for number, text in enumerate([*TEXTS, '[{"load.py":7},[[]],[[9]],["x"],[["body",0,1]]]']):
        lint()
        ask(f"update {table} set {name} = ?", store.sealed(text))
        put({"load.py": PROGRAM["load.py"] + f"x = {number}\n"})
        assert lint() == lint("--no-cache"), text


def test_a_text_that_was_changed_is_not_believed(expected: Told) -> None:
    for table, name in (("runs", "report"), ("files", "report")):
        assert ask(f"select count(*) from {table} where {name} like '%RuntimeError%'") == [(1,)]
        ask(f"update {table} set {name} = replace({name}, 'RuntimeError', 'OtherError')")
    assert lint() == expected
