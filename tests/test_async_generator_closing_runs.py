"""What async-generator-not-closed and yield-in-cancel-scope say, seen on the interpreter."""

import asyncio
import contextlib
import contextvars
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from typing import Any

import anyio
import pytest

from tests.harness import lint

of_3_11: Any = asyncio  # what the oldest Python does not have
_HAS_SCOPES = pytest.mark.skipif(sys.version_info < (3, 11), reason="asyncio.timeout and TaskGroup are of Python 3.11")
_USER: contextvars.ContextVar[str] = contextvars.ContextVar("user", default="nobody")

TABLE = """
class Table:
    async def rows(self):
        async with self.lock:
            yield 1


async def first(resource: Table):
    async for row in resource.rows():
        return row
"""


class Resource:
    """Counts how often it was closed, and by which task."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.steps: list[str] = []
        self.closed_by: list[asyncio.Task[Any] | None] = []

    async def rows(self) -> AsyncGenerator[int, None]:
        async with self.lock:
            try:
                for number in range(9):
                    yield number
            finally:
                self.closed_by.append(asyncio.current_task())
                self.steps.append("closed")

    def plain_rows(self) -> Iterator[int]:
        try:
            yield from range(9)
        finally:
            self.steps.append("closed")


async def turns(steps: int = 5) -> None:
    for _ in range(steps):
        await asyncio.sleep(0)


def reports(program: Callable[[], Awaitable[object]]) -> list[dict[str, Any]]:
    """Run a program, and return what the event loop was told of errors that nobody gets."""
    told: list[dict[str, Any]] = []

    async def main() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: told.append(context))
        await program()

    asyncio.run(main())
    return told


def test_a_plain_generator_is_closed_where_the_loop_is_left() -> None:
    resource = Resource()
    for _ in resource.plain_rows():
        break
    resource.steps.append("behind")
    assert resource.steps == ["closed", "behind"]


def test_an_async_generator_is_closed_later_and_by_another_task() -> None:
    async def main() -> Resource:
        resource = Resource()
        async for _ in resource.rows():
            break
        resource.steps.append("behind")
        assert resource.lock.locked()
        await turns()
        assert resource.closed_by != [asyncio.current_task()]
        return resource

    assert asyncio.run(main()).steps == ["behind", "closed"]


def test_with_aclosing_it_is_closed_first_and_by_the_task_that_iterates() -> None:
    async def main() -> Resource:
        resource = Resource()
        async with contextlib.aclosing(resource.rows()) as rows:
            async for _ in rows:
                break
        resource.steps.append("behind")
        assert not resource.lock.locked()
        assert resource.closed_by == [asyncio.current_task()]
        return resource

    assert asyncio.run(main()).steps == ["closed", "behind"]


def test_the_fix_closes_it_before_the_function_returns() -> None:
    outcome = lint({"program.py": TABLE}, ["ASL701"], fix=True, unsafe=True)
    assert outcome.applied
    assert outcome.diagnostics == []
    assert _steps_of(TABLE) == ["returned", "closed"]
    assert _steps_of(outcome.texts["program.py"]) == ["closed", "returned"]


def _steps_of(text: str) -> list[str]:
    names: dict[str, Any] = {}
    exec(compile(text, "program.py", "exec"), names)

    async def main() -> list[str]:
        resource = Resource()
        await names["first"](resource)
        resource.steps.append("returned")
        await turns()
        return resource.steps

    return asyncio.run(main())


def test_who_waits_for_what_the_generator_holds_waits_for_itself() -> None:
    async def main() -> None:
        resource = Resource()
        rows = resource.rows()
        async for _ in rows:
            break
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(resource.lock.acquire(), 0.05)
        assert resource.steps == []
        await rows.aclose()

    asyncio.run(main())


async def _fails_by_name(resource: Resource) -> None:
    rows = resource.rows()
    async for row in rows:
        raise LookupError(row)


async def _fails(resource: Resource) -> None:
    async for row in resource.rows():
        raise LookupError(row)


@pytest.mark.parametrize(
    ("fails", "steps"), [(_fails_by_name, ["handled", "closed"]), (_fails, ["closed", "handled"])], ids=["named", "not"]
)
def test_a_traceback_keeps_a_generator_with_a_name_alive(
    fails: Callable[[Resource], Awaitable[None]], steps: list[str]
) -> None:
    async def main() -> list[str]:
        resource = Resource()
        try:
            await fails(resource)
        except LookupError:
            await turns()
            resource.steps.append("handled")
        await turns()
        return resource.steps

    assert asyncio.run(main()) == steps


def test_what_nobody_collected_is_closed_when_the_program_ends() -> None:
    resource: list[Resource] = []
    kept: list[AsyncGenerator[int, None]] = []

    async def main() -> None:
        resource.append(Resource())
        kept.append(resource[0].rows())
        async for _ in kept[0]:
            break
        await turns()
        assert resource[0].steps == []

    asyncio.run(main())
    assert resource[0].steps == ["closed"]


def test_a_context_variable_is_reset_in_another_context() -> None:
    async def rows() -> AsyncGenerator[int, None]:
        token = _USER.set("somebody")
        try:
            yield 1
        finally:
            _USER.reset(token)

    async def main() -> None:
        async for _ in rows():
            break
        await turns()

    assert [type(told["exception"]) for told in reports(main)] == [ValueError]


def test_to_close_the_outer_generator_does_not_close_the_inner_one() -> None:
    async def outer(resource: Resource) -> AsyncGenerator[int, None]:
        async for row in resource.rows():
            yield row

    async def main() -> None:
        resource = Resource()
        async with contextlib.aclosing(outer(resource)) as rows:
            async for _ in rows:
                break
        assert resource.steps == []
        await turns()
        assert resource.steps == ["closed"]

    asyncio.run(main())


@_HAS_SCOPES
def test_a_deadline_in_a_generator_cancels_the_consumer_and_raises_no_timeout_error() -> None:
    async def numbers() -> AsyncGenerator[int, None]:
        async with of_3_11.timeout(0.01):
            yield 1
            yield 2

    async def consumer(steps: list[str]) -> None:
        try:
            async for number in numbers():
                steps.append(f"got {number}")
                await asyncio.sleep(60)
        except TimeoutError:
            steps.append("timeout")
        except asyncio.CancelledError:
            steps.append("cancelled")
            raise

    async def main() -> tuple[list[str], bool]:
        steps: list[str] = []
        task = asyncio.create_task(consumer(steps))
        await asyncio.wait([task])
        return steps, task.cancelled()

    assert asyncio.run(main()) == (["got 1", "cancelled"], True)


@_HAS_SCOPES
def test_a_deadline_around_the_wait_alone_leaves_the_consumer_its_time() -> None:
    async def numbers() -> AsyncGenerator[int, None]:
        for number in (1, 2):
            async with of_3_11.timeout(0.01):
                await asyncio.sleep(0)
            yield number

    async def main() -> list[int]:
        seen = []
        async for number in numbers():
            await asyncio.sleep(0.03)
            seen.append(number)
        return seen

    assert asyncio.run(main()) == [1, 2]


@_HAS_SCOPES
def test_a_task_group_in_a_generator_cancels_the_consumer_and_its_error_is_only_logged() -> None:
    async def fail() -> None:
        raise LookupError

    async def numbers() -> AsyncGenerator[int, None]:
        async with of_3_11.TaskGroup() as group:
            group.create_task(fail())
            yield 1

    async def consumer(steps: list[str]) -> None:
        try:
            async for _ in numbers():
                await asyncio.sleep(60)
        except Exception as error:
            steps.append(type(error).__name__)
        except asyncio.CancelledError:
            steps.append("cancelled")

    async def main() -> None:
        steps: list[str] = []
        await asyncio.create_task(consumer(steps))
        await turns()
        assert steps == ["cancelled"]

    assert [type(told["exception"]).__name__ for told in reports(main)] == ["BaseExceptionGroup"]


@_HAS_SCOPES
def test_a_task_group_of_a_generator_that_was_left_goes_on_and_makes_a_group_of_its_end() -> None:
    async def main() -> None:
        steps: list[str] = []

        async def work() -> None:
            try:
                await asyncio.sleep(60)
            finally:
                steps.append("cancelled")

        async def numbers() -> AsyncGenerator[int, None]:
            async with of_3_11.TaskGroup() as group:
                group.create_task(work())
                yield 1
                yield 2

        rows = numbers()
        async for _ in rows:
            await turns()
            break
        await turns()
        assert steps == []
        try:
            await rows.aclose()
        except BaseException as error:
            steps.append(type(error).__name__)
        assert steps == ["cancelled", "BaseExceptionGroup"]

    asyncio.run(main())


def test_a_cancel_scope_of_anyio_is_not_left_by_another_task() -> None:
    async def numbers() -> AsyncGenerator[int, None]:
        with anyio.move_on_after(60):
            yield 1
            yield 2

    async def main() -> None:
        async for _ in numbers():
            break
        await turns()

    assert [type(told["exception"]) for told in reports(main)] == [RuntimeError]
