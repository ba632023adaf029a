"""Functions of the project that run a coroutine which they are given, in a loop that they make for it.

def wait_for(work):
    with ThreadPoolExecutor() as pool:
        return pool.submit(asyncio.run, work).result()

wait_for(upload(name))           as good as `asyncio.run(upload(name))`
"""

import ast
from itertools import pairwise

from async_lint.inference.face import Frame, ModuleView, Site, last_name
from async_lint.rules._blocking.meanwhile import TOGETHER
from async_lint.rules._blocking.own_loop import runs_alone
from async_lint.rules._shared.parameter_for import parameter_for

_RUN = "asyncio.run"
# What runs `asyncio.run` in another thread: `pool.submit(asyncio.run, upload(name))`.
IN_THREADS = ("submit", "run_in_executor", "to_thread")


def run_by(runner: ast.Call, frame: Frame, view: ModuleView) -> ast.expr | None:
    """Return the coroutine that a call runs with `asyncio.run`, in another thread or not."""
    if last_name(runner.func) not in ("run", *IN_THREADS):
        return None
    for function, coroutine in pairwise([runner.func, *runner.args]):
        if last_name(function) == "run" and view.names.name_of(function, frame) in (_RUN, view.names.canonical(_RUN)):
            return coroutine
    return None


def helper_of(work: Site, view: ModuleView) -> Site | None:
    """Return the call that is given the coroutine of another one, and does nothing with it but run it in a new loop."""
    around = view.project.above_call(work) or ()
    helper = next((node for node in around[-2:][::-1] if isinstance(node, ast.Call)), None)
    if helper is None or not runs_given(helper, work.node, work.frame, view):
        return None
    return Site(helper, work.frame)


def runs_given(helper: ast.Call, work: ast.expr, frame: Frame, view: ModuleView) -> bool:
    """Whether a call of a plain function of the project does nothing with an argument but run it in a new loop."""
    body = view.project.body(helper.func, frame)
    function = body[1].function if body is not None else None
    name = parameter_for(helper, work, function) if function is not None else None
    if function is None or name is None or function.is_async:
        return False
    # What else it starts there runs beside it.
    if TOGETHER.search(function.module.lines(function.node.lineno, function.last_line)) is not None:
        return False
    nodes = view.project.inside(helper.func, frame) or ()
    uses = {id(node) for node, _ in nodes if isinstance(node, ast.Name) and node.id == name}
    calls = ((node, inner) for node, inner in nodes if isinstance(node, ast.Call))
    run = {id(part) for node, inner in calls if (part := _run_in_new_loop(node, inner, view)) is not None}
    return bool(uses) and uses <= run


def _run_in_new_loop(runner: ast.Call, frame: Frame, view: ModuleView) -> ast.expr | None:
    coroutine = run_by(runner, frame, view)
    if coroutine is None and runner.args and runs_alone(runner, frame, view):
        return runner.args[0]
    return coroutine
