"""ASL103: a coroutine stands where its result was meant."""

import ast
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.inference.face import Comprehension
from async_lint.model import FixAvailability
from async_lint.rule import Finding, Rule
from async_lint.rules._coroutine_uses.async_header import asynchronous_header, asynchronous_object, could_go_through
from async_lint.rules._coroutine_uses.await_fix import await_fix
from async_lint.rules._coroutine_uses.lost import consequence, lost
from async_lint.rules._coroutine_uses.triggers import STANDING
from async_lint.rules._shared.evidence import grounds

_HEADERS = (ast.With, ast.For, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def header_could(node: ast.With | ast.For | Comprehension, facts: Facts) -> bool:
    return STANDING[type(node)](node, facts) or could_go_through(node, facts)


def check(call: cst.Call, context: Context) -> Iterator[Finding]:
    header = asynchronous_header(call, context)
    if header is not None:
        yield header
        return
    loss = lost(call, context)
    if loss is not None and loss.use is not None:
        message = f"{grounds(loss.answer)}; its {consequence(loss.answer.kind.value, call, loss, loss.use, context)}"
        yield Finding(context.span(call), message, await_fix(call, context))


RULE = Rule(
    code="ASL103",
    name="coroutine-as-value",
    summary="coroutine stands where its result was meant",
    fix=FixAvailability.SOMETIMES,
    triggers={**STANDING, **dict.fromkeys(_HEADERS, header_could)},
    visit={cst.Call: check, **dict.fromkeys((cst.With, cst.For, cst.CompFor), asynchronous_object)},
)
