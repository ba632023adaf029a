"""Pipes of processes that a task of its own empties: it lasts as long as the process does, and nobody waits for it."""

import ast
from collections.abc import Iterator

from async_lint.inference.face import Frame, ModuleView, Site, descendants
from async_lint.rules._shared.exited import PIPES
from async_lint.rules._timeouts.deadlines import TASKS
from async_lint.rules._timeouts.given import last_word
from async_lint.rules._timeouts.handed_pipes import is_process
from async_lint.rules._timeouts.other_methods import other_methods
from async_lint.rules._timeouts.waits import Unbounded

_READ = "asyncio.StreamReader.read"


def reads_to_the_end(unlimited: Unbounded, site: Site, view: ModuleView) -> bool:
    """Whether a call reads a process' pipe to the end, which comes when the process has done its work."""
    match site.node:
        case ast.Call(func=ast.Attribute(value=ast.Attribute(value=process, attr=pipe)), args=args, keywords=[]):
            is_whole = all(ast.unparse(size) == "-1" for size in args)
            return is_whole and unlimited.name == _READ and pipe in PIPES and is_process(process, site.frame, view)
    return False


def is_drained(unlimited: Unbounded, site: Site, view: ModuleView) -> bool:
    """Whether a call does so in a function that tasks alone run and that gives nothing."""
    if not reads_to_the_end(unlimited, site, view):
        return False
    call, frame = site
    around = view.project.above(call, frame)
    if not around or not isinstance(around[0], ast.AsyncFunctionDef) or not _only_reads(around[0], call):
        return False
    callers = view.project.callers_seen(frame)
    return bool(callers) and all(_is_task_of_its_own(caller, view) for caller in callers or ())


def _only_reads(function: ast.AsyncFunctionDef, call: ast.Call) -> bool:
    """Whether a function awaits nothing else, and gives nothing."""
    nodes = descendants(function)
    gives = any(isinstance(node, ast.Return) and node.value is not None for node in nodes)
    return not gives and all(node.value is call for node in nodes if isinstance(node, ast.Await))


def _is_task_of_its_own(call: Site, view: ModuleView) -> bool:
    """Whether a call is handed to a task that nothing in sight awaits."""
    around = view.project.above(call.node, call.frame)
    match around[-2:] if around else ():
        case [ast.Expr() as statement, ast.Call() as start] if last_word(start) in TASKS:
            return statement.value is start
        case [ast.Assign(targets=[target]) | ast.AnnAssign(target=target), ast.Call() as start]:
            return last_word(start) in TASKS and not _is_awaited(target, call.frame)
    return False


def _is_awaited(task: ast.expr, frame: Frame) -> bool:
    """Whether the function, or for an attribute its class, has an `await` with the name of a task in it."""
    match task:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            awaits = (node for around in _around(frame) for node in descendants(around) if isinstance(node, ast.Await))
            return any(
                name == getattr(node, "id", getattr(node, "attr", None))
                for awaited in awaits
                for node in descendants(awaited)
            )
    return True


def _around(frame: Frame) -> Iterator[ast.AST]:
    scope = frame.enclosing_function()
    if scope is not None and scope.function is not None:
        yield scope.function.whole()
    yield from (method.whole() for method in other_methods(frame))
