"""What `with` does beside its body: what entering and leaving changes."""

import ast

from async_lint.inference.effects.call_effects import read_call, suspends
from async_lint.inference.effects.interprocedural import follow
from async_lint.inference.effects.ownership import Owner
from async_lint.inference.effects.reader import Reader
from async_lint.inference.types.values import Frame, FunctionType, Instance


def read_with(reader: Reader, node: ast.With | ast.AsyncWith, frame: Frame) -> None:
    is_async = isinstance(node, ast.AsyncWith)
    for item in node.items:
        if isinstance(item.context_expr, ast.Call):
            waits = is_async and suspends(reader, item.context_expr, frame)
            read_call(reader, item.context_expr, frame, awaited=waits)
        else:
            reader.visit(item.context_expr, frame)
        _entered(reader, item.context_expr, frame, is_async)
        if item.optional_vars is not None:
            reader.store(item.optional_vars, frame)
    for statement in node.body:
        reader.visit(statement, frame)


def _entered(reader: Reader, node: ast.expr, frame: Frame, is_async: bool) -> None:
    of = reader.evaluate(node, frame)
    name = reader.effects.evaluator.qualified_name(of) or ""
    text = ast.unparse(node)
    owner = reader.owner(node, frame)
    if name and reader.effects.library_effects.exclusive(name) and owner is Owner.SHARED:
        reader.writes(f"`{text}`, which lets one in at a time, is entered", node, frame)
    # Entering may change the object, which nobody else has; what the tables know of was read as a call.
    if owner is Owner.WHOLE or (isinstance(node, ast.Call) and reader.effects.library_effects.find(name) is not None):
        return
    if isinstance(of, Instance) and of.cls.full_name.startswith("contextlib._") and isinstance(node, ast.Call):
        return  # the function that makes it was followed
    methods = ("__aenter__", "__aexit__") if is_async else ("__enter__", "__exit__")
    if not isinstance(of, Instance):
        reader.unknown(f"nobody knows what entering `{text}` does", node, frame)
    for method_name in methods:
        method = reader.effects.evaluator.attribute(of, method_name)
        if not isinstance(method, FunctionType):
            reader.unknown(f"nobody knows what entering `{text}` does", node, frame)
        follow(reader, method, node, frame, receiver=node)
