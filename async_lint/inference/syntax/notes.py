"""What an answer was drawn from, noted while it is worked out, so that a later run knows what would change it.

An answer is drawn from *facts*, which are read off the text of a file, and from other answers. Each answer that is kept
has a `Node` with both: whoever is given the answer again depends on all that it was drawn from. The nodes of a run are
a graph; the check of a file is a node as well, from which all that it rests on can be reached.

    a check of `app.py`  ──>  what `Client.get` returns  ──>  Fact.BODY of the function 4 of `client.py`
                         ──>  Fact.MENTIONS of `Client(`

Nothing is noted unless somebody has begun to (`Notes.of_check`): a run without a cache pays for nothing.
"""

import os
from collections.abc import Callable, Collection, Hashable
from enum import Enum
from types import TracebackType
from typing import NamedTuple, TypeVar

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class Fact(Enum):
    """What can be read off a project's texts; what `path` and `what` of a `Leaf` are, in parentheses."""

    INTERFACE = "interface"  # of a module: all but the bodies of its functions (path)
    BODY = "body"  # of an outermost function (path, its number in the module)
    PLACE = "place"  # that a line is still where it was (path, its number)
    TEXT = "text"  # all of it (path)
    HOLDERS = "holders"  # the functions whose text holds a word (path, word)
    MATCHES = "matches"  # the functions in which a pattern matches (path, pattern)
    FOUND = "found"  # whether a pattern is found in a text (path, pattern)
    CALLS = "calls"  # how a text calls and awaits what a pattern matches (path, pattern)
    HANDED = "handed"  # whether a text has a name that it does not call (path, name)
    MENTIONS = "mentions"  # which files hold words (words, with a newline between them)
    NAME = "name"  # what the project defines, annotates and awaits by a name (name)
    LEADS = "leads"  # whether a name may lead to what blocks (name)
    IMPORTED = "imported"  # whether an import line of the project has a word (word)
    HEADERS = "headers"  # which files have a word among the bases of a class (word)


class Leaf(NamedTuple):
    fact: Fact
    path: str
    what: str | bytes | int = ""


class Node:
    """What one answer was drawn from."""

    __slots__ = ("uses",)

    def __init__(self) -> None:
        self.uses: Collection[Node | Leaf] = ()


class Memo(dict[_Key, _Value]):
    """Answers by their keys, each with its node while notes are taken."""

    __slots__ = ("nodes",)

    def __init__(self) -> None:
        super().__init__()
        self.nodes: dict[_Key, Node] | None = None

    def clear(self) -> None:
        super().clear()
        self.nodes = None


class Notes:
    """`current` is what is noted of the answer that is being worked out; None while nothing is noted."""

    __slots__ = ("_leaves", "current")

    def __init__(self) -> None:
        self.current: set[Node | Leaf] | None = None
        self._leaves: dict[Leaf, Leaf] = {}  # one of each, for a fact is looked at in a hundred places

    def add(self, fact: Fact, path: str, what: str | bytes | int = "") -> None:
        if self.current is not None:
            leaf = Leaf(fact, path, what)
            self.current.add(self._leaves.setdefault(leaf, leaf))

    def reuse(self, memo: Memo[_Key, _Value], key: _Key) -> None:
        """Note that a kept answer was given again."""
        if self.current is not None and memo.nodes is not None and (node := memo.nodes.get(key)) is not None:
            self.current.add(node)

    def working(self, memo: Memo[_Key, _Value], key: _Key) -> "Working":
        """Note what is used inside as what the answer for a key is drawn from, kept or not."""
        outer = self.current
        if outer is None:
            return _UNNOTED
        # Before it is worked out: who asks meanwhile, and is given what is assumed, depends on it too.
        node = Node()
        if memo.nodes is None:
            memo.nodes = {}
        memo.nodes[key] = node
        outer.add(node)
        return Working(self, node)

    def kept(self, memo: Memo[_Key, _Value], key: _Key, work: Callable[[], _Value]) -> _Value:
        """Return the kept answer, or work it out and keep it."""
        if key in memo:
            self.reuse(memo, key)
        else:
            with self.working(memo, key):
                memo[key] = work()
        return memo[key]

    def of_check(self, node: Node | None) -> "Working":
        """Note what the check of a file uses; with None, nothing is noted."""
        return _UNNOTED if node is None else Working(self, node)


class Working:
    """While it is entered, what is used is noted as what `node` was drawn from; with None, nothing is."""

    __slots__ = ("_node", "_notes", "_outer")

    # A context manager of its own: one made of a generator costs three times as much, and each question has one.
    def __init__(self, notes: Notes, node: Node | None) -> None:
        self._notes = notes
        self._node = node
        self._outer: set[Node | Leaf] | None = None

    def __enter__(self) -> None:
        if self._node is not None:
            self._outer, self._notes.current = self._notes.current, set()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._node is not None:
            # A set takes three times the room.
            self._node.uses, self._notes.current = tuple(self._notes.current or ()), self._outer


def cited(path: str, line: int) -> str:
    """Return what a message calls a line, `client.py:41`, and note that it is told of."""
    NOTES.add(Fact.PLACE, path, line)
    return f"{os.path.basename(path)}:{line}"


# One for the process, as facts are read in many places, and one thing is worked out at a time.
NOTES = Notes()
_UNNOTED = Working(NOTES, None)
