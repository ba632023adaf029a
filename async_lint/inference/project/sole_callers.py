"""Who calls a function that the project alone calls, for all that is seen."""

from pathlib import Path

from async_lint.inference.names.origins import Site
from async_lint.inference.project.callers import callers
from async_lint.inference.project.definitions import is_as_written
from async_lint.inference.project.project import Project
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Class, Function, Module

_PACKAGE = "__init__.py"


def sole_callers(evaluator: Evaluator, project: Project, function: Function) -> list[Site] | None:
    """Return the calls of a function; None where others than the project may call it, or one cannot be told.

    Whom the project hands it to is asked apart, for that costs more (see `handed_on`).
    """
    return None if is_for_others(project, function) else callers_seen(evaluator, project, function)


def callers_seen(evaluator: Evaluator, project: Project, function: Function) -> list[Site] | None:
    """Return the same, be the function there for others as well; None where one in the project cannot be told.

    A decorator may hand it on, a class that is not the project's may call it as a method, or the interpreter does.
    """
    if _is_special(function.name) or not is_as_written(evaluator, function):
        return None
    if function.owner is not None and _may_be_inherited(evaluator, project, function, function.owner):
        return None
    found = list(callers(evaluator, project, function))
    return [caller.site for caller in found] if all(caller.proved for caller in found) else None


def is_for_others(project: Project, function: Function) -> bool:
    """Whether a function is there for who imports the package: its own module or `__all__` names it, or its class."""
    return _is_listed(function) or bool(_naming_packages(project, function))


def is_published(project: Project, function: Function) -> bool:
    """Whether it is there for who imports the outermost package, and not for the rest of that package alone."""
    inner = function.module.name.split(".")[1:]
    return _is_listed(function) or any(path.parent.name not in inner for path in _naming_packages(project, function))


def _is_listed(function: Function) -> bool:
    return not _is_hidden(function) and _exports(function.module, _outer_name(function))


def _naming_packages(project: Project, function: Function) -> list[Path]:
    if _is_hidden(function):
        return []
    return [path for path in project.mentioning(_outer_name(function)) if path.name == _PACKAGE]


def _is_hidden(function: Function) -> bool:
    return function.name.startswith("_") or function.outer is not None


def _outer_name(function: Function) -> str:
    return function.qualname.partition(".")[0]


def _is_special(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def _exports(module: Module, name: str) -> bool:
    return "__all__" in module.table and (module.exports is None or name in module.exports)


def _may_be_inherited(evaluator: Evaluator, project: Project, method: Function, owner: Class) -> bool:
    """Whether a base that is not the project's has a method of that name, or may have: it may well call it."""
    order = evaluator.order(owner)
    others = [base.cls for base in order.bases if not project.has(Path(base.cls.module.path or "."))]
    is_known = any(method.name in cls.table for cls in others)
    return is_known or (bool(order.missing) and not method.name.startswith("_"))
