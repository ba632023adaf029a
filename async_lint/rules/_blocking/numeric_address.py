"""Look-ups of an address that the function has a default for, a numeric one: no name server is asked for that."""

import ast
import ipaddress

from async_lint.inference.face import BlockingPath, Frame, ModuleView, Site


def is_numeric_by_default(path: BlockingPath, call: Site, function: ast.AST, view: ModuleView) -> bool:
    """Whether what a call looks up is a parameter whose default is a numeric address: as a rule, it is one."""
    if path.hops or not path.end.blocker.near or not isinstance(function, ast.AsyncFunctionDef):
        return False
    match call.node.args:
        case [ast.Name(id=name), *_]:
            default = _default(function.args, name)
            return default is not None and _is_numeric_constant(default, call.frame, view)
    return False


def _default(arguments: ast.arguments, name: str) -> ast.expr | None:
    plain = [*arguments.posonlyargs, *arguments.args]
    pairs = [*zip(reversed(plain), reversed(arguments.defaults), strict=False)]
    pairs += [(one, value) for one, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if value]
    return next((value for one, value in pairs if one.arg == name), None)


def _is_numeric_constant(default: ast.expr, frame: Frame, view: ModuleView) -> bool:
    # Defaults are looked up where the function stands, not in it.
    scope = frame.enclosing_function() or frame
    constants = view.project.constants(default, scope.parent or scope)
    return bool(constants) and all(_is_numeric(constant.value) for constant in constants or ())


def _is_numeric(address: object) -> bool:
    try:
        ipaddress.ip_address(str(address))
    except ValueError:
        return False
    return isinstance(address, str)
