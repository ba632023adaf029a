"""A method that its object certainly has not: who awaits a call of it comes no further.

async def ask(self, clerk: Clerk) -> None:
    await clerk.tell(...)       fails, where neither `Clerk` nor an heir of it has a `tell`, or may have one
"""

import ast

from async_lint.inference.effects.interprocedural import is_followed
from async_lint.inference.independence.sharing import receiver_of
from async_lint.inference.kinds import kinds
from async_lint.inference.members import members
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Class, last_name
from async_lint.inference.types.unions import options
from async_lint.inference.types.values import Frame, Instance

_ADDING = ("setattr(self", "setattr(cls", "__dict__")
_ADD_NO_METHOD = frozenset({"dataclass", "final"})


def is_missing(evaluator: Evaluator, callee: ast.expr, frame: Frame) -> bool:
    """Whether what is called is an attribute of an object of the project that has none of that name."""
    if not isinstance(callee, ast.Attribute) or _is_receiver(callee.value, frame):
        return False
    of = options(evaluator.evaluate(callee.value, frame))
    return bool(of) and all(isinstance(one, Instance) and _lack(evaluator, one.cls, callee.attr) for one in of)


def _is_receiver(node: ast.expr, frame: Frame) -> bool:
    """Whether it is the object of the method itself, whose class may be one to be mixed with others."""
    method = frame.method()
    function = method.function if method is not None else None
    return function is not None and isinstance(node, ast.Name) and node.id == receiver_of(function)


def _lack(evaluator: Evaluator, cls: Class, name: str) -> bool:
    """Whether neither a class nor one of its heirs has it."""
    if not is_followed(cls.module) or kinds.is_protocol(cls):
        return False
    heirs = evaluator.heirs.of(cls)
    if heirs is None:
        return False
    bases = (base.cls for one in (cls, *heirs) for base in evaluator.order(one).bases)
    return all(map(_is_plain, bases)) and all(members.lacks(evaluator, Instance(one), name) for one in (cls, *heirs))


def _is_plain(cls: Class) -> bool:
    """Whether nothing adds to what is written down in a class."""
    if is_followed(cls.module) and any(word in cls.module.text for word in _ADDING):
        return False
    decorators = (one.func if isinstance(one, ast.Call) else one for one in cls.node.decorator_list)
    return not cls.node.keywords and all(last_name(one) in _ADD_NO_METHOD for one in decorators)
