"""Functions whose every exception a server answers with its text: the tools of an MCP server.

@server.call_tool()
async def call(name, arguments):
    raise ValueError(...)        the client gets the text, and nobody else anything

So it is with `@mcp.tool()` of the FastMCP of the same package.
"""

import ast

from async_lint.inference.face import Frame, ModuleView

# The package `fastmcp` is not among them: it logs the traceback, causes and all.
_SERVERS = {
    "call_tool": frozenset(f"mcp.server.{name}" for name in ("Server", "lowlevel.Server", "lowlevel.server.Server")),
    "tool": frozenset(f"mcp.server.{name}" for name in ("FastMCP", "fastmcp.FastMCP", "fastmcp.server.FastMCP")),
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
            return view.names.name_unless_none(server, frame) in _SERVERS[attr]
    return False
