"""Conditions whose outcome is known before the program runs."""

import ast


def static_test(test: ast.expr) -> bool | None:
    """Whether a condition is known before the program runs: constants, `TYPE_CHECKING`, a recent Python version."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = static_test(test.operand)
        return None if inner is None else not inner
    if isinstance(test, ast.BoolOp):
        outcomes = [static_test(value) for value in test.values]
        decisive = isinstance(test.op, ast.Or)
        if decisive in outcomes:
            return decisive
        return None if None in outcomes else not decisive
    if isinstance(test, ast.Constant):
        return bool(test.value)
    if isinstance(test, ast.Compare):
        return _version_test(test)
    name = test.id if isinstance(test, ast.Name) else test.attr if isinstance(test, ast.Attribute) else ""
    # Types are what is asked for, and such imports are there to say them.
    return True if name == "TYPE_CHECKING" else None


def _version_test(test: ast.Compare) -> bool | None:
    """Decide `sys.version_info >= (3, 11)` as a new interpreter would."""
    left, right = test.left, test.comparators[0]
    is_version = (isinstance(left, ast.Attribute) and left.attr == "version_info") or (
        isinstance(left, ast.Name) and left.id == "version_info"
    )
    if not is_version or not isinstance(right, ast.Tuple):
        return None
    if isinstance(test.ops[0], ast.Gt | ast.GtE):
        return True
    return False if isinstance(test.ops[0], ast.Lt | ast.LtE) else None
