"""Functions that a handler gives what it caught: whether they look at more than its text."""

import ast
from collections.abc import Iterator, Sequence

from async_lint.inference.face import Frame, Function, ProjectView, argument
from async_lint.rules._exceptions.handlers import nodes_in
from async_lint.rules._exceptions.text_alone import ends_there


def given_to_readers(body: Sequence[ast.stmt], name: str | None, frame: Frame, view: ProjectView) -> Iterator[ast.expr]:
    """Yield the arguments by which a body gives the exception called `name` to functions of the project.

    They are those of functions that read its text alone.
    """
    for node in nodes_in(body):
        if isinstance(node, ast.Call):
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            caught = [value for value in given if isinstance(value, ast.Name) and value.id == name]
            if len(caught) == 1 and _is_read_alone(node, caught[0], frame, view):
                yield caught[0]


def _is_read_alone(call: ast.Call, given: ast.Name, frame: Frame, view: ProjectView) -> bool:
    bodies = view.project.bodies(call.func, frame)
    return bodies is not None and all(
        _reads_alone(call, given, inner.function, statements) for statements, inner in bodies
    )


def _reads_alone(call: ast.Call, given: ast.Name, function: Function | None, body: list[ast.stmt]) -> bool:
    if function is None or (function.owner is not None and function.node.decorator_list):
        return False
    arguments = function.node.args
    plain = [*arguments.posonlyargs, *arguments.args][0 if function.owner is None else 1 :]
    places = {parameter.arg: place for place, parameter in enumerate(plain)}
    places |= {parameter.arg: -1 for parameter in arguments.kwonlyargs}
    names = [name for name, place in places.items() if argument(call, name, place) is given]
    return len(names) == 1 and ends_there(body, names[0])
