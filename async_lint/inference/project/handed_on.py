"""Where the project names a function without calling it: who is handed it may call it anywhere."""

import ast
from pathlib import Path

from async_lint.inference.project.callers import denotes, other_names
from async_lint.inference.project.project import MAX_MENTIONS, Project
from async_lint.inference.project.searches import around, modules_of
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function, Module, last_name
from async_lint.inference.types.values import Frame, Unknown

_PACKAGE = "__init__.py"


def handed_on(
    evaluator: Evaluator, project: Project, function: Function, offered: bool
) -> list[tuple[ast.expr, Frame]] | None:
    """Return where a function is named and not called, or may be; None where that cannot be told.

    A name that a package's own module binds is there for others, unless it may be (`offered`), and one in too many
    files is everywhere.
    """
    name, is_method = function.name, function.owner is not None
    paths = project.mentioning(f".{name}" if is_method else name)
    if len(paths) > MAX_MENTIONS:
        return None
    found: list[tuple[ast.expr, Frame]] = []
    for module in modules_of(evaluator, paths, function.module):
        names = {name, *(() if is_method else other_names(module, name))}
        if not offered and not is_method and any(_is_for_others(module, each) for each in names):
            return None
        # What is imported from there under the other name is not followed.
        if any(len(project.mentioning(other)) > 1 for other in names - {name}):
            return None
        nodes = list(around(module, sorted({line for each in names for line in module.lines_with(each)})))
        called = {id(node.func) for node, _ in nodes if isinstance(node, ast.Call)}
        for node, frame in nodes:
            if not isinstance(node, ast.Name | ast.Attribute) or last_name(node) not in names or id(node) in called:
                continue
            if isinstance(node.ctx, ast.Load):
                denoted = evaluator.evaluate(node, frame)
                if isinstance(denoted, Unknown) or denotes(evaluator, denoted, function):
                    found.append((node, frame))
    return found


def _is_for_others(module: Module, name: str) -> bool:
    """Whether a module is a package's own and binds a name, or has it in quotes, as `__all__` and `__getattr__` do."""
    if Path(module.path).name != _PACKAGE:
        return False
    return bool(module.lookup(name)) or f'"{name}"' in module.text or f"'{name}'" in module.text
