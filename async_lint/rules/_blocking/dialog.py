"""Functions that ask a person at the terminal: whoever answers is whom the program waits for."""

import ast
from collections.abc import Iterator, Sequence
from functools import lru_cache

from async_lint.inference.face import Frame, ModuleView, Site, children, inside, last_name
from async_lint.knowledge.tables import table
from async_lint.rules._blocking.started import has_started_itself

_ASKING = table("concurrency")["asking-people"]
_WORDS = frozenset(name.rpartition(".")[2] for name in _ASKING)


def is_in_dialog(call: Site, around: Sequence[ast.AST], view: ModuleView) -> bool:
    """Whether the function around a call has asked a person before, and has started nothing that may go on.

    `around` are the nodes above the call, its function first.
    """
    frame = call.frame.enclosing_function() or call.frame
    first = _first_question(around[0], frame, view)
    return first is not None and first < call.node.lineno and not has_started_itself(call, around, view)


@lru_cache(maxsize=1)
def _first_question(function: ast.AST, frame: Frame, view: ModuleView) -> int | None:
    return min(_questions(function, frame, view), default=None)


def _questions(function: ast.AST, frame: Frame, view: ModuleView) -> Iterator[int]:
    for node, _ in inside(children(function)):
        if isinstance(node, ast.Call) and last_name(node.func) in _WORDS:
            name = view.names.name_of(node.func, frame) or ""
            if name in (*_ASKING, *map(view.names.canonical, _ASKING)):
                yield node.lineno
