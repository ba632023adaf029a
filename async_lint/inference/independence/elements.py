"""What is asked of the elements of a page, where nobody knows their class: it is over in milliseconds.

await card.get_attribute("src")
await card.locator("a").count()
"""

import ast

from async_lint.inference.independence.callees import is_defined
from async_lint.inference.independence.words import those
from async_lint.inference.independence.written_texts import assigned_values
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import last_name
from async_lint.inference.types.values import Frame, Unknown


def asks_element(evaluator: Evaluator, callee: ast.expr, frame: Frame) -> bool:
    """Whether it is a method that elements of a page alone have, or one of what such a method finds."""
    if not isinstance(callee, ast.Attribute) or not isinstance(evaluator.evaluate(callee.value, frame), Unknown):
        return False
    of = [callee.value, *assigned_values(callee.value, frame)]
    return any(map(_is_found, of)) or (callee.attr in those("of-elements") and not is_defined(evaluator, callee.attr))


def _is_found(node: ast.expr) -> bool:
    """Whether it is `card.locator("a")`, or a part of that."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript | ast.Await):
        if isinstance(node, ast.Call) and last_name(node.func) in those("finding-elements"):
            return True
        node = node.func if isinstance(node, ast.Call) else node.value
    return False
