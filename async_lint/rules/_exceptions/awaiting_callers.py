"""Who in the project awaits a function, and goes on as if it had ended by itself."""

import ast
from typing import NamedTuple

from async_lint.inference.face import Frame, ModuleView, Site
from async_lint.rules._exceptions.going_on import onward
from async_lint.rules._exceptions.ways import Way

_CALLERS_DEEP = 4


class Awaiting(NamedTuple):
    """`goes_on` is the call of one who waits for something else afterwards; `awaited`, `started`: how it is called.

    A function that is started is the work of a task, or of the whole program: nobody reads its end as an answer.
    """

    goes_on: Site | None = None
    awaited: bool = False
    started: bool = False


def awaiting(frame: Frame, view: ModuleView, depth: int = _CALLERS_DEEP) -> Awaiting:
    """Return how the project calls the function that a frame belongs to, as far as its calls are proved."""
    awaited = started = False
    for caller in view.project.callers(frame):
        if not caller.proved:
            continue
        chain = view.project.above(caller.site.node, caller.site.frame)
        if chain is None or not isinstance(chain[-1], ast.Await):
            started = True
            continue
        awaited = True
        way = Way.RETURN if any(isinstance(node, ast.Return) for node in chain) else Way.END
        if onward(chain, way, frozenset(), caller.site.frame, view) is not None:
            return Awaiting(caller.site, True, started)
        if depth:
            above = awaiting(caller.site.frame, view, depth - 1)
            if above.goes_on is not None:
                return above
    return Awaiting(None, awaited, started)
