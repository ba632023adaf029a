"""A task that keeps itself: its coroutine puts `asyncio.current_task()` where it outlives the function."""

import ast
from collections.abc import Iterator, Sequence

from async_lint.inference.face import Frame, Function, How, ModuleView, Try, body_of
from async_lint.rules._tasks.held_waits import is_call_of

_CURRENT = "asyncio.current_task"
_ADDING = frozenset({"add", "append"})


def kept_at(statements: Sequence[ast.stmt], frame: Frame, view: ModuleView) -> ast.stmt | None:
    """Return the first statement of a coroutine function's body that keeps its own task.

    It has to run whenever the body does: no loop and no test stands around it, but one that asks whether there is a
    task at all.
    """
    function = frame.function
    if function is None:
        return None
    current: set[str] = set()
    for statement in _straight_on(statements, current):
        match statement:
            case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
                if not _is_current(value, current, frame, view):
                    continue
                targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
                current.update(target.id for target in targets if isinstance(target, ast.Name))
                if any(_outlives(target, function, frame, view) for target in targets):
                    return statement
            case ast.Expr(ast.Call(ast.Attribute(container, method), [value])) if method in _ADDING:
                if _is_current(value, current, frame, view) and _is_outside(container, function, frame, view):
                    return statement
    return None


def _straight_on(statements: Sequence[ast.stmt], current: set[str]) -> Iterator[ast.stmt]:
    for statement in statements:
        yield statement
        yield from _straight_on(_entered(statement, current), current)


def _entered(statement: ast.stmt, current: set[str]) -> Sequence[ast.stmt]:
    """Return the statements in another one that run whenever it does."""
    if isinstance(statement, ast.If):
        return statement.body if _asks_for_task(statement.test, current) else ()
    return statement.body if isinstance(statement, ast.With | ast.AsyncWith | Try) else ()


def _asks_for_task(test: ast.expr, current: set[str]) -> bool:
    """Whether a test is `task` or `task is not None`, which is so within a task."""
    match test:
        case ast.Name(name) | ast.Compare(ast.Name(name), [ast.IsNot()], [ast.Constant(None)]):
            return name in current
    return False


def _is_current(value: ast.expr, current: set[str], frame: Frame, view: ModuleView) -> bool:
    if isinstance(value, ast.Name):
        return value.id in current
    return isinstance(value, ast.Call) and is_call_of([_CURRENT], value, frame, view)


def _outlives(target: ast.expr, function: Function, frame: Frame, view: ModuleView) -> bool:
    match target:
        case ast.Name():
            return target.id in body_of(function).outward
        case ast.Attribute(ast.expr() as owner):
            return not _is_own_local(owner, function)
        case ast.Subscript(container):
            return _is_outside(container, function, frame, view)
    return False


def _is_outside(container: ast.expr, function: Function, frame: Frame, view: ModuleView) -> bool:
    """Whether a container is an attribute, a global or a parameter, and does not hold what is in it weakly."""
    name = view.names.name_of(container, frame) or ""
    return isinstance(container, ast.Name | ast.Attribute) and not (
        name.startswith(("weakref.", "_weakrefset.")) or _is_own_local(container, function)
    )


def _is_own_local(node: ast.expr, function: Function) -> bool:
    """Whether what an expression starts from is bound in a function, and is not its parameter."""
    root = node
    while isinstance(root, ast.Attribute | ast.Subscript):
        root = root.value
    if not isinstance(root, ast.Name):
        return True
    body = body_of(function)
    bindings = () if root.id in body.outward else body.table.get(root.id, ())
    return any(binding.how is not How.PARAMETER for binding in bindings)
