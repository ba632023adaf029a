"""Exceptions that the program tells its user of by their text alone, and then exits: nobody sees what caused them."""

import ast
from collections.abc import Sequence

import libcst as cst

from async_lint.context import Context
from async_lint.files.source import Source
from async_lint.inference.face import Frame, ModuleView, Raised, descendants, last_name
from async_lint.rules._exceptions.caught_again import reads_text_alone

_EXITS = frozenset({"Exit", "SystemExit", "_exit", "exit"})


def is_told_to_user(raised: cst.BaseExpression, made: Sequence[Raised], context: Context) -> bool:
    """Whether the project catches the new exception by its class, or by a base of its own, in order to exit.

    Every handler that names one of these does so, and shows no more than the text, or raises it again as it is.
    """
    known = context.source.once(_known)
    for new in made:
        if new.lineage.own is not None and new.lineage.own not in known:
            names = frozenset(name for name in new.lineage.names if not name.startswith("builtins."))
            known[new.lineage.own] = _is_message(names, context.view)
    return bool(made) and all(known.get(new.lineage.own or "", False) for new in made)


# `once` keeps it for each file.
def _known(source: Source) -> dict[str, bool]:
    return {}


def _is_message(classes: frozenset[str], view: ModuleView) -> bool:
    words = {name.rpartition(".")[2] for name in classes}
    # To look into files costs more than to see that none speaks of an exit.
    if not any(view.project.mentions(word, "xit(") for word in words):
        return False
    handlers: list[ast.ExceptHandler] = []
    for word in words:
        found = view.project.handlers_among(word)
        # In so many files nobody can tell.
        if found is None:
            return False
        handlers += [handler for handler, frame in found if _names(handler, classes, frame, view)]
    return any(map(_exits, handlers)) and all(_exits(one) or _raises_again(one) for one in handlers)


def _names(handler: ast.ExceptHandler, classes: frozenset[str], frame: Frame, view: ModuleView) -> bool:
    caught = view.exceptions.classes_of(handler.type, frame) if handler.type is not None else ()
    return any(lineage.own in classes for lineage in caught)


def _exits(handler: ast.ExceptHandler) -> bool:
    nodes = [node for statement in handler.body for node in descendants(statement)]
    raised = [node.exc for node in nodes if isinstance(node, ast.Raise)]
    # A `raise` for those who debug shows the traceback, causes and all.
    if not all(exc is not None and _is_exit(exc) for exc in raised) or not reads_text_alone(handler):
        return False
    return bool(raised) or any(isinstance(node, ast.Call) and _is_exit(node) for node in nodes)


def _is_exit(node: ast.expr) -> bool:
    return last_name(node.func if isinstance(node, ast.Call) else node) in _EXITS


def _raises_again(handler: ast.ExceptHandler) -> bool:
    match handler.body:
        case [ast.Raise(exc=None)]:
            return True
    return False
