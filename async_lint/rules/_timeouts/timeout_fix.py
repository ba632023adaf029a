"""The remedy for an await without a deadline: a cancel scope around its statement, or `asyncio.wait_for`."""

from typing import NamedTuple

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Site
from async_lint.model import Applicability, Fix
from async_lint.rule import Option
from async_lint.rules._shared.indentation import under_header
from async_lint.rules._shared.library_import import asyncio_import, imports, library_import
from async_lint.rules._shared.names import SCOPES, own_nodes
from async_lint.rules._timeouts.table import client
from async_lint.rules._timeouts.waits import Unbounded

DEFAULT_TIMEOUT = Option(
    key="default-timeout",
    kind=float,
    default=None,
    help="seconds of the deadline that the fixes of ASL501 and ASL503 set; without it there is nothing to apply",
    above=0,
)

_TIMEOUT_SINCE = (3, 11)
_KILL = "kill"
# Their tasks know deadlines of their own; anyio's hold in asyncio's and in trio's.
_OWN_SCOPES = ("anyio", "trio")


class _Scope(NamedTuple):
    """`call` gives a context manager that cancels what runs in it; `opener` enters that."""

    library: str
    call: str
    opener: str


def remedy(unlimited: Unbounded, awaited: cst.BaseExpression | None, site: Site, context: Context) -> Fix:
    """Return the fix: edits where a default is configured and the call can be given a deadline, else words.

    `awaited` is what an `await` waits for; None where `async with` does, whose whole block a deadline would hold for.
    """
    seconds = context.settings[DEFAULT_TIMEOUT.key]
    if not isinstance(seconds, float) or seconds <= 0 or awaited is None:
        return advice(unlimited, context)
    limit = f"{seconds:g}"
    fix = _scoped(limit, unlimited, site, context) or _handed(limit, awaited, unlimited, site, context)
    return fix or advice(unlimited, context)


def shown(unlimited: Unbounded, sign: str = "") -> str:
    """Return the options that set a deadline where the receiver is made, those that only may left out.

    `sign` follows each name.
    """
    if not unlimited.wait.client:
        return ""
    known = client(unlimited.wait.client)
    options = [name for name in known.options if "timeout" in name or name == "heartbeat"]
    return known.wanted or " or ".join(f"`{name}{sign}`" for name in options)


def advice(unlimited: Unbounded, context: Context) -> Fix:
    """Return in words what sets a deadline: where the receiver is made, if it is one that could have one."""
    return Fix(_advice(unlimited, context), (), Applicability.DISPLAY)


def _advice(unlimited: Unbounded, context: Context) -> str:
    made = shown(unlimited, sign="=")
    if made:
        return f"Set {made}"
    scope = _scope(unlimited, context)
    wrap = f"{scope.library}.{scope.call}(...)" if scope is not None else "asyncio.wait_for(..., timeout=...)"
    own = [name for name in unlimited.wait.timeouts if "timeout" in name]
    if not own:
        return f"Wrap it in `{wrap}`{_afterwards(unlimited)}"
    return f"Set {' or '.join(f'`{name}=`' for name in own)}, or wrap it in `{wrap}`"


def _afterwards(unlimited: Unbounded) -> str:
    """Return what is left to do when the time is up: a process goes on."""
    is_process = _KILL in unlimited.wait.ends_after
    return ", and kill the process where that times out: it goes on otherwise" if is_process else ""


def _scope(unlimited: Unbounded, context: Context) -> _Scope | None:
    """Return what sets a deadline for a statement; None in Pythons whose asyncio has nothing of the kind."""
    library = unlimited.name.partition(".")[0]
    if library not in _OWN_SCOPES:
        library = next((other for other in _OWN_SCOPES if imports(other, context)), "asyncio")
    if library in _OWN_SCOPES:
        return _Scope(library, "fail_after", "with")
    return _Scope(library, "timeout", "async with") if context.target_version >= _TIMEOUT_SINCE else None


def _handed(
    seconds: str, awaited: cst.BaseExpression, unlimited: Unbounded, site: Site, context: Context
) -> Fix | None:
    """Return the fix that hands what is awaited to `asyncio.wait_for`, which every Python has and any place takes."""
    asyncio = asyncio_import(site.node, site.frame, context)
    if asyncio is None or not context.slice.exact:
        return None
    span = context.span(awaited)
    edits = (
        *asyncio.edits,
        context.insert(span.start, f"{asyncio.name}.wait_for("),
        context.insert(span.end, f", timeout={seconds})"),
    )
    title = f"Hand it to `asyncio.wait_for(..., timeout={seconds})`{_afterwards(unlimited)}"
    return Fix(title, edits, Applicability.UNSAFE)


def _scoped(seconds: str, unlimited: Unbounded, site: Site, context: Context) -> Fix | None:
    """Return the fix that puts the visited node's statement under a deadline; None where that is unsound."""
    scope = _scope(unlimited, context)
    if scope is None:
        return None
    reached = (
        asyncio_import(site.node, site.frame, context)
        if scope.library == "asyncio"
        else library_import(scope.library, site.node, site.frame, context)
    )
    if reached is None:
        return None
    line = _statement(context)
    # Another statement behind a `;` would come under the deadline too.
    if line is None or len(line.body) != 1 or not context.slice.exact:
        return None
    # While a generator stands at its `yield`, the deadline would go on.
    if any(isinstance(part, (cst.Yield, cst.Del)) for part in own_nodes(line)):
        return None
    header = f"{scope.opener} {reached.name}.{scope.call}({seconds}):"
    moved = under_header(header, context.span(line.body[0]), context)
    if moved is None:
        return None
    title = f"Put the statement under `{scope.opener} {scope.library}.{scope.call}({seconds}):`{_afterwards(unlimited)}"
    return Fix(title, (*reached.edits, *moved), Applicability.UNSAFE)


def _statement(context: Context) -> cst.SimpleStatementLine | None:
    """Return the line of the visited node; None where it is in the header of a compound statement, or in a scope."""
    for ancestor in reversed(context.ancestors):
        if isinstance(ancestor, cst.SimpleStatementLine):
            return ancestor
        if isinstance(ancestor, (*SCOPES, cst.BaseCompoundStatement, cst.SimpleStatementSuite, cst.GeneratorExp)):
            return None
    return None
