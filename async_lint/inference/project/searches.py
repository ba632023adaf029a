"""Searches in the files of the project that hold a word: for calls of a name, for what takes exceptions of a class."""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from async_lint.inference.modules import walk
from async_lint.inference.modules.summary import body_of, functions_on, outside_functions
from async_lint.inference.names.origins import Site
from async_lint.inference.project.project import MAX_MENTIONS, Project
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function, Module, any_within, last_name
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.scope import Unit, function_scope, module_scope
from async_lint.inference.types.values import Frame

# A line of an `except`: its first, or one of a tuple over several.
_CAUGHT = re.compile(r"\bexcept\b|^[\s\w.,():]*(?:#|$)")
# The same with a word in it: most of the files that speak of a class import it, make it or inherit it.
_CATCHING = (
    r"^[^#\n]*\bexcept\b[^#\n]*\b{0}\b"
    r"|^(?![ \t]*(?:from|import|raise|return)\b)[ \t\w.,]*\b{0}\b[ \t\w.,():]*(?:#|\r?$)"
)


def calls_among(
    evaluator: Evaluator, project: Project, words: Sequence[str], mentions: Iterable[str], module: Module | None
) -> Iterator[Site]:
    """Yield the calls whose callee's last word is one of `words`, in `module` and in the files that mention something.

    A mention that is everywhere leads to no file.
    """
    paths: set[Path] = set()
    for mention in mentions:
        mentioning = project.mentioning(mention)
        paths.update(mentioning if len(mentioning) <= MAX_MENTIONS else ())
    for searched in modules_of(evaluator, sorted(paths), module):
        yield from sorted(calls(searched, *words), key=lambda site: (site.node.lineno, site.node.col_offset))


def handlers_among(
    evaluator: Evaluator, project: Project, word: str, module: Module | None
) -> list[tuple[ast.ExceptHandler, Frame]] | None:
    """Return the handlers whose classes are written with a word, in `module` and the project; None where too many."""
    paths = project.mentioning(word)
    if len(paths) > MAX_MENTIONS:
        catching = re.compile(_CATCHING.format(re.escape(word)).encode(), re.MULTILINE)
        paths = [path for path in paths if project.finds(path, catching)]
    if len(paths) > MAX_MENTIONS:
        return None
    return [
        (node, frame)
        for searched in modules_of(evaluator, paths, module)
        for node, frame in around(searched, _caught_on(searched, word))
        if isinstance(node, ast.ExceptHandler) and node.type is not None and word in ast.unparse(node.type)
    ]


def matches_among(
    evaluator: Evaluator, project: Project, word: str, module: Module | None
) -> list[tuple[ast.Match, Frame]] | None:
    """Return the `match` statements with a `case` of a class that a word stands for, in the same places."""
    paths = project.mentioning(word, "case ")
    if len(paths) > MAX_MENTIONS:
        return None
    return [
        (node, frame)
        for searched in modules_of(evaluator, paths, module)
        for node, frame in around(searched, _in_case(searched, word))
        if isinstance(node, ast.Match) and any(word in ast.unparse(case.pattern) for case in node.cases)
    ]


def _in_case(module: Module, word: str) -> list[int]:
    return [line for line in module.lines_with(word) if module.lines(line, line).lstrip().startswith("case ")]


def _caught_on(module: Module, word: str) -> list[int]:
    lines = module.lines_with(word)
    return [line for line in lines if _CAUGHT.search(module.lines(line, line).rstrip())]


def around(module: Module, lines: list[int]) -> Iterator[tuple[ast.AST, Frame]]:
    """Yield the nodes of the functions that hold one of some lines, and those outside functions."""
    inside, outside = functions_on(module, lines)
    for statement in outside_functions(module) if outside else ():
        yield from ((node, module_scope(module)) for node in descendants(statement))
    for function in inside:
        yield from nodes(function)


def modules_of(evaluator: Evaluator, paths: Iterable[Path], own: Module | None) -> Iterator[Module]:
    """Yield a module, if there is one, and those that the other files hold."""
    if own is not None:
        yield own
    for path in paths:
        # The disk may hold an older text of this file than the one under check.
        if own is None or str(path) != own.path:
            module = evaluator.library.at(path)
            if module is not None:
                yield module


def calls(module: Module, *names: str) -> Iterator[Site]:
    """Yield the calls in a module whose callee's last word is one of `names`."""
    lines = sorted(line for name in names for line in module.lines_with(f"{name}("))
    if not lines:
        return
    inside, outside = functions_on(module, lines)
    # What stands outside functions may have to be parsed again, so only where a line does.
    if outside:
        for statement in _holding(lines, outside_functions(module)):
            for node in descendants(statement):
                if isinstance(node, ast.Call) and last_name(node.func) in names:
                    yield Site(node, module_scope(module))
    for function in inside:
        for node, frame in nodes(function, lines):
            if isinstance(node, ast.Call) and last_name(node.func) in names:
                yield Site(node, frame)


def nodes(function: Function, lines: Sequence[int] | None = None) -> Iterator[tuple[ast.AST, Frame]]:
    """Yield the nodes of a function's body, each with the frame of its names; those of statements on some `lines`."""
    statements = body_of(function).statements
    for statement in statements if lines is None else _holding(lines, statements):
        yield from walk.nodes(Unit(statement, function_scope(function)), leaves=lines is None)


def _holding(lines: Sequence[int], statements: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    return (one for one in statements if any_within(lines, _first_line(one), one.end_lineno or one.lineno))


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return decorators[0].lineno if decorators else statement.lineno
