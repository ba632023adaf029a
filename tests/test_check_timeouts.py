"""`python -m tools.check_timeouts`: a row that its package does not bear out is found, whatever is wrong with it."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tools import check_timeouts
from tools.check_timeouts import report
from tools.published_rows import MISSING, RIGHT, WRONG, gathered, packages, unpacked
from tools.timeout_claims import complaints, made_complaints
from tools.timeout_rows import Row, rows

SOURCES = {
    "db/__init__.py": """
from ._pool import *
from .client import Client as Connection, connect
try:
    from .fast import Limits
except ImportError:
    from .slow import Limits
Link = Connection
""",
    "db/client.py": """
from typing import overload
DEFAULT = 5 * 60
class Base:
    async def fetch(self, query, *args, timeout=None):
        return await self._answered
    @overload
    def run(self, query: str): ...
    def run(self, query, timeout=None):
        return self.fetch(query, timeout=timeout)
    go = run
    def close(self): ...
class Client(Base):
    limit: float = 5.0
async def connect(host="localhost", *, timeout=DEFAULT, command_timeout=None, **options):
    return await Client(host, options.pop("sock"))
""",
    "db/_pool.py": """
class Pool:
    def __init__(self, dsn=None, *, size=10, **options): ...
    def acquire(self, *, timeout=None):
        return _Acquire(self)
class _Acquire:
    async def __aenter__(self): ...
class Proxy:
    pass
""",
    "db/slow.py": """
import dataclasses
@dataclasses.dataclass
class Limits:
    total: float | None = None
    read: float = dataclasses.field(default=3.0, kw_only=True)
