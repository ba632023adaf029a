"""`python -m tools.check_blocking`: a row that its package does not bear out is found, whatever is wrong with it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from async_lint.knowledge.tables import table
from tools.blocking_claims import blocking_complaints, blocking_rows, made_blocking_complaints
from tools.published_rows import packages, versions
from tools.timeout_rows import Row

SOURCES = {
    "web/__init__.py": """
from .client import Client, get
from .client import post as send
from ._fast import ask
Session = Client
""",
    "web/client.py": """
class Client:
    def get(self, url, timeout=None):
        return self._sock.recv(10)
    async def aget(self, url): ...
    def lazy(self, url) -> Awaitable[str]: ...
def get(url, timeout=None):
    return Client().get(url, timeout)
def post(url): ...
""",
    "web/_fast.cpython-311.so": "",
}
RECEIVES = {"file": "web/client.py", "where": "Client.get", "says": "self._sock.recv(10)"}
CALL = {"names": ["web.Client.get"], "version": "web 1.0", "instant": {"timeout": 1}, "source": [RECEIVES]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "web").mkdir()
    for name, text in SOURCES.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def wrong(folder: Path, **changes: Any) -> list[str]:
    rest: Mapping[str, Any] = {**CALL, **changes}
    return list(blocking_complaints(Row("calls", tuple(rest["names"]), rest), packages({"web 1.0": folder})))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"names": ["web.Session.get", "web.get"]},
        {"names": ["web.send"], "instant": {}},
        {"names": ["web.ask"], "instant": {}},
        {"names": ["web.Made.put_it"], "source": [{**RECEIVES, "like": ["web.Made", "web.Client.get()"]}]},
        {"names": ["web.Pool.*.get"], "source": [{**RECEIVES, "like": ["web.Pool.*", "web.Client"]}]},
        {
            "names": ["time.sleep"],
            "version": "Python 3.11",
            "source": [{"doc": "time.sleep", "says": "Delay execution"}],
        },
    ],
)
def test_a_right_row(changes: dict[str, Any], folder: Path) -> None:
    if changes.get("version"):
        changes = {**changes, "instant": {}}
    assert wrong(folder, **changes) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"version": ""}, "it names no version and no source"),
        ({"source": []}, "it names no version and no source"),
        ({"names": ["web.Client.put"]}, "web.Client.put is not there"),
        ({"names": ["web.asks"]}, "web.asks is not there"),
        ({"names": ["web.Client.aget"]}, "web.Client.aget gives something to await"),
        ({"names": ["web.Client.lazy"]}, "web.Client.lazy gives something to await"),
        ({"instant": {"timeout": 0}}, "timeout of web.Client.get stands at 1, not at 0"),
        ({"source": [{**RECEIVES, "says": "recv(20)"}]}, "Client.get in web/client.py does not say 'recv(20)'"),
        ({"source": [{**RECEIVES, "where": "Client.gets"}]}, "there is no Client.gets in web/client.py"),
        ({"source": [{"doc": "time.sleep", "says": "never"}]}, "the documentation of time.sleep does not say 'never'"),
    ],
)
def test_a_wrong_row(changes: dict[str, Any], sentence: str, folder: Path) -> None:
    assert wrong(folder, **changes) == [sentence]


def test_what_makes_an_object_has_to_be_there(folder: Path) -> None:
    published = packages({"web 1.0": folder})(("web 1.0",))
    made = {"made": {"web.get": "web.Client", "web.gone": "web.Client"}}
    assert list(made_blocking_complaints(made, published)) == ["[made] web.gone: web.gone is not there"]


def test_the_rows_of_the_standard_library_are_right() -> None:
    nothing = packages({})
    rows = [row for row in blocking_rows(table("blocking")) if all(each.startswith("Python ") for each in row.versions)]
    assert len(rows) > 20
    assert [f"{row}: {each}" for row in rows for each in blocking_complaints(row, nothing)] == []


def test_versions_are_those_of_the_wheels_that_the_knowledge_is_made_of() -> None:
    pinned = dict(
        line.split("==")
        for line in (Path(__file__).parent.parent / "tools" / "packages.txt").read_text("utf-8").splitlines()
        if "==" in line and not line.startswith("#")
    )
    named = dict(version.split(" ") for version in versions(blocking_rows(table("blocking"))))
    assert {name: pinned[name] for name in named if name in pinned} == {
        name: version for name, version in named.items() if name in pinned
    }
