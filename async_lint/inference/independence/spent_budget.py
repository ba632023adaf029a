"""A budget that a function asks about before it waits, and takes from afterwards: all at once would overspend it.

async def ask(self, question):
    if self.spent >= self.limit:         be it a property that looks at what is added to
        raise OverBudget
    answer = await self.post(question)
    self.spent += answer.price           found: those that come meanwhile have not seen it
"""

import ast

from async_lint.inference.independence.iteration import inside
from async_lint.inference.independence.late_fill_by_method import attributes, looked_at
from async_lint.inference.independence.sharing import receiver_of
from async_lint.inference.modules.summary import body_of
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function

_MORE_OR_LESS = (ast.Gt, ast.GtE, ast.Lt, ast.LtE)


def spent_late(evaluator: Evaluator, function: Function) -> ast.Attribute | None:
    """Return the attribute of the receiver that is compared with a limit, and added to behind an `await`."""
    receiver = receiver_of(function)
    asked: set[str] = set()
    waited = False
    for node, _ in inside(body_of(function).statements) if receiver else ():
        match node:
            case ast.If(test=ast.Compare(ops=[op]) as test, body=[*_, ast.Raise() | ast.Return()]):
                if isinstance(op, _MORE_OR_LESS) and not waited:
                    for name in attributes(test, receiver):
                        asked |= {name, *looked_at(evaluator, function, name)}
            case ast.Await() | ast.AsyncFor() | ast.AsyncWith():
                waited = True
            case ast.AugAssign(target=ast.Attribute(value=ast.Name(id=holder), attr=name) as target):
                if waited and holder == receiver and name in asked:
                    return target
    return None
