"""What the fix of ASL501 does to a program that runs: a wait for what never comes ends in a TimeoutError."""

import asyncio
import subprocess
import sys
import textwrap

import pytest

from tests.harness import lint

SETTINGS = 'default-timeout = 0.2\nmissing-timeouts = "all"\ntarget-version = "{}"'
# Each program waits for a peer that says nothing, or for a process that goes on for a minute.
SILENT = """
import asyncio


async def main() -> None:
    # From Python 3.13 on, a connection whose writer nobody holds is closed.
    held = []
    server = await asyncio.start_server(lambda reader, writer: held.append(writer), "127.0.0.1", 0)
    _, port = server.sockets[0].getsockname()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    {}


asyncio.run(main())
"""
SLEEPER = """
import sys

import {library}


async def main() -> None:
    result = await {library}.run_process([sys.executable, "-c", "import time; time.sleep(60)"])
    print(result)


{start}
"""
STATEMENT = "line = await reader.readline()"
HEADER = "if await reader.readline(): print(1)"
COMPREHENSION = "lines = [await reader.readline() for _ in range(2)]"
GATHERED = "await asyncio.gather(reader.readline(), asyncio.sleep(0))"


def fixed(program: str, version: str) -> str:
    outcome = lint({"program.py": program}, ["ASL501"], SETTINGS.format(version), fix=True, unsafe=True)
    assert outcome.applied
    return outcome.texts["program.py"]


def failure_of(program: str) -> str:
    """Return the last line of what the program's failure prints; one that goes on for ten seconds fails the test."""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=10, check=False)
    assert ended.returncode == 1
    return ended.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(
    "version",
    [
        "3.10",
        pytest.param(
            "3.11", marks=pytest.mark.skipif(sys.version_info < (3, 11), reason="asyncio.timeout is of Python 3.11")
        ),
    ],
)
@pytest.mark.parametrize("statement", [STATEMENT, HEADER, COMPREHENSION, GATHERED])
def test_a_peer_that_says_nothing_holds_the_task_no_longer(statement: str, version: str) -> None:
    assert "TimeoutError" in failure_of(fixed(SILENT.format(statement), version))


def test_without_the_fix_it_does() -> None:
    async def waits() -> None:
        await asyncio.StreamReader().readline()

    async def main() -> None:
        done, pending = await asyncio.wait([asyncio.create_task(waits())], timeout=0.3)
        assert not done
        for task in pending:
            task.cancel()

    asyncio.run(main())


@pytest.mark.parametrize(
    ("library", "start"),
    [("anyio", "anyio.run(main)"), ("anyio", 'anyio.run(main, backend="trio")'), ("trio", "trio.run(main)")],
)
def test_a_process_is_ended_when_its_time_is_over(library: str, start: str) -> None:
    program = fixed(SLEEPER.format(library=library, start=start), "3.10")
    assert f"with {library}.fail_after(0.2):" in program
    last = failure_of(program)
    assert "TimeoutError" in last or "TooSlowError" in last


def test_a_generator_stands_at_its_yield_without_a_deadline() -> None:
    program = textwrap.dedent("""
        import asyncio
        import contextlib


        @contextlib.asynccontextmanager
        async def greeted(reader: asyncio.StreamReader):
            yield await reader.readline()


        async def main() -> None:
            async def say(reader, writer) -> None:
                writer.write(b"one\\n")

            server = await asyncio.start_server(say, "127.0.0.1", 0)
            _, port = server.sockets[0].getsockname()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            async with greeted(reader):
                await asyncio.sleep(0.5)


        asyncio.run(main())
        raise SystemExit("over")
    """)
    assert failure_of(fixed(program, "3.10")) == "over"


def test_a_process_goes_on_after_the_deadline_of_its_wait_until_it_is_killed() -> None:
    async def main() -> tuple[int | None, int]:
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", "import time; time.sleep(60)")
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(process.wait(), timeout=0.1)
        left = process.returncode
        process.kill()
        return left, await process.wait()

    left, ended = asyncio.run(main())
    assert left is None
    assert ended != 0
