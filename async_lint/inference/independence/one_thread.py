"""Calls of a library that does all its work in one thread: several at once take as long as in turn.

await Order.objects.aget(pk=pk)    Django's own, by a class that is made of its models
await orders.aget(pk=pk)           so is this, where nobody knows what `orders` is and the module imports django
"""

import ast
from collections.abc import Iterator

from async_lint.inference.independence.gates import in_one_thread
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.types.values import ClassType, External, Frame, FunctionType, Instance, Union, Unknown
from async_lint.knowledge.tables import table


def works_in_one_thread(evaluator: Evaluator, callee: ast.expr, frame: Frame) -> bool:
    """Whether it is a method of such a library, of those that a table names."""
    known = table("resources")
    if not isinstance(callee, ast.Attribute) or callee.attr not in known["one-thread-methods"]:
        return False
    of = evaluator.evaluate(callee, frame)
    if isinstance(of, FunctionType):
        return of.function.module.name.partition(".")[0] in known["one-thread"]
    libraries = {name.partition(".")[0] for name in _classes_before(evaluator, callee.value, frame)}
    if not libraries.isdisjoint(known["one-thread"]):
        return True
    return isinstance(of, Unknown | External) and in_one_thread(frame.module.text)


def _classes_before(evaluator: Evaluator, node: ast.expr, frame: Frame) -> Iterator[str]:
    """Yield the names of the classes in a chain of calls and attributes, and of what they are made of."""
    while True:
        of = evaluator.evaluate(node, frame)
        for option in of.items if isinstance(of, Union) else (of,):
            if isinstance(option, External):
                yield option.name
            elif isinstance(option, Instance | ClassType):
                order = evaluator.order(option.cls)
                yield from (*(base.cls.full_name for base in order.bases), *filter(None, order.missing))
        match node:
            case ast.Attribute(value=before) | ast.Call(func=before):
                node = before
            case _:
                return
