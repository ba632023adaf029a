"""What dropped-task says of dropped tasks and futures, seen on the interpreter."""

import asyncio
import gc
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from async_lint.knowledge.tables import table
from tests.harness import lint

Start = Callable[[Any], object]  # takes a coroutine


def create_task(coroutine: Any) -> object:
    return asyncio.create_task(coroutine)


def loop_create_task(coroutine: Any) -> object:
    return asyncio.get_running_loop().create_task(coroutine)


def task(coroutine: Any) -> object:
    return asyncio.Task(coroutine)


def ensure_future(coroutine: Any) -> object:
    return asyncio.ensure_future(coroutine)


def run_coroutine_threadsafe(coroutine: Any) -> object:
    return asyncio.run_coroutine_threadsafe(coroutine, asyncio.get_running_loop())


def gather(coroutine: Any) -> object:
    return asyncio.gather(coroutine)


def gather_return_exceptions(coroutine: Any) -> object:
    return asyncio.gather(coroutine, return_exceptions=True)


def gather_of_a_task(coroutine: Any) -> object:
    return asyncio.gather(asyncio.create_task(coroutine))


def shield_of_a_task(coroutine: Any) -> object:
    return asyncio.shield(asyncio.create_task(coroutine))


def shield(coroutine: Any) -> object:
    return asyncio.shield(coroutine)


WEAK = [create_task, loop_create_task, task, ensure_future, run_coroutine_threadsafe, gather, shield]
WEAK += [gather_of_a_task, shield_of_a_task]


class Outcome(NamedTuple):
    """What happened to work that waits: which steps it took, and what the event loop's exception handler was told."""

    steps: list[str]
    logged: list[str]


@pytest.fixture(autouse=True)
def _collect_by_hand(only_new_garbage: None) -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


def outcome(start: Callable[[list[str]], object]) -> Outcome:
    """Run `start` on an event loop, drop what it returns, collect garbage, and look."""
    found = Outcome([], [])

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, about: found.logged.append(about["message"]))
        start(found.steps)
        for _ in range(5):
            await asyncio.sleep(0)
        gc.collect()
        await asyncio.sleep(0)
        found.steps.append("collected")

    asyncio.run(main())
    return found


async def waits(steps: list[str]) -> None:
    """Wait for something that only this coroutine refers to."""
    steps.append("begun")
    try:
        await asyncio.get_running_loop().create_future()
    finally:
        steps.append("closed")


async def sleeps(steps: list[str]) -> None:
    """Wait for a timer of the event loop."""
    await asyncio.sleep(0.001)
    steps.append("ended")


async def ends_at_once(steps: list[str]) -> None:
    steps.append("ended")


async def fails(steps: list[str]) -> None:
    raise ValueError


@pytest.mark.parametrize("start", WEAK)
def test_the_work_is_collected_before_it_ends(start: Start) -> None:
    assert outcome(lambda steps: start(waits(steps))).steps == ["begun", "closed", "collected"]


@pytest.mark.parametrize("start", [create_task, ensure_future, run_coroutine_threadsafe, shield])
def test_that_a_task_was_collected_is_logged(start: Start) -> None:
    assert outcome(lambda steps: start(waits(steps))).logged == ["Task was destroyed but it is pending!"]


def test_that_a_gathered_task_was_collected_is_not_even_logged() -> None:
    assert outcome(lambda steps: gather(waits(steps))).logged == []


@pytest.mark.parametrize("start", WEAK)
def test_a_strong_reference_prevents_that(start: Start) -> None:
    kept: set[object] = set()
    assert outcome(lambda steps: kept.add(start(waits(steps)))).steps[:2] == ["begun", "collected"]


@pytest.mark.parametrize("share", [asyncio.gather, asyncio.shield])
def test_a_task_that_has_an_owner_goes_on_without_those_that_share_it(share: Callable[[Any], object]) -> None:
    owned: set[Any] = set()

    def start(steps: list[str]) -> None:
        owned.add(asyncio.create_task(waits(steps)))
        share(*owned)

    assert outcome(start).steps[:2] == ["begun", "collected"]


