"""Who in the project awaits a function, and goes on as if it had ended by itself."""

import ast
from collections.abc import Sequence
from typing import NamedTuple

from async_lint.inference.face import Frame, ModuleView, Site, children, descendants, is_test, last_name
from async_lint.rules._cancellations.asked_errors import Asked, asks
from async_lint.rules._cancellations.cancellation import own_nodes
from async_lint.rules._cancellations.going_on import onward
from async_lint.rules._cancellations.tested_answers import is_asked_for, told_by
from async_lint.rules._cancellations.ways import Way

_UNCANCELLED = "run_until_complete"
_START_SOON = "start_soon"
_WAIT_FOR = "asyncio.wait_for"
# Functions that call each other would be followed for ever.
_CALLERS_DEEP = 4
_COLLECTIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.List, ast.Set, ast.Tuple, ast.Starred)
# They give back what is called just like the function: the callers in sight remain all there are.
_PLAIN_DECORATORS = (
    "functools.wraps",
    "builtins.staticmethod",
    "builtins.classmethod",
    "abc.abstractmethod",
    "typing.override",
    "typing.final",
    "typing_extensions.override",
    "typing_extensions.final",
)


class Awaiting(NamedTuple):
    """`goes_on` is the call of one who waits for something else afterwards; `awaited`, `started`: how it is called.

    A function that is started is the work of a task, or of the whole program: nobody reads its end as an answer.
    `tested`: tests alone call it, and what goes on in a test says nothing of the program, or who asks for errors.
    `heard`: all who await it test its answer, and do not go on then.
    """

    goes_on: Site | None = None
    awaited: bool = False
    started: bool = False
    tested: bool = False
    heard: bool = False


def awaiting(
    frame: Frame,
    view: ModuleView,
    told: frozenset[str],
    asked: frozenset[Asked] = frozenset(),
    answer: ast.Constant | None = None,
    depth: int = _CALLERS_DEEP,
) -> Awaiting:
    """Return how the project calls the function that a frame belongs to, as far as its calls are proved.

    `told` are the flags that it has set when it ends: a loop of a caller that asks for one of them ends as well. Who
    sets a parameter that is `asked` gets an exception, and no answer; the others get `answer`, where that is known.
    """
    awaited = started = tested = False
    heard = answer is not None
    for caller in view.project.callers(frame):
        site = caller.site
        if not caller.proved or is_test(site.frame) or asks(site.node, asked):
            tested = tested or caller.proved
            continue
        chain = view.project.above(site.node, site.frame)
        waiting = where_awaited(site, view)
        if chain is None or waiting is None:
            started = started or chain is None or _is_handed(chain)
            continue
        awaited = True
        way = Way.RETURN if any(isinstance(node, ast.Return) for node in waiting) else Way.END
        behind = told_by(answer, waiting, site.frame)
        heard = heard and is_asked_for(waiting, behind)
        if onward(waiting, way, told, site.frame, view, behind) is not None:
            return Awaiting(site, True, started)
        if depth:
            above = awaiting(site.frame, view, told, depth=depth - 1)
            if above.goes_on is not None:
                return above
    return Awaiting(None, awaited, started, tested and not awaited and not started, heard and awaited)


def _is_handed(chain: Sequence[ast.AST]) -> bool:
    """Whether what stands there is given to a call, be it as one of many: `gather(*[work(x) for x in xs])`.

    Who cancels what awaits a `gather` cancels that, and it raises the cancellation whatever its coroutines give.
    """
    match next((node for node in reversed(chain) if not isinstance(node, _COLLECTIONS)), None):
        case ast.Call() | ast.keyword():
            return True
        case ast.Assign(targets=[ast.Name(id=name)]):
            calls = (node for node in own_nodes(getattr(chain[0], "body", ())) if isinstance(node, ast.Call))
            starred = (one.value for call in calls for one in call.args if isinstance(one, ast.Starred))
            return any(isinstance(value, ast.Name) and value.id == name for value in starred)
    return False


