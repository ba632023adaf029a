"""What a function sets that others see, and what it looks at, and sets when it has waited."""

import ast

from async_lint.inference.independence.clauses import Clauses
from async_lint.inference.independence.conditions import tested_for_nothing
from async_lint.inference.independence.known import Known
from async_lint.inference.independence.late_fill import filled_late, refuses_a_second
from async_lint.inference.independence.sharing import Sharing
from async_lint.inference.modules.summary import body_of
from async_lint.inference.syntax.binding import dotted
from async_lint.inference.syntax.nodes import descendants


class Setting:
    """Reads the assignments of a function. `changes` are the parameters that it sets something in.

    `fills` says of a container that the function looks at an entry, waits and sets it.
    """

    def __init__(self, sharing: Sharing, known: Known, clauses: Clauses) -> None:
        self._sharing = sharing
        self._known = known
        self._clauses = clauses
        self._lazy: set[str] = set()  # what is made where it is not there yet
        self.changes: frozenset[str] = frozenset()
        self.fills = ""

    def read(self, node: ast.AST) -> None:
        match node:
            case ast.If(test=test):
                self._lazy |= set(tested_for_nothing(test))
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._change(target)
                    # A flag that is set or reset comes out the same, whoever does it last.
                    if not isinstance(value, ast.Constant):
                        self._store(target)
            case ast.AugAssign(target=target):
                self._change(target)

    def look_for_late_fill(self) -> None:
        function, in_thread = self._sharing.function, self._sharing.in_thread
        # Where nothing waits, nobody comes in between.
        if not function.is_async and not in_thread:
            return
        statements = body_of(function).statements
        going_on = refuses_a_second(statements, self._sharing.is_shared)
        if going_on is not None:
            self._clauses.object(f"refuses a second call while `{dotted(going_on)}` has the first", going_on)
        # A lock around it is a turn already.
        if self._clauses.turns:
            return
        by_method = None if self._sharing.is_own else self._known.filled_late_by_method()
        if by_method is not None:
            name, node = by_method
            self._clauses.share(f"looks at `{self._sharing.receiver}.{name}`, waits and sets it", node)
        spent = None if self._sharing.is_own else self._known.spent_late()
        if spent is not None:
            self._clauses.share(f"looks at `{dotted(spent)}`, waits and adds to it", spent)
        late = filled_late(statements, self._sharing.is_shared, in_thread)
        if late is not None:
            place = late.value if isinstance(late, ast.Subscript) else late
            says = f"looks at `{dotted(place)}`, waits and sets it"
            if in_thread:
                says = f"looks at `{dotted(place)}` and sets it, and threads come in between"
            if isinstance(late, ast.Attribute):
                self._clauses.share(says, late)
            else:
                self.fills = self._clauses.of(says, late)

    def _store(self, target: ast.expr) -> None:
        sharing = self._sharing
        if isinstance(target, ast.Name) and target.id in sharing.outward:
            # A counter, or what is made once: nobody comes in between, where nothing waits.
            alone = not sharing.function.is_async and not sharing.in_thread and self._looks_at(target.id)
            if not alone and target.id not in self._lazy:
                self._clauses.object(f"sets `{target.id}`", target)
        elif isinstance(target, ast.Attribute) and sharing.is_shared(target) and dotted(target) not in self._lazy:
            is_receivers = dotted(target).partition(".")[0] == sharing.receiver
            note = self._clauses.at_first_hand if is_receivers else self._clauses.object
            note(f"sets `{dotted(target)}`", target)

    def _looks_at(self, name: str) -> bool:
        parts = descendants(self._sharing.function.whole())
        return any(isinstance(part, ast.Name) and part.id == name and isinstance(part.ctx, ast.Load) for part in parts)

    def _change(self, target: ast.expr) -> None:
        if isinstance(target, ast.Attribute | ast.Subscript):
            self.changes |= self._sharing.given_in(target.value)
