"""What else may run while a method waits: the other methods of its class."""

from async_lint.inference.face import Frame, Function


def other_methods(frame: Frame) -> list[Function]:
    """Return the methods, without those of bases, of the class that the function of a frame is a method of."""
    scope = frame.enclosing_function()
    function = scope.function if scope is not None else None
    if function is None or function.owner is None:
        return []
    definitions = (binding.definition for bindings in function.owner.table.values() for binding in bindings)
    return [one for one in definitions if isinstance(one, Function) and one is not function]
