"""Whether an object that says how long to wait is seen to reach a client or a request: till then it limits nothing."""

import ast
from collections.abc import Iterable, Iterator

from async_lint.inference.face import ModuleView, Site, last_name
from async_lint.rules._timeouts.given import last_word
from async_lint.rules._timeouts.own_code import file_place
from async_lint.rules._timeouts.table import Disabled, receivers


def reaches_a_client(made: Site, names: Iterable[str], entry: Disabled, view: ModuleView) -> bool:
    """Whether what `made` gives is handed to one of the entry's receivers; `names` are those that it is bound to."""
    bound = frozenset(names)
    words = tuple(dict.fromkeys(receiver.rpartition(".")[2] for receiver in entry.receivers))
    return any(
        _is_given(made, bound, site) or _is_behind(made, bound, site, view)
        for site in view.project.calls_among(words, bound)
        if _may_take(made, bound, site) and _is_receiver(site, entry, view)
    ) or any(_hands_on(call, made, entry, view) for call in _calls_around(made, view))


def _may_take(made: Site, bound: frozenset[str], site: Site) -> bool:
    """Whether the text of a call gives it the object, or one of its names."""
    return _is_given(made, bound, site) or any(last_name(limit) in bound for limit in _limits(site.node))


def _is_given(made: Site, bound: frozenset[str], site: Site) -> bool:
    """Whether a call is given the object as it is made, or options of the same function that it is one of."""
    if any(alternative is made.node for value in _limits(site.node) for alternative in _alternatives(value)):
        return True
    here = made.frame.module is site.frame.module and made.frame.enclosing_function() is site.frame.enclosing_function()
    unpacked = (keyword.value for keyword in site.node.keywords if keyword.arg is None)
    return here and any(isinstance(value, ast.Name) and value.id in bound for value in unpacked)


def _is_behind(made: Site, bound: frozenset[str], site: Site, view: ModuleView) -> bool:
    """Whether the name that a call is given holds the object."""
    named = (limit for limit in _limits(site.node) if last_name(limit) in bound)
    origins = (view.project.origins(limit, site.frame) or () for limit in named)
    return any(file_place(origin) == file_place(made) for some in origins for origin in some)


def _is_receiver(site: Site, entry: Disabled, view: ModuleView) -> bool:
    name = view.calls.kind_of(site.node, site.frame).name
    return receivers(entry.receivers).find(name, view.names.canonical) is not None


def _calls_around(made: Site, view: ModuleView) -> Iterator[Site]:
    around = view.project.above(made.node, made.frame) or ()
    for ancestor in reversed(around):
        if isinstance(ancestor, ast.Call):
            yield Site(ancestor, made.frame)
        if isinstance(ancestor, ast.Call | ast.stmt):
            return


def _hands_on(call: Site, made: Site, entry: Disabled, view: ModuleView) -> bool:
    """Whether a function of the project gives a receiver the parameter that the object is an argument for."""
    name = next((keyword.arg for keyword in call.node.keywords if keyword.value is made.node), None)
    nodes = view.project.inside(call.node.func, call.frame) if name is not None else None
    return any(
        isinstance(node, ast.Call)
        and any(isinstance(limit, ast.Name) and limit.id == name for limit in _limits(node))
        and any(last_word(node) == receiver.rpartition(".")[2] for receiver in entry.receivers)
        and _is_receiver(Site(node, frame), entry, view)
        for node, frame in nodes or ()
    )


def _limits(call: ast.Call) -> Iterator[ast.expr]:
    """Yield what a call gives the parameter for the limit: the receivers take it by its name alone."""
    return (keyword.value for keyword in call.keywords if keyword.arg == "timeout")


def _alternatives(value: ast.expr) -> Iterator[ast.expr]:
    match value:
        case ast.IfExp(body=body, orelse=orelse):
            yield from _alternatives(body)
            yield from _alternatives(orelse)
        case ast.BoolOp(values=values):
            for operand in values:
                yield from _alternatives(operand)
        case _:
            yield value
