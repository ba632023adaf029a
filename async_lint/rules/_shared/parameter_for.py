"""Which parameter of a function an argument is for."""

import ast

from async_lint.inference.face import Function, last_name


def parameter_for(call: ast.Call, argument: ast.expr, function: Function) -> str | None:
    """Return the parameter that an argument is for."""
    for keyword in call.keywords:
        if keyword.value is argument:
            return keyword.arg
    if argument not in call.args or any(isinstance(one, ast.Starred) for one in call.args):
        return None
    static = any(last_name(decorator) == "staticmethod" for decorator in function.node.decorator_list)
    first = 1 if function.owner is not None and not static else 0
    given = [*function.node.args.posonlyargs, *function.node.args.args][first:]
    at = call.args.index(argument)
    return given[at].arg if at < len(given) else None
