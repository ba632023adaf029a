"""Whether to make an instance of a class is sure to fail: its constructor does not take what it is given."""

import ast

from async_lint.inference.questions.arguments import assigned, of_call
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Class
from async_lint.inference.types.values import Frame, FunctionType


def is_refused(evaluator: Evaluator, cls: Class, whole: ast.expr, frame: Frame) -> bool:
    """Whether `whole`, a call of a class or `raise` of the class itself, is a TypeError by the `__init__` in sight."""
    order = evaluator.order(cls)
    member = evaluator.class_member(cls, "__init__")
    if order.missing or not isinstance(member, FunctionType):
        return False
    function = member.function
    if function.module.is_stub or not function.module.path or function.node.decorator_list:
        return False
    # A decorator may write another constructor, and a metaclass may call it otherwise.
    if any(base.cls.node.decorator_list or base.cls.node.keywords for base in order.bases if base.cls.module.path):
        return False
    call = whole if isinstance(whole, ast.Call) else ast.Call(whole, [], [])
    return assigned(function.node.args, of_call(call, frame), 1) is None
