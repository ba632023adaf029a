"""ASL502: a deadline switched off by hand."""

import ast
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.inference.resolver import ModuleView
from async_lint.rule import Finding, Rule
from async_lint.rules._names import mentions
from async_lint.rules._timeouts import Disabled, Given, argument, disabled, given, last_word


def could_disable(node: ast.Call, facts: Facts) -> bool:
    word, entries = last_word(node), disabled()
    return word in entries and any(_switched_off(node, entry) for entry in entries.called(word))


def check(node: cst.Call, context: Context) -> Iterator[Finding]:
    counterpart = context.counterpart(node)
    if counterpart is None or not isinstance(counterpart.node, ast.Call):
        return
    call, view = counterpart.node, context.view
    found = disabled().find(view.kind_of(call, counterpart.frame).name, view.canonical)
    if found is None:
        return
    name, entry = found
    said = _switched_off(call, entry)
    if said and not _has_no_default(entry, view) and not (entry.movable and _may_be_moved(node, context)):
        label = ".".join(name.split(".")[-2:])
        instead = f"; the default would be {entry.instead}" if entry.instead else ""
        yield Finding(context.span(node), f"`{label}` {said} has no limit at all{instead}")


def _switched_off(call: ast.Call, entry: Disabled) -> str:
    """Return how the call switches the deadline off, empty where it does not or may not."""
    if given(call, entry.unless, (None,)) in (Given.SET, Given.HIDDEN):
        return ""
    name, position = entry.argument
    match given(call, {name: position}, (None, 0) if entry.zero else (None,)):
        case Given.NOTHING:
            value = argument(call, name, position)
            return f"with `{name}={ast.unparse(value)}`" if value is not None else ""
        case Given.ABSENT if entry.absent:
            return " or ".join([f"without `{name}`", *(f"`{each}`" for each in entry.unless)])
    return ""


def _has_no_default(entry: Disabled, view: ModuleView) -> bool:
    """Whether the version that is installed has no limit anyway: then this call switches nothing off."""
    default = view.default(*entry.probe) if entry.probe else None
    return isinstance(default, ast.Constant) and default.value is None


def _may_be_moved(node: cst.Call, context: Context) -> bool:
    """Whether what a call gives may get a deadline later: it has a name that is used, or is not entered here."""
    parent = context.parent()
    if not isinstance(parent, cst.WithItem):
        return True
    if parent.asname is None:
        return False
    statement = next(each for each in reversed(context.ancestors) if isinstance(each, cst.With))
    target = parent.asname.name
    return not isinstance(target, cst.Name) or mentions(statement.body, target.value)


RULE = Rule(
    code="ASL502",
    name="disabled-timeout",
    summary="deadline switched off",
    triggers={ast.Call: could_disable},
    visit={cst.Call: check},
)
