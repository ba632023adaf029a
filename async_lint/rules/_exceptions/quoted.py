"""Whether a new exception is made with something, so that its reader sees it."""

import re
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context
from async_lint.rules._exceptions.handlers import Handler
from async_lint.rules._shared.names import bindings, mentions, own_nodes
from async_lint.trees.walk import children

_ABOUT = frozenset({"bool", "hash", "id", "len", "type"})
# What they make of a text is as good to look up, and to read.
_STRIPPING = frozenset({"lstrip", "rstrip", "strip"})
_SHAPING = _STRIPPING | {"casefold", "encode", "lower", "upper"}


def unshaped(key: cst.BaseExpression) -> cst.BaseExpression:
    match key:
        case cst.Call(func=cst.Attribute(value=value, attr=cst.Name(value=method)), args=[]) if method in _SHAPING:
            return unshaped(value)
        case cst.Call(
            func=cst.Attribute(value=value, attr=cst.Name(value=method)), args=[cst.Arg(value=cst.SimpleString())]
        ) if method in _STRIPPING:
            return unshaped(value)
        case cst.Call(func=cst.Name(value="str"), args=[cst.Arg(value=value)]):
            return unshaped(value)
    return key


def texts_of(raised: cst.BaseExpression, handler: Handler) -> list[cst.CSTNode]:
    """Return what the new exception is made with, and what the handler worked out for it."""
    worked_out = [one.value for one in bindings(handler.body) if one.value is not None and mentions(raised, one.name)]
    made = [raised, *worked_out]
    return [part for value in made for part in (value.args if isinstance(value, cst.Call) else [value])]


def quotes(texts: list[cst.CSTNode], key: cst.BaseExpression, context: Context) -> bool:
    if isinstance(key, cst.SimpleString | cst.BaseNumber):
        written_out = str(key.evaluated_value) if isinstance(key, cst.SimpleString) else context.code(key)
        word = re.compile(rf"(?<!\w){re.escape(written_out)}(?!\w)")
        return any(word.search(written) for text in texts for written in words_in(text))
    wanted = {_code(key, context), _code(unshaped(key), context)}
    return any(_holds(text, wanted, context) for text in texts)


def only_tells(raised: cst.BaseExpression, handler: Handler, name: str, context: Context) -> bool:
    """Whether a handler reads the exception that it caught as `name` only to put its text into the new one."""
    texts = texts_of(raised, handler)
    read = sum(_is_name(node, name) for node in own_nodes(handler.body))
    told = sum(_is_name(node, name) for text in texts for node in own_nodes(text))
    return read == told and any(_holds(text, {name}, context) for text in texts)


def _is_name(node: cst.CSTNode, name: str) -> bool:
    return isinstance(node, cst.Name) and node.value == name


def words_told(raised: cst.BaseExpression, handler: Handler) -> str:
    """Return all that is written out in what the new exception is made with."""
    return " ".join(word for part in texts_of(raised, handler) for word in words_in(part))


def words_in(text: cst.CSTNode) -> Iterator[str]:
    """Yield what is written out in a text, the quotes of a plain string included."""
    for node in own_nodes(text):
        if isinstance(node, (cst.SimpleString, cst.FormattedStringText)):
            yield node.value


def _code(node: cst.BaseExpression, context: Context) -> str:
    # Within an f-string the other quotes are written.
    return context.code(node).replace('"', "'")


def _holds(node: cst.CSTNode, wanted: set[str], context: Context) -> bool:
    """Whether one of some expressions stands in `node` for itself, not to take something from it."""
    if isinstance(node, (cst.Name, cst.Attribute, cst.Subscript)):
        return _code(node, context) in wanted
    if isinstance(node, cst.Arg):
        return _holds(node.value, wanted, context)
    if isinstance(node, cst.Call):
        if _code(node, context) in wanted:
            return True
        # `type(key)` says something else.
        if isinstance(node.func, cst.Name) and node.func.value in _ABOUT:
            return False
    return any(_holds(child, wanted, context) for child in children(node))
