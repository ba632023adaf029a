"""A `try` around one look-up whose handler catches whatever fails, and names the key that was not there.

try:
    token = os.environ["TOKEN"]
except Exception:
    raise SetupError("TOKEN is not set")        as good as `except KeyError`
"""

import libcst as cst

from async_lint.context import Context
from async_lint.rules._exceptions.failed_lookup import is_worked_out
from async_lint.rules._exceptions.handlers import Handler, caught_name
from async_lint.rules._exceptions.one_failure import classes_named
from async_lint.rules._exceptions.quoted import quotes, texts_of
from async_lint.rules._exceptions.told_by_class import MISSING_CAUSES
from async_lint.rules._exceptions.tried import key_of, worked_out
from async_lint.rules._shared.broad_handlers import ALL_ERRORS
from async_lint.rules._shared.names import mentions, own_nodes

# Of what else has a `__getitem__`, a server may be asked, and of what may be None, something else is missing.
_HOLDERS = frozenset(
    {
        "builtins.dict",
        "builtins.list",
        "builtins.tuple",
        "collections.OrderedDict",
        "os._Environ",
        "types.MappingProxyType",
        "typing.Mapping",
        "typing.MutableMapping",
    }
)


def names_missing_key(raised: cst.BaseExpression, handler: Handler, statement: cst.Try, context: Context) -> bool:
    """Whether all of a `try` is to look up one key in a dict or the like, and the new exception names it.

    The handler is for all errors, and never looks at what it caught.
    """
    name = caught_name(handler)
    if context.settings[MISSING_CAUSES.key] == "all" or (name is not None and mentions(handler.body, name)):
        return False
    looked_up = _looked_up(statement)
    key = key_of(looked_up) if looked_up is not None else None
    if not isinstance(looked_up, cst.Subscript) or key is None or not quotes(texts_of(raised, handler), key, context):
        return False
    if handler.type is not None and not ALL_ERRORS.intersection(classes_named(handler, context)):
        return False
    # A property fails of what it likes.
    is_read = not any(is_worked_out(node, context) for node in own_nodes(looked_up) if isinstance(node, cst.Attribute))
    return is_read and context.name_of(looked_up.value) in _HOLDERS


def _looked_up(statement: cst.Try) -> cst.BaseExpression | None:
    match statement.body.body:
        case [cst.SimpleStatementLine(body=[only])]:
            return worked_out(only)
    return None
