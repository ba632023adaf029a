"""Where the project's text has a pattern: the nodes of the functions and statements around it."""

import ast
import re
from collections.abc import Iterator

from async_lint.inference.modules import walk
from async_lint.inference.modules.summary import body_of, functions_on, outside_functions
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function, Module
from async_lint.inference.syntax.notes import NOTES, Fact
from async_lint.inference.types.scope import Unit, function_scope, module_scope
from async_lint.inference.types.values import Frame

_MANY_FILES = 60  # a word in more of them is too common to be followed


def modules(evaluator: Evaluator, word: str, pattern: str, own: Module) -> list[Module] | None:
    """Return the modules of the project whose text has the pattern, and `own`; None where the word is everywhere."""
    if evaluator.project is None:
        return [own]
    paths = evaluator.project.mentioning(word)
    if len(paths) > _MANY_FILES:
        return None
    # In bytes, as they were read: only a file that has the pattern is decoded and parsed.
    searched = re.compile(pattern.encode())
    others = (evaluator.library.at(path) for path in paths if evaluator.project.finds(path, searched))
    return [own, *(module for module in others if module is not None and module.path != own.path)]


def nodes(module: Module, pattern: str) -> Iterator[tuple[ast.AST, Frame]]:
    """Yield the nodes of the functions, and of the statements outside functions, whose lines have the pattern."""
    functions, outside = _around(module, pattern)
    for function in functions:
        for statement in body_of(function).statements:
            yield from walk.nodes(Unit(statement, function_scope(function)))
    # For what stands outside functions the module is parsed again, so only where lines are left.
    for statement in outside_functions(module) if outside else ():
        if any(statement.lineno <= line <= (statement.end_lineno or 0) for line in outside):
            yield from walk.nodes(Unit(statement, module_scope(module)))


def functions(module: Module, pattern: str) -> list[Function]:
    """Return the outermost functions whose lines have the pattern."""
    return _around(module, pattern)[0]


def _around(module: Module, pattern: str) -> tuple[list[Function], list[int]]:
    """Return the functions whose lines have the pattern, and the lines outside functions that have it."""
    NOTES.add(Fact.MATCHES, module.path, pattern)
    return functions_on(module, {module.line_of(match.start()) for match in re.finditer(pattern, module.raw)})
