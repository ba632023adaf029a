"""ASL203: as much runs at once as something has items, with nothing that bounds it."""

import ast
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.inference.face import Frame, ModuleView
from async_lint.rule import Finding, Rule
from async_lint.rules._gathers.fan_out import GATHERING, SPAWNING, of_gather, of_spawn

_LAST_WORDS = frozenset(name.rpartition(".")[2] for name in (*GATHERING, *SPAWNING))


def could_report(call: ast.Call, facts: Facts) -> bool:
    if facts.last_word(call.func) not in _LAST_WORDS or not call.args:
        return False
    return _unbounded(call, facts.frame, facts.view, facts.is_called(call, *GATHERING)) is not None


def _unbounded(call: ast.Call, frame: Frame, view: ModuleView, gathers: bool) -> str | None:
    return of_gather(call, frame, view) if gathers else of_spawn(call, frame, view)


def check(call: cst.Call, context: Context) -> Iterator[Finding]:
    if context.last_word(call.func) not in _LAST_WORDS:
        return
    site = context.counterpart(call)
    if site is not None and isinstance(site.node, ast.Call):
        sentence = _unbounded(site.node, site.frame, context.view, context.is_called(call, *GATHERING))
        if sentence is not None:
            yield Finding(context.span(call), sentence)


RULE = Rule(
    code="ASL203",
    name="unbounded-fan-out",
    summary="as much runs at once as there are items, without a bound",
    # Whether a list can become long, those know who call the code.
    default=False,
    triggers={ast.Call: could_report},
    visit={cst.Call: check},
)
