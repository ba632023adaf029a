"""knowledge/timeouts.toml: it is whole, it fits the standard library, and names are found however they are defined."""

import ast
import asyncio
import inspect
import re
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from async_lint.files.ports import Disk
from async_lint.inference.entry import Inference
from async_lint.inference.face import ModuleView
from async_lint.inference.modules.library import Library
from async_lint.knowledge.tables import table
from tests.harness import lint
from tools.published_rows import packages
from tools.timeout_claims import complaints
from tools.timeout_rows import Row, rows

TABLE = table("timeouts")
CALLS: list[dict[str, Any]] = TABLE["calls"]
DISABLED: list[dict[str, Any]] = TABLE["disabled"]
WAITS: list[dict[str, Any]] = TABLE["waits"]
CLIENTS: dict[str, dict[str, Any]] = TABLE["clients"]
PACKAGES = Path(__file__).parent.parent / "tools" / "packages.txt"


def names() -> list[str]:
    found = [name for row in rows(TABLE) for name in (*row.names, *row.rest.get("passing", ()))]
    found += [name for entry in WAITS for name in entry["names"]]
    return [*found, *TABLE["transports"]["networks"], *TABLE["made"], *TABLE["made"].values()]


def nothing_there(tmp_path: Path) -> ModuleView:
    path = tmp_path / "empty.py"
    return Inference(Library(Disk(), [tmp_path])).module(path, ast.parse(""), "")


@pytest.mark.parametrize("row", [*rows(TABLE)], ids=str)
def test_every_row_names_the_version_and_where_the_fact_stands(row: Row) -> None:
    assert re.fullmatch(r"Python 3\.\d+|[a-z-]+ \d[\d.]+", row.rest["version"])
    packages = {source["file"].partition("/")[0] for source in row.rest["source"] if "version" not in source}
    assert packages <= {name.partition(".")[0] for name in row.names} | {_module(row.rest["version"])}


def test_versions_are_those_that_the_bundled_knowledge_is_of() -> None:
    pins = dict(line.split("==") for line in PACKAGES.read_text("utf-8").split() if "==" in line)
    read = [row.rest["version"].split(" ") for row in rows(TABLE)]
    assert [each for each in read if each[0] != "Python" and pins[each[0]] != each[1]] == []


def _module(version: str) -> str:
    package = version.partition(" ")[0]
    return {"Python": "asyncio", "nats-py": "nats"}.get(package, package.replace("-", "_"))


def test_every_call_is_listed_once() -> None:
    for entries in (CALLS, DISABLED, WAITS):
        listed = [name for entry in entries for name in entry["names"]]
        assert sorted(set(listed)) == sorted(listed)


def test_clients_are_those_that_calls_have() -> None:
    assert {entry["client"] for entry in CALLS if "client" in entry} == set(CLIENTS)


def test_what_is_made_has_calls() -> None:
    passing = [name for client in CLIENTS.values() for name in client.get("passing", ())]
    classes = {name.rpartition(".")[0] for name in (*(name for entry in CALLS for name in entry["names"]), *passing)}
    assert set(TABLE["made"].values()) <= classes


@pytest.mark.parametrize("name", sorted({name for name in names() if name.startswith("asyncio.")}))
def test_names_of_the_standard_library_are_found(name: str, tmp_path: Path) -> None:
    # `asyncio.subprocess` is where its classes are defined.
    moved = not name.startswith("asyncio.subprocess.")
    assert (nothing_there(tmp_path).names.canonical(name) != name) == moved
    assert _of_asyncio(name) is not None or sys.version_info < (3, 11)


def _of_asyncio(name: str) -> Any:
    found: Any = asyncio
    for part in name.split(".")[1:]:
        found = getattr(found, part, None)
    return found


@pytest.mark.skipif(sys.version_info < (3, 11), reason="the rows are of newer Pythons")
@pytest.mark.parametrize("row", [row for row in rows(TABLE) if row.versions[0].startswith("Python ")], ids=str)
def test_rows_of_the_standard_library_are_right(row: Row) -> None:
    assert list(complaints(row, packages({}))) == []


