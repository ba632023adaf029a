"""Expressions of a loop as the clauses of a generator expression take them."""

import ast

from async_lint.context import Context
from async_lint.rules._shared.layout import Code, code

# Not `<` and `>=`: of NaN, or of two sets, neither may hold.
_OPPOSITES: dict[type[ast.cmpop], str] = {
    ast.In: "not in", ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is", ast.Eq: "!=", ast.NotEq: "==",
}  # fmt: skip


def part_of_clause(node: ast.expr, context: Context) -> Code:
    """Return an expression as a clause or a display takes it."""
    part = code(node, context)
    needs = (isinstance(node, ast.Tuple) and _is_bare(part.text)) or isinstance(
        node, ast.IfExp | ast.Lambda | ast.NamedExpr | ast.Yield | ast.YieldFrom
    )
    return part._replace(text=f"({part.text})") if needs else part


def _is_bare(text: str) -> bool:
    """Whether a tuple has no parentheses of its own: `(a), b` has none."""
    # `f((a), b)` has two arguments, `f((a, b))` has one.
    call = ast.parse(f"f({text})", mode="eval").body
    return isinstance(call, ast.Call) and len(call.args) != 1


def negated(test: ast.expr, context: Context) -> Code:
    """Return the opposite of a condition."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return part_of_clause(operand, context)
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _OPPOSITES:
            first, second = code(left, context), code(right, context)
            # Other operands may need parentheses, or go over several lines.
            if isinstance(left, ast.Name | ast.Attribute) and isinstance(
                right, ast.Name | ast.Attribute | ast.Constant
            ):
                return Code(f"{first.text} {_OPPOSITES[type(op)]} {second.text}")
    part = code(test, context)
    plain = isinstance(test, ast.Name | ast.Attribute | ast.Call | ast.Subscript)
    return part._replace(text=f"not {part.text}" if plain else f"not ({part.text})")
