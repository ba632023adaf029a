"""What tests say of a name that holds a caught exception or None: that it is set, or which classes are ruled out."""

from collections.abc import Iterator, Sequence

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Lineage
from async_lint.rules._exceptions.exceptions import classes_caught
from async_lint.rules._exceptions.handlers import Handler
from async_lint.rules._exceptions.unreached import never_ends
from async_lint.rules._shared.names import mentions


def is_set(conditions: Sequence[tuple[cst.BaseExpression | None, bool]], name: str) -> bool | None:
    """Whether `name` holds an exception where all of the conditions came out as given; None: they do not say."""
    answers = {says(test, holds, name) for test, holds in conditions if test is not None}
    if False in answers:
        return False
    return True if True in answers else None


def says(test: cst.BaseExpression, holds: bool, name: str) -> bool | None:
    """Whether `name` holds an exception where `test` came out as `holds`; None: it does not say."""
    match test:
        case cst.Name():
            return holds if test.value == name else None
        case cst.UnaryOperation(operator=cst.Not()):
            return says(test.expression, not holds, name)
        case cst.Comparison(cst.Name(left), [cst.ComparisonTarget(cst.Is() | cst.IsNot() as how, cst.Name("None"))]):
            return holds is isinstance(how, cst.IsNot) if left == name else None
        # Where an `and` does not hold, either side may be the reason.
        case cst.BooleanOperation(operator=cst.And()) if holds:
            return is_set([(test.left, True), (test.right, True)], name)
        case cst.Call(func=cst.Name("isinstance"), args=[first, *_]) if holds and mentions(first.value, name):
            return True
    return None


def ruled_out_behind(statement: cst.If, name: str, context: Context) -> Iterator[Lineage]:
    """Yield the classes that `name` holds no instance of behind `statement`: their branches never get there."""
    branch: cst.If | cst.Else | None = statement
    # Behind a branch that ends, whatever its test let in may come along: what follows rules nothing out.
    while isinstance(branch, cst.If) and never_ends(branch.body, context):
        yield from ruled_out_unless(branch.test, name, context)
        branch = branch.orelse


def ruled_out_unless(test: cst.BaseExpression, name: str, context: Context) -> Iterator[Lineage]:
    """Yield the classes that `name` holds no instance of where `test` did not hold."""
    match test:
        case cst.Call(func=cst.Name("isinstance"), args=[cst.Arg(cst.Name(asked)), classes]) if asked == name:
            yield from classes_caught(classes.value, context)
        # Where an `or` does not hold, neither side does.
        case cst.BooleanOperation(operator=cst.Or()):
            yield from ruled_out_unless(test.left, name, context)
            yield from ruled_out_unless(test.right, name, context)
        # `last and isinstance(last, E)`: where the left side does not hold, there is no exception anyway.
        case cst.BooleanOperation(left=left, operator=cst.And()) if says(left, True, name) and _is_plain(left):
            yield from ruled_out_unless(test.right, name, context)


def catches_only(handler: Handler, classes: Sequence[Lineage], context: Context) -> bool:
    """Whether all that `handler` catches is for certain an instance of one of `classes`."""
    caught = classes_caught(handler.type, context) if classes and handler.type is not None else ()
    known = {lineage.own for lineage in classes} - {None}
    return bool(caught) and all(not known.isdisjoint(lineage.names | lineage.missing) for lineage in caught)


def _is_plain(test: cst.BaseExpression) -> bool:
    """Whether `test` asks for no more than whether a name is set."""
    return isinstance(test, (cst.Name, cst.Comparison))
