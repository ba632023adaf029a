"""Exceptions whose handlers, in the whole project, look at their text alone: nobody sees what caused them."""

import ast
from collections.abc import Iterator, Sequence
from itertools import takewhile

import libcst as cst

from async_lint.context import Context
from async_lint.files.source import Source
from async_lint.inference.face import Frame, ModuleView, Raised, Try, is_test, last_name
from async_lint.rules._exceptions.ended_by_text import ends_by_text, is_exit
from async_lint.rules._exceptions.handlers import nodes_in
from async_lint.rules._exceptions.matched import cases_among, speaks
from async_lint.rules._exceptions.text_alone import reads_text_alone

# A class in more files than this is raised for many reasons, and a handler that goes on speaks for some of them.
_FEW = 12


def is_handled_by_class(raised: cst.BaseExpression, made: Sequence[Raised], context: Context) -> bool:
    """Whether the project catches the new exception by its class, or by a base of its own, and looks at its text alone.

    Every handler outside of tests that names one of these does so and ends it, exits, or goes on with `from None`; or
    it cleans up and raises it again as it is. A class that is all over the project has to end in exits.
    """
    known = context.source.once(_known)
    for new in made:
        if new.lineage.own is not None and new.lineage.own not in known:
            names = frozenset(name for name in new.lineage.names if not name.startswith("builtins."))
            known[new.lineage.own] = _is_text_alone(_word(new.lineage.own), names, context)
    return bool(made) and all(known.get(new.lineage.own or "", False) for new in made)


# `once` keeps it for each file.
def _known(source: Source) -> dict[str, bool]:
    return {}


def _word(name: str) -> str:
    return name.rpartition(".")[2]


def _is_text_alone(own: str, classes: frozenset[str], context: Context) -> bool:
    view = context.view
    words = sorted(set(map(_word, classes)))
    is_ended = ends_by_text if view.project.files_with(own) <= _FEW else _exits
    # To look into files costs more than to see that none speaks of an exit.
    if is_ended is _exits and not any(view.project.mentions(word, "xit(") for word in words):
        return False
    is_certain = False
    for word in words:
        takers = _takers(word, classes, view)
        # In so many files nobody can tell.
        if takers is None:
            return False
        for handler, frame, tells in takers:
            ends = is_ended(handler, frame, context)
            if not ends and not _raises_again(handler):
                return False
            is_certain = is_certain or (ends and tells)
    return is_certain


def _takers(word: str, classes: frozenset[str], view: ModuleView) -> list[tuple[ast.ExceptHandler, Frame, bool]] | None:
    """Return what may take one of some classes by a word, and whether it is sure to: handlers and cases of a `match`.

    None where the word is everywhere.
    """
    handlers, cases = view.project.handlers_among(word), cases_among(word, classes, view)
    if handlers is None or cases is None:
        return None
    takers = [
        (handler, frame, names_one(handler, classes, frame, view))
        for handler, frame in handlers
        if not is_test(frame)
        and _may_name(handler, word, classes, frame, view)
        and not is_taken_above(handler, classes, frame, view)
    ]
    return takers + [(case, frame, speaks(case)) for case, frame in cases if not is_test(frame)]


def names_one(handler: ast.ExceptHandler, classes: frozenset[str], frame: Frame, view: ModuleView) -> bool:
    """Whether a handler names one of some classes."""
    return any(
        lineage.own in classes for part in _parts(handler) for lineage in view.exceptions.classes_of(part, frame)
    )


def names_one_of_project(handler: ast.ExceptHandler, classes: frozenset[str], frame: Frame, view: ModuleView) -> bool:
    """Whether a handler names one of some classes, and the project defines that."""
    return any(
        view.project.is_class_of_project(part, frame)
        for part in _parts(handler)
        if any(lineage.own in classes for lineage in view.exceptions.classes_of(part, frame))
    )


def _may_name(handler: ast.ExceptHandler, word: str, classes: frozenset[str], frame: Frame, view: ModuleView) -> bool:
    unknown = (part for part in _parts(handler) if not view.exceptions.classes_of(part, frame))
    return any(last_name(part) == word for part in unknown) or names_one(handler, classes, frame, view)


def is_taken_above(handler: ast.ExceptHandler, classes: frozenset[str], frame: Frame, view: ModuleView) -> bool:
    """Whether a handler further up in the same `try` takes the class, so that it never comes to this one."""
    statement = (view.project.above(handler, frame) or (None,))[-1]
    handlers = statement.handlers if isinstance(statement, Try) else []
    return any(names_one(above, classes, frame, view) for above in takewhile(lambda one: one is not handler, handlers))


def _parts(handler: ast.ExceptHandler) -> Iterator[ast.expr]:
    if isinstance(handler.type, ast.Tuple):
        yield from handler.type.elts
    elif handler.type is not None:
        yield handler.type


def _exits(handler: ast.ExceptHandler, frame: Frame, context: Context) -> bool:
    if not ends_by_text(handler, frame, context):
        return False
    nodes = nodes_in(handler.body)
    left = (
        node.exc if isinstance(node, ast.Raise) else node for node in nodes if isinstance(node, ast.Raise | ast.Call)
    )
    return any(node is not None and is_exit(node) for node in left)


def _raises_again(handler: ast.ExceptHandler) -> bool:
    """Whether a handler only cleans up, without a look at what it caught, and lets that go on."""
    nodes = list(nodes_in(handler.body))
    raises = [node for node in nodes if isinstance(node, ast.Raise)]
    return (
        raises[-1:] == handler.body[-1:]
        and all(node.exc is None for node in raises)
        and not any(isinstance(node, ast.Name) and node.id == handler.name for node in nodes)
        and reads_text_alone(handler)
    )
