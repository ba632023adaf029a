"""A file that is not there: FileNotFoundError says no more than its path."""

import libcst as cst

from async_lint.context import Context
from async_lint.rules._exceptions.handlers import Handler
from async_lint.rules._exceptions.only_call import only_call, path_given
from async_lint.rules._exceptions.quoted import quotes, texts_of

_READING = ("aiofiles.open", "anyio.open_file", "builtins.open", "io.open", "os.open", "os.stat")
_READING_BY_PATH = tuple(f"pathlib.Path.{name}" for name in ("open", "read_bytes", "read_text", "stat"))


def is_of_missing_file(raised: cst.BaseExpression, handler: Handler, statement: cst.Try, context: Context) -> bool:
    """Whether all that is not found in a `try` is a file whose path the new exception quotes."""
    call = only_call(handler, "builtins.FileNotFoundError", statement, (*_READING, *_READING_BY_PATH), context)
    path = None if call is None else path_given(call, _READING_BY_PATH, context)
    return path is not None and quotes(texts_of(raised, handler), path, context)
