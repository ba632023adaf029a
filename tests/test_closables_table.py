"""knowledge/closables.toml: it is whole, it fits the standard library, and a row that its package refutes is found."""

import re
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from async_lint.knowledge.tables import table
from tools import check_closables
from tools.check_closables import rows, wrong_claims
from tools.published_rows import MISSING, RIGHT, WRONG, packages, versions
from tools.timeout_rows import Row

ROWS = rows(table("closables"))
PACKAGES = Path(__file__).parent.parent / "tools" / "packages.txt"


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_every_row_names_the_version_and_where_the_fact_stands(row: Row) -> None:
    assert re.fullmatch(r"Python 3\.\d+|[a-z-]+ \d[\d.]+", row.rest["version"])
    assert row.sources


def test_versions_are_those_that_the_bundled_knowledge_is_of() -> None:
    pins = dict(line.split("==") for line in PACKAGES.read_text("utf-8").split() if "==" in line)
    read = [version.split(" ") for version in versions(ROWS)]
    assert [each for each in read if pins[each[0]] != each[1]] == []


def test_every_name_is_listed_once() -> None:
    names = [name for row in ROWS for name in row.names]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="the rows are of newer Pythons")
@pytest.mark.parametrize("row", [row for row in ROWS if row.versions[0].startswith("Python ")], ids=str)
def test_rows_of_the_standard_library_are_right(row: Row) -> None:
    assert list(wrong_claims(row, packages({}))) == []


SOURCE = """
class Session:
    def __init__(self, owner=None): ...
    def get(self): ...
    async def close(self): ...
    async def __aexit__(self, *error):
        await self.close()
async def connect(host):
    return Session()
def plain(): ...
"""
ENTRY = {
    "names": ["db.connect"],
    "awaited": True,
    "of": "db.Session",
    "closes": ["close"],
    "version": "db 1.0",
    "source": [{"file": "db.py", "where": "Session.__aexit__", "says": "await self.close()"}],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "db.py").write_text(SOURCE, "utf-8")
    return tmp_path


def wrong(entry: Mapping[str, Any], folder: Path) -> list[str]:
    return list(wrong_claims(Row("closable", tuple(entry["names"]), entry), packages({"db 1.0": folder})))


def test_a_right_row(folder: Path) -> None:
    assert wrong(ENTRY, folder) == []
    assert wrong({**ENTRY, "names": ["db.Session"], "awaited": False, "unless": {"owner": 0}}, folder) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"names": ["db.gone"]}, "db.gone is not there"),
        ({"names": ["db.plain"]}, "db.plain gives nothing to await"),
        ({"of": "db.Gone"}, "db.Gone is not there"),
        ({"closes": ["shut"]}, "db.Session has no shut"),
        ({"entered": "async with await"}, "db.Session cannot be entered"),
        ({"unless": {"owner": -1}}, "a call of it takes no owner"),
        ({"source": []}, "it names no version and no source"),
        (
            {"source": [{"file": "db.py", "where": "Session.close", "says": "self.socket"}]},
            "Session.close in db.py does not say 'self.socket'",
        ),
    ],
)
def test_a_wrong_row(changes: dict[str, Any], sentence: str, folder: Path) -> None:
    assert wrong({**ENTRY, **changes}, folder) == [sentence]


def test_the_command_reads_wheels_and_names_the_wrong_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["check_closables", str(tmp_path)])
    monkeypatch.setattr("subprocess.run", lambda command, **_: None)
    monkeypatch.setattr(check_closables, "table", lambda _: {"closable": [ENTRY]})
    assert check_closables.main() == MISSING
    with zipfile.ZipFile(tmp_path / "db-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr("db.py", SOURCE)
    assert check_closables.main() == RIGHT
    monkeypatch.setattr(check_closables, "table", lambda _: {"closable": [{**ENTRY, "closes": ["shut"]}]})
    assert check_closables.main() == WRONG
    assert capsys.readouterr().out.endswith("[closable] db.connect: db.Session has no shut\n1 rows, 1 wrong claims\n")
