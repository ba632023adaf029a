"""Functions that run when the interpreter exits, or an object dies: nothing is left to own a task, or see its error."""

import ast

from async_lint.files.source import Source
from async_lint.inference.face import Frame, Function, ModuleView, Site, descendants
from async_lint.rules._tasks.function_tree import function_around

_REGISTER = "atexit.register"
# What takes such a function, with the position that it is given at.
_TAKING = {_REGISTER: 0, "weakref.finalize": 1}


def runs_at_exit(frame: Frame, view: ModuleView) -> bool:
    """Whether the function around a frame, or one around that, is given to one of these, anywhere in the project."""
    function = function_around(frame)
    around: list[Function] = []
    while function is not None:
        around.append(function)
        function = function.outer
    for registered in around:
        # A decorator stands where the function is defined.
        names = {view.names.name_of(decorator, frame) for decorator in registered.node.decorator_list}
        if _REGISTER in names:
            return True
    full_names = {registered.full_name for registered in around}
    return any(
        _gives(site, taking, full_names, view)
        for taking in _TAKING
        for site in view.project.calls_among([taking.rpartition(".")[2]], [taking.partition(".")[0]])
    )


def is_made_finalizer(frame: Frame, source: Source) -> bool:
    """Whether the function around a frame, or one around that, is made the `__del__` of a class in its file."""
    function = function_around(frame)
    while function is not None and function.outer is not None:
        function = function.outer
    return function is not None and function.owner is None and function.name in source.once(_made_finalizers)


def _made_finalizers(source: Source) -> frozenset[str]:
    """Return the names of what is assigned to a `__del__`: `Connection.__del__ = close_soon`."""
    return frozenset(
        node.value.id
        for node in descendants(source.tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Name)
        and any(isinstance(target, ast.Attribute) and target.attr == "__del__" for target in node.targets)
    )


def _gives(site: Site, taking: str, full_names: set[str], view: ModuleView) -> bool:
    given = site.node.args[_TAKING[taking] :]
    if not given or view.names.name_of(site.node.func, site.frame) != taking:
        return False
    return view.names.name_of(given[0], site.frame) in full_names
