"""Whether statements show of an exception its text alone, and not what caused it."""

import ast
from collections.abc import Iterable, Sequence

from async_lint.inference.face import last_name
from async_lint.rules._exceptions.handlers import nodes_in

LOGGED_WITHOUT_TRACEBACK = frozenset({"critical", "debug", "error", "info", "warn", "warning"})
_TEXT = frozenset({"echo", "print", "repr", "secho", "str"})
# They show the traceback, causes and all, or give it to who does.
_SHOWING = frozenset(
    {"capture_exception", "exc_info", "exception", "format_exc", "format_exception", "print_exc", "print_exception"}
)
_CAUSES = frozenset({"__cause__", "__context__", "__traceback__", "with_traceback"})


def ends_there(body: Sequence[ast.stmt], name: str | None, besides: Iterable[ast.AST] = ()) -> bool:
    """Whether statements raise nothing, and show of the exception called `name` the text alone, but for `besides`."""
    return not any(isinstance(node, ast.Raise) for node in nodes_in(body)) and shows_text_alone(body, name, besides)


def reads_text_alone(handler: ast.ExceptHandler, besides: Iterable[ast.AST] = ()) -> bool:
    """Whether a handler shows neither a traceback nor the exception itself, but for its text and its attributes.

    `besides` are nodes by which it shows it to nobody.
    """
    return shows_text_alone(handler.body, handler.name, besides)


def shows_text_alone(body: Sequence[ast.stmt], name: str | None, besides: Iterable[ast.AST] = ()) -> bool:
    """Whether statements show neither a traceback nor the exception called `name`, but for those."""
    if shows_traceback(body):
        return False
    nodes = list(nodes_in(body))
    harmless = {id(part) for node in nodes for part in _texts(node)} | set(map(id, besides))
    return all(id(node) in harmless for node in nodes if isinstance(node, ast.Name) and name and node.id == name)


def shows_traceback(body: Sequence[ast.stmt]) -> bool:
    """Whether statements print or log a traceback."""
    calls = (node for node in nodes_in(body) if isinstance(node, ast.Call))
    return any(last_name(call.func) in _SHOWING or _gives_traceback(call) for call in calls)


def _gives_traceback(call: ast.Call) -> bool:
    return any(keyword.arg in ("exc_info", "stack_info") for keyword in call.keywords)


def _texts(node: ast.AST) -> Sequence[ast.AST]:
    """Return the parts of a node that it takes the text or an attribute of."""
    match node:
        case ast.Attribute(value=value, attr=name) if name not in _CAUSES:
            return [value]
        case ast.FormattedValue(value=value):
            return [value]
        case ast.BinOp(left=ast.Constant(value=str()), op=ast.Mod(), right=value):
            return value.elts if isinstance(value, ast.Tuple) else [value]
        case ast.Call(func=ast.Name("hasattr" | "isinstance" | "type"), args=[value, *_]):
            return [value]
        case ast.Call(func=func, args=arguments) if last_name(func) in LOGGED_WITHOUT_TRACEBACK | _TEXT:
            return arguments
    return []
