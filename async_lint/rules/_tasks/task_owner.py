"""Who holds a task that a function gave a name to, or put in a container of its own?"""

import ast

from async_lint.inference.face import Function, body_of, last_name
from async_lint.rules._tasks.function_tree import tree_of
from async_lint.rules._tasks.waiting import RunsLoop, waits_after

# What these do to a task, or to a container, leaves no reference to it elsewhere.
_TASK_METHODS = frozenset({"add_done_callback", "remove_done_callback", "set_name"})
_CONTAINER_METHODS = frozenset(
    {"add", "append", "appendleft", "extend", "insert", "update", "clear", "discard", "remove"}
)
_FORGETTING = frozenset({"discard", "remove"})
_CONTAINERS = frozenset({"list", "set", "deque"})
_DISPLAYS = (ast.List, ast.Set, ast.ListComp, ast.SetComp)
# They get at a local without naming it.
_SEES_LOCALS = frozenset({"locals", "vars", "eval", "exec"})


def is_lost(name: str, node: ast.AST, function: Function, runs_loop: RunsLoop) -> bool:
    """Whether the task that `node`, in the body of `function`, binds to `name` is gone when the function returns.

    So it is when nothing reads the name but to say something to the task, and the function, once it has bound the
    name, neither awaits, yields, nor runs a loop.
    """
    body = _Body(function)
    return not body.keeps(name, returned=True) and not waits_after(node, body.tree, runs_loop)


def is_lost_with(name: str, call: ast.Call, function: Function, runs_loop: RunsLoop) -> bool:
    """Whether the tasks of a local are gone, with what `call` makes of them, when the function returns."""
    body = _Body(function, call)
    return not body.keeps(name, returned=True) and not waits_after(call, body.tree, runs_loop)


def has_callback(name: str, function: Function) -> bool:
    """Whether a function asks to be called back when what it calls `name` is done, other than to let go of it."""
    return _Body(function).has_callback(name)


def is_own_container(name: str, node: ast.AST, function: Function, runs_loop: RunsLoop) -> bool:
    """Whether `name` is a container that never leaves a function that returns without waiting after `node`."""
    body = _Body(function)
    return body.is_own(name) and not waits_after(node, body.tree, runs_loop)


def is_returned(name: str, function: Function) -> bool:
    """Whether a function returns what it calls `name`."""
    return any(isinstance(value, ast.Name) and value.id == name for value in body_of(function).returns)


def keeps_nothing(name: str, function: Function) -> bool:
    """Whether a function does nothing with the task that it calls `name` but return it."""
    return not _Body(function).keeps(name, returned=False)


class _Body:
    """One question about a function's body; what `dropped`, a call in it, gives is held by nobody."""

    def __init__(self, function: Function, dropped: ast.Call | None = None) -> None:
        self._dropped = dropped
        self.tree = tree_of(function, tuple(body_of(function).statements))
        self._parents = self.tree.parents
        self._names = self.tree.names
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
        # Names that only hold one another are gone together.
        if name in self._asked:
            return False
        self._asked.add(name)
        if name in self.tree.outward or not _SEES_LOCALS.isdisjoint(self._names):
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
        return any(not isinstance(target, ast.Name) or self.keeps(target.id, returned=True) for target in others)

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


def _is_new_container(value: ast.expr | None) -> bool:
    return isinstance(value, _DISPLAYS) or (isinstance(value, ast.Call) and last_name(value.func) in _CONTAINERS)


def _is_call_of(node: ast.AST, method: str) -> bool:
    return isinstance(node, ast.Call) and last_name(node.func) == method
