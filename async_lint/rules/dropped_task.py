"""ASL104: the only reference to a scheduled task or future is dropped."""

import ast
import re
from collections.abc import Iterator
from functools import partial

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Kind
from async_lint.model import FixAvailability, Span
from async_lint.rule import Finding, Rule
from async_lint.rules._shared.comments import is_declined
from async_lint.rules._shared.evidence import grounds
from async_lint.rules._shared.guards import expects_failure, is_dead
from async_lint.rules._shared.ruff_comments import is_left_out_of_ruff
from async_lint.rules._tasks import task_owner, triggers
from async_lint.rules._tasks.at_exit import is_made_finalizer, runs_at_exit
from async_lint.rules._tasks.course import as_it_goes
from async_lint.rules._tasks.displayed import is_displayed
from async_lint.rules._tasks.function_tree import function_around, is_in_finalizer
from async_lint.rules._tasks.given_future import is_given_future
from async_lint.rules._tasks.given_work import is_after_cancel, is_all_that_holds_it
from async_lint.rules._tasks.returned_task import is_dropped_by_several, returned_to_droppers
from async_lint.rules._tasks.scheduling import (
    consequence,
    forgetful,
    forgotten_callback,
    last_name,
    scheduler,
    schedulers,
)
from async_lint.rules._tasks.spawners import spawned
from async_lint.rules._tasks.strong_reference import strong_reference
from async_lint.rules._tasks.task_holder import By, Held, held
from async_lint.rules._tasks.told_by_future import is_told_by_future
from async_lint.rules._tasks.waiting import runs_loop

_RUFF = frozenset({"RUF006", "asyncio-dangling-task"})
_ELSEWHERE = re.compile(r"\b(?:RUF006|ASYNC300|S7502)\b")


def check(call: cst.Call, context: Context) -> Iterator[Finding]:
    findings = list(_findings(call, context))
    site = context.counterpart(call) if findings else None
    if site is None or is_in_finalizer(site.frame) or is_dead(context) or _is_declined(_statement(context), context):
        return
    if runs_at_exit(site.frame, context.view) or is_made_finalizer(site.frame, context.source):
        return
    if is_displayed(_statement(context), context):
        return
    yield from findings


def _is_declined(statement: Span, context: Context) -> bool:
    return is_declined(statement, _ELSEWHERE, context) or is_left_out_of_ruff(statement, _RUFF, context)


def _statement(context: Context) -> Span:
    lines = (ancestor for ancestor in reversed(context.ancestors) if isinstance(ancestor, cst.SimpleStatementLine))
    return context.span(next(lines, context.node))


def _findings(call: cst.Call, context: Context) -> Iterator[Finding]:
    if last_name(call.func) in forgetful():
        yield from _handed_over(call, context)
    holder = held(call, context)
    if holder is None or holder.by is By.NAME:
        yield from returned_to_droppers(call, holder, context)
    site = None if holder is None else context.counterpart(call)
    if holder is None or site is None or not isinstance(site.node, ast.Call):
        return
    answer = context.kind_of(call)
    by = scheduler(answer.name, context.canonical)
    made = None
    if by is not None:
        subject = f"the {by.object} of `{last_name(call.func)}`"
        if by.passes and is_given_future(call, context):
            return
        if is_told_by_future(site.node, site.frame) if by.executor else _is_given_value(call, context):
            return
    elif answer.kind is Kind.TASK:
        subject = f"{grounds(answer)} that only its caller refers to, and it"
        made = spawned(site.node, site.frame, context.view)
        by = made.by if made is not None and not is_dropped_by_several(made.frame, context.view) else None
    if by is None or not _is_dropped(call, holder, context):
        return
    # A callback sees the result and the error of what goes on by itself.
    called_back = _calls_back(call, holder, context)
    if by.shares and not is_all_that_holds_it(site.node, site.frame, context.view):
        if isinstance(holder.node, cst.Expr) and not called_back and not is_after_cancel(site.node, site.frame):
            yield Finding(context.span(call), f"{subject} is dropped: the statement does not wait for what it is given")
        return
    made_at = (site.node, site.frame) if made is None else (made.call, made.frame)
    by = as_it_goes(by, *made_at, context.view)
    if by is None or (called_back and not by.collected):
        return
    fix = strong_reference(call, by.object, holder, context) if by.collected else None
    lost = f"{by.lost}, and then the callback never runs" if called_back else consequence(by, call)
    yield Finding(context.span(call), f"{subject} {_how(holder)}: {lost}", fix)


def _handed_over(call: cst.Call, context: Context) -> Iterator[Finding]:
    """Report `call_soon(create_task, f())`."""
    callback = forgotten_callback(call, context)
    if callback is None or last_name(callback) not in schedulers():
        return
    by = scheduler(context.name_of(callback), context.canonical)
    if by is not None:
        holder = Held(By.CALLER, call, last_name(call.func))
        subject = f"the {by.object} of `{last_name(callback)}`"
        yield Finding(context.span(call), f"{subject} {_how(holder)}: {consequence(by, call)}")


def _is_dropped(call: cst.Call, holder: Held, context: Context) -> bool:
    if expects_failure(context):
        return False
    if holder.by is By.NOTHING or holder.by is By.CALLER:
        return True
    site = context.counterpart(call)
    function = None if site is None else function_around(site.frame)
    if site is None or function is None:
        return False
    may_run = partial(runs_loop, frame=site.frame, view=context.view)
    if holder.by is By.NAME or not isinstance(holder.node, cst.Call):
        return task_owner.is_lost(holder.name, site.node, function, may_run)
    return task_owner.is_own_container(holder.name, site.node, function, may_run)


def _is_given_value(call: cst.Call, context: Context) -> bool:
    """Whether an argument is no awaitable: the call fails, if it ever runs."""
    given = (_each(argument) for argument in call.args)
    return any(isinstance(value, cst.Call) and context.kind_of(value).kind is Kind.VALUE for value in given)


def _each(argument: cst.Arg) -> cst.BaseExpression | None:
    """Return what is given, or of `*[f(x) for x in xs]` what each is."""
    if not argument.star:
        return argument.value
    return argument.value.elt if isinstance(argument.value, cst.ListComp | cst.GeneratorExp | cst.SetComp) else None


def _how(holder: Held) -> str:
    match holder.by:
        case By.NAME | By.CONTAINER:
            return f"is held by the local `{holder.name}` alone, which is gone when the function returns"
        case By.CALLER:
            return f"is handed to `{holder.name}`, which drops it"
    return "is dropped"


def _calls_back(call: cst.Call, holder: Held, context: Context) -> bool:
    site = context.counterpart(call) if holder.by is By.NAME else None
    function = None if site is None else function_around(site.frame)
    return holder.chained is not None or (function is not None and task_owner.has_callback(holder.name, function))


RULE = Rule(
    code="ASL104",
    name="dropped-task",
    summary="the only reference to a scheduled task or future is dropped",
    fix=FixAvailability.SOMETIMES,
    triggers={
        ast.Expr: triggers.statement_could,
        ast.Return: triggers.return_could,
        ast.Assign: triggers.assignment_could,
        ast.AnnAssign: triggers.assignment_could,
        ast.Call: triggers.call_could,
        **dict.fromkeys((ast.If, ast.While, ast.IfExp, ast.Assert), triggers.test_could),
    },
    visit={cst.Call: check},
)
