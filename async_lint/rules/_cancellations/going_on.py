"""What a function goes on to wait for after a statement in it has ended the cancellation."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from async_lint.inference.face import Frame, ModuleView, Try
from async_lint.rules._cancellations.cancellation import own_nodes, waits
from async_lint.rules._cancellations.flags import ending, set_by
from async_lint.rules._cancellations.ways import ANY, Exit, Handled, Loop, Way, exits

_DEADLINES = (
    "asyncio.timeout",
    "asyncio.timeout_at",
    "async_timeout.timeout",
    "async_timeout.timeout_at",
    "anyio.fail_after",
    "anyio.move_on_after",
    "trio.fail_after",
    "trio.move_on_after",
)


class Onward(NamedTuple):
    """`node` is what runs after: a loop that goes round, a deadline that never strikes, or the next wait."""

    node: ast.AST
    turns: bool = False
    deadline: bool = False


def onward(
    chain: Sequence[ast.AST],
    way: Way,
    told: frozenset[str],
    frame: Frame,
    view: ModuleView,
    behind: Handled = ANY,
) -> Onward | None:
    """Return what runs after the last of a chain of nodes, from the function down, is left by `way`.

    None where the function ends without another wait. `told` are the names and attributes that were set when the
    cancellation came, and flags: a loop that asks for one of them ends. `behind` says how the conditions come out that
    follow.
    """
    for index in range(len(chain) - 1, 0, -1):
        outer, inner = chain[index - 1], chain[index]
        # An exception leaves the block as one; what ends otherwise looks as if it had been in time.
        if isinstance(outer, ast.With | ast.AsyncWith) and way is not Way.RAISE:
            if any(_is_deadline(item.context_expr, frame, view) for item in outer.items):
                return Onward(outer, deadline=True)
        if isinstance(outer, Loop) and inner in outer.body:
            if way is Way.END:
                later = _after(outer.body, inner, chain[:index], told, frame, view, behind)
                if later.found or not later.ends:
                    return later.found
            if way in (Way.END, Way.CONTINUE):
                if told.isdisjoint(_asked(outer)):
                    return Onward(outer, turns=True)
                way = Way.END
            elif way is Way.BREAK:
                way = Way.END
            continue
        if way is Way.END:
            block = next((block for block in _blocks(outer) if inner in block), None)
            if block is not None:
                later = _after(block, inner, chain[:index], told, frame, view, behind)
                if later.found or not later.ends:
                    return later.found
            if isinstance(outer, Try) and inner in outer.body and (wait := next(waits(outer.orelse), None)):
                return Onward(wait)
        if isinstance(outer, Try) and inner not in outer.finalbody and outer.finalbody:
            told |= set_by(outer.finalbody)
            # What it awaits there cleans up.
            last = exits(outer.finalbody)
            if last and all(one.way is not Way.END for one in last):
                way = last[0].way
    return None


class _Later(NamedTuple):
    """What the rest of a block leads to, and whether control may also run off its end."""

    found: Onward | None
    ends: bool


def _after(
    block: Sequence[ast.stmt],
    inner: ast.AST,
    chain: Sequence[ast.AST],
    told: frozenset[str],
    frame: Frame,
    view: ModuleView,
    behind: Handled,
) -> _Later:
    rest = block[[id(one) for one in block].index(id(inner)) + 1 :]
    ways: list[Exit] = []
    for statement in rest:
        wait = next(_reached(statement, behind), None)
        if wait is not None:
            return _Later(Onward(wait), True)
        here = exits([statement], behind)
        ways += [one for one in here if one.way is not Way.END]
        if all(one.way is not Way.END for one in here):
            break
    else:
        ways.append(Exit(Way.END, rest[-1] if rest else block[-1]))
    # What raises does not go on as if nothing had happened.
    for way in {one.way for one in ways} - {Way.END, Way.RAISE}:
        found = onward([*chain, inner], way, told, frame, view, behind)
        if found is not None:
            return _Later(found, True)
    return _Later(None, any(one.way is Way.END for one in ways))


def _reached(statement: ast.stmt, behind: Handled) -> Iterator[ast.AST]:
    """Yield the waits of a statement, but for those in branches that are not taken."""
    if not isinstance(statement, ast.If):
        yield from waits([statement])
        return
    yield from waits([statement.test])
    outcome = behind.outcome(statement.test)
    taken = [*(statement.body if outcome is not False else ()), *(statement.orelse if outcome is not True else ())]
    for inner in taken:
        yield from _reached(inner, behind)


def _blocks(node: ast.AST) -> list[list[ast.stmt]]:
    blocks = (getattr(node, name, None) for name in ("body", "orelse", "finalbody"))
    return [block for block in blocks if isinstance(block, list)]


def _asked(loop: Loop) -> frozenset[str]:
    return texts([loop.test]) | ending(loop.test) if isinstance(loop, ast.While) else frozenset()


def texts(nodes: Sequence[ast.AST]) -> frozenset[str]:
    """Return the names in nodes, and the attributes, which have a dot before them."""
    return texts_of(own_nodes(nodes))


def texts_of(nodes: Iterable[ast.AST]) -> frozenset[str]:
    named = (node for node in nodes if isinstance(node, ast.Name | ast.Attribute))
    return frozenset(node.id if isinstance(node, ast.Name) else f".{node.attr}" for node in named) - {"self", "cls"}


def _is_deadline(manager: ast.expr, frame: Frame, view: ModuleView) -> bool:
    if not isinstance(manager, ast.Call):
        return False
    name = view.names.name_of(manager.func, frame)
    return name is not None and any(name in (public, view.names.canonical(public)) for public in _DEADLINES)
