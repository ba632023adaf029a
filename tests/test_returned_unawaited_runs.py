"""What ASL106 says happens, and what its fix does, seen on the interpreter."""

import asyncio
import inspect
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from tests.harness import lint

PROGRAM = """
events = []


async def load():
    events.append("load")
    raise KeyError("no such key")


class Context:
    async def __aenter__(self):
        events.append("enter")

    async def __aexit__(self, *exc_info):
        events.append("leave")


async def in_try():
    try:
        return load()
    except KeyError:
        return "handled"


async def in_finally():
    try:
        return load()
    finally:
        events.append("finally")


async def in_with():
    async with Context():
        return load()
"""


def functions(program: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(program, "program.py", "exec"), names)
    return names


def awaited_twice(function: Callable[[], Any]) -> None:
    async def main() -> None:
        result = await function()
        assert inspect.iscoroutine(result)
        await result

    asyncio.run(main())


@pytest.fixture
def broken() -> dict[str, Any]:
    return functions(PROGRAM)


@pytest.fixture
def mended() -> dict[str, Any]:
    outcome = lint({"program.py": PROGRAM}, ["ASL106"], fix=True, unsafe=True)
    assert len(outcome.applied) == 3
    return functions(outcome.texts["program.py"])


def test_the_handler_never_sees_the_error(broken: dict[str, Any]) -> None:
    with pytest.raises(KeyError):
        awaited_twice(broken["in_try"])


@pytest.mark.parametrize(("name", "last"), [("in_finally", "finally"), ("in_with", "leave")])
def test_what_stands_around_is_left_before_the_body_runs(broken: dict[str, Any], name: str, last: str) -> None:
    with pytest.raises(KeyError):
        awaited_twice(broken[name])
    assert broken["events"][-2:] == [last, "load"]


def test_a_single_await_gives_a_coroutine_that_nobody_runs(broken: dict[str, Any]) -> None:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        result = asyncio.run(broken["in_try"]())
        assert inspect.iscoroutine(result)
        del result
    assert any("was never awaited" in str(each.message) for each in said)
    assert broken["events"] == []


def test_the_fix_brings_the_work_into_the_handler(mended: dict[str, Any]) -> None:
    assert asyncio.run(mended["in_try"]()) == "handled"


@pytest.mark.parametrize(("name", "last"), [("in_finally", "finally"), ("in_with", "leave")])
def test_the_fix_brings_the_work_before_what_comes_last(mended: dict[str, Any], name: str, last: str) -> None:
    with pytest.raises(KeyError):
        asyncio.run(mended[name]())
    assert mended["events"][-2:] == ["load", last]
