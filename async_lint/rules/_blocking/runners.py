"""What runs a coroutine in an event loop from code that has none: `asyncio.run`, a decorator that calls it."""

import ast
from collections.abc import Iterator, Sequence

from async_lint.inference.face import Frame, ModuleView, Site, descendants, last_name

_RUN, _UNTIL, _FIRE = "run", "run_until_complete", "Fire"
_OF_COROUTINES = ("asyncio.run", "asyncio.runners.run", "uvloop.run")
# The last two run a coroutine function as a command: `fire.core._CallAndUpdateTrace`, `cyclopts._run` do so.
_OF_FUNCTIONS = ("anyio.run", "trio.run", "fire.Fire", "fire.core.Fire", "cyclopts.run", "cyclopts._run.run")
# What decorates coroutine functions as commands, and runs each in a loop of its own. `asyncclick` makes a command of
# it; the others give the function back, and it may be called as well: `cyclopts._run._run_maybe_async_command`,
# `async_typer.AsyncTyper._wrap_async`, `arguably._commands.Command.call`.
_LIBRARY = "asyncclick."
_KEEPING = ("cyclopts.", "async_typer.", "arguably.")

# The path of a file, a line and a column.
Place = tuple[str, int, int]


def place(node: ast.expr, frame: Frame) -> Place:
    return frame.module.path, node.lineno, node.col_offset


def runs_coroutine(runner: ast.Call, frame: Frame, view: ModuleView) -> bool:
    """Whether a call runs the coroutine that is its first argument, and waits for it."""
    if last_name(runner.func) == _UNTIL:
        return True
    return _is_one_of(runner.func, _OF_COROUTINES, frame, view)


def runs_function(runner: ast.Call, frame: Frame, view: ModuleView) -> bool:
    """Whether a call runs the coroutine function that is its first argument."""
    return _is_one_of(runner.func, _OF_FUNCTIONS, frame, view)


def runners(name: str, view: ModuleView) -> Iterator[tuple[Site, ast.expr]]:
    """Yield what runs something of a name in the project, with the callee: `f` of `run(f())` and of `anyio.run(f)`."""
    for site in view.project.calls_among([_RUN, _UNTIL, _FIRE], [name]):
        match site.node.args:
            case [ast.Call(func=callee), *_] if last_name(callee) == name and runs_coroutine(*site, view):
                yield site, callee
            case [ast.Name() | ast.Attribute() as callee, *_] if last_name(callee) == name:
                if runs_function(*site, view):
                    yield site, callee


def is_kept_as_command(decorators: Sequence[ast.expr], frame: Frame, view: ModuleView) -> bool:
    """Whether all that decorates a coroutine function makes a command of it, and leaves it as it is."""
    names = [view.names.name_of(_applied(one), frame) or "" for one in decorators]
    return bool(names) and all(name.startswith(_KEEPING) for name in names)


def is_run_by_decorator(decorators: Sequence[ast.expr], frame: Frame, view: ModuleView) -> bool:
    """Whether what decorates a coroutine function makes a plain one of it, which runs it in a loop of its own."""
    if any((view.names.name_of(_applied(one), frame) or "").startswith(_LIBRARY) for one in decorators):
        return True
    found = view.project.body(_applied(decorators[-1]), frame)
    if found is None:
        return False
    statements, inner = found
    nodes = [node for statement in statements for node in descendants(statement)]
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
    scope = inner.function
    given = {arg.arg for one in functions for arg in one.args.args} | (
        {arg.arg for arg in scope.node.args.args} if scope is not None else set()
    )
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    made = {id(node) for node in calls if isinstance(node.func, ast.Name) and node.func.id in given}
    run = {
        id(part)
        for node in calls
        if runs_coroutine(node, inner, view) or runs_function(node, inner, view)
        for part in node.args[:1]
    }
    return bool(made) and made <= run


def _applied(decorator: ast.expr) -> ast.expr:
    return decorator.func if isinstance(decorator, ast.Call) else decorator


def _is_one_of(callee: ast.expr, names: Sequence[str], frame: Frame, view: ModuleView) -> bool:
    return view.names.name_of(callee, frame) in names
