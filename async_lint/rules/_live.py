"""Which reads of a local name a binding of it reaches: one walk along the ways that control may take."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import libcst as cst

from async_lint.rules._reads import reads
from async_lint.walk import children

Path = Sequence[cst.CSTNode]

_SCOPES = (cst.FunctionDef, cst.Lambda, cst.ClassDef)
_LOOKS_AT_ALL = frozenset({"locals", "vars", "eval", "exec", "dir"})
_Comprehension = cst.ListComp | cst.SetComp | cst.DictComp | cst.GeneratorExp


class Reached(NamedTuple):
    """The paths to the reads; `rebound` is the first statement that takes the name away from a value not yet read.

    `captured` when the value is within reach of other code: a nested function, `locals()`, a global's readers.
    """

    reads: list[Path]
    rebound: cst.CSTNode | None
    captured: bool


def reached(binding: cst.CSTNode, name: str, function: cst.FunctionDef, outside: Path) -> Reached:
    """Follow what the node `binding` in `function` binds to `name`; `outside` are the nodes above the function."""
    walk = _Walk(binding, name, [*outside, function])
    walk.visit(function.body)
    return Reached(list(walk.reads.values()), walk.rebound, walk.captured)


class _Walk:
    """`live`: whether the value may be what the name stands for here."""

    def __init__(self, binding: cst.CSTNode, name: str, path: list[cst.CSTNode]) -> None:
        self.reads: dict[int, Path] = {}
        self.rebound: cst.CSTNode | None = None
        self.captured = False
        self._binding = binding
        self._name = name
        self._path = path
        self._live = False
        self._been_live = False  # since the innermost `try` began
        self._breaks: list[bool] = []
        self._continues: list[bool] = []

    @property
    def live(self) -> bool:
        return self._live

    @live.setter
    def live(self, live: bool) -> None:
        self._live = live
        self._been_live = self._been_live or live

    @contextmanager
    def within(self, node: cst.CSTNode) -> Iterator[None]:
        self._path.append(node)
        yield
        self._path.pop()

    def visit(self, node: cst.CSTNode | None) -> None:
        if node is None:
            return
        with self.within(node):
            visit = _VISIT.get(type(node))
            if visit is not None:
                visit(self, node)
            else:
                for child in children(node):
                    self.visit(child)

    def bind(self, target: cst.CSTNode | None, by: cst.CSTNode) -> None:
        match target:
            case cst.Name(name) if name == self._name:
                if by is self._binding:
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
        if node.value == self._name and self.live:
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
        outer = self._breaks, self._continues
        self._breaks, self._continues = [], []
        before = self.live
        for _ in range(2):  # what the first turn leaves, the second finds
            self.live = before or self.live
            head()
            self.visit(body)
            self.live = self.live or any(self._continues)
        self.live = (self.live or before) and not endless
        self.visit(orelse)
        self.live = self.live or any(self._breaks)
        self._breaks, self._continues = outer

    def leave(self, exits: list[bool] | None = None) -> None:
        if exits is not None:
            exits.append(self.live)
        self.live = False

    # -- statements --------------------------------------------------------------------------------------------

    def assign(self, node: cst.Assign | cst.AnnAssign | cst.AugAssign | cst.NamedExpr) -> None:
        if isinstance(node, cst.AugAssign) and isinstance(node.target, cst.Name):
            self.visit(node.target)
        self.visit(node.value)
        if node.value is not None:
            for target in node.targets if isinstance(node, cst.Assign) else [node.target]:
                self.bind(target, node)

    def delete(self, node: cst.Del) -> None:
        if isinstance(node.target, cst.Name):
            self.live = self.live and node.target.value != self._name
        else:
            self.visit(node.target)

    def leaving(self, node: cst.Return | cst.Raise) -> None:
        for child in children(node):
            self.visit(child)
        self.leave()

    def if_(self, node: cst.If) -> None:
        self.visit(node.test)
        self.either(lambda: self.visit(node.body), lambda: self.visit(node.orelse))

    def while_(self, node: cst.While) -> None:
        endless = isinstance(node.test, cst.Name) and node.test.value == "True"
        self.loop(lambda: self.visit(node.test), node.body, node.orelse, endless)

    def for_(self, node: cst.For) -> None:
        self.visit(node.iter)
        self.loop(lambda: self.bind(node.target, node), node.body, node.orelse, False)

    def item(self, node: cst.WithItem) -> None:
        self.visit(node.item)
        self.bind(node.asname, node)

    def try_(self, node: cst.Try | cst.TryStar) -> None:
        outer, self._been_live = self._been_live, self.live
        self.visit(node.body)
        raised = self._been_live
        self.visit(node.orelse)
        after = self.live
        for handler in node.handlers:
            self.live = raised
            self.visit(handler)
            after = after or self.live
        if node.finalbody is not None:
            self.live = self._been_live  # an exception or a `return` may lead here from anywhere
            self.visit(node.finalbody)
        self.live = after
        self.visit(node.finalbody)
        self._been_live = self._been_live or outer

    def handler(self, node: cst.ExceptHandler | cst.ExceptStarHandler) -> None:
        self.visit(node.type)
        self.bind(node.name, node)
        self.visit(node.body)

    def match(self, node: cst.Match) -> None:
        self.visit(node.subject)
        self.either(*(_visiting(self, case) for case in node.cases), lambda: None)

    def pattern(self, node: cst.MatchAs | cst.MatchStar | cst.MatchMapping) -> None:
        for child in children(node):
            if isinstance(child, cst.Name):
                self.bind(child, node)
            else:
                self.visit(child)

    def import_(self, node: cst.ImportAlias) -> None:
        self.bind(node.asname if node.asname is not None else cst.Name(node.evaluated_name.partition(".")[0]), node)

    def import_from(self, node: cst.ImportFrom) -> None:
        for each in node.names if not isinstance(node.names, cst.ImportStar) else ():
            self.visit(each)

    # -- other scopes ------------------------------------------------------------------------------------------

    def declare(self, node: cst.Global | cst.Nonlocal) -> None:
        self.captured = self.captured or any(item.name.value == self._name for item in node.names)

    def scope(self, node: cst.FunctionDef | cst.Lambda | cst.ClassDef) -> None:
        parameters = () if isinstance(node, cst.ClassDef) else children(node.params)
        own = any(isinstance(each, cst.Param) and each.name.value == self._name for each in parameters)
        if not own and any(True for _ in reads(self._name, node, ())):
            self.captured = True
        if not isinstance(node, cst.Lambda):
            self.bind(node.name, node)

    def comprehension(self, node: _Comprehension) -> None:
        first = node.for_in
        self.visit(first.iter) if _binds(first, self._name) else self.visit(first)
        if not _binds(first, self._name):
            for child in children(node):
                if child is not first:
                    self.visit(child)

    def for_in(self, node: cst.CompFor) -> None:
        for child in [node.iter, *node.ifs, node.inner_for_in]:
            self.visit(child)

    # -- expressions -------------------------------------------------------------------------------------------

    def call(self, node: cst.Call) -> None:
        if isinstance(node.func, cst.Name) and node.func.value in _LOOKS_AT_ALL and not node.args:
            self.captured = True
        self.visit(node.func)
        for each in node.args:
            self.visit(each)

    def boolean(self, node: cst.BooleanOperation) -> None:
        self.visit(node.left)
        self.either(lambda: self.visit(node.right), lambda: None)

    def if_exp(self, node: cst.IfExp) -> None:
        self.visit(node.test)
        self.either(lambda: self.visit(node.body), lambda: self.visit(node.orelse))


def _visiting(walk: _Walk, node: cst.CSTNode) -> Callable[[], None]:
    return lambda: walk.visit(node)


def _binds(clause: cst.CompFor | None, name: str) -> bool:
    while clause is not None:
        if any(isinstance(each, cst.Name) and each.value == name for each in _leaves(clause.target)):
            return True
        clause = clause.inner_for_in
    return False


def _leaves(target: cst.CSTNode) -> Iterator[cst.CSTNode]:
    if isinstance(target, (cst.Tuple, cst.List)):
        for each in target.elements:
            yield from _leaves(each.value)
    else:
        yield target


_VISIT: dict[type[cst.CSTNode], Callable[[_Walk, Any], None]] = {
    cst.Name: _Walk.read,
    cst.Attribute: lambda walk, node: walk.visit(node.value),
    cst.Arg: lambda walk, node: walk.visit(node.value),
    cst.Annotation: lambda walk, node: None,
    cst.Assign: _Walk.assign,
    cst.AnnAssign: _Walk.assign,
    cst.AugAssign: _Walk.assign,
    cst.NamedExpr: _Walk.assign,
    cst.Del: _Walk.delete,
    cst.Return: _Walk.leaving,
    cst.Raise: _Walk.leaving,
    cst.Break: lambda walk, node: walk.leave(walk._breaks),
    cst.Continue: lambda walk, node: walk.leave(walk._continues),
    cst.If: _Walk.if_,
    cst.While: _Walk.while_,
    cst.For: _Walk.for_,
    cst.WithItem: _Walk.item,
    cst.Try: _Walk.try_,
    cst.TryStar: _Walk.try_,
    cst.ExceptHandler: _Walk.handler,
    cst.ExceptStarHandler: _Walk.handler,
    cst.Match: _Walk.match,
    cst.MatchAs: _Walk.pattern,
    cst.MatchStar: _Walk.pattern,
    cst.MatchMapping: _Walk.pattern,
    cst.ImportAlias: _Walk.import_,
    cst.ImportFrom: _Walk.import_from,
    cst.Global: _Walk.declare,
    cst.Nonlocal: _Walk.declare,
    cst.FunctionDef: _Walk.scope,
    cst.Lambda: _Walk.scope,
    cst.ClassDef: _Walk.scope,
    cst.ListComp: _Walk.comprehension,
    cst.SetComp: _Walk.comprehension,
    cst.DictComp: _Walk.comprehension,
    cst.GeneratorExp: _Walk.comprehension,
    cst.CompFor: _Walk.for_in,
    cst.Call: _Walk.call,
    cst.BooleanOperation: _Walk.boolean,
    cst.IfExp: _Walk.if_exp,
}
