"""ASL501: an await that has no deadline of its own, with none in force."""

import ast
import os
from collections.abc import Iterator

import libcst as cst

from async_lint.bridge import View
from async_lint.context import Context, Facts
from async_lint.inference.origins import Site
from async_lint.model import FixAvailability
from async_lint.rule import Finding, Rule
from async_lint.rules._deadlines import in_force
from async_lint.rules._timeout_fix import DEFAULT_TIMEOUT, remedy
from async_lint.rules._timeouts import client, version, waits
from async_lint.rules._waits import Unbounded, awaited, last_word, unbounded


def could_wait(node: ast.Await, facts: Facts) -> bool:
    call = node.value
    return isinstance(call, ast.Call) and (last_word(call) in waits() or last_word(call) in ("gather", "shield"))


def could_enter(node: ast.AsyncWith, facts: Facts) -> bool:
    calls = (item.context_expr for item in node.items if isinstance(item.context_expr, ast.Call))
    return any(last_word(call) in waits() for call in calls)


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
        if found is None or in_force(site, view, found.wait.idle) or _is_ending(site, found, view):
            continue
        span = context.source.span(node)
        yield Finding(span, _message(site, found, view), remedy(found, call, context, entering))


def _is_ending(site: Site, found: Unbounded, view: View) -> bool:
    """Whether the receiver was told before to end at once: `process.kill()`, then `await process.wait()`."""
    around = view.above(site.node, site.frame)
    if not found.wait.ends_after or around is None or not isinstance(site.node.func, ast.Attribute):
        return False
    ending = f"{ast.unparse(site.node.func.value)}.{found.wait.ends_after}"
    calls = (each for each in ast.walk(around[0]) if isinstance(each, ast.Call) and each.lineno <= site.node.lineno)
    return any(ast.unparse(each.func) == ending or "SIGKILL" in ast.unparse(each) for each in calls)


def _message(site: Site, found: Unbounded, view: View) -> str:
    label = view.kind_of(site.node, site.frame).label
    if label is None or "." not in label or label == found.name:
        label = ".".join(found.name.split(".")[-2:])
    why = f"{version(found.name)} has no default for it"
    if found.maker is not None:
        options = " or ".join(f"`{name}`" for name in client(found.wait.client).options)
        why = f"no {options} where {_place(found.maker)} makes the receiver"
    return f"`{label}` waits {found.wait.waits} with no deadline in force ({why}); {found.wait.stuck}"


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
