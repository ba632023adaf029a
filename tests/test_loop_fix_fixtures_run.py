"""The functions that the fixtures of await-in-loop show before and after the fix give the same, and wait at once.

Only functions of the module are run, not methods. A parameter is given what its name stands for in `_Values`.
"""

import ast
import asyncio
import contextlib
import importlib
import inspect
import io
import sys
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.harness import Case, cases
from tests.virtual_time import Response, Service, run

_CASES = [
    case for case in cases() if case.rule == "await-in-loop" and case.path.is_file() and case.fixed and not case.too_new
]


class _Seconds(dict[str, int]):
    """Every path takes a time of its own."""

    def __contains__(self, path: object) -> bool:
        return True

    def __missing__(self, path: str) -> int:
        return 1 + sum(map(ord, path)) % 7


class Client(Service):
    """Serves the calls of `httpx`, `aiohttp` and `asyncpg` that fixtures make."""

    def __init__(self) -> None:
        super().__init__(_Seconds())

    def get(self, path: str, params: object = None, **more: object) -> Any:
        return _Request(super().get(path, params if callable(params) else lambda: params))

    async def delete(self, path: str) -> Response:
        return await Service.get(self, f"delete {path}")

    async def fetchval(self, query: str, key: object) -> str:
        return (await Service.get(self, f"{query} {key}")).text

    async def close(self) -> None:
        await Service.get(self, "close")


@dataclass(eq=False)
class _Request:
    """What is awaited by some clients, and entered by others."""

    work: Coroutine[Any, Any, Response]

    def __await__(self) -> Any:
        return self.work.__await__()

    async def __aenter__(self) -> Any:
        text = (await self.work).text

        async def read() -> bytes:
            return text.encode()

        return SimpleNamespace(read=read)

    async def __aexit__(self, *_: object) -> None:
        return None


@dataclass
class _Page:
    """A page of a class that the fixture does not know."""

    client: Client
    name: str
    more: tuple[int, ...] = (1,)

    async def load(self, *arguments: object) -> str:
        return str((await self.client.get(f"{self.name} {arguments}")).text)


class _Values:
    """What parameters are given, by name."""

    def __init__(self, client: Client, module: dict[str, Any]) -> None:
        self.client = self.session = self.pool = client
        self.names = ["one", "two", "THREE", "", "_four", "all"]
        self.urls = self.paths = self.names_of_the_items_to_look_at = self.names
        self.keys = self.identifiers_of_items = [3, 1, 2, -1]
        self.groups = [[3, 1], [], [2]]
        self.config = SimpleNamespace(names=tuple(self.names))
        self.language = "en"
        self.left_out = self.first_of_them = "two"
        self.loud = self.more_names = self.which = True
        self.offset_of_items = self.tasks = 2
        page, probe = module.get("Page"), module.get("Probe")
        self.pages = [(page or _Page)(client, name) for name in ["p", "q", ""]]
        self.probes: list[Any] = [probe(name) if probe else None for name in ("r", "s")]
        self.first, self.second = self.probes

    def of(self, function: Callable[..., Any]) -> Iterator[object]:
        for name in inspect.signature(function).parameters:
            if name == "semaphore":
                yield asyncio.Semaphore()
            elif name == "more" and function.__name__ == "awaited_items":
                yield self._coming_keys
            elif name == "more":
                yield True
            elif name in ("first", "second") and function.__name__ in ("stop_either", "two_groups"):
                yield self.probes if function.__name__ == "stop_either" else name
            else:
                assert hasattr(self, name), f"{function.__name__}: there is no value for a parameter `{name}`"
                yield getattr(self, name)

    async def _coming_keys(self) -> list[int]:
        return self.keys


def functions(text: str) -> dict[str, str]:
    return {node.name: ast.unparse(node) for node in ast.parse(text).body if isinstance(node, ast.AsyncFunctionDef)}


def rewritten(case: Case) -> list[str]:
    """Return the functions that the fixes change."""
    (name,) = case.texts
    before, after = functions(case.texts[name]), functions(case.fixed_texts[name])
    return [function for function in before if after.get(function) not in (None, before[function])]


def module(text: str, client: Client, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    class LibraryError(Exception):
        pass

    async def to_thread(function: Callable[..., object], *arguments: object) -> object:
        await Service.get(client, str(arguments))
        return function(*arguments)

    monkeypatch.setattr(asyncio, "to_thread", to_thread)
    fakes = {
        "httpx": SimpleNamespace(AsyncClient=lambda: client, HTTPError=LibraryError),
        "aiohttp": SimpleNamespace(ClientSession=lambda: client),
        "asyncpg": SimpleNamespace(Pool=lambda: client, PostgresError=LibraryError),
    }
    for name, fake in fakes.items():
        monkeypatch.setitem(sys.modules, name, fake)
    names: dict[str, Any] = {}
    exec(compile(text, "fixture.py", "exec"), names)
    return names


def watch(text: str, function: str, client: Client, monkeypatch: pytest.MonkeyPatch) -> tuple[object, str]:
    """Return what a function gives, and what it prints."""
    names = module(text, client, monkeypatch)
    values = _Values(client, names)
    program = names[function]
    printed = io.StringIO()

    async def main() -> object:
        return await program(*values.of(program))

    with contextlib.redirect_stdout(printed):
        if "trio" in names:
            return _in_trio(names["trio"], main), printed.getvalue()
        outcome = run(main)
    assert outcome.error is None
    assert outcome.left == 0
    return outcome.result, printed.getvalue()


def _in_trio(trio: ModuleType, main: Callable[[], Coroutine[Any, Any, object]]) -> object:
    testing = importlib.import_module("trio.testing")
    return trio.run(main, clock=testing.MockClock(autojump_threshold=0))


class TrioClient(Client):
    async def wait(self, seconds: float) -> None:
        await importlib.import_module("trio").sleep(seconds)

    def now(self) -> float:
        return float(importlib.import_module("trio").current_time())


@pytest.mark.parametrize(
    ("case", "function"),
    [
        pytest.param(case, function, id=f"{case.path.stem}-{function}")
        for case in _CASES
        for function in rewritten(case)
    ],
)
def test_a_function_of_a_fixture_gives_the_same(case: Case, function: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (name,) = case.texts
    library = next((word for word in ("anyio", "trio") if f"import {word}" in case.texts[name]), "")
    if library:
        pytest.importorskip(library)
    one, other = [TrioClient() if library == "trio" else Client() for _ in range(2)]
    before = watch(case.texts[name], function, one, monkeypatch)
    after = watch(case.fixed_texts[name], function, other, monkeypatch)
    assert after == before
    requests = sorted(one.paths("end"))
    assert sorted(other.paths("end")) == requests
    assert other.paths("cancel") == []
    assert one.most <= 1
    assert other.most > 1 or len(requests) < 2
