"""Exceptions that a `case` of a `match` takes by their class: it is looked at as if it were a handler.

match error:
    case ServiceError():
        await error.respond(request)
"""

import ast
from collections.abc import Collection, Iterator, Sequence

from async_lint.inference.face import Frame, ModuleView, body_of, descendants, leaves
from async_lint.rules._exceptions.handlers import nodes_in


def cases_among(
    word: str, classes: Collection[str], view: ModuleView
) -> Iterator[tuple[ast.ExceptHandler, Frame]] | None:
    """Yield the cases that take all of one of some classes, the first of a `match`; None where not all are seen.

    Each is given the form of a handler. Where the function goes on with the exception, that belongs to the handler.
    """
    matches = view.project.matches_among(word)
    return None if matches is None else _cases(matches, classes, view)


def _cases(
    matches: Sequence[tuple[ast.Match, Frame]], classes: Collection[str], view: ModuleView
) -> Iterator[tuple[ast.ExceptHandler, Frame]]:
    for statement, frame in matches:
        for case in statement.cases if isinstance(statement.subject, ast.Name) else ():
            taken = _whole_classes(case.pattern) if case.guard is None else []
            if any(lineage.own in classes for cls in taken for lineage in view.exceptions.classes_of(cls, frame)):
                assert isinstance(statement.subject, ast.Name)
                name = statement.subject.id
                rest = [] if leaves(case.body) else _behind(statement, name, frame)
                yield ast.ExceptHandler(ast.Tuple(taken), name, [*case.body, *rest]), frame
                break


def speaks(handler: ast.ExceptHandler) -> bool:
    """Whether the body of a case uses the exception: one that does not may only tell it from others."""
    return any(isinstance(node, ast.Name) and node.id == handler.name for node in nodes_in(handler.body))


def _whole_classes(pattern: ast.pattern) -> list[ast.expr]:
    """Return the classes of which a pattern takes every instance."""
    match pattern:
        case ast.MatchClass(cls=cls, patterns=[], kwd_patterns=[]):
            return [cls]
        case ast.MatchOr(patterns=patterns):
            return [cls for inner in patterns for cls in _whole_classes(inner)]
    return []


def _behind(statement: ast.Match, name: str, frame: Frame) -> list[ast.stmt]:
    """Return the simple statements further down in the function that use `name`."""
    function = frame.function
    nodes = nodes_in(body_of(function).statements) if function is not None else ()
    return [
        node
        for node in nodes
        if isinstance(node, ast.Expr | ast.Assign | ast.Return | ast.Raise)
        and node.lineno > (statement.end_lineno or statement.lineno)
        and any(isinstance(part, ast.Name) and part.id == name for part in descendants(node))
    ]
