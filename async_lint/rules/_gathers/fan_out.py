"""Whether as much runs at once as something has items, with nothing that bounds it."""

import ast

from async_lint.inference.face import Frame, ModuleView, body_of, cited, dotted, is_test
from async_lint.rules._gathers.limits import is_bounded_by, label, unbounded_wait
from async_lint.rules._gathers.purpose import ends_things
from async_lint.rules._gathers.sizes import Sizes
from async_lint.rules._gathers.works import Work, Works, above, is_named
from async_lint.rules._tasks.function_tree import function_around, tree_of

GATHERING = ("asyncio.gather", "asyncio.wait", "asyncio.as_completed")
_GIVEN_COROUTINES = ("asyncio.TaskGroup.create_task",)
_GIVEN_FUNCTIONS = (
    "anyio.abc.TaskGroup.start_soon",
    "trio.Nursery.start_soon",
)
SPAWNING = (*_GIVEN_COROUTINES, *_GIVEN_FUNCTIONS)


def of_gather(call: ast.Call, frame: Frame, view: ModuleView) -> str | None:
    """Return a sentence about what a `gather` runs without a bound."""
    works = Works(call, view, frame)
    if works.tree is None or _is_excused(frame):
        return None
    sentences = (_sentence(work, view, "asyncio.Semaphore") for work in works if work.over)
    return next((sentence for sentence in sentences if sentence is not None), None)


def of_spawn(call: ast.Call, frame: Frame, view: ModuleView) -> str | None:
    """Return a sentence about what a loop starts in a task group without a bound."""
    function = function_around(frame)
    if function is None or not isinstance(call.func, ast.Attribute) or not call.args or _is_excused(frame):
        return None
    group = dotted(call.func.value)
    loops: list[tuple[ast.expr, Frame]] = []
    for outer in above(call, tree_of(function, tuple(body_of(function).statements))):
        match outer:
            case ast.For(iter=iterable):
                # The way goes from the inside out, but the outermost comes first.
                loops.insert(0, (iterable, frame))
            # How many a `while` has at work at once depends on how fast they come and go.
            case ast.While() | ast.AsyncFor() | ast.Lambda() | ast.FunctionDef() | ast.AsyncFunctionDef():
                break
            # A group that each turn makes anew waits for its tasks before the next turn.
            case ast.AsyncWith(items=items) if any(_is_name(item.optional_vars, group) for item in items):
                break
    if not loops:
        return None
    name = view.names.name_of(call.func, frame)
    first = call.args[0]
    if is_named(name, _GIVEN_COROUTINES, view) and isinstance(first, ast.Call):
        return _sentence(Work(first.func, first, frame, tuple(loops)), view, "asyncio.Semaphore")
    if is_named(name, _GIVEN_FUNCTIONS, view):
        module = (name or "").partition(".")[0].lstrip("_")
        return _sentence(Work(first, call, frame, tuple(loops)), view, f"{module}.CapacityLimiter")
    return None


def _is_name(node: ast.expr | None, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _is_excused(frame: Frame) -> bool:
    return is_test(frame) or ends_things(frame) or is_bounded_by(frame)


def _sentence(work: Work, view: ModuleView, limiter: str) -> str | None:
    sizes = Sizes(view)
    grown = (sizes.grows_with(iterable, frame) for iterable, frame in work.over)
    source = next((node for node in grown if node is not None), None)
    wait = unbounded_wait(work, view) if source is not None else None
    if source is None or wait is None:
        return None
    called = label(work.callee)
    size = ast.unparse(source)
    where = f" (each waits for `{wait.label}`, {cited(wait.path, wait.line)})" if wait.label != called else ""
    return (
        f"`{called}` runs at once for as many items as `{size}` has, and nothing bounds how many{where};"
        f" let each hold a slot of one `{limiter}`"
    )
