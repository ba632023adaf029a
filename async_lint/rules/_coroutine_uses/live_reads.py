"""Which reads of a local name a binding of it reaches: one walk along the ways that control may take."""

from collections.abc import Callable
from typing import Any, NamedTuple

import libcst as cst

from async_lint.rules._coroutine_uses.branching import Branching
from async_lint.rules._coroutine_uses.liveness import Path
from async_lint.rules._shared.mentioning import LOOK_AT_ALL, Block, Mentioning
from async_lint.rules._shared.names import has_own, leaves
from async_lint.rules._shared.reads import reads
from async_lint.trees.walk import children

_Comprehension = cst.ListComp | cst.SetComp | cst.DictComp | cst.GeneratorExp


class Reached(NamedTuple):
    """The paths to the reads; `rebound` is the first statement that takes the name away from a value not yet read.

    `captured` when the value is within reach of other code: a nested function, `locals()`, a global's readers.
    """

    reads: list[Path]
    rebound: cst.CSTNode | None
    captured: bool


def reached(
    binding: cst.CSTNode, name: str, function: cst.FunctionDef, outside: Path, mentioning: Mentioning
) -> Reached:
    """Follow what the node `binding` in `function` binds to `name`; `outside` are the nodes above the function.

    `mentioning` is that of the function.
    """
    walk = _Walk(binding, name, [*outside, function], mentioning)
    walk.visit(function.body)
    return Reached(list(walk.reads.values()), walk.rebound, walk.captured)


class _Walk(Branching):
    def __init__(self, binding: cst.CSTNode, name: str, path: list[cst.CSTNode], mentioning: Mentioning) -> None:
        super().__init__(binding, name, path)
        self.mentioning = mentioning

    def enter(self, node: cst.CSTNode) -> None:
        visit = _VISIT.get(type(node))
        if visit is not None:
            visit(self, node)
        else:
            super().enter(node)

    def block(self, node: Block) -> None:
        for statement in self.mentioning.statements(node, self.name):
            self.visit(statement)

    # -- what binds the name ---------------------------------------------------------------------------------------

    def assign(self, node: cst.Assign | cst.AnnAssign | cst.AugAssign | cst.NamedExpr) -> None:
        # `x += 1` reads `x` before it binds it.
        if isinstance(node, cst.AugAssign) and isinstance(node.target, cst.Name):
            self.visit(node.target)
        self.visit(node.value)
        if node.value is not None:
            for target in node.targets if isinstance(node, cst.Assign) else [node.target]:
                self.bind(target, node)

    def delete(self, node: cst.Del) -> None:
        # `del` puts no other value in its place: that is no rebinding.
        for leaf in leaves(node.target):
            if isinstance(leaf, cst.Name):
                self.live = self.live and leaf.value != self.name
            else:
                self.visit(leaf)

    def item(self, node: cst.WithItem) -> None:
        self.visit(node.item)
        self.bind(node.asname, node)

    def handler(self, node: cst.ExceptHandler | cst.ExceptStarHandler) -> None:
        self.visit(node.type)
        self.bind(node.name, node)
        self.visit(node.body)

    def pattern(self, node: cst.MatchAs | cst.MatchStar | cst.MatchMapping) -> None:
        for child in children(node):
            if isinstance(child, cst.Name):
                self.bind(child, node)
            else:
                self.visit(child)

    def import_(self, node: cst.ImportAlias) -> None:
        # `import a.b` binds `a`.
        self.bind(node.asname if node.asname is not None else cst.Name(node.evaluated_name.partition(".")[0]), node)

    def import_from(self, node: cst.ImportFrom) -> None:
        for alias in node.names if not isinstance(node.names, cst.ImportStar) else ():
            self.visit(alias)

    # -- other scopes, and what looks into this one ----------------------------------------------------------------

    def declare(self, node: cst.Global | cst.Nonlocal) -> None:
        self.captured = self.captured or any(item.name.value == self.name for item in node.names)

    def scope(self, node: cst.FunctionDef | cst.Lambda | cst.ClassDef) -> None:
        parameters = () if isinstance(node, cst.ClassDef) else children(node.params)
        own = any(isinstance(parameter, cst.Param) and parameter.name.value == self.name for parameter in parameters)
        if isinstance(node, cst.FunctionDef):
            own = own or has_own(node, self.name)
        # A function or a class in here may read it at any time, which no order of statements tells.
        if not own and any(True for _ in reads(self.name, node, ())):
            self.captured = True
        if not isinstance(node, cst.Lambda):
            self.bind(node.name, node)

    def comprehension(self, node: _Comprehension) -> None:
        # The first iterable alone is evaluated outside of a comprehension that binds the name.
        first = node.for_in
        self.visit(first.iter) if _binds(first, self.name) else self.visit(first)
        if not _binds(first, self.name):
            for child in children(node):
                if child is not first:
                    self.visit(child)

    def for_in(self, node: cst.CompFor) -> None:
        for child in [node.iter, *node.ifs, node.inner_for_in]:
            self.visit(child)

    def call(self, node: cst.Call) -> None:
        # `vars(x)` looks at `x`, `vars()` at every name here.
        if isinstance(node.func, cst.Name) and node.func.value in LOOK_AT_ALL and not node.args:
            self.captured = True
        self.visit(node.func)
        for argument in node.args:
            self.visit(argument)


def _binds(clause: cst.CompFor | None, name: str) -> bool:
    while clause is not None:
        if any(isinstance(leaf, cst.Name) and leaf.value == name for leaf in leaves(clause.target)):
            return True
        clause = clause.inner_for_in
    return False


_VISIT: dict[type[cst.CSTNode], Callable[[_Walk, Any], None]] = {
    cst.Name: _Walk.read,
    cst.Attribute: lambda walk, node: walk.visit(node.value),
    cst.Arg: lambda walk, node: walk.visit(node.value),
    cst.Annotation: lambda walk, node: None,  # of a local: it is never evaluated
    cst.Assign: _Walk.assign,
    cst.AnnAssign: _Walk.assign,
    cst.AugAssign: _Walk.assign,
    cst.NamedExpr: _Walk.assign,
    cst.Del: _Walk.delete,
    cst.Return: _Walk.leaving,
    cst.Raise: _Walk.leaving,
    cst.Break: lambda walk, node: walk.leave(walk.breaks),
    cst.Continue: lambda walk, node: walk.leave(walk.continues),
    cst.IndentedBlock: _Walk.block,
    cst.SimpleStatementLine: _Walk.block,
    cst.SimpleStatementSuite: _Walk.block,
    cst.If: _Walk.if_,
    cst.While: _Walk.while_,
    cst.For: _Walk.for_,
    cst.With: _Walk.with_,
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
