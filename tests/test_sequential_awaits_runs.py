"""What the fix of ASL202 keeps and what it changes, as its page says: programs run before and after it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

import pytest

from tests.watched_programs import Watched, fixed, watched

_HEADER = """
import asyncio

import httpx


async def load(client: httpx.AsyncClient, name: str) -> str:
    response = await client.get(f"/items/{name}")
    return response.text


class Account:
    pass


async def run(client: httpx.AsyncClient) -> list[str]:
"""
NAMES = """
    user = await load(client, "user")
    plan = await load(client, "plan")
    size = await load(client, "size")
    return [user, plan, size]
"""
PLACES = """
    account = Account()
    account.user = await load(client, "user")
    account.plan = await load(client, "plan")
    size = await load(client, "size")
    return [account.user, account.plan, size]
"""
ENTRIES = """
    found = {}
    found["user"] = await load(client, "user")
    found["plan"] = await load(client, "plan")
    found["size"] = await load(client, name="size")
    return list(found.values())
"""
LONG = '''
    the_user_that_asks_for_it = await asyncio.wait_for(load(client, "user"), 60)
    the_plan = await load(
        client,
        """plan""",
    )
    the_size_of_all_that_the_user_has = await load(client, "size")
    return [the_user_that_asks_for_it, the_plan, the_size_of_all_that_the_user_has]
'''
SHAPES = pytest.mark.parametrize("shape", [NAMES, PLACES, ENTRIES, LONG], ids=["names", "places", "entries", "long"])
Load = Callable[[Any, str], Awaitable[str]]
Run = Callable[[Load], Callable[[Any], Awaitable[list[str]]]]
TURNS = {"user": 30, "plan": 20, "size": 10}


class Service(Watched):
    """Answers the later questions sooner."""

    def __init__(self, failing: str = "", turns: int = 0) -> None:
        super().__init__(lambda name: turns or TURNS[name], failing.split(), "the")


def before(shape: str) -> Run:
    return watched(_HEADER + shape)


def after(shape: str) -> Run:
    """Return the program that the fix makes of it."""
    return watched(fixed(_HEADER + shape, "ASL202"))


def run(program: Run, service: Service) -> list[str]:
    async def main() -> list[str]:
        return await program(service.load)(None)

    return asyncio.run(main())


@SHAPES
def test_each_result_goes_where_it_went_and_the_awaits_overlap(shape: str) -> None:
    one_by_one, together = Service(), Service()
    expected = ["the user", "the plan", "the size"]
    assert run(before(shape), one_by_one) == run(after(shape), together) == expected
    assert (one_by_one.finished, one_by_one.most) == (["user", "plan", "size"], 1)
    assert (together.finished, together.most) == (["size", "plan", "user"], 3)


@SHAPES
def test_the_exception_stays_but_those_below_it_are_started_and_go_on(shape: str) -> None:
    def watch(program: Run) -> Service:
        service = Service("user", turns=1)

        async def main() -> None:
            with pytest.raises(LookupError):
                await program(service.load)(None)
            await asyncio.sleep(0.01)

        asyncio.run(main())
        return service

    one_by_one, together = watch(before(shape)), watch(after(shape))
    assert (one_by_one.started, one_by_one.finished) == (["user"], [])
    assert sorted(together.started) == ["plan", "size", "user"]
    assert (sorted(together.finished), together.cancelled) == (["plan", "size"], [])


@SHAPES
def test_of_several_exceptions_the_first_to_happen_comes_out(shape: str) -> None:
    with pytest.raises(LookupError, match="user"):
        run(before(shape), Service("user size"))
    with pytest.raises(LookupError, match="size"):
        run(after(shape), Service("user size"))


@SHAPES
def test_cancelling_the_caller_cancels_what_runs(shape: str) -> None:
    def cancelled(program: Run) -> list[str]:
        service = Service()

        async def main() -> None:
            task = asyncio.ensure_future(program(service.load)(None))
            for _ in range(5):
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        asyncio.run(main())
        return sorted(service.cancelled)

    assert cancelled(before(shape)) == ["user"]
    assert cancelled(after(shape)) == ["plan", "size", "user"]


@SHAPES
def test_context_variables_do_not_reach_the_caller_any_more(shape: str) -> None:
    variable: ContextVar[str] = ContextVar("variable", default="")

    def reached(program: Run) -> str:
        async def load(client: Any, name: str) -> str:
            variable.set(name)
            await asyncio.sleep(0)
            return name

        async def main() -> str:
            await program(load)(None)
            return variable.get()

        return asyncio.run(main())

    assert reached(before(shape)) == "size"
    assert reached(after(shape)) == ""


def test_what_had_succeeded_is_bound_only_before_the_fix() -> None:
    def bound(program: Run) -> dict[str, Any]:
        found: dict[str, Any] = {}

        class Kept:
            def __setattr__(self, name: str, value: Any) -> None:
                found[name] = value

        async def main() -> None:
            run_of = program(Service("plan").load)
            run_of.__globals__["Account"] = Kept
            with pytest.raises(LookupError):
                await run_of(None)

        asyncio.run(main())
        return found

    assert bound(before(PLACES)) == {"user": "the user"}
    assert bound(after(PLACES)) == {}
