"""What a walk over a function knows while it follows one value: where it is, and whether the value is still there."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import libcst as cst

from async_lint.trees.walk import children

Path = Sequence[cst.CSTNode]


class Liveness:
    """`live`: whether the value that `binding` gives to `name` may be what the name stands for here.

    `been_live`: whether it was since the innermost `try` began. `breaks` and `continues` are those of the innermost
    loop.
    """

    def __init__(self, binding: cst.CSTNode, name: str, path: list[cst.CSTNode]) -> None:
        self.reads: dict[int, Path] = {}
        self.rebound: cst.CSTNode | None = None
        self.captured = False
        self.binding = binding
        self.name = name
        self._path = path
        self._live = False
        self.been_live = False
        self.breaks: list[bool] = []
        self.continues: list[bool] = []

    @property
    def live(self) -> bool:
        return self._live

    @live.setter
    def live(self, live: bool) -> None:
        self._live = live
        self.been_live = self.been_live or live

    @contextmanager
    def within(self, node: cst.CSTNode) -> Iterator[None]:
        self._path.append(node)
        yield
        self._path.pop()

    def visit(self, node: cst.CSTNode | None) -> None:
        if node is None:
            return
        with self.within(node):
            self.enter(node)

    def enter(self, node: cst.CSTNode) -> None:
        """Look at a node in the order in which it runs."""
        for child in children(node):
            self.visit(child)

    def bind(self, target: cst.CSTNode | None, by: cst.CSTNode) -> None:
        match target:
            case cst.Name(name) if name == self.name:
                if by is self.binding:
                    self.live = True
                else:
                    self.kill(by)
            case cst.Tuple() | cst.List() | cst.Element() | cst.StarredElement() | cst.AsName() | cst.AssignTarget():
                with self.within(target):
                    for child in children(target):
                        self.bind(child, by)
            case cst.Attribute() | cst.Subscript():
                self.visit(target)

    def kill(self, by: cst.CSTNode) -> None:
        if self.live and self.rebound is None:
            self.rebound = by
        self.live = False

    def read(self, node: cst.Name) -> None:
        if node.value == self.name and self.live:
            self.reads[id(node)] = tuple(self._path)

    def either(self, *branches: Callable[[], None]) -> None:
        """Take each of the ways from here; what is live behind one of them is live behind all."""
        before = self.live
        after = False
        for branch in branches:
            self.live = before
            branch()
            after = after or self.live
        self.live = after

    def loop(self, head: Callable[[], None], body: cst.CSTNode, orelse: cst.CSTNode | None, endless: bool) -> None:
        outer = self.breaks, self.continues
        self.breaks, self.continues = [], []
        before = self.live
        for _ in range(2):  # what the first turn leaves, the second finds
            self.live = before or self.live
            head()
            self.visit(body)
            self.live = self.live or any(self.continues)
        # An endless loop is left by `break` alone.
        self.live = (self.live or before) and not endless
        self.visit(orelse)
        self.live = self.live or any(self.breaks)
        self.breaks, self.continues = outer

    def leave(self, exits: list[bool] | None = None) -> None:
        if exits is not None:
            exits.append(self.live)
        self.live = False
