"""The graph of what the checks of files were drawn from, as a text that another run can read."""

import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import TypeVar

from async_lint.inference.syntax.notes import Fact, Leaf, Node

_Node = TypeVar("_Node", bound=Hashable)


@dataclass(slots=True)
class Uses:
    """Nodes by number, each with the numbers of what it was drawn from: of other nodes, or -1, -2, ... of `leaves`.

    `checks` are the nodes of the checks of files, by path.
    """

    checks: dict[str, int] = field(default_factory=dict)
    nodes: list[list[int]] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)

    def text(self) -> str:
        """Return it as JSON, the other way round: for each fact and each node, the nodes that were drawn from it."""
        users: list[list[int]] = [[] for _ in self.nodes]
        of_leaves: list[list[int]] = [[] for _ in self.leaves]
        for number, used in enumerate(self.nodes):
            for each in used:
                (users[each] if each >= 0 else of_leaves[-1 - each]).append(number)
        paths = {path: number for number, path in enumerate(dict.fromkeys(leaf.path for leaf in self.leaves))}
        leaves = [[leaf.fact.value, paths[leaf.path], *_written(leaf.what)] for leaf in self.leaves]
        return json.dumps([self.checks, users, of_leaves, list(paths), leaves], separators=(",", ":"))


def uses_of_text(text: str) -> Uses:
    """Return what `Uses.text` gave. Raises an error of any kind for what it did not give."""
    checks, users, of_leaves, paths, leaves = json.loads(text)
    nodes: list[list[int]] = [[] for _ in users]
    for number, using in enumerate(users):
        for each in using:
            nodes[each].append(number)
    for number, using in enumerate(of_leaves):
        for each in using:
            nodes[each].append(-1 - number)
    return Uses(checks, nodes, [_leaf(fact, paths[path], *what) for fact, path, *what in leaves])


def resting_on(parts: Iterable[str], is_changed: Callable[[Leaf], bool], changed: Set[str]) -> set[str]:
    """Return the files whose checks rest on a fact that is otherwise now; of a file's checks, that in the last part.

    `parts` are texts of uses; `changed`, the files that have other texts now: other files' facts are as they were.
    """
    found: dict[str, bool] = {}
    for part in parts:
        checks, users, of_leaves, paths, leaves = json.loads(part)
        looked_at = {number for number, path in enumerate(paths) if not path or path in changed}
        waiting: list[int] = []
        for (fact, path, *what), using in zip(leaves, of_leaves, strict=True):
            if path in looked_at and is_changed(_leaf(fact, paths[path], *what)):
                waiting += using
        reached = set(waiting)
        while waiting:
            for user in users[waiting.pop()]:
                if user not in reached:
                    reached.add(user)
                    waiting.append(user)
        found |= {path: number in reached for path, number in checks.items()}
    return {path for path, is_stale in found.items() if is_stale}


def uses_of(checks: Mapping[str, Node]) -> Uses:
    """Number the nodes that can be reached from the checks of some files."""
    return _numbered(checks, lambda node: node.uses)


def together(several: Iterable[Uses]) -> Uses:
    """Return one graph; of the checks of a file, the last counts. What no check reaches is left out."""
    parts = list(several)

    def used(node: tuple[int, int]) -> Iterator[tuple[int, int] | Leaf]:
        at, number = node
        for each in parts[at].nodes[number]:
            yield (at, each) if each >= 0 else parts[at].leaves[-1 - each]

    return _numbered(
        {path: (at, number) for at, part in enumerate(parts) for path, number in part.checks.items()}, used
    )


def _numbered(checks: Mapping[str, _Node], used: Callable[[_Node], Iterable[_Node | Leaf]]) -> Uses:
    numbers: dict[_Node, int] = {}
    leaves: dict[Leaf, int] = {}
    order: list[_Node] = []

    def number(node: _Node) -> int:
        if node not in numbers:
            numbers[node] = len(order)
            order.append(node)
        return numbers[node]

    uses = Uses({path: number(node) for path, node in checks.items()})
    for node in order:  # it grows meanwhile
        uses.nodes.append(
            [
                -1 - leaves.setdefault(each, len(leaves)) if isinstance(each, Leaf) else number(each)
                for each in used(node)
            ]
        )
    uses.leaves = list(leaves)
    return uses


def _written(what: str | bytes | int) -> tuple[str | int, ...]:
    return ("b", what.decode("latin-1")) if isinstance(what, bytes) else (what,)


def _leaf(fact: str, path: str, what: str | int, pattern: str | None = None) -> Leaf:
    return Leaf(Fact(fact), path, what if pattern is None else pattern.encode("latin-1"))
