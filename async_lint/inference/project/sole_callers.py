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

    Others may if a package's own module or `__all__` names it or its class, a decorator may hand it on, a class that is
    not the project's may call it as a method, or the interpreter does. Whom the project hands it to is asked apart, for
    that costs more (see `handed_on`).
    """
    if _is_special(function.name) or not is_as_written(evaluator, function) or _is_for_others(project, function):
        return None
    if function.owner is not None and _may_be_inherited(evaluator, project, function, function.owner):
        return None
    found = list(callers(evaluator, project, function))
    return [caller.site for caller in found] if all(caller.proved for caller in found) else None


def _is_special(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def _is_for_others(project: Project, function: Function) -> bool:
    """Whether a function, or the class that it is a method of, is there for who imports the package."""
    if function.name.startswith("_") or function.outer is not None:
        return False
    name = function.qualname.partition(".")[0]
    return _exports(function.module, name) or any(path.name == _PACKAGE for path in project.mentioning(name))


def _exports(module: Module, name: str) -> bool:
    return "__all__" in module.table and (module.exports is None or name in module.exports)


def _may_be_inherited(evaluator: Evaluator, project: Project, method: Function, owner: Class) -> bool:
    """Whether a base that is not the project's has a method of that name, or may have: it may well call it."""
    order = evaluator.order(owner)
    others = [base.cls for base in order.bases if not project.has(Path(base.cls.module.path or "."))]
    is_known = any(method.name in cls.table for cls in others)
    return is_known or (bool(order.missing) and not method.name.startswith("_"))
