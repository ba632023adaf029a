"""What code is for, where only its words and its place tell: an end that must go through, whatever fails."""

import ast
import re
from collections.abc import Sequence

from async_lint.inference.face import Frame, Try, suppresses, words
from async_lint.rules._shared.comments import comments

_ENDING = frozenset(
    {"abort", "aclose", "aexit", "cancel", "clean", "cleanup", "close", "destroy", "detach", "disconnect", "dispose"}
    | {"drain", "evict", "exit", "finalize", "free", "join", "kill", "logout", "purge", "reap", "release", "shutdown"}
    | {"stop", "teardown", "tear", "terminate", "unload", "unregister", "unsubscribe", "closed", "del", "quit"}
    | {"leave", "reset", "rollback", "revoke", "undo", "cancelled", "prune"}
)
# Wide on purpose: whoever speaks of errors there has thought of them.
_SAYS_SO = re.compile(
    r"best.?effort|ignor|swallow|suppress|discard|fire.and.forget|return_exceptions|exception|error|fail|raise|"
    r"don'?t care|do not care|regardless|doesn'?t matter|isolat",
    re.IGNORECASE,
)
_PROMISES = re.compile(
    r"best.?effort|(?:errors?|exceptions?|failures?)\W[^.]*\b(?:ignor|swallow|suppress|log)|never raise", re.IGNORECASE
)


def is_ending(name: str) -> bool:
    """Whether something is called like what ends things: `close_all`, `_async_stop`, `__aexit__`."""
    return not _ENDING.isdisjoint(words(name))


def ends_things(frame: Frame) -> bool:
    """Whether one of the functions around a place is called like what ends things, or promises to swallow errors."""
    scope = frame.enclosing_function()
    while scope is not None and scope.function is not None:
        documentation = ast.get_docstring(scope.function.whole(), clean=False) or ""
        if is_ending(scope.function.name) or _PROMISES.search(documentation):
            return True
        scope = scope.parent.enclosing_function() if scope.parent is not None else None
    return False


def is_cleaning_up(around: Sequence[ast.AST], node: ast.AST) -> bool:
    """Whether a node stands where an error has been seen, or would hide one; `around`: those above, nearest first."""
    below = node
    for outer in around:
        match outer:
            case ast.ExceptHandler():
                return True
            case ast.With(items=items) | ast.AsyncWith(items=items):
                if any(suppresses(item.context_expr) for item in items):
                    return True
        if isinstance(outer, Try) and any(below is statement for statement in outer.finalbody):
            return True
        below = outer
    return False


def is_said(lines: list[str], first: int, last: int) -> bool:
    """Whether a comment on some lines, or above them, speaks of errors."""
    return any(_SAYS_SO.search(comment) for comment in comments(lines, first, last))
