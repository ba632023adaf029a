"""Look-ups of an address that the function has a default for, a numeric one: no name server is asked for that."""

import ast
import ipaddress

from async_lint.inference.face import BlockingPath, Site


def is_numeric_by_default(path: BlockingPath, call: Site, function: ast.AST) -> bool:
    """Whether what a call looks up is a parameter whose default is a numeric address: as a rule, it is one."""
    if path.hops or not path.end.blocker.near or not isinstance(function, ast.AsyncFunctionDef):
        return False
    match call.node.args:
        case [ast.Name(id=name), *_]:
            return name in _numeric(function.args)
    return False


def _numeric(arguments: ast.arguments) -> set[str]:
    plain = [*arguments.posonlyargs, *arguments.args]
    pairs = [*zip(reversed(plain), reversed(arguments.defaults), strict=False)]
    pairs += [(one, value) for one, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if value]
    return {one.arg for one, value in pairs if isinstance(value, ast.Constant) and _is_numeric(value.value)}


def _is_numeric(address: object) -> bool:
    try:
        ipaddress.ip_address(str(address))
    except ValueError:
        return False
    return isinstance(address, str)
