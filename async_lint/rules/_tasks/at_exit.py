"""Functions that run when the interpreter exits: nothing is left there to own a task, or to see its error."""

from async_lint.inference.face import Frame, Function, ModuleView
from async_lint.rules._tasks.function_tree import function_around

_REGISTER = "atexit.register"


def runs_at_exit(frame: Frame, view: ModuleView) -> bool:
    """Whether the function around a frame, or one around that, is registered with `atexit`, anywhere in the project."""
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
        bool(site.node.args)
        and view.names.name_of(site.node.func, site.frame) == _REGISTER
        and view.names.name_of(site.node.args[0], site.frame) in full_names
        for site in view.project.calls_among(["register"], ["atexit"])
    )
