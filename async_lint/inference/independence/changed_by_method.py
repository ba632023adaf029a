"""What an iteration tests, and a method of the same object changes behind an `await`.

if name not in store.pages:
    page = await load(name)
    store.keep(name, page)         found: `keep` puts it into `self.pages`, where a later iteration looks for it
if name not in store.names:
    store.claim(name)              not found: nobody comes in between
    await load(name)
"""

import ast
from collections.abc import Iterator, Sequence

from async_lint.inference.independence.callees import definitions
from async_lint.inference.independence.conditions import has_wait
from async_lint.inference.independence.iteration import inside
from async_lint.inference.independence.provenance import Iteration
from async_lint.inference.independence.shared_state import places_written
from async_lint.inference.independence.sharing import receiver_of
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import dotted
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.values import Frame

_Place = tuple[int, int]


def changed_by_method(evaluator: Evaluator, nodes: Sequence[ast.AST], iteration: Iteration, frame: Frame) -> str:
    """Return why what a method changes needs the order, in one clause; empty where nothing does."""
    tested = dict(_tested(nodes, iteration))
    holders = {place.rpartition(".")[0] for place in tested}
    waits = [node for node, _ in inside(nodes) if isinstance(node, ast.Await)] if tested else []
    for node, _ in inside(nodes) if waits else ():
        match node:
            case ast.Call(func=ast.Attribute(value=holder) as func) if dotted(holder) in holders:
                changed = {f"{dotted(holder)}.{name}" for name in _changed(evaluator, func, frame)}
                late = (name for name in changed & set(tested) if _waits_between(tested[name], node, waits))
                place = next(late, "")
                if place:
                    return f"`{place}` is tested by each, and `{ast.unparse(func)}` changes it behind an `await`"
    return ""


def _tested(nodes: Sequence[ast.AST], iteration: Iteration) -> Iterator[tuple[str, _Place]]:
    """Yield the attributes of shared objects that conditions look at, with the end of the first that does."""
    met = set()
    for node, _ in inside(nodes):
        if isinstance(node, ast.If | ast.IfExp):
            for part in descendants(node.test):
                if isinstance(part, ast.Attribute) and dotted(part) and dotted(part) not in met:
                    if not iteration.of(part.value).own:
                        met.add(dotted(part))
                        yield dotted(part), _end(node.test)


def _changed(evaluator: Evaluator, method: ast.Attribute, frame: Frame) -> Iterator[str]:
    """Yield the attributes of its receiver that a method changes."""
    for function in definitions(evaluator, method, frame):
        receiver = receiver_of(function)
        for place in places_written(function.whole().body):
            first, _, rest = place.partition(".")
            if receiver and first == receiver and rest:
                yield rest


def _waits_between(test: _Place, call: ast.Call, waits: Sequence[ast.Await]) -> bool:
    """Whether an iteration may be suspended when a test is over, and before a call is made."""
    at = (call.lineno, call.col_offset)
    behind = any(test <= (wait.lineno, wait.col_offset) and _end(wait) <= at for wait in waits)
    return behind or (test <= at and any(map(has_wait, [*call.args, *call.keywords])))


def _end(node: ast.expr) -> _Place:
    return node.end_lineno or 0, node.end_col_offset or 0
