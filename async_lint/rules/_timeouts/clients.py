"""Clients that are made without a limit for their calls, and a call in the project that has none for that reason."""

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from async_lint.inference.face import ModuleView, Site, argument, descendants, is_test
from async_lint.rules._timeouts.deadlines import in_force_without_call
from async_lint.rules._timeouts.given import Given, given, last_word
from async_lint.rules._timeouts.limits import is_nothing
from async_lint.rules._timeouts.own_code import file_place
from async_lint.rules._timeouts.parameter import Parameter, parameter
from async_lint.rules._timeouts.table import client, makers, producers, words_of
from async_lint.rules._timeouts.transports import has_limits_of_its_own
from async_lint.rules._timeouts.waits import Unbounded, gathers, name_of, origins, unbounded

_DEEP = 6


class Maker(NamedTuple):
    """A call that makes a client without a limit: its public name, and the entry of the client."""

    name: str
    of: str


class Held(NamedTuple):
    """A call of a client that waits without a limit."""

    found: Unbounded
    site: Site


def unlimited_maker(site: Site, view: ModuleView) -> Maker | None:
    """Return what a call makes without a limit for the calls of it, None where it sets one, or may."""
    if last_word(site.node) not in makers():
        return None
    hit = makers().find(name_of(site, view), view.names.canonical)
    if hit is None or not _is_unlimited(site, hit[1], view) or has_limits_of_its_own(site, client(hit[1]), view):
        return None
    return Maker(*hit)


def first_held(
    maker: Maker, made: Site, names: Iterable[str], view: ModuleView, may_wait: Callable[[Site, Unbounded], bool]
) -> Held | None:
    """Return the first call in the project that waits without a limit because `made` sets none.

    The file of `made` comes first, then those that mention the library or one of `names`, by their paths. `may_wait`
    says which calls are left out: they have a deadline, or need none.
    """
    for site in view.project.calls_among(words_of(maker.of), [maker.name.partition(".")[0], *names]):
        entering = _is_awaited(site, view)
        if entering is None:
            continue
        unlimited = unbounded(site, view, entering)
        if unlimited is None or unlimited.wait.client != maker.of or not isinstance(site.node.func, ast.Attribute):
            continue
        # One of several makers that sets a limit may be the one of this call.
        calls = _makers(site.node.func.value, site, maker.of, view, _DEEP) or []
        if file_place(made) not in map(file_place, calls) or not all(
            _is_unlimited(call, maker.of, view) for call in calls
        ):
            continue
        if not may_wait(site, unlimited):
            return Held(unlimited, site)
    return None


def _is_awaited(site: Site, view: ModuleView) -> bool | None:
    """Return whether a call is entered by `async with`, or else awaited; None where it is neither."""
    around = view.project.above(site.node, site.frame) or ()
    match around:
        case (*_, ast.Await()):
            return False
        case (*_, ast.AsyncWith(), ast.withitem(context_expr=node)) if node is site.node:
            return True
        case (*_, ast.Await(), ast.Call() as call) if gathers(Site(call, site.frame), view):
            return False
    return None


def _makers(expression: ast.expr, at: Site, of: str, view: ModuleView, depth: int) -> list[Site] | None:
    """Return the calls that made a client; None unless all are in sight."""
    sites = origins(expression, at.frame, view)
    if depth == 0:
        return None
    if not sites:
        return _makers_handed(expression, at, of, view, depth - 1)
    calls: list[Site] = []
    for site in sites:
        hit = producers().find(name_of(site, view), view.names.canonical)
        if hit is not None and hit[0] in client(of).makers:
            calls.append(site)
            continue
        if hit is not None and hit[0] in client(of).passing and isinstance(site.node.func, ast.Attribute):
            # A connection has the limit of the pool that hands it out.
            further = [_makers(site.node.func.value, site, of, view, depth - 1)]
        else:
            given_back = view.project.results(site) or view.project.entered(site) or ()
            further = [_makers(value, Site(site.node, frame), of, view, depth - 1) for value, frame in given_back]
        if not further or None in further:
            return None
        calls += [call for some in further for call in some or ()]
    return calls


def _makers_handed(expression: ast.expr, at: Site, of: str, view: ModuleView, depth: int) -> list[Site] | None:
    """Return the same for a client that may be handed in: the calls in the project that make one of those handed.

    Who else hands one in may have made it with a limit or without: that says nothing about these.
    """
    known = parameter(expression, at.frame)
    function = at.frame.enclosing_function()
    is_made_with = function is not None and function.function is not None and function.function.name == "__init__"
    if known is not None and not known.rebound and not is_made_with:
        return [maker for given in _arguments(known, at, view) for maker in _makers(*given, of, view, depth) or ()]
    calls: list[Site] = []
    for value, frame in view.project.sources(expression, at.frame).seen:
        if is_nothing(value) or is_test(frame):
            continue
        further = _makers(value, at._replace(frame=frame), of, view, depth)
        if further is None:
            return None
        calls += further
    return calls


def _arguments(known: Parameter, at: Site, view: ModuleView) -> Iterator[tuple[ast.expr, Site]]:
    """Yield what the project's calls give for a parameter, each with its call; not those that have a deadline."""
    for site in (caller.site for caller in view.project.callers(at.frame) if caller.proved):
        value = known.given(site.node)
        if value is None or is_test(site.frame):
            continue
        if not in_force_without_call(value, site.frame, view, _excuses_nothing):
            yield value, site


def _excuses_nothing(_: Site, around: Sequence[ast.AST]) -> bool:
    return False


def _is_unlimited(maker: Site, of: str, view: ModuleView) -> bool:
    known = client(of)
    if given(maker.node, known.options) not in (Given.ABSENT, Given.NOTHING):
        return False
    if any("timeout" in text for text in _texts(maker.node)):
        return False
    # A URL that is not written out here may carry a limit.
    urls = [argument(maker.node, name, position) for name, position in known.urls.items()]
    return all(url is None or isinstance(url, ast.Constant) for url in urls) and not _has_default(known.probe, view)


def _has_default(probe: tuple[str, ...], view: ModuleView) -> bool:
    """Whether the version that is installed has a limit of its own; the newest, where none is, has one."""
    default = view.names.default(*probe) if probe else None
    return bool(probe) and not (isinstance(default, ast.Constant) and default.value is None)


def _texts(call: ast.Call) -> Iterator[str]:
    """Yield what is written out in the arguments of a call: a URL may carry a limit."""
    for value in [*call.args, *(keyword.value for keyword in call.keywords)]:
        for node in descendants(value):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
