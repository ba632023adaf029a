"""Who holds a task that a function gave a name to, or put in a container of its own?"""

import ast
import copy
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from async_lint.inference.face import (
    Frame,
    Function,
    Kind,
    ModuleView,
    Touch,
    Try,
    body_of,
    children,
    descendants,
    last_name,
)

# What these do to a task, or to a container, leaves no reference to it elsewhere.
_TASK_METHODS = frozenset({"add_done_callback", "remove_done_callback", "set_name"})
_CONTAINER_METHODS = frozenset(
    {"add", "append", "appendleft", "extend", "insert", "update", "clear", "discard", "remove"}
)
_FORGETTING = frozenset({"discard", "remove"})
_CONTAINERS = frozenset({"list", "set", "deque"})
_DISPLAYS = (ast.List, ast.Set, ast.ListComp, ast.SetComp)
# The names of calls that may run the loop until the work is done, unless it is known what they do.
_RUNS = re.compile(r"(?:^|_)(?:run|serve|exec|join|wait|main)", re.I)
_SEES_LOCALS = frozenset({"locals", "vars", "eval", "exec"})
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_HOLDING = frozenset({Kind.COROUTINE, Kind.AWAITABLE, Kind.ASYNC_GENERATOR, Kind.ASYNC_CONTEXT, Kind.TASK})
RunsLoop = Callable[[ast.Call], bool]
_WAITS = (ast.Await, ast.AsyncFor, ast.AsyncWith, ast.Yield, ast.YieldFrom)


def is_lost(name: str, node: ast.AST, function: Function, runs_loop: RunsLoop) -> bool:
    """Whether the task that `node`, in the body of `function`, binds to `name` is gone when the function returns.

    So it is when nothing reads the name but to say something to the task, and the function, once it has bound the
    name, neither awaits, yields, nor runs a loop.
    """
    body = _Body(function)
    return not body.keeps(name, returned=True) and not body.waits_after(node, runs_loop)


def is_lost_with(name: str, call: ast.Call, function: Function, runs_loop: RunsLoop) -> bool:
    """Whether the tasks of a local are gone, with what `call` makes of them, when the function returns."""
    body = _Body(function, call)
    return not body.keeps(name, returned=True) and not body.waits_after(call, runs_loop)


def has_callback(name: str, function: Function) -> bool:
    """Whether a function asks to be called back when what it calls `name` is done, other than to let go of it."""
    return _Body(function).has_callback(name)


def is_own_container(name: str, node: ast.AST, function: Function, runs_loop: RunsLoop) -> bool:
    """Whether `name` is a container that never leaves a function that returns without waiting after `node`."""
    body = _Body(function)
    return body.is_own(name) and not body.waits_after(node, runs_loop)


def is_returned(name: str, function: Function) -> bool:
    """Whether a function returns what it calls `name`."""
    return any(isinstance(each, ast.Name) and each.id == name for each in body_of(function).returns)


def keeps_nothing(name: str, function: Function) -> bool:
    """Whether a function does nothing with the task that it calls `name` but return it."""
    return not _Body(function).keeps(name, returned=False)


class _Tree:
    """One function's body, with the way up from every node, and its names."""

    def __init__(self, function: Function) -> None:
        self.function = copy.copy(function.node)
        self.function.body = body_of(function).statements
        self.parents: dict[int, ast.AST] = {}
        self.names: dict[str, list[ast.Name]] = {}
        # Of these something else may hold what they stand for: parameters, and what is declared elsewhere.
        self.outward = {each.arg for each in descendants(self.function.args) if isinstance(each, ast.arg)}
        self.waiting: dict[int, bool] = {}
        for node in descendants(self.function):
            self.parents.update((id(child), node) for child in children(node))
            if isinstance(node, ast.Name):
                self.names.setdefault(node.id, []).append(node)
            elif isinstance(node, ast.Global | ast.Nonlocal):
                self.outward.update(node.names)


# A function is asked about for each task that it makes; its statements tell it from a later reading of it.
@lru_cache(maxsize=1)
def _tree(function: Function, _: tuple[ast.stmt, ...]) -> _Tree:
    return _Tree(function)


