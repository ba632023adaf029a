"""What inference says of a call: a kind, and what it rests on."""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


class Kind(Enum):
    """What a call returns, seen by somebody who must decide whether to await it."""

    COROUTINE = "coroutine"
    AWAITABLE = "awaitable"  # lazy: the work starts when it is awaited
    ASYNC_GENERATOR = "async generator"
    ASYNC_CONTEXT = "asynchronous context manager"
    TASK = "task"  # already scheduled: a task or a future
    VALUE = "value"  # proved not to be awaitable
    UNKNOWN = "unknown"


class Evidence(NamedTuple):
    """Where a kind was learnt.

    `text` is a clause about the callee ("is a coroutine function"); `path` is absolute or, for bundled
    knowledge, empty; `line` is one-based, 0 when there is none.
    """

    text: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of one call.

    `name` is the callee's qualified name as it is defined (`aiohttp.client.ClientSession.get`) or, when its module
    was not found, as imports and constructors tell (`aiohttp.ClientSession.get`); None when not even that is known.
    `label` is how a message calls the callee: `Client.send`. `doubt` is a clause that says why the kind is UNKNOWN
    although the type was found. `mere` when what the call returns is of no use but to be awaited: a coroutine, or what
    is declared `Awaitable` and nothing more.
    """

    kind: Kind
    name: str | None = None
    label: str | None = None
    evidence: Evidence | None = None
    doubt: str = ""
    mere: bool = False

    @property
    def awaitable(self) -> bool:
        """Whether the call returns a coroutine or a lazy awaitable: something that does nothing until awaited."""
        return self.kind in (Kind.COROUTINE, Kind.AWAITABLE)


UNKNOWN = Answer(Kind.UNKNOWN)