@pytest.mark.parametrize("entry", WAITS, ids=lambda entry: str(entry["names"][0]))
def test_what_lets_one_wait_for_another_takes_no_timeout(entry: dict[str, Any]) -> None:
    for name in entry["names"]:
        package = pytest.importorskip(name.partition(".")[0])
        made = package.Future if entry.get("method") is None else getattr(package, name.rpartition(".")[2])
        methods = [entry[key] for key in ("method", "anew") if key in entry]
        assert [list(inspect.signature(getattr(made, method)).parameters) for method in methods] == [["self"]] * len(
            methods
        )
        assert [method for method in entry["answers"] if not callable(getattr(made, method, None))] == []


@pytest.mark.skipif(sys.platform != "linux", reason="other systems may wait")
def test_connecting_to_a_unix_socket_waits_for_nobody(tmp_path: Path) -> None:
    address = str(tmp_path / "socket")

    async def connect() -> int:
        opened = [await asyncio.wait_for(asyncio.open_unix_connection(address), 5) for _ in range(5)]
        for _, writer in opened:
            writer.close()
        return len(opened)

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen(0)
        assert asyncio.run(connect()) == 5


QUERY = """
import asyncpg

async def query(dsn):
    pool = await asyncpg.create_pool(dsn)
    async with pool.acquire(timeout=5) as connection:
        await connection.fetch("select 1")
    await pool.fetch("select 1")
"""
INSTALLED = {
    "asyncpg/__init__.py": "from .pool import create_pool, Pool\nfrom .connection import Connection, connect\n",
    "asyncpg/connection.py": """
class Connection:
    async def fetch(self, query, *args, timeout=None): ...

async def connect(dsn=None, *, timeout=60, command_timeout=None): ...
""",
    "asyncpg/pool.py": """
class Pool:
    def acquire(self, *, timeout=None):
        return _Acquire(self, timeout)

    async def fetch(self, query, *args, timeout=None): ...

class _Acquire:
    async def __aenter__(self):
        return self.pool.take()

def create_pool(dsn=None, **options):
    return Pool(dsn, **options)
""",
}


def found_in(text: str, installed: dict[str, str]) -> list[int]:
    outcome = lint({**installed, "example.py": text}, ["ASL501"])
    return [each.span.start.line for each in outcome.diagnostics if each.path == "example.py"]


def test_a_library_is_known_whether_or_not_it_is_there() -> None:
    assert found_in(QUERY, {}) == found_in(QUERY, INSTALLED) == [5]


REDIS = """
import redis.asyncio as redis

async def commands():
    client = redis.Redis(host="localhost")
    await client.get("name")
    limited = redis.Redis(host="localhost", socket_timeout=5)
    await limited.get("name")
    by_url = redis.Redis.from_url("redis://localhost")
    await by_url.get("name")
    limited_by_url = redis.Redis.from_url("redis://localhost?socket_timeout=5")
    await limited_by_url.get("name")

async def from_somewhere(url):
    await redis.Redis.from_url(url).get("name")
"""


def redis_with(default: str) -> dict[str, str]:
    client = f"""
class Commands:
    async def get(self, name): ...

class Redis(Commands):
    @classmethod
    def from_url(cls, url, **kwargs):
        return cls(**kwargs)

    def __init__(self, *, host="localhost", socket_timeout={default}): ...
"""
    return {
        "redis/__init__.py": "",
        "redis/asyncio/__init__.py": "from .client import Redis\n",
        "redis/asyncio/client.py": client,
    }


def test_the_installed_version_says_whether_commands_have_a_limit() -> None:
    assert found_in(REDIS, redis_with("None")) == [5, 9]
    assert found_in(REDIS, redis_with("5")) == []
    assert found_in(REDIS, {}) == []


def test_a_limit_is_switched_off_only_where_there_was_one() -> None:
    text = "import redis.asyncio\n\nclient = redis.asyncio.Redis(socket_timeout=None)\nprint(client)\n"

    def lines(installed: dict[str, str]) -> list[int]:
        found = lint({**installed, "example.py": text}, ["ASL502"]).diagnostics
        return [each.span.start.line for each in found if each.path == "example.py"]

    assert lines(redis_with("None")) == []
    assert lines(redis_with("5")) == lines({}) == [3]
