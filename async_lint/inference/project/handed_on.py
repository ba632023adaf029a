"""Where the project names a function without calling it: who is handed it may call it anywhere."""

import ast

from async_lint.inference.project.callers import denotes
from async_lint.inference.project.project import MAX_MENTIONS, Project
from async_lint.inference.project.searches import around, modules_of
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function, last_name
from async_lint.inference.types.values import Frame, Unknown

_PACKAGE = "__init__.py"


def handed_on(
    evaluator: Evaluator, project: Project, function: Function, offered: bool
) -> list[tuple[ast.expr, Frame]] | None:
    """Return where a function is named and not called, or may be; None where that cannot be told.

    A name that a package's own module imports is there for others, unless it may be (`offered`), and one in too many
    files is everywhere.
    """
    name, is_method = function.name, function.owner is not None
    paths = project.mentioning(f".{name}" if is_method else name)
    is_for_others = not is_method and any(path.name == _PACKAGE for path in paths)
    if len(paths) > MAX_MENTIONS or (is_for_others and not offered):
        return None
    found: list[tuple[ast.expr, Frame]] = []
    for module in modules_of(evaluator, paths, function.module):
        nodes = list(around(module, module.lines_with(name)))
        if any(_renames(node, name) for node, _ in nodes):
            return None
        called = {id(node.func) for node, _ in nodes if isinstance(node, ast.Call)}
        for node, frame in nodes:
            if not isinstance(node, ast.Name | ast.Attribute) or last_name(node) != name or id(node) in called:
                continue
            if isinstance(node.ctx, ast.Load):
                denoted = evaluator.evaluate(node, frame)
                if isinstance(denoted, Unknown) or denotes(evaluator, denoted, function):
                    found.append((node, frame))
    return found


def _renames(node: ast.AST, name: str) -> bool:
    """Whether an import gives something of a name another one, by which it is called from there on."""
    return isinstance(node, ast.ImportFrom) and any(one.name == name and one.asname is not None for one in node.names)
