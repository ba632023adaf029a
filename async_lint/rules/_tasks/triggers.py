"""Triggers of the rule about dropped tasks: places where the only reference to a task may be lost."""

import ast
from functools import partial

from async_lint.context import Facts
from async_lint.inference.face import Kind, descendants, last_name
from async_lint.rules._tasks import task_owner
from async_lint.rules._tasks.function_tree import function_around
from async_lint.rules._tasks.returned_task import is_dropped_by_several
from async_lint.rules._tasks.scheduling import forgetful, scheduler, schedulers
from async_lint.rules._tasks.waiting import runs_loop

_GATHERING = (ast.BoolOp, ast.IfExp, ast.ListComp, ast.SetComp, ast.DictComp, ast.Tuple, ast.List, ast.Set)


def statement_could(statement: ast.Expr, facts: Facts) -> bool:
    value = statement.value
    if isinstance(value, ast.Call):
        if isinstance(value.func, ast.Attribute) and value.func.attr == "add_done_callback":
            value = value.func.value if isinstance(value.func.value, ast.Call) else value
        if facts.is_plain(value):
            return False
        answer = facts.kind_of(value)
        return answer.kind is Kind.TASK or scheduler(answer.name, facts.canonical) is not None
    if isinstance(value, ast.NamedExpr):
        return _could_bind(value.target, value, facts)
    return isinstance(value, _GATHERING) and any(isinstance(node, ast.Call) for node in descendants(value))


def assignment_could(statement: ast.Assign | ast.AnnAssign, facts: Facts) -> bool:
    target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
    return _could_bind(target, statement, facts)


def _could_bind(target: ast.expr, by: ast.Assign | ast.AnnAssign | ast.NamedExpr, facts: Facts) -> bool:
    function = function_around(facts.frame)
    if function is None or not isinstance(target, ast.Name):
        return False
    if not _schedules(by.value) and not _gives_task(by.value, facts):
        return False
    may_run = partial(runs_loop, frame=facts.frame, view=facts.view)
    if task_owner.is_lost(target.id, by, function, may_run):
        return True
    return task_owner.is_returned(target.id, function) and is_dropped_by_several(facts.frame, facts.view)


def return_could(statement: ast.Return, facts: Facts) -> bool:
    made = isinstance(statement.value, ast.Call) and _schedules(statement.value)
    return made and is_dropped_by_several(facts.frame, facts.view)


def test_could(node: ast.If | ast.While | ast.IfExp | ast.Assert, facts: Facts) -> bool:
    return isinstance(node.test, ast.Call) and last_name(node.test.func) in schedulers()


def call_could(call: ast.Call, facts: Facts) -> bool:
    last = last_name(call.func)
    if last in ("add", "append"):
        return any(_schedules(argument) or _gives_task(argument, facts) for argument in call.args)
    if last not in forgetful():
        return False
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return any(isinstance(argument, ast.Lambda) or last_name(argument) in schedulers() for argument in given)


def _schedules(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Call):
        return last_name(value.func) in schedulers()
    return isinstance(value, _GATHERING) and _mentions(value)


def _gives_task(value: ast.expr | None, facts: Facts) -> bool:
    return isinstance(value, ast.Call) and not facts.is_plain(value) and facts.kind_of(value).kind is Kind.TASK


def _mentions(value: ast.expr) -> bool:
    return any(isinstance(node, ast.Call) and last_name(node.func) in schedulers() for node in descendants(value))