class _Body:
    """One question about a function's body; what `dropped`, a call in it, gives is held by nobody."""

    def __init__(self, function: Function, dropped: ast.Call | None = None) -> None:
        self._dropped = dropped
        self._tree = _tree(function, tuple(body_of(function).statements))
        self._function = self._tree.function
        self._parents = self._tree.parents
        self._names = self._tree.names
        self._asked: set[str] = set()

    def has_callback(self, name: str) -> bool:
        for node in self._names.get(name, ()):
            parent = self._parents[id(node)]
            if isinstance(parent, ast.Attribute) and parent.attr == "add_done_callback":
                call = self._parents[id(parent)]
                if isinstance(call, ast.Call) and call.func is parent and call.args:
                    if last_name(call.args[0]) not in _FORGETTING:
                        return True
        return False

    def keeps(self, name: str, returned: bool) -> bool:
        """Whether something but the name itself may hold what it is bound to; `returned`: to return it counts."""
        if name in self._asked:
            return False
        self._asked.add(name)
        if name in self._tree.outward or not _SEES_LOCALS.isdisjoint(self._names):
            return True
        for node in self._names.get(name, ()):
            match node.ctx:
                case ast.Load() if not self._is_harmless(node, returned):
                    return True
                case ast.Del():
                    return True
                case ast.Store() if self._is_bound_elsewhere(node):
                    return True
        return False

    def _is_bound_elsewhere(self, node: ast.Name) -> bool:
        """Whether what the name gets goes somewhere else, too: `self.task = task = f()`, `keep(task := f())`."""
        parent = self._parents[id(node)]
        if isinstance(parent, ast.NamedExpr):
            return not isinstance(self._parents[id(parent)], ast.Expr)
        others = parent.targets if isinstance(parent, ast.Assign) and node in parent.targets else ()
        return any(not isinstance(each, ast.Name) or self.keeps(each.id, returned=True) for each in others)

    def _is_harmless(self, node: ast.Name, returned: bool) -> bool:
        parent = self._parents[id(node)]
        if isinstance(parent, ast.Return):
            return not returned
        above = self._parents[id(parent)]
        if self._dropped is not None and (parent is self._dropped or above is self._dropped):
            return True
        if isinstance(parent, ast.Attribute):
            if isinstance(above, ast.Call) and above.func is parent:
                known = parent.attr in _TASK_METHODS or parent.attr in _CONTAINER_METHODS
                return known and isinstance(self._parents[id(above)], ast.Expr)
            # `task.add_done_callback(tasks.discard)`: the task holds the set, and the set the task, and nobody both.
            return parent.attr in _FORGETTING and _is_call_of(above, "add_done_callback")
        if isinstance(parent, ast.Call) and isinstance(above, ast.Expr) and isinstance(parent.func, ast.Attribute):
            to = parent.func
            return to.attr in _CONTAINER_METHODS and isinstance(to.value, ast.Name) and self.is_own(to.value.id)
        return False

    def is_own(self, name: str) -> bool:
        """Whether `name` is a new container that never leaves the function."""
        bound = False
        for node in self._names.get(name, ()):
            if not isinstance(node.ctx, ast.Load):
                parent = self._parents[id(node)]
                if not isinstance(parent, ast.Assign | ast.AnnAssign) or not _is_new_container(parent.value):
                    return False
                bound = True
        return bound and not self.keeps(name, returned=True)

    def waits_after(self, node: ast.AST, runs_loop: RunsLoop) -> bool:
        """Whether the function, or a loop that it runs, may go on once `node` has run."""
        ended = False
        while node is not self._function:
            parent = self._parents[id(node)]
            if isinstance(parent, ast.AsyncWith | ast.AsyncFor):
                return True
            for rest in _blocks_after(node, parent, ended):
                if any(self._waits(each, runs_loop) for each in rest):
                    return True
                ended = ended or any(isinstance(each, ast.Return | ast.Raise) for each in rest)
            if isinstance(parent, ast.For | ast.While) and not ended and self._waits(parent, runs_loop):
                return True
            node = parent
        return False

    def _waits(self, statement: ast.AST, runs_loop: RunsLoop) -> bool:
        known = self._tree.waiting.get(id(statement))
        if known is None:
            known = self._tree.waiting[id(statement)] = _waits(statement, runs_loop)
        return known


def _blocks_after(node: ast.AST, parent: ast.AST, ended: bool) -> Iterator[Sequence[ast.AST]]:
    """Yield the blocks of `parent`, or what is left of one, that may run after `node`, which stands in one of them.

    `ended`: what stands beside `node` left the function, so that nothing but a `finally` still runs.
    """
    found = False
    for field in ("body", "handlers", "orelse", "finalbody"):
        block = getattr(parent, field, None)
        if not isinstance(block, list):
            continue
        if node in block:
            found = True
            if not ended and field != "handlers":
                yield block[block.index(node) + 1 :]
        elif found and isinstance(parent, Try) and (field == "finalbody" or not ended):
            yield block


def runs_loop(call: ast.Call, frame: Frame, view: ModuleView) -> bool:
    """Whether a call may run the event loop: it is named so, and is not known to do something else."""
    if not _RUNS.search(last_name(call.func)):
        return False
    # To call `async def run()` makes a coroutine, and what only reads starts nothing.
    return (
        view.calls.kind_of(call, frame).kind not in _HOLDING
        and view.effects.of_callee(call.func, frame).touch is not Touch.READS
    )


def _waits(statement: ast.AST, runs_loop: RunsLoop) -> bool:
    stack = [statement]
    while stack:
        node = stack.pop()
        if isinstance(node, _WAITS) or (isinstance(node, ast.comprehension) and node.is_async):
            return True
        if isinstance(node, ast.Call) and runs_loop(node):
            return True
        if not isinstance(node, _SCOPES):
            stack.extend(children(node))
    return False


def _is_new_container(value: ast.expr | None) -> bool:
    return isinstance(value, _DISPLAYS) or (isinstance(value, ast.Call) and last_name(value.func) in _CONTAINERS)


def _is_call_of(node: ast.AST, method: str) -> bool:
    return isinstance(node, ast.Call) and last_name(node.func) == method
