"""What `with` does beside its body: what entering and leaving changes."""

import ast
from typing import TYPE_CHECKING

from async_lint.inference.effects.call_effects import read_call, suspends
from async_lint.inference.effects.interprocedural import follow
from async_lint.inference.effects.ownership import Owner
from async_lint.inference.types.values import Frame, FunctionType, Instance

if TYPE_CHECKING:
    from async_lint.inference.effects.reading import Reading


def read_with(self: "Reading", node: ast.With | ast.AsyncWith, frame: Frame) -> None:
    is_async = isinstance(node, ast.AsyncWith)
    for item in node.items:
        if isinstance(item.context_expr, ast.Call):
            waits = is_async and suspends(self, item.context_expr, frame)
            read_call(self, item.context_expr, frame, awaited=waits)
        else:
            self.visit(item.context_expr, frame)
        _entered(self, item.context_expr, frame, is_async)
        if item.optional_vars is not None:
            self.store(item.optional_vars, frame)
    for each in node.body:
        self.visit(each, frame)


def _entered(self: "Reading", node: ast.expr, frame: Frame, is_async: bool) -> None:
    of = self.evaluate(node, frame)
    name = self.effects.r.qualified_name(of) or ""
    text = ast.unparse(node)
    owner = self.owner(node, frame)
    if name and self.effects.leaves.exclusive(name) and owner is Owner.SHARED:
        self.writes(f"`{text}`, which lets one in at a time, is entered", node, frame)
    if owner is Owner.WHOLE or (isinstance(node, ast.Call) and self.effects.leaves.find(name) is not None):
        return
    if isinstance(of, Instance) and of.cls.full_name.startswith("contextlib._") and isinstance(node, ast.Call):
        return  # the function that makes it was followed
    methods = ("__aenter__", "__aexit__") if is_async else ("__enter__", "__exit__")
    if not isinstance(of, Instance):
        self.unknown(f"nobody knows what entering `{text}` does", node, frame)
    for each in methods:
        method = self.effects.r.attribute(of, each)
        if not isinstance(method, FunctionType):
            self.unknown(f"nobody knows what entering `{text}` does", node, frame)
        follow(self, method, node, frame, receiver=node)
