"""Which awaited calls wait without a limit of their own: by their name, and by what made their receiver."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from async_lint.inference.nodes import descendants
from async_lint.inference.origins import Site
from async_lint.inference.resolver import ModuleView
from async_lint.rules._timeouts import Given, Wait, argument, client, given, last_word, made, makers, waits

_DEEP = 6
_TOGETHER = frozenset({"asyncio.gather", "asyncio.shield"})


class Unbounded(NamedTuple):
    """A call that waits without a limit. `name` is public; `maker` is the call that could have set one, if any."""

    name: str
    wait: Wait
    maker: Site | None = None


def awaited(call: ast.Call, site: Site, view: ModuleView) -> Iterator[ast.Call]:
    """Yield the calls that `await call` waits for: those that a `gather` or a `shield` is handed too."""
    yield call
    if last_word(call) in ("gather", "shield"):
        name = view.kind_of(call, site.frame).name
        if any(name in (each, view.canonical(each)) for each in _TOGETHER):
            yield from (each for each in call.args if isinstance(each, ast.Call))


def unbounded(site: Site, view: ModuleView, entering: bool) -> Unbounded | None:
    """Return why a call waits without a limit, as far as the call and its receiver say; `entering` by `async with`."""
    word = last_word(site.node)
    if word not in waits():
        return None
    found = waits().find(_name(site, view, _DEEP), view.canonical)
    if found is None:
        return None
    name, wait = found
    if not (wait.entered if entering else wait.awaited):
        return None
    if given(site.node, wait.unless) not in (Given.ABSENT, Given.NOTHING):
        return None
    if given(site.node, wait.timeouts) not in (Given.ABSENT, Given.NOTHING):
        return None
    if not wait.client:
        return Unbounded(name, wait)
    maker = _unlimited_maker(site, wait.client, view)
    return Unbounded(name, wait, maker) if maker is not None else None


def _name(site: Site, view: ModuleView, depth: int) -> str | None:
    """Return a callee's name: as it is found, or, for a method of what a library's function gives, its public one."""
    name = view.kind_of(site.node, site.frame).name
    if name is not None or depth == 0 or not isinstance(site.node.func, ast.Attribute):
        return name
    classes = {_class(each, view, depth - 1) for each in view.origins(site.node.func.value, site.frame) or ()}
    cls = classes.pop() if len(classes) == 1 else None
    return f"{cls}.{site.node.func.attr}" if cls else None


def _class(site: Site, view: ModuleView, depth: int) -> str | None:
    """Return the class of what a call gives, where the table knows it."""
    name = _name(site, view, depth)
    found = makers().find(name, view.canonical)
    if found is not None:
        public = found[0]
        return made(public) or (public if public.rpartition(".")[2][:1].isupper() else None)
    if depth == 0:
        return None
    classes = {
        _class(each, view, depth - 1)
        for expression, frame in view.results(site) or ()
        for each in view.origins(expression, frame) or ()
    }
    return classes.pop() if len(classes) == 1 else None


def _unlimited_maker(site: Site, of: str, view: ModuleView) -> Site | None:
    """Return a call that made the receiver without a limit; None when one sets a limit, or not all are in sight."""
    assert isinstance(site.node.func, ast.Attribute)
    found = _makers(site.node.func.value, site, of, view, _DEEP)
    if found is None:
        found = _in_project(of, view)
    known = client(of)
    if known.probe:
        default = view.default(*known.probe)
        if not (isinstance(default, ast.Constant) and default.value is None):
            return None
    return found[0] if found and all(_is_unlimited(each, of, view) for each in found) else None


def _makers(expression: ast.expr, at: Site, of: str, view: ModuleView, depth: int) -> list[Site] | None:
    """Return the calls that made a client; None unless all are in sight."""
    sites = view.origins(expression, at.frame)
    if not sites or depth == 0:
        return None
    found: list[Site] = []
    for site in sites:
        hit = makers().find(_name(site, view, _DEEP), view.canonical)
        if hit is not None and hit[0] in client(of).makers:
            found.append(site)
            continue
        if hit is not None and hit[0] in client(of).passing and isinstance(site.node.func, ast.Attribute):
            further = [_makers(site.node.func.value, site, of, view, depth - 1)]
        else:
            given_back = view.results(site) or ()
            further = [_makers(each, Site(site.node, frame), of, view, depth - 1) for each, frame in given_back]
        if not further or None in further:
            return None
        found += [each for some in further for each in some or ()]
    return found


def _in_project(of: str, view: ModuleView) -> list[Site]:
    """Return every call in the project that makes such a client."""
    names = client(of).makers
    found = view.calls_of(names)
    return [each for each in found if _is_maker(each, of, view)]


def _is_maker(site: Site, of: str, view: ModuleView) -> bool:
    hit = makers().find(_name(site, view, _DEEP), view.canonical)
    return hit is not None and hit[0] in client(of).makers


def _is_unlimited(maker: Site, of: str, view: ModuleView) -> bool:
    known = client(of)
    if given(maker.node, known.options) not in (Given.ABSENT, Given.NOTHING):
        return False
    if any("timeout" in text for text in _texts(maker.node)):
        return False
    urls = [argument(maker.node, name, position) for name, position in known.urls.items()]
    return all(url is None or isinstance(url, ast.Constant) for url in urls)


def _texts(call: ast.Call) -> Iterator[str]:
    """Yield what is written out in the arguments of a call: a URL may carry a limit."""
    for value in [*call.args, *(each.value for each in call.keywords)]:
        for node in descendants(value):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
