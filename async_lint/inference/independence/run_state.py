"""What one step of a run sets and another one reads, in the functions of the project that they run.

    self.token = await self.sign_in()     sets `token`
    self.pages = await self.load_pages()  no step beside it, where `load_pages` reads `self.token`
    first = await self.page(1)            nor is `page` beside itself, where it sets `self.last` for everybody

It goes by the names of attributes, whatever object has them: what two functions call `self.token` may be one token.
"""

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from async_lint.inference.independence.runs import Step
from async_lint.inference.modules.summary import body_of
from async_lint.inference.syntax.binding import Function, How, dotted
from async_lint.inference.syntax.nodes import descendants

# These leave an order behind, or depend on one.
_ORDERED = frozenset(
    {"append", "appendleft", "clear", "extend", "insert", "pop", "popitem", "popleft", "remove", "sort"}
)
# Each of these touches the entries that it names; two steps are taken to name different ones.
_KEYED = frozenset({"add", "discard", "setdefault", "update"})


class State(NamedTuple):
    """Names of attributes and globals: those that code sets, those whose entries it sets, those that it looks at."""

    sets: frozenset[str] = frozenset()
    fills: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()

    def joined(self, other: "State") -> "State":
        return State(self.sets | other.sets, self.fills | other.fills, self.reads | other.reads)


def state_of(step: Step, functions: Iterable[State]) -> State:
    """Return what a step sets and reads, with the functions that it runs."""
    target = step.target.value if isinstance(step.target, ast.Subscript) else step.target
    kept = frozenset({target.attr}) if isinstance(target, ast.Attribute) else frozenset[str]()
    # Two steps fill different entries: with the same one they would be no run (see `runs`).
    entry = isinstance(step.target, ast.Subscript)
    state = State(frozenset() if entry else kept, kept if entry else frozenset(), frozenset(_read([step.value])))
    for function in functions:
        state = state.joined(function)
    return state


def conflict(one: State, other: State) -> str:
    """Return a name that one of two steps sets and the other one sets or reads; of those that both fill, none."""
    both = (one.sets & other.sets) | _seen(one, other) | _seen(other, one)
    # A set has no order; the message is to be the same in every process.
    return min(both, default="")


def _seen(one: State, other: State) -> frozenset[str]:
    # Who fills a cache looks into it first: two that both fill it look for entries of their own.
    return (one.sets & (other.reads | other.fills)) | ((one.fills - other.fills) & other.reads)


def state_in(function: Function) -> State:
    """Return what a function sets and reads of what others have, too."""
    body = body_of(function)
    # What the function makes itself is its own, what it is given is not.
    made = {name for name, bound in body.table.items() if all(one.how is not How.PARAMETER for one in bound)}
    made -= body.outward
    nodes = [node for statement in body.statements for node in descendants(statement)]
    lazy = {name for node in nodes if isinstance(node, ast.If) for name in _made_once(node.test)}
    # `self.count += 1` has no `await` between reading and writing: nothing is lost.
    lazy |= {
        node.target.attr for node in nodes if isinstance(node, ast.AugAssign) if isinstance(node.target, ast.Attribute)
    }
    sets: set[str] = set()
    fills: set[str] = set()
    for node in nodes:
        match node:
            case ast.Attribute(attr=attr, ctx=ast.Store() | ast.Del()) if attr not in lazy and _first(node) not in made:
                sets.add(attr)
            case ast.Name(id=name, ctx=ast.Store()) if name in body.outward:
                sets.add(name)
            case ast.Subscript(value=holder, ctx=ast.Store() | ast.Del()) if _first(holder) not in made:
                fills.add(_last(holder))
            case ast.Call(func=ast.Attribute(value=holder, attr=attr)) if _first(holder) not in made:
                if attr in _ORDERED:
                    sets.add(_last(holder))
                elif attr in _KEYED:
                    fills.add(_last(holder))
    names = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    reads = _read(body.statements) | (names - made - set(body.table))
    return State(frozenset(sets - {""}), frozenset(fills - {""}), frozenset(reads))


def _first(node: ast.expr) -> str:
    return dotted(node).partition(".")[0]


def _last(node: ast.expr) -> str:
    """Return the name of an attribute or a global; of a parameter it says nothing."""
    return dotted(node).rpartition(".")[2] if isinstance(node, ast.Attribute) else ""


def _read(nodes: Iterable[ast.AST]) -> set[str]:
    below = (inner for node in nodes for inner in descendants(node))
    return {node.attr for node in below if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)}


def _made_once(test: ast.expr) -> Iterator[str]:
    """Yield the attributes that are set only where they are not there yet: `if self._client is None`."""
    match test:
        case ast.BoolOp(values=values):
            for value in values:
                yield from _made_once(value)
        case ast.UnaryOp(op=ast.Not(), operand=ast.Attribute(attr=attr)):
            yield attr
        case ast.Compare(left=ast.Attribute(attr=attr), ops=[ast.Is()], comparators=[ast.Constant(value=None)]):
            yield attr
