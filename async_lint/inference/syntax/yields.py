"""Which functions are generators."""

import ast

from async_lint.inference.syntax.binding import FunctionNode, Module, any_within
from async_lint.inference.syntax.nodes import children


class YieldLines:
    """Tells generators from other functions; looks only where the text says `yield`."""

    def __init__(self, module: Module) -> None:
        self._lines = module.read_lines_with("yield")

    def is_generator(self, node: FunctionNode) -> bool:
        return any_within(self._lines, node.lineno, node.end_lineno or 0) and has_yield(node)


def has_yield(node: FunctionNode) -> bool:
    """Whether the function's own body yields; nested functions, classes and lambdas aside."""
    if len(node.body) == 1 and isinstance(first := node.body[0], ast.Expr) and isinstance(first.value, ast.Constant):
        return False  # the body of every function in a stub: there are thousands
    stack: list[ast.AST] = list(node.body)
    while stack:
        inner = stack.pop()
        if isinstance(inner, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            stack.extend(children(inner))
    return False
