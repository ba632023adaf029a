"""The function around a place, seen from within: the way up from every node, and the places of every name."""

import ast
import copy
from functools import lru_cache

from async_lint.inference.face import Frame, Function, body_of, children, descendants


def function_around(frame: Frame) -> Function | None:
    scope = frame.enclosing_function()
    return scope.function if scope is not None else None


def is_in_finalizer(frame: Frame) -> bool:
    """Whether a frame is that of a `__del__`, or of a function in it: nothing is left there to own a task."""
    scope: Frame | None = frame
    while scope is not None:
        function = scope.function
        if function is not None and function.owner is not None and function.name == "__del__":
            return True
        scope = scope.parent
    return False


class Tree:
    """One function's body, with the way up from every node, and its names."""

    def __init__(self, function: Function) -> None:
        self.function = copy.copy(function.whole())
        self.function.body = body_of(function).statements
        self.parents: dict[int, ast.AST] = {}
        self.names: dict[str, list[ast.Name]] = {}
        # Of these something else may hold what they stand for: parameters, and what is declared elsewhere.
        self.outward = {
            parameter.arg for parameter in descendants(self.function.args) if isinstance(parameter, ast.arg)
        }
        self.waiting: dict[int, bool] = {}
        for node in descendants(self.function):
            self.parents.update((id(child), node) for child in children(node))
            if isinstance(node, ast.Name):
                self.names.setdefault(node.id, []).append(node)
            elif isinstance(node, ast.Global | ast.Nonlocal):
                self.outward.update(node.names)


# A function is asked about for each task that it makes; its statements tell it from a later reading of it.
@lru_cache(maxsize=1)
def tree_of(function: Function, _: tuple[ast.stmt, ...]) -> Tree:
    return Tree(function)
