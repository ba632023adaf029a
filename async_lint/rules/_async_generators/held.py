"""What an async generator holds while it stands at a `yield`: a resource of a `with`, a cleanup in a `finally`."""

import ast
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from async_lint.inference.face import Answer, Frame, Kind, ModuleView, Site, Try
from async_lint.rules._async_generators.cleanup import work_of
from async_lint.rules._async_generators.item_parts import fit, given
from async_lint.rules._async_generators.left_loop import Way
from async_lint.rules._async_generators.managers import is_empty

_DEEP = 3


class Held(NamedTuple):
    """`text` is what stands around a `yield` of the generator `answer`, on `line` of the file `path`.

    `ways` leave the loop at such a yield; `always`: something stands around each of its yields.
    """

    answer: Answer
    text: str
    path: str
    line: int
    always: bool
    ways: Sequence[Way]


def held_by(site: Site, ways: Sequence[Way], view: ModuleView, depth: int = _DEEP) -> Held | None:
    """Return what the generator that a call makes holds at a yield where one of some ways may leave the loop over it.

    None where it holds nothing there, or is not in sight.
    """
    nodes = view.project.inside(site.node.func, site.frame) or ()
    inner = nodes[0][1].enclosing_function() if nodes else None
    if inner is None or inner.function is None:
        return None
    if not inner.function.is_generator:
        return _returned(site, ways, view, depth - 1) if depth and not inner.function.is_async else None
    answer = view.calls.kind_of(site.node, site.frame)
    if answer.kind is not Kind.ASYNC_GENERATOR:
        return None
    own = [node for node, frame in nodes if isinstance(node, ast.Yield) and frame.enclosing_function() is inner]
    items = [given(node, view.project.above(node, inner) or ()) for node in own]
    around = [list(_around(node, inner, view)) for node in own]
    holding = [item for item, held in zip(items, around, strict=True) if held]
    met = [way for way in ways if any(fit(way.item, item) for item in holding)]
    found = [
        Held(answer, text, inner.module.path, line, all(around), met)
        for item, held in zip(items, around, strict=True)
        if any(fit(way.item, item) for way in met)
        for text, line in held
    ]
    return min(found, key=lambda held: held.line, default=None)


def _returned(site: Site, ways: Sequence[Way], view: ModuleView, depth: int) -> Held | None:
    """Return what all generators that a plain function may return hold: what the first does."""
    made = view.project.results(site) or ()
    held = [
        held_by(Site(call, frame), ways, view, depth) if isinstance(call, ast.Call) else None for call, frame in made
    ]
    return held[0] if held and all(held) else None


def _around(node: ast.Yield, frame: Frame, view: ModuleView) -> Iterator[tuple[str, int]]:
    for outer, inner in pairwise([*(view.project.above(node, frame) or ()), node]):
        match outer:
            case ast.With() | ast.AsyncWith() if inner in outer.body:
                word = "with" if isinstance(outer, ast.With) else "async with"
                managers = (item.context_expr for item in outer.items)
                held = next((manager for manager in managers if not is_empty(manager, frame, view)), None)
                if held is not None:
                    yield f"`{word} {_short(held)}`", outer.lineno
            case _ if isinstance(outer, Try) and inner not in outer.finalbody:
                work = work_of(outer.finalbody)
                if work is not None:
                    yield f"a `try` whose `finally` runs `{_short(work)}`", work.lineno


def _short(node: ast.AST) -> str:
    text = ast.unparse(node)
    if isinstance(node, ast.AsyncWith | ast.AsyncFor):
        text = text.partition("\n")[0]
    return text if len(text) <= 60 else text[:57] + "..."
