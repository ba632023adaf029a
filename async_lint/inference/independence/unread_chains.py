"""Chains of calls on an object that nobody has read, which several threads may not be meant to share.

await asyncio.to_thread(service.files().get(fileId=name).execute)     `service` does the work, whatever the calls give
await asyncio.to_thread(build_request().execute)                      nobody knows what `build_request` gives
"""

import ast

from async_lint.inference.independence.callees import definitions
from async_lint.inference.independence.resources import Resources
from async_lint.inference.independence.words import asks
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.types.values import ClassType, External, Frame, ModuleType


def unread_root(evaluator: Evaluator, resources: Resources, work: ast.expr, frame: Frame) -> ast.expr | None:
    """Return what a chain of calls begins with that ends in work for a thread, if nobody has read what it does.

    None where it asks by its name, where no call is in it, and where it begins with a module or a class, or a call of
    the project's.
    """
    if not isinstance(work, ast.Attribute) or asks(work.attr):
        return None
    node, root = work.value, None
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        if isinstance(node, ast.Call):
            if definitions(evaluator, node.func, frame) or resources.entry(evaluator, node.func, frame) is not None:
                return None
            node = root = node.func.value if isinstance(node.func, ast.Attribute) else node.func
        else:
            node = node.value
    if root is None:
        return None
    of = evaluator.evaluate(root, frame)
    known = isinstance(of, ModuleType | ClassType) or (isinstance(of, External) and not of.instance)
    return None if known else root
