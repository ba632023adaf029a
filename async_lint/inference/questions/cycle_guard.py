"""Which questions are being answered, so that one that comes back to itself ends, and nothing false is kept of it.

    a = b or 1        what is `a`?                      open: a
    b = a             it asks what `b` is               open: a, b
                      which asks what `a` is            a is open: a cycle that reaches down to level 0

`b` was then concluded from an `a` that was called unknown only because it was open. At level 1 that conclusion rests on
something below: it must not be kept, for asked on its own `b` may have an answer. `a`, at level 0, rests on nothing
that is still open: it is kept. So answers do not depend on the order of the questions.
"""

from collections.abc import Hashable

from async_lint.inference.questions.budget import DEPTH

_UNCUT = DEPTH * 10  # above every level: nothing was taken for unknown because it was open


class CycleGuard:
    """The open questions by key, each with its level; `_reach` is the lowest level that a cycle came back to."""

    __slots__ = ("_open", "_reach")

    def __init__(self) -> None:
        self._open: dict[Hashable, int] = {}
        self._reach = _UNCUT

    @property
    def depth(self) -> int:
        return len(self._open)

    @property
    def is_uncut(self) -> bool:
        """Whether nothing that is being worked out rests on an answer that was cut short."""
        return self._reach == _UNCUT

    def is_open(self, key: Hashable) -> bool:
        return key in self._open

    def comes_back(self, key: Hashable) -> bool:
        """Whether the question is open already; if so, what is above it rests on it."""
        level = self._open.get(key)
        if level is None:
            return False
        self._reach = min(self._reach, level)
        return True

    def open(self, key: Hashable) -> int:
        """Note that a question is being answered; return its level."""
        level = self._open[key] = len(self._open)
        return level

    def close(self, key: Hashable) -> None:
        del self._open[key]

    def cut(self) -> None:
        """An answer was given up: nothing that is being worked out may be kept."""
        self._reach = 0

    def stands(self, level: int) -> bool:
        """Whether the answer at a level rests on nothing below it. The outermost question ends every cycle."""
        if self._reach >= level:
            self._reach = _UNCUT
            return True
        return False

    def reset(self) -> None:
        self._reach = _UNCUT
