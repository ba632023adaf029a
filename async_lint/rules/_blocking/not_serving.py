"""What a web application does before its server takes requests, and after it has stopped to: nobody waits for it."""

import ast
from collections.abc import Iterator, Sequence

from async_lint.inference.face import Frame, ModuleView, Site, descendants
from async_lint.rules._blocking.started import has_started

_APPLICATIONS = ("fastapi.FastAPI", "starlette.applications.Starlette")
_STARTUP, _SHUTDOWN = "startup", "shutdown"


def is_not_serving(call: Site, around: Sequence[ast.AST], view: ModuleView) -> bool:
    """Whether a call stands in what is run at the start, and has started nothing itself, or at the end.

    That is a handler of such an event, or the part of the lifespan before or behind its `yield`. `around` are the
    nodes above the call, its function first.
    """
    function = around[0]
    scope = call.frame.enclosing_function()
    if not isinstance(function, ast.AsyncFunctionDef) or scope is None or not function.decorator_list:
        return False
    moments = set(_events(function, scope, view))
    yields = [node.lineno for node in descendants(function) if isinstance(node, ast.Yield)]
    if yields and _is_lifespan(scope, view):
        moments.add(_STARTUP if call.node.lineno < min(yields) else _SHUTDOWN)
        # Between two of them, or in the statement of one, it serves.
        if min(yields) <= call.node.lineno <= max(yields):
            return False
    if _STARTUP in moments:
        return not has_started(call, around, view)
    return _SHUTDOWN in moments


def _events(function: ast.AsyncFunctionDef, scope: Frame, view: ModuleView) -> Iterator[str]:
    """Yield the events that a function is a handler of: `@app.on_event("startup")`."""
    for decorator in function.decorator_list:
        match decorator:
            case ast.Call(func=ast.Attribute(value=owner, attr="on_event"), args=[ast.Constant(value=str(event))]):
                if _is_application(view.names.name_of(owner, scope.parent or scope), view):
                    yield event


def _is_lifespan(scope: Frame, view: ModuleView) -> bool:
    """Whether an application of the project is given the function as its lifespan."""
    function = scope.function
    words = [name.rpartition(".")[2] for name in _APPLICATIONS]
    for site in view.project.calls_among(words, ["lifespan"]):
        given = next((keyword.value for keyword in site.node.keywords if keyword.arg == "lifespan"), None)
        if given is None or not _is_application(view.names.name_of(site.node.func, site.frame), view):
            continue
        if function is not None and view.names.name_of(given, site.frame) == function.full_name:
            return True
    return False


def _is_application(name: str | None, view: ModuleView) -> bool:
    return name is not None and name in (*_APPLICATIONS, *map(view.names.canonical, _APPLICATIONS))
