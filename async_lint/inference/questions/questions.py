"""Questions that are kept: each is worked out once, a cycle ends, and what is too deep is given up."""

from collections.abc import Callable as Thunk
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from async_lint.inference.syntax.binding import Binding
from async_lint.inference.types.values import Frame, Type, unknown

_DEPTH = 40  # nested questions: deeper is a cycle in disguise
_UNCUT = _DEPTH * 10
_FUEL = 600  # questions that one call may ask: in real packages, none that found something to await took more than 350
_MUCH = _FUEL * 9 // 10  # what takes more than that of it would take all of it from whoever asks


class Questions:
    """Answers by key.

    A question that is asked while it is being answered is a cycle: it is unknown there, and what was concluded from
    that is not kept, so that answers do not depend on the order of questions.
    """

    def __init__(self) -> None:
        self.contexts = 0  # bodies that are looked at with known arguments
        self._stack: dict[Hashable, int] = {}
        self._bindings: dict[int, int] = {}
        self._busy = 0  # bindings that are being worked out
        self._cut = _UNCUT
        self._fuel = _FUEL
        self._memo: dict[Hashable, Type] = {}

    def guarded(self, key: Hashable, compute: Thunk[[], Type], memo: dict[Hashable, Type]) -> Type:
        """Return the kept answer, or work it out; a cycle is unknown."""
        known = memo.get(key)
        if known is not None:
            return known
        at = self._stack.get(key)
        if at is not None:
            self._cut = min(self._cut, at)
            return unknown("it is defined by itself")
        index = len(self._stack)
        left = self._fuel
        self._fuel -= 1
        if index >= _DEPTH or self._fuel < 0:
            self._cut = 0
            return unknown("the question is too deep")
        self._stack[key] = index
        try:
            found = compute()
        except RecursionError:
            if index:
                raise
            found = unknown("the question is too deep")
        finally:
            del self._stack[key]
        if self._cut >= index:
            self._cut = _UNCUT
            memo[key] = found
            return found
        if self._fuel < 0 and left >= _MUCH:
            found = memo[key] = unknown("the question is too deep")
        if index == 0:
            self._cut = _UNCUT
        return found

    def lasting(self, key: Hashable, compute: Thunk[[], Type]) -> Type:
        """Return the answer to a question about the project, kept for the run."""
        return self.guarded(key, compute, self._memo)

    def fresh(self) -> None:
        """Begin a new question with all its fuel."""
        self._fuel = _FUEL
        self._cut = _UNCUT

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Ask questions of their own, whatever is being answered: their answers do not depend on who asks first."""
        kept = self._stack, self._cut, self._fuel, self.contexts
        self._stack, self.contexts = {}, 0
        self.fresh()
        try:
            yield
        finally:
            self._stack, self._cut, self._fuel, self.contexts = kept

    def remember(self, binding: Binding, frame: Frame, compute: Thunk[[], Type]) -> Type:
        key = (id(frame), id(binding.node), id(binding.value), binding.path, binding.name)
        mark = id(binding.node)
        known = frame.memo.get(key)
        if known is not None:
            return known
        self._bindings[mark] = self._bindings.get(mark, 0) + 1
        self._busy += 1
        try:
            return self.guarded(key, compute, frame.memo)
        finally:
            self._bindings[mark] -= 1
            self._busy -= 1

    def is_active(self, binding: Binding) -> bool:
        return self._bindings.get(id(binding.node), 0) > 0

    def settled(self, key: Hashable, compute: Thunk[[], Type], memo: dict[Hashable, Type]) -> Type:
        """Return the kept answer, or work it out; kept only where it would be the same at any other time."""
        if not self._is_calm():
            return compute()
        known = memo.get(key)
        if known is None:
            known = compute()
            if self._is_calm():
                memo[key] = known
        return known

    def _is_calm(self) -> bool:
        """Whether an answer now is the same at any other time: nothing is half worked out, nothing was cut short."""
        return not self._busy and not self.contexts and self._cut == _UNCUT and self._fuel >= 0
