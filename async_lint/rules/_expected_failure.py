"""Code that is expected to raise or to warn: what its calls would return is beside the point."""

import libcst as cst

from async_lint.context import Context

_EXPECTATIONS = frozenset(
    {"raises", "warns", "deprecated_call", "assertRaises", "assertRaisesRegex", "assertWarns", "assertWarnsRegex"}
)


def is_expected_to_fail(context: Context) -> bool:
    """Whether the visited node stands in a `with` like that of `pytest.raises`."""
    for ancestor in reversed(context.ancestors):
        if isinstance(ancestor, cst.FunctionDef):
            return False
        if isinstance(ancestor, cst.With) and any(_name(item.item) in _EXPECTATIONS for item in ancestor.items):
            return True
    return False


def _name(expression: cst.BaseExpression) -> str:
    if isinstance(expression, cst.Call):
        expression = expression.func
    if isinstance(expression, cst.Attribute):
        expression = expression.attr
    return expression.value if isinstance(expression, cst.Name) else ""
