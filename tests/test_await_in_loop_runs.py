"""What the fix of ASL201 keeps and what it changes, as its page says: programs run before and after it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextvars import ContextVar
from typing import Any

import pytest

from tests.harness import lint
from tests.watched_programs import Watched, fixed, watched

_HEADER = """
import asyncio

import httpx


async def load(client: httpx.AsyncClient, item: int) -> str:
    response = await client.get(f"/items/{item}")
    return response.text


async def run(client: httpx.AsyncClient, items) -> list[str]:
"""
BARE = """
    for item in items:
        await load(client, item)
    return []
"""
APPENDED = """
    found = []
    for item in items:
        found.append(await load(client, item))
    return found
"""
COMPREHENSION = """
    return [await load(client, item) for item in items if item >= 0]
"""
TASKS = """
    tasks = [asyncio.create_task(load(client, item)) for item in items]
    return [await task for task in tasks]
"""
SHAPES = pytest.mark.parametrize("shape", [BARE, APPENDED, COMPREHENSION], ids=["bare", "appended", "comprehension"])
Load = Callable[[Any, int], Awaitable[str]]
Run = Callable[[Load], Callable[[Any, Any], Awaitable[list[str]]]]


class Items(Watched):
    """Answers later items sooner."""

    def __init__(self, failing: frozenset[int] = frozenset(), quick: bool = False) -> None:
        super().__init__(lambda item: 1 if quick else 30 - 10 * item, failing, "item")


def before(shape: str) -> Run:
    return watched(_HEADER + shape)


def after(shape: str) -> Run:
    """Return the program that the fix makes of it."""
    return watched(fixed(_HEADER + shape, "ASL201"))


def run(program: Run, items: Items, given: Any = (0, 1, 2)) -> list[str]:
    async def main() -> list[str]:
        return await program(items.load)(None, given)

    return asyncio.run(main())


@SHAPES
def test_results_and_their_order_stay(shape: str) -> None:
    one_by_one, together = Items(), Items()
    assert run(before(shape), one_by_one) == run(after(shape), together)
    assert (one_by_one.finished, one_by_one.most) == ([0, 1, 2], 1)
    assert (together.finished, together.most) == ([2, 1, 0], 3)


@SHAPES
def test_nothing_to_do_gives_the_same(shape: str) -> None:
    assert run(before(shape), Items(), ()) == run(after(shape), Items(), ()) == []


@SHAPES
def test_the_exception_stays_but_those_behind_it_are_started_and_go_on(shape: str) -> None:
    def watch(program: Run) -> Items:
        items = Items(frozenset({0}), quick=True)

        async def main() -> None:
            with pytest.raises(LookupError):
                await program(items.load)(None, (0, 1, 2))
            await asyncio.sleep(0.01)

        asyncio.run(main())
        return items

    one_by_one, together = watch(before(shape)), watch(after(shape))
    assert (one_by_one.started, one_by_one.finished) == ([0], [])
    assert (together.started, together.finished, together.cancelled) == ([0, 1, 2], [1, 2], [])


@SHAPES
def test_of_several_exceptions_the_first_to_happen_comes_out(shape: str) -> None:
    failing = frozenset({0, 2})
    with pytest.raises(LookupError, match="0"):
        run(before(shape), Items(failing))
    with pytest.raises(LookupError, match="2"):
        run(after(shape), Items(failing))


@SHAPES
def test_cancelling_the_caller_cancels_what_runs(shape: str) -> None:
    def cancelled(program: Run) -> list[int]:
        items = Items()

        async def main() -> None:
            task = asyncio.ensure_future(program(items.load)(None, (0, 1, 2)))
            for _ in range(5):
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        asyncio.run(main())
        return items.cancelled

    assert cancelled(before(shape)) == [0]
    assert cancelled(after(shape)) == [0, 1, 2]


@SHAPES
def test_all_items_are_taken_before_the_first_is_awaited(shape: str) -> None:
    def events(program: Run) -> list[str]:
        seen: list[str] = []

        def items() -> Iterator[int]:
            for item in range(2):
                seen.append(f"take {item}")
                yield item

        async def load(client: Any, item: int) -> str:
            seen.append(f"load {item}")
            await asyncio.sleep(0)
            return ""

        async def main() -> None:
            await program(load)(None, items())

        asyncio.run(main())
        return seen

    assert events(before(shape)) == ["take 0", "load 0", "take 1", "load 1"]
    assert events(after(shape)) == ["take 0", "take 1", "load 0", "load 1"]


@SHAPES
def test_context_variables_do_not_reach_the_caller_any_more(shape: str) -> None:
    variable: ContextVar[int] = ContextVar("variable", default=-1)

    def reached(program: Run) -> int:
        async def load(client: Any, item: int) -> str:
            variable.set(item)
            await asyncio.sleep(0)
            return ""

        async def main() -> int:
            await program(load)(None, (0, 1))
            return variable.get()

        return asyncio.run(main())

    assert reached(before(shape)) == 1
    assert reached(after(shape)) == -1


def test_tasks_that_run_already_run_together_as_they_are() -> None:
    assert lint({"program.py": _HEADER + TASKS}, ["ASL201"]).diagnostics == []
    items = Items()
    assert run(before(TASKS), items) == ["item 0", "item 1", "item 2"]
    assert (items.most, items.finished) == (3, [2, 1, 0])
