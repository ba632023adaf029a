"""Conversions in a `try` of several statements, in which nothing else can fail as its handler catches it."""

import libcst as cst

from async_lint.context import Context
from async_lint.rules._exceptions.beside import is_written_out
from async_lint.rules._exceptions.conversions import failures_of, without_follow_up
from async_lint.rules._exceptions.exceptions import classes_made, may_catch
from async_lint.rules._exceptions.handlers import Handler
from async_lint.rules._exceptions.one_failure import MAY_FAIL, classes_named, failures_at
from async_lint.trees.walk import children

# What says that a text is no number, day or the like; a TypeError may be any mistake.
_UNREADABLE = frozenset({"binascii.Error", "builtins.ValueError", "decimal.InvalidOperation"})
_ORDINARY = ("builtins.", "datetime.", "decimal.")


def conversions_among(handler: Handler, statement: cst.Try, context: Context) -> list[cst.Call]:
    """Return the conversions of a `try`; none where something else may fail, or the handler is for more than that."""
    caught = classes_named(handler, context)
    if not caught or not caught <= _UNREADABLE:
        return []
    steps: list[cst.Call] = []
    waiting = list(children(statement.body))
    while waiting:
        node = waiting.pop()
        call = without_follow_up(node) if isinstance(node, cst.Call) else node
        if isinstance(call, cst.Call) and failures_of(call, context):
            steps.append(call)
        elif not (isinstance(node, cst.Raise) and _is_let_through(node, handler, context)):
            failures = failures_at(node, context)
            if failures is None or not caught.isdisjoint(failures) or not _is_ordinary(node, context):
                return []
            waiting += [child for child in children(node) if not isinstance(child, cst.Annotation)]
    return steps


def _is_let_through(node: cst.Raise, handler: Handler, context: Context) -> bool:
    """Whether a `raise` makes, of plain arguments, what its handler does not catch."""
    made = classes_made(node.exc, context) if node.exc is not None and is_written_out(node) else ()
    return bool(made) and not any(may_catch(handler.type, new.lineage, context) for new in made)


def _is_ordinary(node: cst.CSTNode, context: Context) -> bool:
    """Whether what is reckoned with or compared are numbers, days and the like, of which that is no ValueError."""
    match node:
        case cst.BinaryOperation(left=left, right=right):
            return _is_of_library(left, context) and _is_of_library(right, context)
        case cst.AugAssign(target=target, value=value):
            return _is_of_library(target, context) and _is_of_library(value, context)
        case cst.Comparison(left=left, comparisons=comparisons):
            if not any(isinstance(each.operator, MAY_FAIL) for each in comparisons):
                return True
            return all(_is_of_library(each, context) for each in (left, *(other.comparator for other in comparisons)))
    return True


def _is_of_library(value: cst.BaseExpression, context: Context) -> bool:
    if isinstance(value, cst.Tuple):
        return all(_is_of_library(element.value, context) for element in value.elements)
    if isinstance(value, cst.BaseNumber | cst.SimpleString):
        return True
    return (context.name_of(value) or "").startswith(_ORDINARY)