class Owner:
    """Holds a task in an attribute."""

    def __init__(self, steps: list[str]) -> None:
        self.steps = steps
        self.work = asyncio.create_task(waits(steps))

    async def wait(self) -> None:
        try:
            await self.work
        finally:
            self.steps.append("waiter closed")


def test_a_task_that_an_attribute_holds_holds_who_waits_for_it() -> None:
    owners: list[Owner] = []

    def start(steps: list[str]) -> None:
        owners.append(Owner(steps))
        create_task(owners[0].wait())

    assert outcome(start).steps[:2] == ["begun", "collected"]


def test_the_callback_of_a_collected_task_never_runs() -> None:
    found = outcome(lambda steps: asyncio.create_task(waits(steps)).add_done_callback(lambda _: steps.append("called")))
    assert found.steps == ["begun", "closed", "collected"]


@pytest.mark.parametrize("queue", [asyncio.Queue, asyncio.LifoQueue, asyncio.PriorityQueue])
def test_a_put_into_a_queue_without_a_bound_has_nothing_to_lose(queue: Callable[[], "asyncio.Queue[int]"]) -> None:
    made: list[asyncio.Queue[int]] = []

    def start(steps: list[str]) -> None:
        made.append(queue())
        create_task(made[0].put(1))
        run_coroutine_threadsafe(made[0].put(2))

    logged = outcome(start).logged
    assert (made[0].qsize(), logged) == (2, [])


@pytest.mark.parametrize("work", [sleeps, ends_at_once])
@pytest.mark.parametrize("start", WEAK)
def test_a_coroutine_that_only_sleeps_or_never_waits_is_not_collected(
    start: Start, work: Callable[[list[str]], Any]
) -> None:
    steps: list[str] = []

    async def main() -> None:
        start(work(steps))
        for _ in range(5):
            await asyncio.sleep(0)
            gc.collect()
        await asyncio.sleep(0.05)

    asyncio.run(main())
    assert steps == ["ended"]


def test_a_thread_holds_the_task_that_waits_for_it() -> None:
    steps: list[str] = []
    go_on = threading.Event()

    async def in_a_thread() -> None:
        await asyncio.to_thread(go_on.wait)
        steps.append("ended")

    async def main() -> None:
        create_task(in_a_thread())
        for _ in range(5):
            await asyncio.sleep(0)
            gc.collect()
        go_on.set()
        await asyncio.sleep(0.1)

    asyncio.run(main())
    assert steps == ["ended"]


def wait_with_a_timer() -> Any:
    return asyncio.wait([asyncio.get_running_loop().create_future()], timeout=0.01)


@pytest.mark.parametrize(
    "wait", [lambda: asyncio.to_thread(time.sleep, 0.01), lambda: asyncio.sleep(0.01), wait_with_a_timer]
)
def test_a_task_of_a_call_that_a_timer_or_a_thread_ends_is_not_collected(wait: Callable[[], Any]) -> None:
    ended: list[bool] = []

    async def main() -> None:
        asyncio.create_task(wait()).add_done_callback(lambda task: ended.append(task.exception() is None))
        for _ in range(5):
            await asyncio.sleep(0)
            gc.collect()
        await asyncio.sleep(0.1)

    asyncio.run(main())
    assert ended == [True]


def test_a_shield_waits_for_nothing_unless_it_is_awaited() -> None:
    async def main() -> bool:
        task = asyncio.create_task(sleeps([]))
        asyncio.shield(task)
        return task.done()

    assert not asyncio.run(main())


def test_a_put_that_waits_for_room_is_collected() -> None:
    def start(steps: list[str]) -> None:
        full: asyncio.Queue[int] = asyncio.Queue(1)
        full.put_nowait(0)
        create_task(full.put(1))

    assert outcome(start).logged == ["Task was destroyed but it is pending!"]


