"""A `try` that asks whether a path lies in a folder: that it does not is all that the caught error says."""

import libcst as cst

from async_lint.context import Context
from async_lint.rules._exceptions.exceptions import classes_caught
from async_lint.rules._exceptions.handlers import Handler, caught_name
from async_lint.rules._exceptions.quoted import only_tells, quotes, texts_of
from async_lint.rules._exceptions.tried import is_plain, worked_out
from async_lint.rules._shared.names import mentions

_NOT_BELOW = "builtins.ValueError"
_ASKING = ("pathlib.Path.relative_to", "pathlib.PurePath.relative_to")


def quotes_both_paths(raised: cst.BaseExpression, handler: Handler, statement: cst.Try, context: Context) -> bool:
    """Whether `path.relative_to(folder)` is all of a `try`, and the new exception quotes `path` and `folder`.

    The handler catches that failure alone, and never looks at it, or only puts its text into the new exception.
    """
    name = caught_name(handler)
    if handler.type is None:
        return False
    if name is not None and mentions(handler.body, name) and not only_tells(raised, handler, name, context):
        return False
    match statement.body.body:
        case [cst.SimpleStatementLine(body=[only])]:
            asked = worked_out(only)
        case _:
            return False
    match asked:
        case cst.Call(func=cst.Attribute(value=path), args=[cst.Arg(value=folder, keyword=None, star="")]):
            paths = [path, folder]
        case _:
            return False
    if not context.is_called(asked, *_ASKING) or not all(map(is_plain, paths)):
        return False
    texts = texts_of(raised, handler)
    caught = {lineage.own for lineage in classes_caught(handler.type, context)}
    return caught == {_NOT_BELOW} and all(quotes(texts, each, context) for each in paths)
