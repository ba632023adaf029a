"""What a function does that keeps it out of a run: more than `vetoes` says, for a run's order was written down.

return await self.users_repository.get(key)    one session may stand behind several repositories
return await make(url)                         `make` was handed over: nobody knows what it does
return await Turn()                            where `Turn.__await__` yields: a loop of the project's own drives it
return await User.objects.aget(pk=key)         Django asks its database in one thread
await self.store.add_member(key)               only for what it does, in a function that is named for what it gives
"""

import ast
from collections.abc import Callable, Iterator

from async_lint.inference.independence import gates
from async_lint.inference.independence.callees import definitions, is_in_sight
from async_lint.inference.independence.resources import Resources
from async_lint.inference.independence.words import those, verb
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function, dotted, last_name, parameters
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.syntax.notes import NOTES, Memo
from async_lint.inference.types.scope import function_scope
from async_lint.inference.types.values import Frame, FunctionType, Instance


class RunVetoes:
    """Looks for them, once in each function."""

    def __init__(self, ask: Callable[[], Evaluator], resources: Resources) -> None:
        self._ask = ask
        self._resources = resources
        self._known: Memo[tuple[Function, bool], str] = Memo()

    def of(self, function: Function, awaited: bool) -> str:
        """Return why a function is no part of a run, as a clause; empty where nothing was seen.

        `awaited`: the run itself calls it. Further down, what is handed over is the project's own business.
        """
        return NOTES.kept(self._known, (function, awaited), lambda: self._search(function, awaited))

    def _search(self, function: Function, awaited: bool) -> str:
        if gates.in_one_thread(function.module.text):
            return f"`{function.qualname}` uses a library that works in one thread"
        # `cls()` makes an instance of a class that is known, though it is a parameter.
        given = {parameter.arg for parameter in parameters(function.node.args)} - {"cls"} if awaited else set()
        entered = set(_entered(function))
        frame = function_scope(function)
        for node in descendants(function.whole()):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in given:
                return f"`{function.qualname}` calls `{node.func.id}`, which it is given"
            done = _done_alone(node)
            if done is not None and dotted(done).partition(".")[0] not in entered:
                return f"`{function.qualname}` also calls `{ast.unparse(done)}`, whose place in the row may count"
            if isinstance(node, ast.Await):
                if self._has_own_loop(node.value, frame):
                    return f"`{function.qualname}` may wait for an event loop of the project's own"
                receiver = self._exclusive(node.value, frame)
                if receiver is not None and dotted(receiver).partition(".")[0] not in entered:
                    return f"`{function.qualname}` asks `{ast.unparse(receiver)}`, which may serve one at a time"
        return ""

    def _has_own_loop(self, value: ast.expr, frame: Frame) -> bool:
        """Whether what is awaited is an object whose `__await__` itself says when to go on."""
        evaluator = self._ask()
        of = evaluator.evaluate(value, frame)
        method = evaluator.class_member(of.cls, "__await__") if isinstance(of, Instance) else None
        if not isinstance(method, FunctionType) or not is_in_sight(method.function):
            return False
        parts = descendants(method.function.whole())
        yields = [part.value for part in parts if isinstance(part, ast.Yield | ast.YieldFrom)]
        # `yield from other.__await__()` only passes on what another awaitable says.
        return any(not isinstance(one, ast.Call) or last_name(one.func) != "__await__" for one in yields)

    def _exclusive(self, value: ast.expr, frame: Frame) -> ast.expr | None:
        """Return the receiver of an awaited call that was not found, if it is named like what serves one at a time."""
        if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Attribute):
            return None
        receiver, kinds = value.func.value, ("exclusive", "exclusive-behind")
        if not any(self._resources.is_exclusive(self._ask(), receiver, frame, kind) for kind in kinds):
            return None
        # What was found is read itself, which says more than what its receiver is called.
        return None if definitions(self._ask(), value.func, frame) else receiver


def _done_alone(node: ast.AST) -> ast.expr | None:
    """Return the method that is awaited for what it changes, as its name says: nobody looks at what it gives."""
    match node:
        case ast.Expr(value=ast.Await(value=ast.Call(func=ast.Attribute() as done))):
            return done if verb(done.attr) in those("changing") else None
    return None


def _entered(function: Function) -> Iterator[str]:
    """Yield what a function opens for itself: `async with self.sessions() as session`."""
    for node in descendants(function.whole()):
        if isinstance(node, ast.withitem) and isinstance(node.optional_vars, ast.Name):
            yield node.optional_vars.id
