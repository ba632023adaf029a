"""The remedy for an await without a deadline: `async with asyncio.timeout(N):` around its statement."""

import io
import tokenize

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Site
from async_lint.model import Applicability, Edit, Fix, Position, Span
from async_lint.rule import Option
from async_lint.rules._shared.library_import import asyncio_import
from async_lint.rules._shared.names import SCOPES, own_nodes
from async_lint.rules._timeouts.table import client
from async_lint.rules._timeouts.waits import Unbounded

DEFAULT_TIMEOUT = Option(
    key="default-timeout",
    kind=float,
    default=None,
    help="seconds of the deadline that the fix of ASL501 sets; without it there is nothing to apply",
    above=0,
)

_TIMEOUT_SINCE = (3, 11)
_IDIOMS = {"trio": "trio.fail_after(...)", "anyio": "anyio.fail_after(...)"}


def remedy(unlimited: Unbounded, site: Site, context: Context, entering: bool) -> Fix:
    """Return the fix: edits where a default is configured and the statement can be wrapped, else words."""
    seconds = context.settings[DEFAULT_TIMEOUT.key]
    library = unlimited.name.partition(".")[0]
    # Around an `async with` the deadline would hold for its whole block.
    if isinstance(seconds, float) and seconds > 0 and not entering and library not in _IDIOMS:
        edits = _wrapped(f"{seconds:g}", site, context)
        if edits is not None:
            title = f"Put the statement under `async with asyncio.timeout({seconds:g}):`"
            return Fix(title, edits, Applicability.UNSAFE)
    return advice(unlimited, context)


def shown(unlimited: Unbounded) -> list[str]:
    """Return the options that set a deadline where the receiver is made, those that only may left out."""
    if not unlimited.wait.client:
        return []
    return [name for name in client(unlimited.wait.client).options if "timeout" in name or name == "heartbeat"]


def advice(unlimited: Unbounded, context: Context) -> Fix:
    """Return in words what sets a deadline: where the receiver is made, if it is one that could have one."""
    return Fix(_advice(unlimited, unlimited.name.partition(".")[0], context), (), Applicability.DISPLAY)


def _advice(unlimited: Unbounded, library: str, context: Context) -> str:
    made = shown(unlimited)
    if made:
        return f"Set {' or '.join(f'`{name}=`' for name in made)}"
    wrap = _IDIOMS.get(library)
    if wrap is None:
        has_timeout = context.target_version >= _TIMEOUT_SINCE
        wrap = "asyncio.timeout(...)" if has_timeout else "asyncio.wait_for(..., timeout=...)"
    own = [name for name in unlimited.wait.timeouts if "timeout" in name]
    if not own:
        return f"Wrap it in `{wrap}`"
    return f"Set {' or '.join(f'`{name}=`' for name in own)}, or wrap it in `{wrap}`"


def _wrapped(seconds: str, site: Site, context: Context) -> tuple[Edit, ...] | None:
    """Return the insertions that put the visited node's statement under a deadline; None where that is unsound."""
    asyncio = asyncio_import(site.node, site.frame, context)
    if context.target_version < _TIMEOUT_SINCE or asyncio is None:
        return None
    line = _statement(context)
    # Another statement behind a `;` would come under the deadline too.
    if line is None or len(line.body) != 1 or not context.slice.exact:
        return None
    # While a generator stands at its `yield`, the deadline would go on.
    if any(isinstance(part, (cst.Yield, cst.Del)) for part in own_nodes(line)):
        return None
    span = Span(context.span(line.body[0]).start, context.span(line.body[0]).end)
    first, last = span.start.line, span.end.line
    lines = context.source.lines[first - 1 : last]
    indent = lines[0][: span.start.column]
    if indent.strip(" \t") or _has_long_string("".join(lines)):
        return None
    unit = "\t" if "\t" in indent else " " * _unit(context)
    header = f"async with {asyncio.name}.timeout({seconds}):\n{indent}{unit}"
    edits = [*asyncio.edits, context.insert(span.start, header)]
    for number, text in enumerate(lines[1:], first + 1):
        if text.strip():
            edits.append(context.insert(Position(number, 0), unit))
    return tuple(edits)


def _statement(context: Context) -> cst.SimpleStatementLine | None:
    """Return the line of the visited node; None where it is in the header of a compound statement, or in a scope."""
    for ancestor in reversed(context.ancestors):
        if isinstance(ancestor, cst.SimpleStatementLine):
            return ancestor
        if isinstance(ancestor, (*SCOPES, cst.BaseCompoundStatement, cst.SimpleStatementSuite, cst.GeneratorExp)):
            return None
    return None


def _has_long_string(text: str) -> bool:
    """Whether a string goes over several lines: to indent those would change it."""
    starts: list[int] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(f"(\n{text}\n)").readline):
            name = tokenize.tok_name[token.type]
            if name == "STRING" and token.start[0] != token.end[0]:
                return True
            if name == "FSTRING_START":
                starts.append(token.start[0])
            elif name == "FSTRING_END" and starts.pop() != token.end[0]:
                return True
    except (tokenize.TokenError, SyntaxError):
        return True
    return False


def _unit(context: Context) -> int:
    """Return how many spaces the function around indents its body by."""
    function = context.function()
    if isinstance(function, cst.FunctionDef) and isinstance(function.body, cst.IndentedBlock):
        inner = context.span(function.body.body[0]).start.column
        return max(1, inner - context.span(function).start.column)
    return 4
