"""Questions and their answers: each is worked out once, a cycle ends, and what costs too much is given up.

Three things decide whether an answer is kept, each in a file of its own: the *memo* that the caller names (a frame's
for nodes of a live tree, the evaluator's for the run), the *cycle guard* (does the answer rest on a question that is
still open?) and the *budget* (was it cut short?). Two ways of asking use them:

- `guarded(key, compute, memo)`: the way for whatever may come back to itself. Kept unless it rests on what is open.
- `settled(key, compute, memo)`: the cheap way, for what others guard below it. Kept only where nothing is half worked
  out, for then it would be the same at any other time.

For example, `self.client.get(url)` is guarded by its node; on the way `self.client` is settled, and the assignment in
`__init__` that it leads to is guarded by its binding.
"""

from collections.abc import Callable as Thunk
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from async_lint.inference.questions.budget import MOST, Budget
from async_lint.inference.questions.cycle_guard import CycleGuard
from async_lint.inference.syntax.binding import Binding
from async_lint.inference.syntax.notes import NOTES, Memo
from async_lint.inference.types.values import Frame, Type, unknown

_TOO_DEEP = "the question is too deep"


class Questions:
    """Answers by key; `contexts` counts the bodies that are being read for known arguments."""

    def __init__(self) -> None:
        self.contexts = 0
        self.cycles = CycleGuard()
        self._budget = Budget()
        self._memo: Memo[Hashable, Type] = Memo()
        self._bindings: dict[int, int] = {}  # those being worked out, by their node
        self._busy = 0  # how many they are

    def guarded(self, key: Hashable, compute: Thunk[[], Type], memo: Memo[Hashable, Type]) -> Type:
        """Return the kept answer, or work it out; a cycle is unknown."""
        known = memo.get(key)
        if known is not None:
            NOTES.reuse(memo, key)
            return known
        cycles, budget = self.cycles, self._budget
        if cycles.comes_back(key):
            return unknown("it is defined by itself")
        left = budget.left
        if not budget.take(cycles.depth):
            cycles.cut()
            return unknown(_TOO_DEEP)
        level = cycles.open(key)
        try:
            with NOTES.working(memo, key):
                answer = compute()
        except RecursionError:
            # Further in, the stack is still nearly full: only the outermost question has room to go on.
            if level:
                raise
            answer = unknown(_TOO_DEEP)
        finally:
            cycles.close(key)
        if cycles.stands(level):
            memo[key] = answer
            return answer
        # With nearly all of a budget it was not enough, so it never will be: unknown for good, and cheap from now on.
        if budget.left < 0 and left >= MOST:
            answer = memo[key] = unknown(_TOO_DEEP)
        if level == 0:
            cycles.reset()
        return answer

    def settled(self, key: Hashable, compute: Thunk[[], Type], memo: Memo[Hashable, Type]) -> Type:
        """Return the kept answer, or work it out; kept only where it would be the same at any other time."""
        if not self._is_calm():
            return compute()
        known = memo.get(key)
        if known is None:
            with NOTES.working(memo, key):
                known = compute()
            if self._is_calm():
                memo[key] = known
        else:
            NOTES.reuse(memo, key)
        return known

    def _is_calm(self) -> bool:
        """Whether an answer now is the same at any other time: nothing is half worked out, nothing was cut short."""
        return not self._busy and not self.contexts and self.cycles.is_uncut and self._budget.left >= 0

    def lasting(self, key: Hashable, compute: Thunk[[], Type]) -> Type:
        """Return the answer to a question about the project, kept for the run."""
        return self.guarded(key, compute, self._memo)

    def remember(self, binding: Binding, frame: Frame, compute: Thunk[[], Type]) -> Type:
        """Return what a binding gives its name, kept with the frame."""
        key = (id(frame), id(binding.node), id(binding.value), binding.path, binding.name)
        known = frame.memo.get(key)
        if known is not None:
            NOTES.reuse(frame.memo, key)
            return known
        mark = id(binding.node)
        self._bindings[mark] = self._bindings.get(mark, 0) + 1
        self._busy += 1
        try:
            return self.guarded(key, compute, frame.memo)
        finally:
            self._bindings[mark] -= 1
            self._busy -= 1

    def is_active(self, binding: Binding) -> bool:
        """Whether a binding is being worked out: who asks for it now is part of its own definition."""
        return self._bindings.get(id(binding.node), 0) > 0

    def reset_budget(self) -> None:
        """Begin a question from outside, with all its budget."""
        self._budget.reset()
        self.cycles.reset()

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Ask questions of their own, whatever is being answered: their answers do not depend on who asks first."""
        kept = self.cycles, self._budget, self.contexts
        self.cycles, self._budget, self.contexts = CycleGuard(), Budget(), 0
        try:
            yield
        finally:
            self.cycles, self._budget, self.contexts = kept
