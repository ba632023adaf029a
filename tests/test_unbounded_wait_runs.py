"""What unbounded-wait says of waits for a reply, seen on the interpreter; its fix, run before and after."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from tests.harness import FIXTURES
from tests.test_docs import PAGES, blocks
from tests.virtual_time import DeadlockError, Outcome, VirtualLoop, run

of_3_11: Any = asyncio  # what the oldest Python does not have
Program = Callable[[], Coroutine[Any, Any, object]]

_HAS_TIMEOUT = pytest.mark.skipif(sys.version_info < (3, 11), reason="asyncio.timeout is of Python 3.11")
_WRAPPED = FIXTURES / "unbounded-wait" / "wrapped.py"
_EXAMPLES = [
    block for block in blocks((PAGES / "unbounded-wait.md").read_text("utf-8")) if "class Client" in block.code
]


def never_ends(program: Program) -> bool:
    """Whether nothing is left that could end a program that has not ended."""
    loop = VirtualLoop()
    task = loop.create_task(program())
    try:
        loop.run_until_complete(task)
    except DeadlockError:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            loop.run_until_complete(task)
        return True
    finally:
        loop.close()
    return False


class Silent:
    """A transport, and a connection, whose peer takes every question and never replies."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    def write(self, question: bytes) -> None:
        self.taken.append(question)

    async def send(self, question: bytes) -> None:
        self.taken.append(question)


def client_of(code: str) -> Any:
    """Return the class `Client` of a program, made with a silent peer."""
    names: dict[str, Any] = {}
    exec(code, names)
    return names["Client"]


async def of_a_future() -> None:
    await asyncio.get_running_loop().create_future()


async def of_an_event() -> None:
    await asyncio.Event().wait()


async def of_an_event_that_was_cleared() -> None:
    event = asyncio.Event()
    event.set()
    await event.wait()
    event.clear()
    await event.wait()


async def of_a_queue() -> None:
    await asyncio.Queue[int]().get()


async def of_who_waits_for_it() -> None:
    await asyncio.gather(of_a_future(), asyncio.sleep(5))


@pytest.mark.parametrize(
    "wait", [of_a_future, of_an_event, of_an_event_that_was_cleared, of_a_queue, of_who_waits_for_it]
)
def test_a_wait_that_nobody_ends_lasts_for_ever(wait: Program) -> None:
    assert never_ends(wait)


def test_a_wait_ends_when_somebody_acts() -> None:
    async def main() -> object:
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        loop.call_later(60, future.set_result, "reply")
        return await future

    assert not never_ends(main)
    assert run(main) == Outcome("reply", None, 60, 0)


def test_the_death_of_the_task_that_reads_replies_ends_no_wait() -> None:
    async def main() -> None:
        pending = {1: asyncio.get_running_loop().create_future()}

        async def read() -> None:
            await asyncio.sleep(1)
            pending[int("no number")].set_result(None)

        reading = asyncio.create_task(read())
        try:
            await pending[1]
        finally:
            assert isinstance(reading.exception(), ValueError)

    assert never_ends(main)


def test_an_error_ends_the_wait_where_a_closed_connection_sets_it() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        loop.call_later(3, future.set_exception, ConnectionResetError())
        await future

    outcome = run(main)
    assert (type(outcome.error), outcome.seconds) == (ConnectionResetError, 3)


@_HAS_TIMEOUT
def test_what_sets_the_result_after_the_deadline_has_to_ask_first() -> None:
    async def main() -> bool:
        future = asyncio.get_running_loop().create_future()
        with pytest.raises(TimeoutError):
            async with of_3_11.timeout(5):
                await future
        assert future.done()
        with pytest.raises(asyncio.InvalidStateError):
            future.set_result("late")
        return future.cancelled()

    assert run(main) == Outcome(True, None, 5, 0)


@_HAS_TIMEOUT
def test_the_page_shows_a_wait_for_ever_and_one_of_ten_seconds() -> None:
    bad, good = (client_of(example.code) for example in _EXAMPLES)
    assert [example.mark for example in _EXAMPLES] == ["Bad", "Good"]
    assert never_ends(lambda: bad(Silent()).ask(1, b"question"))
    client = good(Silent())
    outcome = run(lambda: client.ask(1, b"question"))
    assert (type(outcome.error), outcome.seconds) == (TimeoutError, 10)
    assert client._pending == {}


@_HAS_TIMEOUT
@pytest.mark.parametrize(("method", "arguments"), [("ask", (1, b"question")), ("ask_again", (b"question",))])
def test_the_fix_ends_the_wait(method: str, arguments: tuple[object, ...]) -> None:
    before = client_of(_WRAPPED.read_text("utf-8"))(Silent())
    fixed = client_of(_WRAPPED.with_suffix(".fixed.py").read_text("utf-8"))(Silent())
    assert never_ends(lambda: getattr(before, method)(*arguments))
    outcome = run(lambda: getattr(fixed, method)(*arguments))
    assert (type(outcome.error), outcome.seconds) == (TimeoutError, 5)
    assert fixed.connection.taken == [b"question"]
    assert fixed.pending == {}


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_an_event_of_anyio_has_no_deadline_of_its_own(backend: str) -> None:
    anyio = pytest.importorskip("anyio")
    pytest.importorskip(backend)

    async def main() -> bool:
        with anyio.move_on_after(0.01) as scope:
            await anyio.Event().wait()
        return bool(scope.cancelled_caught)

    assert anyio.run(main, backend=backend)


def test_an_event_of_trio_has_no_deadline_of_its_own() -> None:
    trio = pytest.importorskip("trio")

    async def main() -> bool:
        with trio.move_on_after(0.01) as scope:
            await trio.Event().wait()
        return bool(scope.cancelled_caught)

    assert trio.run(main)
