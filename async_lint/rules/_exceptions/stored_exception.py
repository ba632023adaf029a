"""An exception that a handler kept under another name, `last = err`, and a `raise` after that handler."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Lineage
from async_lint.rules._exceptions.exceptions import classes_made
from async_lint.rules._exceptions.getting_past import handlers_past
from async_lint.rules._exceptions.handlers import Handler, caught_name
from async_lint.rules._exceptions.narrowing import catches_only, is_set, ruled_out_behind, ruled_out_unless, says
from async_lint.rules._shared.names import SCOPES, bindings, is_parameter, mentions, own_nodes
from async_lint.trees.walk import children


class Kept(NamedTuple):
    """The `handlers` that may have kept, as `name`, what it holds where the `raise` runs; at least one.

    `bound`: whether that name has a value wherever the `raise` runs.
    """

    name: str
    handlers: Sequence[Handler]
    bound: bool


def kept_exception(node: cst.Raise, raised: cst.BaseExpression, context: Context) -> Kept | None:
    """Return the exception that a handler kept before `node`, a `raise` of `raised` outside handlers, and led to it.

    It led to it when `raised` mentions the name, when an `if` around the `raise` asks for it, or when nothing
    conditional stands between the handler and the `raise`.
    """
    function = context.function()
    scope = function.body if isinstance(function, cst.FunctionDef) else context.slice.module
    conditions: list[tuple[cst.BaseExpression | None, bool]] = []
    passed: list[cst.CSTNode] = []
    for ancestor, child in _upwards(node, context):
        earlier, between = _before(ancestor, child)
        for name in dict.fromkeys(name for name, _ in _keeping(earlier)):
            # A parameter may hold whatever a caller gives.
            if not _holds_exceptions(scope, name, context) or is_parameter(function, name):
                continue
            set_here = is_set(conditions, name)
            asked_for = set_here or (set_here is None and mentions(raised, name))
            if asked_for or (
                not conditions and not any(_branches_on(statement, name) for statement in [*passed, *between])
            ):
                if handlers := _keepers(node, name, context):
                    return Kept(name, handlers, asked_for or _is_bound_before(node, name, context))
        passed += earlier
        if isinstance(ancestor, cst.If):
            conditions.append((ancestor.test, child is ancestor.body))
        elif isinstance(ancestor, (cst.For, cst.While, cst.MatchCase)) and child is ancestor.body:
            # Whether this block runs depends on something that says nothing of the name.
            conditions.append((None, True))
    return None


def _keepers(node: cst.Raise, name: str, context: Context) -> list[Handler]:
    """Return the handlers whose exception `name` may hold where `node` runs: no test on the way takes it out."""
    keepers: list[Handler] = []
    ruled_out: list[Lineage] = []
    for ancestor, child in _upwards(node, context):
        if isinstance(ancestor, cst.If) and child is ancestor.orelse:
            ruled_out += ruled_out_unless(ancestor.test, name, context)
        # Upwards from the `raise`: a plain binding on the way hides what was kept above it.
        for statement in reversed(_before(ancestor, child)[0]):
            if _binds(statement, name):
                return keepers
            if isinstance(statement, cst.If):
                ruled_out += ruled_out_behind(statement, name, context)
            candidates = [handler for kept, handler in _keeping([statement]) if kept == name]
            keepers += [handler for handler in candidates if not catches_only(handler, ruled_out, context)]
    return keepers


def _binds(statement: cst.CSTNode, name: str) -> bool:
    is_simple = isinstance(statement, cst.SimpleStatementLine)
    return is_simple and any(binding.name == name for binding in bindings(statement))


def _upwards(node: cst.CSTNode, context: Context) -> Iterator[tuple[cst.CSTNode, cst.CSTNode]]:
    child = node
    for ancestor in reversed(context.ancestors):
        # What is raised inside a `try` may be caught there.
        if isinstance(ancestor, (cst.Try, cst.TryStar, *SCOPES)):
            return
        yield ancestor, child
        child = ancestor


def _before(ancestor: cst.CSTNode, child: cst.CSTNode) -> tuple[Sequence[cst.CSTNode], Sequence[cst.CSTNode]]:
    """Return what of `ancestor` runs before `child`: the statements, and those after the last one with a handler."""
    # What the turns of a loop kept is at hand in its `else`.
    if isinstance(ancestor, (cst.For, cst.While)) and child is ancestor.orelse:
        return [ancestor.with_changes(orelse=None)], []
    if not isinstance(ancestor, (cst.IndentedBlock, cst.Module)):
        return [], []
    statements = list(ancestor.body[: next(i for i, statement in enumerate(ancestor.body) if statement is child)])
    last = max((i for i, statement in enumerate(statements) if any(_handlers(statement))), default=-1)
    return statements, statements[last + 1 :]


def _handlers(node: cst.CSTNode) -> Iterator[Handler]:
    if isinstance(node, Handler):
        yield node
    if not isinstance(node, (cst.SimpleStatementLine, cst.BaseExpression, *SCOPES)):
        for child in children(node):
            yield from _handlers(child)


def _keeping(statements: Sequence[cst.CSTNode]) -> Iterator[tuple[str, Handler]]:
    for statement in statements:
        kept = [(name, handler) for handler in _handlers(statement) for name in _names_kept(handler)]
        past = list(handlers_past(statement)) if kept else []
        yield from ((name, handler) for name, handler in kept if any(handler is other for other in past))


def _names_kept(handler: Handler) -> Iterator[str]:
    caught = caught_name(handler)
    for binding in bindings(handler.body) if caught else ():
        if isinstance(binding.value, cst.Name) and binding.value.value == caught:
            yield binding.name


def _holds_exceptions(scope: cst.CSTNode, name: str, context: Context) -> bool:
    """Whether `name` is only ever bound to None or to exceptions: anything else after `from` is a TypeError."""
    caught = {caught_name(handler) for handler in _handlers(scope)}
    for binding in bindings(scope):
        value = binding.value
        if binding.name != name or (value is None and isinstance(binding.node, cst.AnnAssign)):
            continue
        if isinstance(value, cst.Name) and (value.value == "None" or value.value in caught):
            continue
        # The cause of an exception is one as well, or None.
        if isinstance(value, cst.Attribute) and value.attr.value in ("__cause__", "__context__"):
            continue
        if value is None or not isinstance(value, cst.Call) or not classes_made(value, context):
            return False
    return True


def _branches_on(statement: cst.CSTNode, name: str) -> bool:
    """Whether `statement` may leave because `name` is set, so that what follows runs when it is not."""
    tests = [part.test for part in own_nodes(statement) if isinstance(part, cst.If)]
    return any(mentions(test, name) and says(test, True, name) is not False for test in tests)


def _is_bound_before(node: cst.CSTNode, name: str, context: Context) -> bool:
    ways = _upwards(node, context)
    return any(_binds(statement, name) for ancestor, child in ways for statement in _before(ancestor, child)[0])
