"""The remedy: the library's own sleep in place of `time.sleep`, and for the rest a thread that the task awaits."""

import ast
import re
from collections.abc import Sequence

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import BlockingPath, Site
from async_lint.model import Applicability, Edit, Fix, Span
from async_lint.rules._blocking.working_directory import is_in_directory
from async_lint.rules._shared.library_import import Import, asyncio_import, imports, library_import

_TO_THREAD_SINCE = (3, 9)
_OWN_THREADS = ("anyio", "trio")
_LOCKS = re.compile("lock|mutex|semaphore|condition", re.IGNORECASE)


def remedy(
    path: BlockingPath,
    call: cst.Call,
    site: Site,
    around: Sequence[ast.AST],
    returns: int,
    said: int,
    context: Context,
) -> Fix:
    """Return the fix: edits where an `await` may stand and the call can be moved, else words.

    `around` are the nodes above the call, its function first. So many `returns`, and calls that say something to the
    same connection, are to be moved with it.
    """
    library = next((other for other in _OWN_THREADS if imports(other, context)), "asyncio")
    blocker = path.end.blocker
    if blocker.kind == "sleep" and not path.hops:
        return _slept(library, call, site, context) or _words(f"Await `{library}.sleep(...)`")
    moved = f"{library}.to_thread.run_sync" if library in _OWN_THREADS else "asyncio.to_thread"
    if blocker.affine or said or isinstance(context.parent(), cst.WithItem):
        return _words(
            f"Let a function do all of this work and await `{moved}(...)` of it, or use an asynchronous client"
        )
    if is_in_directory(site, around, context.view):
        return _words("Give the work its directory instead of changing the process's, and let a thread do it then")
    if returns:
        return _words(f"Await `{moved}(...)` in each `return` that makes this call")
    return _moved(moved, library, call, site, context) or _words(f"Await `{moved}(...)`")


def _words(title: str) -> Fix:
    return Fix(title, (), Applicability.DISPLAY)


def _slept(library: str, call: cst.Call, site: Site, context: Context) -> Fix | None:
    reached = _reached(library, site, context)
    if reached is None or len(call.args) != 1 or call.args[0].star or not _may_await(call, context):
        return None
    callee = context.replace(context.outer_span(call.func), f"{reached.name}.sleep")
    return Fix(
        f"Await `{library}.sleep(...)`",
        (*reached.edits, *_awaited("", call, context), callee),
        Applicability.UNSAFE,
    )


def _moved(moved: str, library: str, call: cst.Call, site: Site, context: Context) -> Fix | None:
    """Return the fix that hands a call's function to a thread, with the arguments behind it."""
    if library == "asyncio" and context.target_version < _TO_THREAD_SINCE:
        return None
    # anyio's and trio's take no keywords for the function; a bare generator cannot stand beside the function.
    if library in _OWN_THREADS and any(argument.keyword or argument.star == "**" for argument in call.args):
        return None
    if any(isinstance(argument.value, cst.GeneratorExp) and not argument.value.lpar for argument in call.args):
        return None
    reached = _reached(library, site, context)
    bracket = _bracket(call, context)
    if reached is None or bracket is None or not _may_await(call, context):
        return None
    separator = ("," if _ends_line(bracket, context) else ", ") if call.args else ""
    edits = (
        *reached.edits,
        *_awaited(f"{moved.replace(library, reached.name, 1)}(", call, context),
        context.replace(bracket, separator),
    )
    return Fix(f"Await `{moved}(...)`", edits, Applicability.UNSAFE)


def _may_await(call: cst.Call, context: Context) -> bool:
    """Whether a task may be left here: not while it holds a lock that other code of this thread may wait for."""
    if not context.in_async_function(call) or not context.slice.exact:
        return False
    managers = (
        item
        for ancestor in context.ancestors
        if isinstance(ancestor, cst.With) and ancestor.asynchronous is None
        for item in ancestor.items
    )
    return not any(_LOCKS.search(context.code(item.item)) for item in managers)


def _awaited(opening: str, call: cst.Call, context: Context) -> tuple[Edit, ...]:
    parent, span = context.parent(), context.span(call)
    # `await f().name` would await the attribute, `await f()[0]` the item, `await f()()` what the result gives.
    opened = getattr(parent, "value", None) is call and isinstance(parent, (cst.Attribute, cst.Subscript))
    if call.lpar or not (opened or (isinstance(parent, cst.Call) and parent.func is call)):
        return (context.insert(span.start, f"await {opening}"),)
    return (context.insert(span.start, f"(await {opening}"), context.insert(span.end, ")"))


def _bracket(call: cst.Call, context: Context) -> Span | None:
    """Return the place of the bracket that opens the arguments; None where it does not follow the callee at once."""
    end = context.outer_span(call.func).end
    if context.source.text[context.source.offset(end) :][:1] != "(":
        return None
    return Span(end, end._replace(column=end.column + 1))


def _ends_line(bracket: Span, context: Context) -> bool:
    return not context.source.lines[bracket.end.line - 1][bracket.end.column :].strip()


def _reached(library: str, site: Site, context: Context) -> Import | None:
    if library == "asyncio":
        return asyncio_import(site.node, site.frame, context)
    return library_import(library, site.node, site.frame, context)
