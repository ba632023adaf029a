"""What ASL107 says happens, and what its fix does, seen on the interpreter."""

import asyncio
import textwrap

import pytest

from tests.harness import lint

SETTING = """
import asyncio
import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor

events = []


class Store:
    def clear(self) -> None:
        events.append("clear")

    def rows(self):
        yield 1

    def __enter__(self):
        events.append("enter")

    def __exit__(self, *exc_info):
        events.append("leave")

    def __iter__(self):
        return iter((1, 2))


@contextlib.contextmanager
def opened():
    yield


@contextlib.asynccontextmanager
async def connected():
    yield


async def messages():
    yield 1


store = Store()


async def main():
"""
NO_AWAIT = "can't be used in 'await'|can't be awaited"
NO_ENTRY = "asynchronous context manager|__aenter__|__aexit__"
NO_ITEMS = "requires an object with __aiter__"
FAILING = {
    "await store.clear()": NO_AWAIT,
    "await Store()": NO_AWAIT,
    "await store.rows()": NO_AWAIT,
    "await messages()": NO_AWAIT,
    "await connected()": NO_AWAIT,
    "await [store]": NO_AWAIT,
    "await (store, store)": NO_AWAIT,
    "await {number: store for number in range(2)}": NO_AWAIT,
    "await ThreadPoolExecutor(1).submit(store.clear)": NO_AWAIT,
    "async with store: events.append('body')": NO_ENTRY,
    "async with opened(): events.append('body')": NO_ENTRY,
    "async with threading.Lock(): events.append('body')": NO_ENTRY,
    "async for row in store: events.append('body')": NO_ITEMS,
    "async for row in store.rows(): events.append('body')": NO_ITEMS,
    "print([row async for row in range(3)])": NO_ITEMS,
}


def events_of(program: str) -> list[str]:
    """Run the program's `main()` and return what it noted."""
    names: dict[str, object] = {}
    exec(compile(program, "program.py", "exec"), names)
    main, events = names["main"], names["events"]
    assert callable(main)
    assert isinstance(events, list)
    asyncio.run(main())
    return events


def program(statement: str) -> str:
    return SETTING + textwrap.indent(statement, "    ") + "\n    events.append('end')\n"


@pytest.mark.parametrize("statement", FAILING)
def test_what_is_reported_raises(statement: str) -> None:
    found = lint({"program.py": program(statement)}, ["ASL107"]).diagnostics
    assert [each.span.start.line for each in found] == [SETTING.count("\n") + 1]
    with pytest.raises((TypeError, AttributeError), match=FAILING[statement]):
        events_of(program(statement))


def test_the_body_of_an_async_with_never_runs() -> None:
    text = program("try:\n    async with store: events.append('body')\nexcept (TypeError, AttributeError): pass")
    assert events_of(text) == ["end"]


@pytest.mark.parametrize(
    ("statement", "events"),
    [
        ("await store.clear()", ["clear", "end"]),
        ("async with store: events.append('body')", ["enter", "body", "leave", "end"]),
        ("async for row in store: events.append('body')", ["body", "body", "end"]),
        ("events.extend([str(row) async for row in range(2)])", ["0", "1", "end"]),
    ],
)
def test_the_fix_makes_it_run(statement: str, events: list[str]) -> None:
    outcome = lint({"program.py": program(statement)}, ["ASL107"], fix=True, unsafe=True)
    assert len(outcome.applied) == 1
    assert events_of(outcome.texts["program.py"]) == events