def test_a_local_set_that_nobody_refers_to_keeps_nothing() -> None:
    def start(steps: list[str]) -> None:
        tasks = set()
        each = asyncio.create_task(waits(steps))
        tasks.add(each)
        each.add_done_callback(tasks.discard)

    assert outcome(start).steps == ["begun", "closed", "collected"]


def test_a_local_keeps_the_task_while_its_function_awaits() -> None:
    async def holder(steps: list[str]) -> None:
        held = asyncio.create_task(waits(steps))
        await asyncio.get_running_loop().create_future()
        print(held)

    holders: set[object] = set()
    assert outcome(lambda steps: holders.add(asyncio.create_task(holder(steps)))).steps[:2] == ["begun", "collected"]


def test_call_soon_drops_what_its_callback_returns() -> None:
    def start(steps: list[str]) -> None:
        asyncio.get_running_loop().call_soon(lambda: asyncio.create_task(waits(steps)))

    assert outcome(start).steps == ["begun", "closed", "collected"]


@pytest.mark.parametrize("start", [create_task, loop_create_task, task, ensure_future, gather, shield])
def test_an_error_is_only_logged(start: Start) -> None:
    logged = outcome(lambda steps: start(fails(steps))).logged
    assert len(logged) == 1
    assert logged[0].endswith("exception was never retrieved")


@pytest.mark.parametrize("start", [run_coroutine_threadsafe, gather_return_exceptions])
def test_an_error_is_not_even_logged(start: Start) -> None:
    assert outcome(lambda steps: start(fails(steps))).logged == []


def test_an_executor_finishes_the_work_and_logs_the_error() -> None:
    logged: list[str] = []
    steps: list[str] = []

    def work() -> None:
        steps.append("done")
        raise ValueError

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, about: logged.append(about["message"]))
        loop.run_in_executor(None, work)
        gc.collect()
        await loop.shutdown_default_executor()
        await asyncio.sleep(0)
        gc.collect()

    asyncio.run(main())
    assert steps == ["done"]
    assert logged == ["Future exception was never retrieved"]


def test_a_future_comes_back_from_ensure_future_itself() -> None:
    async def main() -> bool:
        future = asyncio.get_running_loop().create_future()
        return asyncio.ensure_future(future) is future

    assert asyncio.run(main())


def test_a_task_group_keeps_its_tasks() -> None:
    group = getattr(asyncio, "TaskGroup", None)
    if group is None:
        pytest.skip("task groups came with Python 3.11")
    steps: list[str] = []

    async def main() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(grouped(), 0.01)

    async def grouped() -> None:
        async with group() as tasks:
            tasks.create_task(waits(steps))
            await asyncio.sleep(0)
            gc.collect()
            steps.append("collected")

    asyncio.run(main())
    assert steps == ["begun", "collected", "closed"]


def test_what_the_table_says_was_tried() -> None:
    tried = {"create_task", "Task", "ensure_future", "run_coroutine_threadsafe", "gather", "shield", "run_in_executor"}
    named = {name.rpartition(".")[2] for entry in table("scheduling")["scheduler"] for name in entry["names"]}
    assert named == tried


FIXED = """
import asyncio
import gc

steps: list[str] = []


async def waits() -> None:
    steps.append("begun")
    future = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(0.01, future.set_result, None)
    await future
    steps.append("ended")


def start() -> None:
    asyncio.create_task(waits()).add_done_callback(lambda _: steps.append("called"))


async def main() -> None:
    start()
    await asyncio.sleep(0)
    gc.collect()
    await asyncio.sleep(0.1)
"""


def test_the_fix_keeps_the_task_until_it_is_done() -> None:
    text = lint({"example.py": FIXED}, ["ASL104"], fix=True, unsafe=True).texts["example.py"]
    program: dict[str, Any] = {}
    exec(compile(text, "example.py", "exec"), program)
    asyncio.run(program["main"]())
    assert program["steps"] == ["begun", "ended", "called"]
    assert program["_background_tasks"] == set()
