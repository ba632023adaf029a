"""Functions whose every exception a server answers with its text: the tools of an MCP server.

@server.call_tool()
async def call(name, arguments):
    raise ValueError(...)        the client gets the text, and nobody else anything

So it is with `@mcp.tool()` of the FastMCP of the same package, and with its templates of resources,
`@mcp.resource("parcel://{number}")`. For a resource without a parameter it logs the traceback.
"""

import ast

from async_lint.inference.face import Frame, ModuleView

# The package `fastmcp` is not among them: it logs the traceback, causes and all.
_FAST = frozenset(f"mcp.server.{name}" for name in ("FastMCP", "fastmcp.FastMCP", "fastmcp.server.FastMCP"))
_SERVERS = {
    "call_tool": frozenset(f"mcp.server.{name}" for name in ("Server", "lowlevel.Server", "lowlevel.server.Server")),
    "resource": _FAST,
    "tool": _FAST,
}


def is_tool(frame: Frame, view: ModuleView) -> bool:
    """Whether the function of a frame is such a tool, and the server alone calls it."""
    scope = frame.enclosing_function()
    if scope is None or scope.function is None:
        return False
    outside = scope.parent or scope
    if not any(_is_of_server(decorator, outside, view) for decorator in scope.function.node.decorator_list):
        return False
    return not any(caller.proved for caller in view.project.callers(scope))


def _is_of_server(decorator: ast.expr, frame: Frame, view: ModuleView) -> bool:
    match decorator:
        case ast.Call(func=ast.Attribute(value=server, attr=attr)) if attr in _SERVERS:
            is_answered = attr != "resource" or _is_of_template(decorator)
            return is_answered and view.names.name_unless_none(server, frame) in _SERVERS[attr]
    return False


def _is_of_template(call: ast.Call) -> bool:
    """Whether the URI that a resource is for has a parameter."""
    uris = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "uri")]
    return any(isinstance(uri, ast.Constant) and isinstance(uri.value, str) and "{" in uri.value for uri in uris)
