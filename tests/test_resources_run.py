"""What the page of ASL703 says, run: what is reported stays open, what is not is closed, and the fix closes it."""

import asyncio
import contextlib
import gc
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.harness import lint


class Session:
    """A session that counts how many are open, and whose requests may fail."""

    opened: ClassVar[list["Session"]] = []
    failing = False

    def __init__(self) -> None:
        self.is_open = True
        Session.opened.append(self)

    async def get(self, url: str) -> int:
        await asyncio.sleep(0)
        if Session.failing:
            raise OSError(url)
        return 200

    async def close(self) -> None:
        self.is_open = False

    async def __aenter__(self) -> "Session":
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()


def left_open(text: str, failing: bool = False) -> int:
    """Return how many sessions are open when a program's `main` has been left."""
    names: dict[str, Any] = {}
    exec(
        compile(text.replace("import aiohttp\n", "").replace("aiohttp.ClientSession", "Session"), "program.py", "exec"),
        names,
    )
    names["Session"] = Session
    Session.opened, Session.failing = [], failing
    with contextlib.suppress(OSError, LookupError):
        asyncio.run(names["main"]())
    return sum(session.is_open for session in Session.opened)


def reported(text: str) -> list[str]:
    return [each.message for each in lint({"program.py": text}, ["ASL703"]).diagnostics]


def program(*lines: str) -> str:
    return "\n".join(["import aiohttp", "", "", "async def main():", *(f"    {line}" for line in lines), ""])


NEVER = program("session = aiohttp.ClientSession()", "return await session.get('/')")
NO_NAME = program("return await aiohttp.ClientSession().get('/')")
RETURN = program(
    "session = aiohttp.ClientSession()", "if await session.get('/') == 200:", "    return", "await session.close()"
)
RAISE = program(
    "session = aiohttp.ClientSession()",
    "if await session.get('/') == 200:",
    "    raise LookupError",
    "await session.close()",
)
LOOP = program(
    "for page in range(2):",
    "    session = aiohttp.ClientSession()",
    "    if await session.get('/') == 404:",
    "        await session.close()",
)
ERROR = program("session = aiohttp.ClientSession()", "await session.get('/')", "await session.close()")
CAUGHT = program(
    "session = aiohttp.ClientSession()",
    "try:",
    "    await session.get('/')",
    "    await session.close()",
    "except OSError:",
    "    pass",
)
PASSED_ON = program(
    "session = aiohttp.ClientSession()",
    "if await session.get('/') == 200:",
    "    raise LookupError",
    "return session",
)


@pytest.mark.parametrize(
    ("text", "failing", "open_after"),
    [
        pytest.param(NEVER, False, 1, id="nothing closes it"),
        pytest.param(NO_NAME, False, 1, id="no name"),
        pytest.param(RETURN, False, 1, id="return before the close"),
        pytest.param(RAISE, False, 1, id="raise before the close"),
        pytest.param(LOOP, False, 2, id="the next turn opens another"),
        pytest.param(ERROR, True, 1, id="error before the close"),
        pytest.param(PASSED_ON, False, 1, id="raise before it is passed on"),
        pytest.param(PASSED_ON, True, 1, id="error before it is passed on"),
        pytest.param(CAUGHT, True, 1, id="caught error before the close"),
    ],
)
def test_what_is_reported_stays_open(text: str, failing: bool, open_after: int) -> None:
    assert len(reported(text)) == 1
    assert left_open(text, failing) == open_after


ENTERED = program("async with aiohttp.ClientSession() as session:", "    return await session.get('/')")
FINALLY = program(
    "session = aiohttp.ClientSession()", "try:", "    await session.get('/')", "finally:", "    await session.close()"
)
HANDLER = program(
    "session = aiohttp.ClientSession()",
    "try:",
    "    await session.get('/')",
    "except Exception:",
    "    await session.close()",
    "    raise",
    "await session.close()",
)
ASKED_FIRST = program(
    "session = None",
    "try:",
    "    session = aiohttp.ClientSession()",
    "    await session.get('/')",
    "finally:",
    "    if session is not None:",
    "        await session.close()",
)


@pytest.mark.parametrize("failing", [False, True])
@pytest.mark.parametrize("text", [ENTERED, FINALLY, HANDLER, ASKED_FIRST], ids=["with", "finally", "handler", "asked"])
def test_what_is_not_reported_is_closed(text: str, failing: bool) -> None:
    assert reported(text) == []
    assert left_open(text, failing) == 0


@pytest.mark.parametrize("failing", [False, True])
def test_the_fix_closes_it(failing: bool) -> None:
    fixed = lint({"program.py": NEVER}, ["ASL703"], fix=True, unsafe=True)
    assert fixed.diagnostics == []
    assert left_open(fixed.texts["program.py"], failing) == 0


async def open_file(path: Path) -> str:
    file = path.open()
    return file.read()


def test_a_file_is_closed_when_nothing_refers_to_it(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_text("text")
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        assert asyncio.run(open_file(path)) == "text"
        gc.collect()
    assert [str(each.message).partition(" ")[0] for each in said if each.category is ResourceWarning] == ["unclosed"]


def test_the_threads_of_an_executor_end_when_nothing_refers_to_it() -> None:
    executor = ThreadPoolExecutor(1)
    thread = executor.submit(threading.current_thread).result()
    assert thread.is_alive()
    del executor
    gc.collect()
    thread.join(5)
    assert not thread.is_alive()


def test_a_stream_stays_open_as_long_as_something_refers_to_it() -> None:
    ended: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ended.append(await reader.read())
        writer.close()

    async def ask(port: int) -> asyncio.StreamWriter:
        _, writer = await asyncio.open_connection("localhost", port)
        return writer

    async def main() -> None:
        async with await asyncio.start_server(answer, "localhost", 0) as server:
            writer = await ask(server.sockets[0].getsockname()[1])
            await asyncio.sleep(0.05)
            assert ended == []
            writer.close()
            await asyncio.sleep(0.05)
            assert ended == [b""]

    asyncio.run(main())
