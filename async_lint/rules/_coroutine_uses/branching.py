"""Where control parts and meets again, or leaves: what becomes there of the value that a walk follows."""

import libcst as cst

from async_lint.inference.face import SUPPRESSING
from async_lint.rules._coroutine_uses.liveness import Liveness
from async_lint.rules._shared.mentioning import is_endless
from async_lint.trees.walk import children


class Branching(Liveness):
    """A method for each kind of node through which more than one way leads, or none."""

    def leaving(self, node: cst.Return | cst.Raise) -> None:
        for child in children(node):
            self.visit(child)
        self.leave()

    def if_(self, node: cst.If) -> None:
        self.visit(node.test)
        self.either(lambda: self.visit(node.body), lambda: self.visit(node.orelse))

    def while_(self, node: cst.While) -> None:
        self.loop(lambda: self.visit(node.test), node.body, node.orelse, is_endless(node))

    def for_(self, node: cst.For) -> None:
        self.visit(node.iter)
        self.loop(lambda: self.bind(node.target, node), node.body, node.orelse, False)

    def with_(self, node: cst.With) -> None:
        for item in node.items:
            self.visit(item)
        outer, self.been_live = self.been_live, self.live
        self.visit(node.body)
        # Such a manager keeps an exception back: what was live anywhere in the block may be live behind it.
        if any(_suppresses(item.item) for item in node.items):
            self.live = self.been_live
        self.been_live = self.been_live or outer

    def try_(self, node: cst.Try | cst.TryStar) -> None:
        outer, self.been_live = self.been_live, self.live
        self.visit(node.body)
        raised = self.been_live
        self.visit(node.orelse)
        after = self.live
        for handler in node.handlers:
            self.live = raised
            self.visit(handler)
            after = after or self.live
        if node.finalbody is not None:
            self.live = self.been_live  # an exception or a `return` may lead here from anywhere
            self.visit(node.finalbody)
        self.live = after
        self.visit(node.finalbody)
        self.been_live = self.been_live or outer

    def match(self, node: cst.Match) -> None:
        self.visit(node.subject)
        after = False
        for case in node.cases:
            before = self.live
            with self.within(case):
                self.visit(case.pattern)
                self.visit(case.guard)
                # Where the guard says no, what it bound stays bound.
                before = before or (case.guard is not None and self.live)
                self.visit(case.body)
            after = after or self.live
            self.live = before
        self.live = after or self.live

    def boolean(self, node: cst.BooleanOperation) -> None:
        self.visit(node.left)
        # The right side may not run.
        self.either(lambda: self.visit(node.right), lambda: None)

    def if_exp(self, node: cst.IfExp) -> None:
        self.visit(node.test)
        self.either(lambda: self.visit(node.body), lambda: self.visit(node.orelse))


def _suppresses(manager: cst.BaseExpression) -> bool:
    """Whether a context manager is called like one that may keep back an exception."""
    callee = manager.func if isinstance(manager, cst.Call) else manager
    name = callee.attr if isinstance(callee, cst.Attribute) else callee
    return isinstance(name, cst.Name) and SUPPRESSING.search(name.value) is not None
