"""Waits for a process whose pipes nobody has read: one that fills a pipe waits for a reader, and never exits.

https://docs.python.org/3/library/asyncio-subprocess.html#asyncio.asyncio.subprocess.Process.wait
"""

import ast
from collections.abc import Sequence

from async_lint.inference.face import ModuleView, Site, argument, descendants, last_name
from async_lint.rules._shared.exited import PIPES
from async_lint.rules._timeouts.waits import Unbounded

_WAIT = "asyncio.subprocess.Process.wait"
_STARTING = ("asyncio.create_subprocess_exec", "asyncio.create_subprocess_shell")
_PIPE = "PIPE"
# To ask for these, or to call them, reads no pipe.
_HARMLESS = frozenset({"kill", "pid", "returncode", "send_signal", "stdin", "terminate", "wait"})
_LOOPS = (ast.While, ast.For, ast.AsyncFor)


def unread_pipes(unlimited: Unbounded, site: Site, view: ModuleView) -> list[str]:
    """Return the pipes of the process that a call waits for, where its function made it and has read none of them."""
    process = site.node.func.value if isinstance(site.node.func, ast.Attribute) else None
    if unlimited.name != _WAIT or not isinstance(process, ast.Name):
        return []
    around = view.project.above(site.node, site.frame)
    made = view.project.origins(process, site.frame) or ()
    if not around or len(made) != 1 or not _starts(made[0], view):
        return []
    started_in = view.project.above(*made[0])
    if started_in is None or started_in[0] is not around[0] or _may_be_read(process, around, started_in):
        return []
    return [pipe for pipe in PIPES if last_name(argument(made[0].node, pipe, -1) or process) == _PIPE]


def _starts(site: Site, view: ModuleView) -> bool:
    name = view.calls.kind_of(site.node, site.frame).name
    return any(name in (public, view.names.canonical(public)) for public in _STARTING)


def _may_be_read(process: ast.Name, around: Sequence[ast.AST], started_in: Sequence[ast.AST]) -> bool:
    """Whether up to the wait, the last of `around`, the process does or is given to what may read its pipes."""
    statement = next(ancestor for ancestor in reversed(around) if isinstance(ancestor, ast.stmt))
    # What stands further down in a loop may have run before, unless that loop makes a process in each turn.
    last = next((loop for loop in around if isinstance(loop, _LOOPS) and loop not in started_in), statement)
    end = last.end_lineno or last.lineno, last.end_col_offset or 0
    nodes = descendants(around[0])
    harmless = {id(node.value) for node in nodes if isinstance(node, ast.Attribute) and node.attr in _HARMLESS}
    return any(
        isinstance(node, ast.Name)
        and node.id == process.id
        and isinstance(node.ctx, ast.Load)
        and id(node) not in harmless
        and (node.lineno, node.col_offset) < end
        for node in nodes
    )
