"""Exceptions that the project's own dispatcher turns into an answer: where it calls what it looked up, it catches them.

handler = HANDLERS[action]
try:
    return handler(request)
except ServiceError as err:
    return {"code": err.code, "message": str(err)}
"""

import ast
from collections.abc import Iterator, Sequence

from async_lint.context import Context
from async_lint.files.source import Source
from async_lint.inference.face import Frame, ModuleView, Raised, Try, descendants, is_test, last_name
from async_lint.rules._exceptions.handed_on import given_to_readers
from async_lint.rules._exceptions.handled_by_class import is_taken_above, names_one, names_one_of_project
from async_lint.rules._exceptions.handlers import nodes_in
from async_lint.rules._exceptions.text_alone import LOGGED_WITHOUT_TRACEBACK, ends_there, shows_traceback

_ROOT = "builtins.BaseException"
_ARGUMENTS = "argparse.Namespace"


def is_dispatched(made: Sequence[Raised], context: Context) -> bool:
    """Whether a dispatcher of the project answers with the text of the new exception, by its class or a base of it.

    That class is the project's own, and no handler that names one of these classes shows what caused it, or hands the
    exception on.
    """
    known = context.source.once(_known)
    for new in made:
        names = frozenset(name for name in new.lineage.names if not name.startswith("builtins."))
        if names not in known:
            known[names] = _is_answered(names, context.view)
        if not known[names]:
            return False
    return bool(made)


# `once` keeps it for each file.
def _known(source: Source) -> dict[frozenset[str], bool]:
    return {}


def _is_answered(classes: frozenset[str], view: ModuleView) -> bool:
    words = sorted({name.rpartition(".")[2] for name in classes})
    # To look into files costs more than to see that these are all of libraries.
    if not any(map(view.names.is_defined, words)):
        return False
    answered = False
    for word in words:
        for handler, frame in view.project.handlers_among(word) or ():
            if is_test(frame) or not names_one(handler, classes, frame, view):
                continue
            if is_taken_above(handler, classes, frame, view):
                continue
            if shows_traceback(handler.body) or _is_handed_on(handler):
                return False
            if names_one_of_project(handler, classes, frame, view) and _dispatches(handler, frame, view):
                answered = answered or _answers(handler, frame, view)
    return answered


def _is_handed_on(handler: ast.ExceptHandler) -> bool:
    """Whether a handler lets what it caught go on, or makes it the cause of another: it ends somewhere else, too."""
    for node in nodes_in(handler.body):
        match node:
            case ast.Raise(exc=None):
                return True
            case ast.Raise(exc=ast.Name(id=name)) | ast.Raise(cause=ast.Name(id=name)) if name == handler.name:
                return True
    return False


def _dispatches(handler: ast.ExceptHandler, frame: Frame, view: ModuleView) -> bool:
    """Whether the `try` calls what was looked up while the program ran."""
    statement = (view.project.above(handler, frame) or (None,))[-1]
    if not isinstance(statement, Try):
        return False
    calls = (node for node in nodes_in(statement.body) if isinstance(node, ast.Call))
    return any(view.names.is_looked_up(call.func, frame) or _is_of_arguments(call, frame, view) for call in calls)


def _is_of_arguments(call: ast.Call, frame: Frame, view: ModuleView) -> bool:
    """Whether it is `args.func(...)`: the arguments of a command line say what to call."""
    return view.names.receiver_of(call, frame) == _ARGUMENTS


def _answers(handler: ast.ExceptHandler, frame: Frame, view: ModuleView) -> bool:
    """Whether a handler makes something of the exception's text, and shows and keeps nothing else of it."""
    name = handler.name
    besides = [*given_to_readers(handler.body, name, frame, view), *_wrapped(handler, frame, view)]
    return (
        name is not None
        and ends_there(handler.body, name, besides)
        and any(
            isinstance(node, ast.Name) and node.id == name for statement in handler.body for node in _used(statement)
        )
    )


def _used(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield what a statement uses, but for what it logs."""
    match statement:
        case ast.Expr(value=ast.Call(func=func)) if last_name(func) in LOGGED_WITHOUT_TRACEBACK:
            return
    yield from descendants(statement)


def _wrapped(handler: ast.ExceptHandler, frame: Frame, view: ModuleView) -> Iterator[ast.expr]:
    """Yield the arguments by which a handler makes an answer: an object of the project that raises nothing later."""
    for node in nodes_in(handler.body):
        if isinstance(node, ast.Call) and _is_answer(node.func, frame, view):
            yield from (value for value in node.args if isinstance(value, ast.Name))


def _is_answer(callee: ast.expr, frame: Frame, view: ModuleView) -> bool:
    classes = view.exceptions.classes_of(callee, frame)
    if not classes or any(_ROOT in cls.names or not cls.complete for cls in classes):
        return False
    inside = view.project.inside(callee, frame)
    return inside is not None and not any(
        isinstance(node, ast.Raise) and isinstance(node.exc, ast.Attribute) for node, _ in inside
    )
