"""Which calls wait without a limit of their own: by their name."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from async_lint.inference.face import Frame, ModuleView, Site
from async_lint.rules._timeouts.given import Given, given, last_word
from async_lint.rules._timeouts.table import Wait, made, producers, waits

_DEEP = 6
ENTERING = frozenset({"enter_async_context", "enter_context"})
_TOGETHER = ("asyncio.gather", "asyncio.shield")


class Unbounded(NamedTuple):
    """A call that waits without a limit. `name` is public."""

    name: str
    wait: Wait


def awaited(call: ast.Call, site: Site, view: ModuleView) -> Iterator[ast.Call]:
    """Yield the calls that `await call` waits for: those that a `gather` or a `shield` is handed too."""
    yield call
    if gathers(Site(call, site.frame), view):
        yield from (argument for argument in call.args if isinstance(argument, ast.Call))


def gathers(site: Site, view: ModuleView) -> bool:
    """Whether who awaits the call waits for what it is handed."""
    if last_word(site.node) not in ("gather", "shield"):
        return False
    name = view.calls.kind_of(site.node, site.frame).name
    return any(name in (public, view.names.canonical(public)) for public in _TOGETHER)


def unbounded(site: Site, view: ModuleView, entering: bool) -> Unbounded | None:
    """Return why a call waits without a limit, as far as the call itself says; `entering` by `async with`."""
    if last_word(site.node) not in waits():
        return None
    hit = waits().find(name_of(site, view), view.names.canonical)
    if hit is None:
        return None
    name, wait = hit
    if not (wait.entered if entering else wait.awaited):
        return None
    if given(site.node, wait.unless) not in (Given.ABSENT, Given.NOTHING):
        return None
    if given(site.node, wait.timeouts) not in (Given.ABSENT, Given.NOTHING):
        return None
    # The host that a star hides may be this one.
    if given(site.node, wait.hosts) is Given.HIDDEN:
        return None
    return Unbounded(name, wait)


def name_of(site: Site, view: ModuleView, depth: int = _DEEP) -> str | None:
    """Return a callee's name: as it is found, or, for a method of what a library's function gives, its public one."""
    name = view.calls.kind_of(site.node, site.frame).name
    if name is not None or depth == 0 or not isinstance(site.node.func, ast.Attribute):
        return name
    classes = {_class(origin, view, depth - 1) for origin in origins(site.node.func.value, site.frame, view) or ()}
    cls = classes.pop() if len(classes) == 1 else None
    return f"{cls}.{site.node.func.attr}" if cls else None


def origins(value: ast.expr, frame: Frame, view: ModuleView) -> tuple[Site, ...] | None:
    """Return the calls that made a value; of what was entered by a call, those that made the context manager.

    What the table knows gives itself when it is entered.
    """
    found = view.project.origins(value, frame)
    return tuple(site for origin in found for site in _entered(origin, view)) if found else None


def _entered(site: Site, view: ModuleView) -> tuple[Site, ...]:
    match site.node:
        case ast.Call(func=ast.Attribute(value=manager, attr="__aenter__" | "__enter__"), args=[]):
            pass
        case ast.Call(args=[manager]) if last_word(site.node) in ENTERING:
            pass
        case _:
            return (site,)
    return tuple(view.project.origins(manager, site.frame) or (site,))


def _class(site: Site, view: ModuleView, depth: int) -> str | None:
    """Return the class of what a call gives, where the table knows it."""
    hit = producers().find(name_of(site, view, depth), view.names.canonical)
    if hit is not None:
        public = hit[0]
        # What is written like a class makes an object of it.
        return made(public) or (public if public.rpartition(".")[2][:1].isupper() else None)
    if depth == 0:
        return None
    classes = {
        _class(origin, view, depth - 1)
        for expression, frame in view.project.results(site) or view.project.entered(site) or ()
        for origin in origins(expression, frame, view) or ()
    }
    return classes.pop() if len(classes) == 1 else None
