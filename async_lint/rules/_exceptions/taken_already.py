"""A file that is there already, or a lock that somebody holds: the caught error says just that."""

import libcst as cst

from async_lint.context import Context
from async_lint.rules._exceptions.handlers import Handler
from async_lint.rules._exceptions.only_call import only_call, path_given
from async_lint.rules._exceptions.quoted import quotes, texts_of

_LOCKING = ("fcntl.flock", "fcntl.lockf")
_CREATING = ("builtins.open", "io.open", "os.mkdir", "os.open")
_CREATING_BY_PATH = ("pathlib.Path.mkdir", "pathlib.Path.open", "pathlib.Path.touch")


def is_taken_already(raised: cst.BaseExpression, handler: Handler, statement: cst.Try, context: Context) -> bool:
    """Whether a lock was asked for without waiting, or a file was to be made whose path the new exception quotes.

    `open` and `os.open` raise FileExistsError for a file that they are to make, and for nothing else.
    """
    if only_call(handler, "builtins.BlockingIOError", statement, _LOCKING, context) is not None:
        return True
    call = only_call(handler, "builtins.FileExistsError", statement, (*_CREATING, *_CREATING_BY_PATH), context)
    path = None if call is None else path_given(call, _CREATING_BY_PATH, context)
    return path is not None and quotes(texts_of(raised, handler), path, context)
