"""What a function enters: locks, which let one at a time on, and context managers that are kept for all calls."""

import ast

from async_lint.inference.independence.at_terminal import DRAWS
from async_lint.inference.independence.clauses import Clauses
from async_lint.inference.independence.conditions import has_wait
from async_lint.inference.independence.known import Known
from async_lint.inference.independence.locks import entered, for_readers, is_guard, is_lock
from async_lint.inference.independence.scanned import Holder, Waits
from async_lint.inference.independence.sharing import Sharing
from async_lint.inference.independence.waiting import Waiting
from async_lint.inference.syntax.binding import dotted
from async_lint.inference.syntax.nodes import descendants


class Entering:
    """Reads the `with` statements of a function. `lock` names the first exclusive lock that it holds as it waits."""

    def __init__(self, sharing: Sharing, known: Known, clauses: Clauses, waiting: Waiting) -> None:
        self._sharing = sharing
        self._known = known
        self._clauses = clauses
        self._waiting = waiting
        self.lock = ""

    def read(self, node: ast.With | ast.AsyncWith) -> int:
        """Take note of what is entered, and return how many locks are held then that let in one at a time."""
        locks = 0
        # Who holds a lock for a moment, without waiting in there, keeps nobody up, and waits for nobody.
        held = self._sharing.in_thread or any(map(_hands_over, node.body)) or any(map(has_wait, node.body))
        for item in node.items:
            if isinstance(node, ast.With) and self._known.is_live_display(item.context_expr):
                self._clauses.object(DRAWS, node)
            managers = list(entered(item.context_expr, self._sharing.function))
            guards = [manager for manager in managers if self._guards(manager)]
            if held and not guards:
                locks += self._enter_behind(item.context_expr)
            if not guards:
                self._enter_paced(item.context_expr)
            for manager in guards:
                if held and self._sharing.is_shared(manager):
                    locks += self._enter_shared(manager)
            if isinstance(node, ast.AsyncWith) and not guards:
                self._enter_what_is_kept(item.context_expr)
                self._waiting.wait_for(item.context_expr)
            elif isinstance(node, ast.AsyncWith) and held and not all(map(self._is_own_lock, guards)):
                self._waiting.locks += locks
                self._waiting.suspend(Waits.PERHAPS)
                self._waiting.locks -= locks
        return locks

    def _enter_shared(self, manager: ast.Name | ast.Attribute) -> bool:
        """Take note of a shared guard, and return whether it is a lock for all calls."""
        says = f"enters `{ast.unparse(manager)}`"
        self._clauses.turn(says, manager)
        is_for_all = self._sharing.holder is Holder.SHARED and is_lock(manager)
        # What else a thread waits for, nobody sees.
        if is_for_all and not self._sharing.in_thread:
            self.lock = self.lock or self._clauses.of(says, manager)
        return is_for_all

    def _enter_behind(self, manager: ast.expr) -> bool:
        """Take note of a context manager of the project that holds a lock for all while it is entered."""
        if not isinstance(manager, ast.Call) or not self._sharing.is_shared(manager.func):
            return False
        lock = self._known.held_within(manager)
        if lock:
            says = f"enters `{ast.unparse(manager.func)}`, which holds `{lock}`"
            self._clauses.turn(says, manager)
            self.lock = self.lock or self._clauses.of(says, manager)
        return bool(lock)

    def _enter_paced(self, manager: ast.expr) -> None:
        """Take note of a context manager of the project that keeps a pace: what it does, the function does."""
        if isinstance(manager, ast.Call) and self._sharing.is_shared(manager.func):
            if self._known.keeps_pace_within(manager, self._sharing.holder_of(dotted(manager.func))):
                self._clauses.turn(f"enters `{ast.unparse(manager.func)}`, which keeps a pace", manager)

    def _is_own_lock(self, manager: ast.Name | ast.Attribute) -> bool:
        """Whether it is a lock that the item made for itself: no other iteration comes to it."""
        return self._sharing.is_own_part(manager) and not self._known.may_be_common(manager)

    def _enter_what_is_kept(self, manager: ast.expr) -> None:
        """Object to one and the same context manager for all, which the first that leaves it may close."""
        if isinstance(manager, ast.Attribute) and self._sharing.is_shared(manager) and not for_readers(manager):
            if not self._known.is_entered_anew(manager):
                self._clauses.object(f"enters `{ast.unparse(manager)}`, as the others do", manager)

    def _guards(self, manager: ast.Name | ast.Attribute) -> bool:
        return not for_readers(manager) and (is_guard(manager) or self._known.is_exclusive(manager))


def _hands_over(statement: ast.stmt) -> bool:
    """Whether what is entered stays entered while others do something: the `yield` of a context manager."""
    return any(isinstance(part, ast.Yield) for part in descendants(statement))
