"""Statements in a row that each bind what they await: which of them need none of the others.

user = await users.get(key)
self.plan = await plans.get(key)    reads nothing that the statement before binds: one run
limits = await plans.limits(plan)   reads `plan`: a run of its own
"""

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from async_lint.inference.independence.verdict import Verdict
from async_lint.inference.syntax.binding import dotted
from async_lint.inference.syntax.nodes import descendants

# `:=` suspends nothing, but binds a name that is no step's target, so that nobody would see who reads it.
_SUSPENDING = (ast.Await, ast.NamedExpr, ast.Yield, ast.YieldFrom)
Target = ast.Name | ast.Attribute | ast.Subscript


class Step(NamedTuple):
    """A statement of a run. `value` is the call that it awaits, `target` where the result goes."""

    statement: ast.Assign | ast.AnnAssign
    target: Target
    value: ast.Call

    @property
    def place(self) -> str:
        return ast.unparse(self.target)


class Run(NamedTuple):
    """Steps in a row, and whether they need one another."""

    steps: tuple[Step, ...]
    verdict: Verdict


def runs(block: Sequence[ast.stmt]) -> Iterator[list[Step]]:
    """Yield the longest runs of a block, of two statements or more, in which nothing flows from one to another."""
    current: list[Step] = []
    for statement in block:
        step = _step(statement)
        if step is None or not _fits(step, current):
            if len(current) > 1:
                yield current
            current = []
        if step is not None:
            current = [*current, step]
    if len(current) > 1:
        yield current


def _step(statement: ast.stmt) -> Step | None:
    match statement:
        case ast.Assign(targets=[target], value=ast.Await(value=ast.Call() as value)):
            pass
        case ast.AnnAssign(target=target, value=ast.Await(value=ast.Call() as value)):
            pass
        case _:
            return None
    # What an argument waits for would begin before the step above it.
    if any(isinstance(node, _SUSPENDING) for node in descendants(value)):
        return None
    match target:
        case ast.Name():
            return Step(statement, target, value)
        # With a constant key, two entries can be told apart.
        case ast.Attribute(value=holder) | ast.Subscript(value=holder, slice=ast.Constant()) if dotted(holder):
            return Step(statement, target, value)
    return None


def _fits(step: Step, before: Sequence[Step]) -> bool:
    """Whether a statement needs nothing of those before it, nor they of it."""
    call = descendants(step.value)
    holder = [] if isinstance(step.target, ast.Name) else descendants(step.target.value)
    return not any(
        earlier.place == step.place
        or _reads(call, step.value, earlier.target)
        or _reads(descendants(earlier.value), earlier.value, step.target)
        # `d["a"]` and `d["b"]` are two places of one object.
        or (not isinstance(earlier.target, ast.Subscript) and _reads(holder, step.value, earlier.target))
        for earlier in before
    )


def _reads(nodes: Sequence[ast.AST], call: ast.Call, target: Target) -> bool:
    """Whether nodes of a call look at what a target binds, or are given the object that it is a part of."""
    match target:
        case ast.Name(id=name):
            return any(isinstance(node, ast.Name) and node.id == name for node in nodes)
        case ast.Attribute(attr=attr, value=holder):
            # Whatever object has it: two names may stand for one object.
            if any(isinstance(node, ast.Attribute) and node.attr == attr for node in nodes):
                return True
            given = [*call.args, *(keyword.value for keyword in call.keywords)]
            return any(dotted(node) == dotted(holder) for argument in given for node in _objects(argument))
        case ast.Subscript(value=holder):
            return any(isinstance(node, ast.expr) and dotted(node) == dotted(holder) for node in nodes)


def _objects(node: ast.AST) -> Iterator[ast.expr]:
    """Yield the names below a node that stand for the whole object: not the `self` of `self.client`."""
    inner = {id(below.value) for below in descendants(node) if isinstance(below, ast.Attribute)}
    for below in descendants(node):
        if isinstance(below, ast.Name | ast.Attribute) and id(below) not in inner:
            yield below
