"""What in a `try` of several statements can fail as its handler catches it, where all of it can be followed."""

from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context
from async_lint.rules._exceptions.beside import is_written_out
from async_lint.rules._exceptions.exceptions import classes_caught
from async_lint.rules._exceptions.failed_lookup import FUNCTIONS, METHODS, failures_of
from async_lint.rules._exceptions.handlers import Handler, caught_name
from async_lint.rules._shared.broad_handlers import ALL_ERRORS
from async_lint.rules._shared.names import mentions
from async_lint.trees.walk import children

_ASSERTION = "builtins.AssertionError"
_NO_VALUE = "builtins.ValueError"
_NOTHING: frozenset[str] = frozenset()
# Of the methods of built-in classes, these alone look keys up; the rest may refuse what they are given.
_REFUSED = frozenset({"builtins.LookupError", "builtins.OverflowError", "builtins.TypeError", _NO_VALUE})
_MISFORMED = frozenset({"builtins.TypeError", _NO_VALUE})
_FORMATTING = frozenset({"format", "format_map"})
_QUIET = frozenset({"all", "any", "enumerate", "id", "isinstance", "issubclass", "zip"})
_CLOCKS = ("datetime.date.today", "datetime.datetime.now", "datetime.datetime.utcnow", "time.time")
_STATEMENTS = (cst.AnnAssign, cst.Assert, cst.Assign, cst.AugAssign, cst.Del, cst.Expr, cst.If, cst.Pass, cst.Return)
# What these give depends on the values, and so does whether they fail.
MAY_FAIL = (cst.AugAssign, cst.BinaryOperation, cst.GreaterThan, cst.GreaterThanEqual, cst.LessThan, cst.LessThanEqual)
_UNSEEN = (cst.Asynchronous, cst.Await, cst.Lambda, cst.Yield)


def fails_in_silence(handler: Handler, statement: cst.Try, context: Context) -> bool:
    """Whether nothing fails in a `try` as its handler catches it but assertions without a text."""
    if classes_named(handler, context) != {_ASSERTION}:
        return False
    failing = _failing(statement, {_ASSERTION}, context)
    return bool(failing) and all(isinstance(node, cst.Assert) and node.msg is None for node in failing or ())


def is_only_jumped_to(handler: Handler, statement: cst.Try, context: Context) -> bool:
    """Whether nothing fails in a `try` as its handler catches it but one `raise` of its own, of a text written out.

    The handler never looks at it: there is one way to get there.
    """
    name = caught_name(handler)
    nodes = list(_evaluated(statement.body))
    raises = [node for node in nodes if isinstance(node, cst.Raise)]
    if len(raises) != 1 or not is_written_out(raises[0]) or (name is not None and mentions(handler.body, name)):
        return False
    own = [raises[0], *_evaluated(raises[0])]
    # That a method of a built-in class is there is known.
    own += [node.func for node in nodes if isinstance(node, cst.Call) and _is_of_builtin(node, context)]
    caught = classes_named(handler, context)
    return not any(_may_end(node, caught, context) for node in nodes if not any(node is part for part in own))


def _may_end(node: cst.CSTNode, caught: set[str], context: Context) -> bool:
    """Whether a node may fail as one of `caught` is, or at all where those are all exceptions."""
    failures = failures_at(node, context)
    if failures is None or not caught.isdisjoint(failures):
        return True
    return (not caught or not caught.isdisjoint(ALL_ERRORS)) and (bool(failures) or isinstance(node, MAY_FAIL))


def _is_of_builtin(call: cst.Call, context: Context) -> bool:
    return isinstance(call.func, cst.Attribute) and (context.name_of(call.func) or "").startswith("builtins.")


def classes_named(handler: Handler, context: Context) -> set[str]:
    """Return the classes that a handler names; nothing where one of them is not known."""
    classes = classes_caught(handler.type, context) if handler.type is not None else ()
    named = {lineage.own for lineage in classes}
    return set() if None in named else {name for name in named if name is not None}


def _failing(statement: cst.Try, caught: set[str], context: Context) -> list[cst.CSTNode] | None:
    found: list[cst.CSTNode] = []
    for node in _evaluated(statement.body):
        failures = failures_at(node, context)
        if failures is None:
            return None
        if not caught.isdisjoint(failures):
            found.append(node)
    return found


def _evaluated(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Yield what is below a node, without annotations, which nothing evaluates in a function."""
    for child in children(node):
        if not isinstance(child, cst.Annotation):
            yield child
            yield from _evaluated(child)


def failures_at(node: cst.CSTNode, context: Context) -> frozenset[str] | None:
    """Return what a statement or an expression fails with by itself, whatever is below it; None: it may be anything."""
    match node:
        case cst.Assert():
            return frozenset({_ASSERTION})
        case cst.Assign(targets=targets, value=value):
            unpacked = [target.target for target in targets if isinstance(target.target, (cst.Tuple, cst.List))]
            same = all(isinstance(value, cst.Tuple) and len(each.elements) == len(value.elements) for each in unpacked)
            return _NOTHING if same else frozenset({_NO_VALUE})
        case cst.Subscript(slice=[cst.SubscriptElement(slice=cst.Index(value=index))]) if _is_position(index):
            failures = failures_of(node, context)
            return failures and frozenset({"builtins.IndexError", "builtins.LookupError"})
        case cst.Call():
            return _failures_of_call(node, context)
        case cst.AugAssign(operator=cst.ModuloAssign()):
            return None
        case cst.BaseSmallStatement() | cst.BaseCompoundStatement():
            return _NOTHING if isinstance(node, _STATEMENTS) else None
        case cst.BaseComp() | cst.NamedExpr():
            return _NOTHING
        case cst.FormattedStringExpression(format_spec=spec) if spec:
            return _MISFORMED
    return None if isinstance(node, _UNSEEN) else failures_of(node, context)


def _failures_of_call(call: cst.Call, context: Context) -> frozenset[str] | None:
    callee = context.name_of(call.func) or ""
    if not call.args and context.is_called(call, *_CLOCKS):
        return _NOTHING
    if isinstance(call.func, cst.Name) and callee == f"builtins.{call.func.value}":
        return _NOTHING if call.func.value in _QUIET else FUNCTIONS.get(call.func.value)
    if isinstance(call.func, cst.Attribute) and callee.startswith("builtins."):
        method = call.func.attr.value
        return None if method in _FORMATTING else METHODS.get(method, _REFUSED)
    return failures_of(call, context)


def _is_position(index: cst.BaseExpression) -> bool:
    return isinstance(index.expression if isinstance(index, cst.UnaryOperation) else index, cst.Integer)
