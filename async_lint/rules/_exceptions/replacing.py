"""The trigger of ASL401: handlers that may raise another exception without the caught one as its cause."""

import ast

from async_lint.context import Facts
from async_lint.rules._exceptions.control_flow import is_control_flow
from async_lint.rules._exceptions.handlers import own_statements


def could_replace(handler: ast.ExceptHandler, facts: Facts) -> bool:
    statements = list(own_statements(handler))
    # `err = New(err)` and then `raise err` raises another exception by the same name.
    assigned = {target.id for statement in statements for target in _names_assigned(statement)}
    for statement in statements:
        match statement:
            case ast.Raise(exc=ast.Name(id=name), cause=None) if name == handler.name and name not in assigned:
                continue
            case ast.Raise(exc=ast.Call() as raised, cause=None) if _is_no_failure(raised, facts):
                continue
            case ast.Raise(exc=ast.expr(), cause=None | ast.Call()):
                return True
            case ast.Raise(cause=ast.Name(id=name)) if name != handler.name:
                return True
            case ast.Raise(exc=ast.Name(id=name), cause=ast.Name(id=cause)) if name == cause:
                return True
            case ast.Raise(cause=ast.Attribute()):
                return True
            # `last = err`: a `raise` behind the handler may have this one for its cause.
            case ast.Assign(value=ast.Name(id=name)) | ast.AnnAssign(value=ast.Name(id=name)) if name == handler.name:
                return True
    return False


def _is_no_failure(raised: ast.Call, facts: Facts) -> bool:
    """Whether a call makes no new exception, or one of those that report no failure: half of those in handlers do."""
    made = facts.view.exceptions.raised(raised, facts.frame)
    return not made or any(is_control_flow(new.lineage, facts) for new in made)


def _names_assigned(statement: ast.stmt) -> list[ast.Name]:
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    return [target for target in targets if isinstance(target, ast.Name)]
