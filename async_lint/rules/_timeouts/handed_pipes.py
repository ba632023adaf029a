"""Pipes of processes that were handed over: they may be at their end already, and a read of such a one ends at once.

What made a process that is a parameter, or an attribute set from one, is elsewhere. So is what became of it since.
"""

import ast
from collections.abc import Iterator, Sequence

from async_lint.inference.face import Frame, ModuleView, Site
from async_lint.rules._shared.exited import PIPES, is_gone
from async_lint.rules._timeouts.waits import Unbounded

_READER = "asyncio.StreamReader."
_PROCESS = "asyncio.subprocess.Process"
_DEEP = 8


def may_be_at_its_end(unlimited: Unbounded, site: Site, view: ModuleView) -> bool:
    """Whether a call reads a pipe whose process was handed over, and was not seen to go on wherever that was."""
    callee = site.node.func
    if not unlimited.name.startswith(_READER) or not isinstance(callee, ast.Attribute):
        return False
    trace = _Trace(view)
    processes = list(trace.processes(callee.value, site.frame, _DEEP))
    return bool(processes) and (trace.is_lost or any(trace.may_be_gone(*process, _DEEP) for process in processes))


def is_process(expression: ast.expr, frame: Frame, view: ModuleView) -> bool:
    return view.names.name_unless_none(expression, frame) in (_PROCESS, view.names.canonical(_PROCESS))


class _Trace:
    """One question. What was looked at already adds nothing to the answer, and `is_lost` once a call was not seen."""

    def __init__(self, view: ModuleView) -> None:
        self.is_lost = False
        self._view = view
        self._seen: dict[int, ast.expr] = {}

    def processes(self, reader: ast.expr, frame: Frame, depth: int) -> Iterator[tuple[ast.expr, Frame]]:
        """Yield the expressions for processes whose pipe a stream may be."""
        if isinstance(reader, ast.Attribute) and reader.attr in PIPES and is_process(reader.value, frame, self._view):
            yield reader.value, frame
            return
        for source, where in self._sources(reader, frame, depth):
            yield from self.processes(source, where, depth - 1)

    def may_be_gone(self, process: ast.expr, frame: Frame, depth: int) -> bool:
        """Whether a process has exited at one of the places that it comes from, or comes from where nobody sees."""
        if is_gone(process, self._view.project.above(process, frame), frame, self._view):
            return True
        sources = self._sources(process, frame, depth)
        return self.is_lost or any(self.may_be_gone(source, where, depth - 1) for source, where in sources)

    def _sources(self, expression: ast.expr, frame: Frame, depth: int) -> Sequence[tuple[ast.expr, Frame]]:
        if id(expression) in self._seen:
            return ()
        self._seen[id(expression)] = expression
        sources = self._view.project.sources(expression, frame)
        self.is_lost = self.is_lost or sources.unseen or (depth == 0 and bool(sources.seen))
        return sources.seen if depth else ()
