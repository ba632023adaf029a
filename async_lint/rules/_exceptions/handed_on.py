"""Functions that a handler gives what it caught: whether they look at more than its text."""

import ast
from collections.abc import Iterator

from async_lint.inference.face import Frame, Function, ModuleView, argument, descendants
from async_lint.rules._exceptions.caught_again import shows_text_alone


def given_to_readers(handler: ast.ExceptHandler, frame: Frame, view: ModuleView) -> Iterator[ast.expr]:
    """Yield the arguments by which a handler gives what it caught to functions of the project that read its text."""
    for node in (node for statement in handler.body for node in descendants(statement)):
        if isinstance(node, ast.Call):
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            caught = [value for value in given if isinstance(value, ast.Name) and value.id == handler.name]
            if len(caught) == 1 and _is_read_alone(node, caught[0], frame, view):
                yield caught[0]


def _is_read_alone(call: ast.Call, given: ast.Name, frame: Frame, view: ModuleView) -> bool:
    bodies = view.project.bodies(call.func, frame)
    return bodies is not None and all(
        _reads_alone(call, given, inner.function, statements) for statements, inner in bodies
    )


def _reads_alone(call: ast.Call, given: ast.Name, function: Function | None, body: list[ast.stmt]) -> bool:
    if function is None or (function.owner is not None and function.node.decorator_list):
        return False
    arguments = function.node.args
    plain = [*arguments.posonlyargs, *arguments.args][0 if function.owner is None else 1 :]
    by_place = [(parameter, place) for place, parameter in enumerate(plain)]
    by_name = [(parameter, -1) for parameter in arguments.kwonlyargs]
    names = [
        parameter.arg for parameter, place in (*by_place, *by_name) if argument(call, parameter.arg, place) is given
    ]
    return len(names) == 1 and _goes_nowhere(body, names[0])


def _goes_nowhere(body: list[ast.stmt], name: str) -> bool:
    raises = any(isinstance(node, ast.Raise) for statement in body for node in descendants(statement))
    return not raises and shows_text_alone(body, name)
