"""Whether what a scheduler is given is a future already: that comes back itself, and no task is made."""

import ast

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Frame, Kind, ModuleView, Site
from async_lint.rules._callbacks.consumers import given_in
from async_lint.rules._tasks.scheduling import scheduler

_FUTURES = ("asyncio.Future", "asyncio.Task", "concurrent.futures.Future")
# From a function to those whose future it returns, so many steps are followed.
_DEEP = 4


def is_given_future(call: cst.Call, context: Context) -> bool:
    argument = _work(call)
    if argument is None:
        return False
    site = context.counterpart(argument)
    if site is not None and isinstance(site.node, ast.Call):
        return _gives_future(Site(site.node, site.frame), context.view, _DEEP)
    return context.name_of(argument) in (*_FUTURES, *map(context.canonical, _FUTURES))


def _work(call: cst.Call) -> cst.BaseExpression | None:
    given = given_in(call)
    named = (given.named[keyword] for keyword in ("coro", "coro_or_future") if keyword in given.named)
    return given.positional[0] if given.positional else next(named, None)


def _gives_future(site: Site, view: ModuleView, depth: int) -> bool:
    answer = view.calls.kind_of(site.node, site.frame)
    if answer.kind is Kind.TASK:
        made = scheduler(answer.name, view.names.canonical)
        return made is None or not made.collected
    # What a coroutine function returns, its coroutine gives when it is awaited.
    if answer.kind is Kind.COROUTINE or depth == 0:
        return False
    results = view.project.results(site)
    return bool(results) and all(_is_future(result, frame, view, depth - 1) for result, frame in results or ())


def _is_future(result: ast.expr, frame: Frame, view: ModuleView, depth: int) -> bool:
    """Whether all that a plain function may return there are futures that some call made."""
    makers = view.project.origins(result, frame)
    return bool(makers) and all(_gives_future(maker, view, depth) for maker in makers or ())