""",
}
FETCH = {"file": "db/client.py", "where": "Base.fetch", "says": "await self._answered"}
CONNECT = {"file": "db/client.py", "where": "connect", "defaults": {"timeout": "DEFAULT", "command_timeout": "None"}}
DEFAULT = {"file": "db/client.py", "says": "DEFAULT = 5 * 60"}
SOCK = {"file": "db/client.py", "where": "connect", "says": "options.pop('sock')"}
CALL = {"names": ["db.Connection.fetch"], "version": "db 1.0", "timeouts": {"timeout": -1}, "source": [FETCH]}
OFF = {
    "names": ["db.connect"],
    "version": "db 1.0",
    "argument": ["timeout", -1],
    "instead": "300 seconds in all",
    "source": [CONNECT, DEFAULT],
}
CLIENT = {
    "names": ["db.connect", "db.Pool"],
    "version": "db 1.0",
    "options": {"command_timeout": -1},
    "passing": ["db.Pool.acquire"],
    "probe": ["db.connect", "timeout"],
    "source": [CONNECT],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in SOURCES.items():
        (tmp_path / "db").mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def wrong(table: str, entry: Mapping[str, Any], folder: Path, **changes: Any) -> list[str]:
    rest = {**entry, **changes}
    return list(complaints(Row(table, tuple(rest["names"]), rest), packages({"db 1.0": folder})))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"names": ["db.Link.fetch"]},
        {"names": ["db.Connection.run"], "timeouts": {"timeout": 1}},
        {"names": ["db.Connection.go"], "timeouts": {"timeout": 1}},
        {"names": ["db.Pool.acquire"]},
        {"names": ["db.Proxy.fetch"], "source": [{**FETCH, "like": ["db.Proxy", "db.Connection"]}]},
        {"names": ["db.connect"], "timeouts": {"command_timeout": -1}, "hosts": {"host": 0}},
        {"names": ["db.connect"], "timeouts": {"timeout": -1}, "source": [CONNECT]},
        {"names": ["db.connect"], "timeouts": {}, "unless": {"sock": -1}, "source": [SOCK]},
    ],
)
def test_a_right_call(changes: dict[str, Any], folder: Path) -> None:
    assert wrong("calls", CALL, folder, **changes) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"version": ""}, "it names no version and no source"),
        ({"source": []}, "it names no version and no source"),
        ({"names": ["db.Connection.fetched"]}, "db.Connection.fetched is not there"),
        ({"names": ["db.Connection.close"], "timeouts": {}}, "db.Connection.close gives nothing to await"),
        ({"timeouts": {"timeout": 1}}, "timeout stands at -1, not at 1"),
        ({"timeouts": {"deadline": -1}}, "a call of it takes no deadline"),
        ({"unless": {"sock": -1}}, "a call of it takes no sock"),
        ({"hosts": {"query": 1}}, "query stands at 0, not at 1"),
        (
            {"names": ["db.connect"], "timeouts": {}, "unless": {"sock": 1}, "source": [SOCK]},
            "sock is given by its name alone, not at 1",
        ),
        (
            {"names": ["db.connect"], "timeouts": {"timeout": -1}},
            "timeout is DEFAULT by default, which no source of the row says",
        ),
        ({"at_home": True}, "no source says that it connects to this host by default"),
        ({"source": [{**FETCH, "file": "db/gone.py"}]}, "there is no file db/gone.py"),
        ({"source": [{**FETCH, "where": "Base.gone"}]}, "there is no Base.gone in db/client.py"),
        (
            {"source": [{**FETCH, "says": "await self._asked"}]},
            "Base.fetch in db/client.py does not say 'await self._asked'",
        ),
        (
            {"source": [{**FETCH, "defaults": {"timeout": "60"}}]},
            "Base.fetch in db/client.py should have timeout=60, and has None",
        ),
        (
            {"source": [{**FETCH, "defaults": {"deadline": "None"}}]},
            "Base.fetch in db/client.py should have deadline=None, and has no such parameter",
        ),
    ],
)
def test_a_wrong_call(changes: dict[str, Any], sentence: str, folder: Path) -> None:
    assert wrong("calls", CALL, folder, **changes) == [sentence]


LIMITS = {
    "names": ["db.Limits"],
    "argument": ["total", 0],
    "absent": True,
    "others": {"read": -1},
    "instead": "3 seconds",
    "source": [{"file": "db/slow.py", "where": "Limits", "defaults": {"total": "None", "read": "3.0"}}],
}


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({}, []),
        ({"argument": ["command_timeout", -1]}, ["db.connect has command_timeout=None: None is the default"]),
        ({"argument": ["timeout", 1]}, ["timeout stands at -1, not at 1"]),
        ({"instead": "60 seconds"}, ["no source says '60 seconds'"]),
        ({"source": [CONNECT]}, ["no source says '300 seconds in all'"]),
        ({"receivers": ["db.gone"]}, ["db.gone is not there"]),
        (LIMITS, []),
        ({**LIMITS, "others": {"read": 1}}, ["read stands at -1, not at 1"]),
        ({**LIMITS, "argument": ["read", -1]}, ["db.Limits has read=3.0: None is no default"]),
    ],
)
def test_a_deadline_that_is_switched_off(changes: dict[str, Any], sentences: list[str], folder: Path) -> None:
    assert wrong("disabled", OFF, folder, **changes) == sentences


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({}, []),
        ({"options": {"gone": -1}, "names": ["db.Limits"]}, ["a call of it takes no gone"]),
        (
            {"options": {"size": 3}},
            ["size stands at -1, not at 3", "size is 10 by default, which no source of the row says"],
        ),
        ({"passing": ["db.Pool.gone"]}, ["db.Pool.gone is not there"]),
        ({"names": ["db.gone"]}, ["db.gone is not there"]),
        (
            {"probe": ["db.connect", "command_timeout"]},
            ["db.connect should have a limit as its default for command_timeout"],
        ),
    ],
)
def test_a_client(changes: dict[str, Any], sentences: list[str], folder: Path) -> None:
    assert wrong("clients.db", CLIENT, folder, **changes) == sentences


def test_what_a_function_gives_is_there(folder: Path) -> None:
    published = packages({"db 1.0": folder})(("db 1.0",))
    table = {"made": {"db.connect": "db.Connection", "db.gone": "db.Pool", "db.Pool.acquire": "db.Gone"}}
    assert list(made_complaints(table, published)) == [
        "[made] db.gone: db.gone is not there",
        "[made] db.Pool.acquire: db.Gone is not there",
    ]


def wheel(folder: Path, name: str) -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w") as archive:
        for member, text in SOURCES.items():
            archive.writestr(member, text)
    return path


def table_of(*calls: Mapping[str, Any]) -> dict[str, Any]:
    none: dict[str, Any] = {"clients": [], "version": "db 1.0", "source": [FETCH], "networks": []}
    contexts: dict[str, Any] = {"contexts": [], "wrappers": []}
    return {"deadlines": contexts, "calls": calls, "disabled": [], "clients": {}, "transports": none, "made": {}}


def test_the_command_reads_wheels_and_names_the_wrong_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wheel(tmp_path, "db-1.0-py3-none-any.whl")
    monkeypatch.setattr("sys.argv", ["check_timeouts", str(tmp_path)])
    monkeypatch.setattr(check_timeouts, "table", lambda _: table_of(CALL))
    assert check_timeouts.main() == RIGHT
    assert capsys.readouterr().out == "2 rows, 0 wrong claims\n"
    monkeypatch.setattr(check_timeouts, "table", lambda _: table_of({**CALL, "timeouts": {"timeout": 0}}))
    assert check_timeouts.main() == WRONG
    assert "[calls] db.Connection.fetch: timeout stands at -1, not at 0\n" in capsys.readouterr().out


def test_a_package_that_is_not_to_be_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("subprocess.run", lambda command, **_: asked.append(command[-1]))
    monkeypatch.setattr("sys.argv", ["check_timeouts", str(tmp_path)])
    monkeypatch.setattr(check_timeouts, "table", lambda _: table_of(CALL))
    assert check_timeouts.main() == MISSING
    assert asked == ["db==1.0"]
    assert capsys.readouterr().err == "db 1.0 was not to be had\n"


def test_two_versions_of_a_package_are_kept_apart(tmp_path: Path) -> None:
    for version in ("1.0", "2.0"):
        wheel(tmp_path, f"db-{version}-py3-none-any.whl")
    found, missing = gathered(["db 1.0", "db 2.0"], tmp_path)
    folders = {version: unpacked(each, tmp_path / "unpacked") for version, each in found.items()}
    assert missing == []
    (folders["db 1.0"] / "db/client.py").write_text("async def connect(url): ...", "utf-8")
    known = table_of({**CALL, "source": [{**FETCH, "version": "db 2.0"}]})
    row = next(rows(known))
    assert row.versions == ("db 1.0", "db 2.0")
    assert list(complaints(row, packages(folders))) == ["db.Connection.fetch is not there"]


def test_the_report_counts_rows(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = table_of(CALL, {**CALL, "names": ["db.Pool.acquire"]})
    assert report(known, packages({"db 1.0": folder})) == RIGHT
    assert capsys.readouterr().out == "3 rows, 0 wrong claims\n"