def where_awaited(site: Site, view: ModuleView) -> Sequence[ast.AST] | None:
    """Return the nodes above where a call is awaited, be it by the name that it is bound to; None if it is not."""
    chain = view.project.above(site.node, site.frame)
    if chain is None:
        return None
    match chain[-1]:
        case ast.Await():
            return chain
        # The work of `wait_for` has its deadline, and ends with the task that awaits it.
        case ast.Call(func=callee) if isinstance(chain[-2], ast.Await) and _is_wait_for(callee, site.frame, view):
            return chain[:-1]
        case ast.Assign(targets=[ast.Name(id=name)]):
            for node in own_nodes(getattr(chain[0], "body", ())):
                if isinstance(node, ast.Await) and isinstance(node.value, ast.Name) and node.value.id == name:
                    return view.project.above(node.value, site.frame)
    return None


def runs_uncancelled(frame: Frame, view: ModuleView, depth: int = _CALLERS_DEEP) -> bool:
    """Whether `loop.run_until_complete` alone runs the function: unlike `asyncio.run`, that cancels nothing.

    Be it by way of functions that await it, and that nothing else runs.
    """
    callers = [caller.site for caller in view.project.callers(frame) if caller.proved]
    return bool(callers) and all(_is_uncancelled(site, view, depth) for site in callers)


def _is_uncancelled(call: Site, view: ModuleView, depth: int) -> bool:
    chain = view.project.above(call.node, call.frame)
    match chain[-1] if chain else None:
        case ast.Call(func=runner):
            return last_name(runner) == _UNCANCELLED
        # What an `async with` stands around may have a deadline.
        case ast.Await() if depth and not any(isinstance(node, ast.AsyncWith) for node in chain or ()):
            return runs_uncancelled(call.frame, view, depth - 1)
    return False


def is_handed_out(function: ast.AsyncFunctionDef, tree: ast.Module, frame: Frame, view: ModuleView) -> bool:
    """Whether something else calls the function: a decorator takes it, or it is handed on without a call."""
    for decorator in function.decorator_list:
        callee = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = view.names.name_of(callee, frame)
        if not any(name in (public, view.names.canonical(public)) for public in _PLAIN_DECORATORS):
            return True
    return any(_hands(node, function.name) for node in descendants(tree))


def is_started_soon(function: ast.AsyncFunctionDef, tree: ast.Module) -> bool:
    """Whether a module uses a function only to start tasks in a group of anyio or trio: `group.start_soon(work)`."""
    nodes = descendants(tree)
    calls = [node for node in nodes if isinstance(node, ast.Call) and last_name(node.func) == _START_SOON]
    started = {id(call.args[0]) for call in calls if call.args}
    uses = {id(node) for node in nodes if last_name(node) == function.name}
    return bool(uses) and uses <= started and not function.decorator_list


def _hands(node: ast.AST, name: str) -> bool:
    """Whether a node has the function as a part of it, or a call has its coroutine; a wrapper's `return` aside."""
    # `return work()`: who awaits the wrapper awaits the function.
    if isinstance(node, ast.Return):
        return False
    parts = [child.value if isinstance(child, ast.keyword) else child for child in children(node)]
    if isinstance(node, ast.Call):
        parts = [part for part in parts if part is not node.func]
        # What `wait_for` is given is awaited there, and not started for somebody else.
        if last_name(node.func) != "wait_for":
            parts += [part.func for part in parts if isinstance(part, ast.Call)]
    return any(
        (isinstance(part, ast.Name) and part.id == name and isinstance(part.ctx, ast.Load))
        or (isinstance(part, ast.Attribute) and part.attr == name and isinstance(part.ctx, ast.Load))
        for part in parts
    )


def _is_wait_for(callee: ast.expr, frame: Frame, view: ModuleView) -> bool:
    return view.names.name_of(callee, frame) in (_WAIT_FOR, view.names.canonical(_WAIT_FOR))
