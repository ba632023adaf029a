"""Reads of one stream one after another, as in a handshake: who is silent for the first holds up all of them."""

import ast
from collections.abc import Callable, Iterator, Sequence

from async_lint.files.source import Source
from async_lint.inference.face import ModuleView, Site, children
from async_lint.rules._timeouts.waits import Unbounded

_READER = "asyncio.StreamReader."
_SCOPES = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda

Told = Callable[[Site], Unbounded | None]


class Reads:
    """The calls of methods that functions of a file await, by what the methods are of: read once for each function."""

    def __init__(self, source: Source) -> None:
        self._known: dict[ast.AST, dict[str, list[ast.Call]]] = {}

    def of(self, stream: str, function: ast.AST) -> Sequence[ast.Call]:
        if function not in self._known:
            known = self._known[function] = {}
            for call in _awaited(function):
                if isinstance(call.func, ast.Attribute):
                    known.setdefault(ast.unparse(call.func.value), []).append(call)
        return self._known[function].get(stream, ())


def is_told_above(unlimited: Unbounded, site: Site, view: ModuleView, reads: Reads, told: Told) -> bool:
    """Whether the same function reads the same stream further up, without a deadline too."""
    return any(told(read) is not None for read in _again(unlimited, site, view, reads) if _place(read) < _place(site))


def reads_below(unlimited: Unbounded, site: Site, view: ModuleView, reads: Reads, told: Told) -> int:
    """Return how many reads of the same stream follow in the same function, without a deadline too."""
    return sum(told(read) is not None for read in _again(unlimited, site, view, reads) if _place(read) > _place(site))


def _again(unlimited: Unbounded, site: Site, view: ModuleView, reads: Reads) -> Iterator[Site]:
    callee = site.node.func
    around = view.project.above(site.node, site.frame)
    if not unlimited.name.startswith(_READER) or not isinstance(callee, ast.Attribute) or not around:
        return
    made = view.project.origins(callee.value, site.frame)
    for call in reads.of(ast.unparse(callee.value), around[0]):
        # The same name may stand for another stream by then.
        if isinstance(call.func, ast.Attribute) and view.project.origins(call.func.value, site.frame) == made:
            yield site._replace(node=call)


def _awaited(node: ast.AST) -> Iterator[ast.Call]:
    for child in children(node):
        if isinstance(child, ast.Await) and isinstance(child.value, ast.Call):
            yield child.value
        if not isinstance(child, _SCOPES):
            yield from _awaited(child)


def _place(site: Site) -> tuple[int, int]:
    """Return where a call ends: one that is an argument of another runs first."""
    return site.node.end_lineno or site.node.lineno, site.node.end_col_offset or 0
