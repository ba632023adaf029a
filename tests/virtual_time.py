"""An event loop whose clock stands still while something runs and jumps to the next timer, and a service that keeps
a record of who asked what and when: programs with long waits are run in no time, and the same way each time."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class DeadlockError(Exception):
    """Nothing is left to run or to wait for, and the program has not ended."""


class _Jumping(selectors.SelectSelector):
    """Waits for nothing: it puts the clock forward by what it was to wait for."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise DeadlockError
        self.now += timeout
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now


class Event(NamedTuple):
    """`what` happened to the request for `path` at a time, in seconds from the start of the program."""

    time: float
    what: str
    path: str


class Response(NamedTuple):
    text: str


@dataclass
class Service:
    """Stands in for a client of a library. Its answer depends on the request alone, its time on `latencies`.

    A path without a latency is answered without a wait.
    """

    latencies: Mapping[str, int] = field(default_factory=dict)
    failing: frozenset[str] = frozenset()
    events: list[Event] = field(default_factory=list)
    running: int = 0
    most: int = 0

    async def get(self, path: str, params: Callable[[], object] | None = None) -> Response:
        start = self._happens("start", path)
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            if path in self.latencies:
                await self.wait(self.latencies[path])
            if path in self.failing:
                self._happens("fail", path)
                raise LookupError(path)
        except Exception:
            raise
        except BaseException:
            self._happens("cancel", path)
            raise
        finally:
            self.running -= 1
        assert self._happens("end", path) >= start
        return Response(f"text of {path} {params() if callable(params) else params}")

    async def wait(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def now(self) -> float:
        return asyncio.get_running_loop().time()

    def note(self) -> None:
        """Keep that this was called between the requests."""
        self._happens("note", "")

    def paths(self, what: str) -> list[str]:
        return [event.path for event in self.events if event.what == what]

    def _happens(self, what: str, path: str) -> float:
        time = self.now()
        self.events.append(Event(time, what, path))
        return time


class Outcome(NamedTuple):
    """What a program gave or raised, how long it took, and how many tasks it left behind."""

    result: object
    error: BaseException | None
    seconds: float
    left: int


def run(program: Callable[[], Coroutine[Any, Any, object]]) -> Outcome:
    """Run a program, then what it left running, to its end."""
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(_watched(program))
    finally:
        loop.close()


async def _watched(program: Callable[[], Coroutine[Any, Any, object]]) -> Outcome:
    loop = asyncio.get_running_loop()
    start = loop.time()
    result, error = None, None
    try:
        result = await program()
    except Exception as raised:
        error = raised
    seconds = loop.time() - start
    left = asyncio.all_tasks() - {asyncio.current_task()}
    if left:
        await asyncio.wait(left)
        # That nobody looks at their errors is what the programs do.
        for task in left:
            if not task.cancelled():
                task.exception()
    return Outcome(result, error, seconds, len(left))
