"""ASL501: an await that has no deadline of its own, with none in force."""

import ast
import os
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.inference.origins import Site
from async_lint.model import FixAvailability
from async_lint.rule import Finding, Rule
from async_lint.rules._deadlines import in_force
from async_lint.rules._excuses import excuse
from async_lint.rules._timeout_fix import DEFAULT_TIMEOUT, remedy, shown
from async_lint.rules._timeouts import version
from async_lint.rules._waits import Unbounded, awaited, unbounded


def could_wait(node: ast.Await, facts: Facts) -> bool:
    if not isinstance(node.value, ast.Call):
        return False
    site = Site(node.value, facts.frame)
    calls = awaited(node.value, site, facts.view)
    return any(unbounded(site._replace(node=each), facts.view, entering=False) for each in calls)


def could_enter(node: ast.AsyncWith, facts: Facts) -> bool:
    calls = (item.context_expr for item in node.items if isinstance(item.context_expr, ast.Call))
    return any(unbounded(Site(call, facts.frame), facts.view, entering=True) for call in calls)


def check(node: cst.Await, context: Context) -> Iterator[Finding]:
    if isinstance(node.expression, cst.Call):
        yield from _findings(node.expression, context, entering=False)


def check_with(node: cst.With, context: Context) -> Iterator[Finding]:
    if node.asynchronous is not None:
        for item in node.items:
            if isinstance(item.item, cst.Call):
                yield from _findings(item.item, context, entering=True)


def _findings(call: cst.Call, context: Context, entering: bool) -> Iterator[Finding]:
    counterpart = context.counterpart(call)
    if counterpart is None or not isinstance(counterpart.node, ast.Call):
        return
    own = Site(counterpart.node, counterpart.frame)
    view = context.view
    for node in [own.node] if entering else awaited(own.node, own, view):
        site = own._replace(node=node)
        found = unbounded(site, view, entering)
        if found is None or in_force(site, view, excuse(found.wait, view)):
            continue
        span = context.source.span(node)
        yield Finding(span, _message(found), remedy(found, site, context, entering))


def _message(found: Unbounded) -> str:
    label = ".".join(found.name.split(".")[-2:])
    if found.maker is None:
        why = f"{version(found.name)} sets none by default"
    else:
        options = " or ".join(f"`{name}`" for name in shown(found))
        why = f"{_place(found.maker)} makes the receiver without {options}"
    return f"`{label}` waits {found.wait.waits} with no deadline in force: {why}; {found.wait.stuck}"


def _place(site: Site) -> str:
    path = site.frame.module.path
    return f"{os.path.basename(path)}:{site.node.lineno}"


RULE = Rule(
    code="ASL501",
    name="missing-timeout",
    summary="await without a deadline",
    fix=FixAvailability.SOMETIMES,
    triggers={ast.Await: could_wait, ast.AsyncWith: could_enter},
    visit={cst.Await: check, cst.With: check_with},
    options=(DEFAULT_TIMEOUT,),
)
