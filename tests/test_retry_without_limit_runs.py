"""What retry-without-limit says of loops that try again, seen on an event loop that has another task to run."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.harness import lint
from tests.virtual_time import VirtualLoop

HEADER = "import asyncio\n\nimport aiohttp\n\n\n"
AT_ONCE = """
async def ask(connect):
    while True:
        try:
            return await connect()
        except Exception:
            pass
"""
AFTER_A_SECOND = """
async def ask(connect):
    while True:
        try:
            return await connect()
        except Exception:
            await asyncio.sleep(1)
"""
GROWING = """
async def ask(connect):
    delay = 1
    while True:
        try:
            return await connect()
        except Exception:
            await asyncio.sleep(delay)
            delay *= 2
"""
LISTENS = """
async def ask(connect, session: aiohttp.ClientSession):
    while True:
        try:
            async with session.ws_connect("/") as socket:
                print(socket)
        except Exception:
            pass
"""

CONNECTS = """
async def serve(host, port):
    while True:
        try:
            reader, writer = await asyncio.open_connection(host, port)
            print(await reader.read())
        except Exception as err:
            print(err)
"""


class EnoughError(BaseException):
    """Ends a loop that nothing else would."""


class Peer:
    """Refuses so many connections, each after some turns of the event loop."""

    def __init__(self, refusals: int, turns: int = 0, error: type[Exception] = ConnectionError) -> None:
        self.times: list[float] = []
        self.refusals = refusals
        self.turns = turns
        self.error = error

    async def connect(self) -> str:
        self.times.append(asyncio.get_running_loop().time())
        if len(self.times) > self.refusals:
            raise EnoughError
        for _ in range(self.turns):
            await asyncio.sleep(0)
        raise self.error

    def ws_connect(self, _: str) -> "Peer":
        return self

    async def __aenter__(self) -> str:
        return await self.connect()

    async def __aexit__(self, *error: object) -> None:
        raise AssertionError("it was never entered")


def run(text: str, peer: Peer) -> int:
    """Run a program that is reported, if it is to be, and return how often another task had its turn meanwhile."""
    names: dict[str, Any] = {"asyncio": asyncio, "aiohttp": type("aiohttp", (), {"ClientSession": Peer})}
    exec(compile(text, "program.py", "exec"), names)
    ask: Callable[..., Awaitable[str]] = names["ask"]
    ticks = 0

    async def watchdog() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0)

    async def main() -> None:
        watching = asyncio.ensure_future(watchdog())
        given = [peer.connect, peer] if "session" in text else [peer.connect]
        try:
            await ask(*given)
        except EnoughError:
            pass
        finally:
            watching.cancel()

    loop = VirtualLoop()
    try:
        loop.run_until_complete(main())
    finally:
        loop.close()
    return ticks


def findings(text: str) -> int:
    settings = "retry-after-fixed-delay = true"
    return len(lint({"program.py": HEADER + text.lstrip()}, ["ASL704"], settings).diagnostics)


@pytest.mark.parametrize("text", [AT_ONCE, LISTENS])
def test_without_a_delay_no_other_task_has_its_turn(text: str) -> None:
    peer = Peer(refusals=10_000)
    assert findings(text) == 1
    assert run(text, peer) == 0
    assert len(peer.times) == 10_001


@pytest.mark.parametrize("text", [AT_ONCE, LISTENS])
def test_without_a_delay_the_loop_spins_even_where_the_attempt_waits_for_a_turn(text: str) -> None:
    peer = Peer(refusals=1_000, turns=1)
    assert run(text, peer) >= 1_000
    # A thousand attempts, and not a second has passed.
    assert peer.times[-1] == peer.times[0]


def test_a_refused_connection_is_tried_again_hundreds_of_times_a_second() -> None:
    failures: list[object] = []
    names: dict[str, Any] = {"asyncio": asyncio, "print": failures.append}
    exec(compile(CONNECTS, "program.py", "exec"), names)

    async def main() -> None:
        server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        server.close()
        await server.wait_closed()
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(names["serve"](host, port), 1)

    assert findings(CONNECTS) == 1
    asyncio.run(main())
    assert len(failures) > 100
    assert {type(failure) for failure in failures} == {ConnectionRefusedError}


def test_after_the_same_delay_a_defect_is_tried_again_for_ever() -> None:
    day = 24 * 60 * 60
    peer = Peer(refusals=day, error=TypeError)
    assert findings(AFTER_A_SECOND) == 1
    assert _seconds(AFTER_A_SECOND, peer) == day
    assert len(peer.times) == day + 1


def test_with_a_growing_delay_it_is_tried_a_few_times_a_day() -> None:
    peer = Peer(refusals=17)
    assert findings(GROWING) == 0
    assert _seconds(GROWING, peer) > 24 * 60 * 60


def _seconds(text: str, peer: Peer) -> float:
    names: dict[str, Any] = {"asyncio": asyncio}
    exec(compile(text, "program.py", "exec"), names)
    loop = VirtualLoop()
    try:
        with pytest.raises(EnoughError):
            loop.run_until_complete(names["ask"](peer.connect))
    finally:
        loop.close()
    return peer.times[-1] - peer.times[0]
