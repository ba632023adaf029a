"""What swallowed-cancellation says of cancellations, seen on the interpreter."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from typing import Any

import pytest

of_3_11: Any = asyncio  # what the oldest Python does not have
Work = Callable[[list[str]], Coroutine[Any, Any, Any]]

_HAS_TIMEOUT = pytest.mark.skipif(sys.version_info < (3, 11), reason="asyncio.timeout and TaskGroup are of Python 3.11")


async def turns(steps: int = 5) -> None:
    """Let everything else run for some turns of the event loop."""
    for _ in range(steps):
        await asyncio.sleep(0)


async def for_ever() -> None:
    await asyncio.get_running_loop().create_future()


async def goes_round(steps: list[str]) -> None:
    """Swallow each cancellation and wait again, until the third one."""
    while steps.count("cancelled") < 2:
        try:
            await for_ever()
        except asyncio.CancelledError:
            steps.append("cancelled")
    await for_ever()


async def waits_on(steps: list[str]) -> None:
    try:
        await for_ever()
    except asyncio.CancelledError:
        steps.append("cancelled")
    await turns(2)
    steps.append("went on")


async def suppresses(steps: list[str]) -> None:
    with contextlib.suppress(asyncio.CancelledError):
        await for_ever()
    await turns(2)
    steps.append("went on")


async def catches_all(steps: list[str]) -> None:
    try:
        await for_ever()
    except:  # noqa: E722
        steps.append("caught")
    await turns(2)
    steps.append("went on")


async def catches_exceptions(steps: list[str]) -> None:
    try:
        await for_ever()
    except Exception:
        steps.append("caught")
    await turns(2)
    steps.append("went on")


async def ends(steps: list[str]) -> None:
    try:
        await for_ever()
    except asyncio.CancelledError:
        steps.append("cancelled")


async def raises_again(steps: list[str]) -> None:
    try:
        await for_ever()
    except asyncio.CancelledError:
        steps.append("cancelled")
        raise


async def cancelled_once(work: Work) -> tuple["asyncio.Task[Any]", list[str]]:
    """Start `work`, cancel it once, and let the event loop run."""
    steps: list[str] = []
    task = asyncio.create_task(work(steps))
    await turns()
    task.cancel()
    await turns()
    return task, steps


async def stopped(task: "asyncio.Task[Any]") -> None:
    while not task.done():
        task.cancel()
        await turns()


def test_a_loop_that_goes_round_outlives_its_cancellation() -> None:
    async def main() -> None:
        task, steps = await cancelled_once(goes_round)
        assert not task.done()
        assert steps == ["cancelled"]
        await stopped(task)

    asyncio.run(main())


def test_asyncio_run_cancels_each_task_once_and_waits() -> None:
    """A second cancellation would be needed, which nobody sends: here the loop itself is stopped in the end."""
    steps: list[str] = []
    loop = asyncio.new_event_loop()

    async def main() -> "asyncio.Task[Any]":
        task = asyncio.create_task(goes_round(steps))
        await turns()
        return task

    task = loop.run_until_complete(main())
    task.cancel()  # as `asyncio.run` does with what is left
    with pytest.raises(TimeoutError if sys.version_info >= (3, 11) else asyncio.TimeoutError):
        loop.run_until_complete(asyncio.wait_for(asyncio.shield(task), 0.05))
    assert steps == ["cancelled"]
    loop.run_until_complete(stopped(task))
    loop.close()


@pytest.mark.parametrize("work", [waits_on, suppresses, catches_all])
def test_the_next_await_is_not_cancelled_again(work: Work) -> None:
    async def main() -> None:
        task, steps = await cancelled_once(work)
        assert task.done()
        assert not task.cancelled()
        assert steps[-1] == "went on"

    asyncio.run(main())


def test_except_exception_catches_no_cancellation() -> None:
    async def main() -> None:
        task, steps = await cancelled_once(catches_exceptions)
        assert task.cancelled()
        assert steps == []

    asyncio.run(main())


def test_a_task_that_ends_after_its_cancellation_is_done_and_not_cancelled() -> None:
    async def main() -> None:
        task, _ = await cancelled_once(ends)
        assert task.done()
        assert not task.cancelled()
        assert task.result() is None

    asyncio.run(main())


def test_a_task_that_raises_it_again_is_cancelled() -> None:
    async def main() -> None:
        task, steps = await cancelled_once(raises_again)
        assert task.cancelled()
        assert steps == ["cancelled"]

    asyncio.run(main())


def test_who_awaits_what_swallowed_it_goes_on() -> None:
    async def awaits(steps: list[str]) -> None:
        await ends(steps)
        await turns(2)
        steps.append("caller went on")

    async def main() -> None:
        task, steps = await cancelled_once(awaits)
        assert steps == ["cancelled", "caller went on"]
        assert not task.cancelled()

    asyncio.run(main())


def test_a_return_in_finally_ends_it() -> None:
    namespace: dict[str, Any] = {"for_ever": for_ever}
    # Written as text: newer compilers warn of it.
    code = "async def returns(steps):\n    try:\n        await for_ever()\n    finally:\n        return 1\n"
    with pytest.warns() if sys.version_info >= (3, 14) else contextlib.nullcontext():
        exec(code, namespace)

    async def main() -> None:
        task, _ = await cancelled_once(namespace["returns"])
        assert task.result() == 1

    asyncio.run(main())


def test_wait_for_does_not_time_out() -> None:
    async def main() -> object:
        return await asyncio.wait_for(ends([]), 0.01)

    assert asyncio.run(main()) is None


@_HAS_TIMEOUT
def test_a_deadline_passes_unnoticed_where_its_cancellation_ends_within_it() -> None:
    async def within(swallower: Callable[[], Awaitable[object]]) -> str:
        try:
            async with of_3_11.timeout(0.01):
                await swallower()
        except TimeoutError:
            return "timed out"
        return "unnoticed"

    assert asyncio.run(within(lambda: ends([]))) == "unnoticed"
    assert asyncio.run(within(lambda: raises_again([]))) == "timed out"


@_HAS_TIMEOUT
def test_a_task_group_waits_for_a_task_that_goes_on() -> None:
    async def fails() -> None:
        await turns()
        raise ValueError

    async def main() -> list[str]:
        steps: list[str] = []
        try:
            async with of_3_11.TaskGroup() as group:
                group.create_task(waits_on(steps))
                group.create_task(fails())
        except Exception as err:
            steps.append(type(err).__name__)
        return steps

    assert asyncio.run(main()) == ["cancelled", "went on", "ExceptionGroup"]


def test_a_child_that_was_cancelled_raises_in_who_awaits_it() -> None:
    """Nobody cancelled the task that catches it: nothing is swallowed."""

    async def main() -> None:
        child = asyncio.create_task(for_ever())
        await turns()
        child.cancel()
        with pytest.raises(asyncio.CancelledError):
            await child
        assert child.cancelled()
        if sys.version_info >= (3, 11):
            current: Any = asyncio.current_task()
            assert current.cancelling() == 0

    asyncio.run(main())


def test_a_task_cannot_tell_its_own_cancellation_from_that_of_its_child_by_the_exception() -> None:
    async def owner(steps: list[str]) -> None:
        child = asyncio.create_task(for_ever())
        try:
            await child
        except asyncio.CancelledError:
            steps.append("child cancelled" if child.cancelled() else "own")

    async def main() -> None:
        _, steps = await cancelled_once(owner)
        # Whoever awaits a task is cancelled through it: the child is cancelled as well.
        assert steps == ["child cancelled"]

    asyncio.run(main())


@_HAS_TIMEOUT
def test_uncancel_takes_a_request_back() -> None:
    async def takes_back(steps: list[str]) -> None:
        task: Any = asyncio.current_task()
        try:
            await for_ever()
        except asyncio.CancelledError:
            steps.append(str(task.cancelling()))
            task.uncancel()
        steps.append(str(task.cancelling()))

    async def main() -> None:
        _, steps = await cancelled_once(takes_back)
        assert steps == ["1", "0"]

    asyncio.run(main())


@_HAS_TIMEOUT
def test_what_is_swallowed_stays_requested() -> None:
    async def asks(steps: list[str]) -> None:
        await ends(steps)
        task: Any = asyncio.current_task()
        steps.append(str(task.cancelling()))

    async def main() -> None:
        _, steps = await cancelled_once(asks)
        assert steps == ["cancelled", "1"]

    asyncio.run(main())


@pytest.mark.skipif(sys.version_info < (3, 11), reason="before, asyncio.run let KeyboardInterrupt through")
@pytest.mark.skipif(sys.platform == "win32", reason="signals to oneself are different there")
def test_ctrl_c_cancels_what_asyncio_run_runs_and_not_what_run_until_complete_runs() -> None:
    async def waits(steps: list[str]) -> None:
        asyncio.get_running_loop().call_later(0.01, signal.raise_signal, signal.SIGINT)
        try:
            await for_ever()
        except asyncio.CancelledError:
            steps.append("cancelled")

    # In the background a shell has it ignored, and then it would be waited for in vain.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        cancelled: list[str] = []
        asyncio.run(waits(cancelled))  # no KeyboardInterrupt comes out: it was swallowed
        assert cancelled == ["cancelled"]

        uncancelled: list[str] = []
        loop = asyncio.new_event_loop()
        task = loop.create_task(waits(uncancelled))
        with pytest.raises(KeyboardInterrupt):
            loop.run_until_complete(task)
        assert uncancelled == []
        loop.run_until_complete(stopped(task))
        loop.close()
    finally:
        signal.signal(signal.SIGINT, before)


def test_asyncio_shield_keeps_its_task_from_the_cancellation_of_who_awaits_it() -> None:
    async def waits_to_the_end(steps: list[str]) -> None:
        cleaning = asyncio.create_task(turns(20))
        while not cleaning.done():
            try:
                await asyncio.shield(cleaning)
            except asyncio.CancelledError:
                steps.append("cancelled")
        steps.append("cancelled too" if cleaning.cancelled() else "cleaned")

    async def main() -> None:
        task, steps = await cancelled_once(waits_to_the_end)
        await task
        assert steps == ["cancelled", "cleaned"]

    asyncio.run(main())


def test_python_raises_again_what_an_aexit_was_given_where_that_gives_nothing_true() -> None:
    class Waits:
        def __init__(self, steps: list[str]) -> None:
            self.steps = steps

        async def __aenter__(self) -> None:
            pass

        async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
            try:
                await for_ever()
            except asyncio.CancelledError:
                self.steps.append("cancelled again")

    async def within(steps: list[str]) -> None:
        async with Waits(steps):
            await for_ever()

    async def main() -> None:
        task, steps = await cancelled_once(within)
        assert steps == []
        task.cancel()
        await turns()
        assert steps == ["cancelled again"]
        assert task.cancelled()

    asyncio.run(main())


def test_a_generator_raises_what_its_element_was_given_in_the_loop_that_has_it_from_there() -> None:
    def attempts() -> Iterator[list[BaseException]]:
        while True:
            errors: list[BaseException] = []
            yield errors
            for error in errors:
                raise error

    async def tries(steps: list[str]) -> None:
        for attempt in attempts():
            steps.append("try")
            try:
                await for_ever()
            except BaseException as err:
                attempt.append(err)

    async def main() -> None:
        task, steps = await cancelled_once(tries)
        assert steps == ["try"]
        assert task.cancelled()

    asyncio.run(main())


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_group_of_anyio_ends_with_a_worker_that_keeps_its_cancellation_back_and_ends(backend: str) -> None:
    anyio = pytest.importorskip("anyio")
    pytest.importorskip(backend)

    async def worker(steps: list[str]) -> None:
        try:
            await anyio.sleep_forever()
        except anyio.get_cancelled_exc_class():
            steps.append("stopped")

    async def main() -> list[str]:
        steps: list[str] = []
        async with anyio.create_task_group() as group:
            group.start_soon(worker, steps)
            # The worker is to wait by then.
            await anyio.wait_all_tasks_blocked()
            group.cancel_scope.cancel()
        return [*steps, "over"]

    assert anyio.run(main, backend=backend) == ["stopped", "over"]


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_scope_of_anyio_cancels_each_wait_anew(backend: str) -> None:
    anyio = pytest.importorskip("anyio")
    pytest.importorskip(backend)

    async def main() -> int:
        caught = 0
        with anyio.CancelScope() as scope:
            scope.cancel()
            for _ in range(3):
                try:
                    await anyio.sleep(0)
                except anyio.get_cancelled_exc_class():
                    caught += 1
        return caught

    assert anyio.run(main, backend=backend) == 3


def test_a_scope_of_trio_cancels_each_wait_anew() -> None:
    trio = pytest.importorskip("trio")

    async def main() -> int:
        caught = 0
        with trio.CancelScope() as scope:
            scope.cancel()
            for _ in range(3):
                try:
                    await trio.sleep(0)
                except trio.Cancelled:
                    caught += 1
        return caught

    assert trio.run(main) == 3


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.parametrize("wait", ["sleep", "acquire", "enter", "checkpoint", "cancel_shielded_checkpoint"])
def test_a_wait_of_anyio_in_a_handler_raises_the_cancellation_again(backend: str, wait: str) -> None:
    anyio = pytest.importorskip("anyio")
    pytest.importorskip(backend)
    lowlevel = pytest.importorskip("anyio.lowlevel")

    async def enter() -> None:
        async with anyio.Lock():
            pass

    async def main() -> tuple[bool, bool]:
        waits: dict[str, Callable[[], Awaitable[object]]] = {
            "sleep": lambda: anyio.sleep(0),
            "acquire": lambda: anyio.Lock().acquire(),
            "enter": enter,
            "checkpoint": lowlevel.checkpoint,
            "cancel_shielded_checkpoint": lowlevel.cancel_shielded_checkpoint,
        }
        handled = went_on = False
        with anyio.CancelScope() as scope:
            scope.cancel()
            try:
                await anyio.sleep(0)
            except anyio.get_cancelled_exc_class():
                handled = True
                await waits[wait]()
                went_on = True
        return handled, went_on

    # The last one is there to be waited for in a handler.
    assert anyio.run(main, backend=backend) == (True, wait == "cancel_shielded_checkpoint")


@pytest.mark.parametrize("is_shielded", [True, False])
def test_a_wait_of_trio_in_a_handler_raises_the_cancellation_again(is_shielded: bool) -> None:
    trio = pytest.importorskip("trio")

    async def main() -> bool:
        went_on = False
        with trio.CancelScope() as scope:
            scope.cancel()
            try:
                await trio.sleep(0)
            except trio.Cancelled:
                with trio.CancelScope(shield=is_shielded):
                    await trio.Lock().acquire()
                went_on = True
        return went_on

    assert trio.run(main) is is_shielded
