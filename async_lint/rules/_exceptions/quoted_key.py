"""A `try` around one look-up of a key that the new exception quotes: the caught one would only say it again."""

import libcst as cst

from async_lint.context import Context
from async_lint.rules._exceptions.accessors import is_accessor
from async_lint.rules._exceptions.conversions import failures_of, is_explained
from async_lint.rules._exceptions.exceptions import classes_caught
from async_lint.rules._exceptions.failed_lookup import METHODS, NO_ITEM, is_worked_out
from async_lint.rules._exceptions.handlers import Handler, caught_name
from async_lint.rules._exceptions.quoted import only_tells, quotes, texts_of, unshaped
from async_lint.rules._exceptions.split_from import quotes_whole
from async_lint.rules._exceptions.tried import Step, is_plain, steps_of
from async_lint.rules._shared.names import mentions

_WRONG_KIND = "builtins.TypeError"
# A key of the wrong kind is not found either; a key that is itself looked up may be what was not found.
_NO_ELEMENT = NO_ITEM | {_WRONG_KIND}
_BY_METHOD = {method: METHODS[method] for method in ("index", "pop", "remove")}
_BY_FUNCTION = {
    "delattr": frozenset({"builtins.AttributeError"}),
    "getattr": frozenset({"builtins.AttributeError"}),
    "iter": frozenset({_WRONG_KIND}),
    "len": frozenset({_WRONG_KIND}),
}


def quotes_key(raised: cst.BaseExpression, handler: Handler, statement: cst.Try, context: Context) -> bool:
    """Whether all that can fail in a `try` is to look up or convert what the new exception quotes.

    The handler catches nothing but that failure, and never looks at it, or only puts its text into the new exception.
    """
    if not isinstance(raised, (cst.Call, cst.Name)):
        return False
    steps = steps_of(statement, context)
    if not steps or not _is_told(raised, handler, steps, context):
        return False
    found = [_keys(step, context) for step in steps]
    keys = [key for part in found for key in part]
    texts = texts_of(raised, handler)
    if not all(found) or not all(quotes(texts, key, context) or quotes_whole(texts, key, context) for key in keys):
        return False
    failures = frozenset.intersection(*(_failures(step, context) for step in steps))
    # An element that is itself looked up is another step, unless a reader sees all of what it was taken from.
    elements = [key for key in keys if isinstance(key, cst.Subscript)]
    unseen = [key for key in elements if not quotes_whole(texts, key, context)]
    if elements:
        failures = failures - _NO_ELEMENT if unseen else failures | NO_ITEM
    return _is_all(handler, [*steps, *unseen], failures, context)


def _is_told(raised: cst.BaseExpression, handler: Handler, steps: list[Step], context: Context) -> bool:
    """Whether the new exception says what the caught one does beside the key."""
    name = caught_name(handler)
    if name is not None and mentions(handler.body, name):
        return all(_is_conversion(step, context) for step in steps) and only_tells(raised, handler, name, context)
    return not any(isinstance(step, cst.Call) and is_explained(step, context) for step in steps)


def _is_all(handler: Handler, steps: list[Step], failures: frozenset[str], context: Context) -> bool:
    """Whether a handler catches nothing but `failures`."""
    caught = {lineage.own for lineage in classes_caught(handler.type, context)} if failures and handler.type else set()
    # Nothing else can be meant where a text is converted.
    if handler.type is None or caught == {"builtins.Exception"}:
        return bool(failures) and all(_is_conversion(step, context) for step in steps)
    # By itself, it may as well tell that there is nothing to look in.
    if caught == {_WRONG_KIND} and any(isinstance(step, cst.Subscript) for step in steps):
        return False
    return bool(caught) and caught <= failures


def _is_conversion(step: Step, context: Context) -> bool:
    return isinstance(step, cst.Call) and bool(failures_of(step, context))


def _keys(step: Step, context: Context) -> list[cst.BaseExpression]:
    """Return all that is looked up or converted, if nothing else in `step` can fail."""
    looked_up = _of_position(step)
    if looked_up is not None:
        return _keys(looked_up, context)
    match step:
        case cst.Subscript(value=holder, slice=[cst.SubscriptElement(slice=cst.Index(value=key, star=None))]):
            pass
        case cst.Call(func=cst.Name(value="getattr" | "delattr"), args=[cst.Arg(value=holder), cst.Arg(value=key)]):
            pass
        case cst.Call(func=holder, args=[cst.Arg(value=key, star="")]):
            pass
        case cst.Call(
            func=holder, args=[cst.Arg(value=key, star=""), cst.Arg(value=cst.Integer() | cst.SimpleString())]
        ) if failures_of(step, context):
            pass
        case _:
            return []
    keys = _parts(key)
    if not all(is_plain(unshaped(part)) or _is_element(part, step) for part in keys):
        return []
    match holder:
        case cst.Dict(elements=elements) if isinstance(step, cst.Subscript):
            return keys if all(map(_is_settled, elements)) else []
        case cst.Subscript() if isinstance(step, cst.Subscript):
            outer = _keys(holder, context)
            # Of two names in a text nobody can tell which was not found.
            return [*outer, *keys] if outer and not all(map(_is_text, [*outer, *keys])) else []
        case cst.Call(func=func) if isinstance(step, cst.Subscript) and is_plain(func):
            return keys if is_accessor(holder, context) else []
    return keys if is_plain(holder) else []


def _of_position(step: Step) -> cst.Subscript | None:
    """Return what was looked up where a part of that is taken: `table[key]` in `table[key][2]`."""
    match step:
        case cst.Subscript(
            value=cst.Subscript() as looked_up, slice=[cst.SubscriptElement(slice=cst.Index(value=cst.Integer()))]
        ):
            return looked_up
    return None


def _is_element(key: cst.BaseExpression, step: Step) -> bool:
    match key:
        case cst.Subscript(value=holder, slice=[cst.SubscriptElement(slice=cst.Index(value=inner, star=None))]):
            is_plain_key = is_plain(inner) or isinstance(inner, cst.Integer)
            return isinstance(step, cst.Call) and is_plain(holder) and is_plain_key
    return False


def _is_settled(element: cst.BaseDictElement) -> bool:
    """Whether an item of a dict display is one key and one value that are there already."""
    match element:
        case cst.DictElement(key=key, value=value):
            return all(is_plain(part) or isinstance(part, cst.BaseNumber) for part in (key, value))
    return False


def _is_text(key: cst.BaseExpression) -> bool:
    return isinstance(key, cst.SimpleString)


def _failures(step: Step, context: Context) -> frozenset[str]:
    """Return the exceptions that say no more than that a key was not found, or is no number."""
    match step:
        case cst.Subscript():
            # What was found may be too short.
            if _of_position(step):
                return frozenset({"builtins.KeyError"})
            return NO_ITEM if is_worked_out(step, context) else _NO_ELEMENT
        case cst.Call() if failures := failures_of(step, context):
            return failures
        case cst.Call(func=cst.Name(value=name)) if context.name_of(step.func) == f"builtins.{name}":
            return _BY_FUNCTION.get(name, frozenset())
        case cst.Call(func=cst.Attribute(attr=cst.Name(value=method))) if method in _BY_METHOD:
            # A function of somebody else by that name may fail of anything.
            callee = context.name_of(step.func)
            return _BY_METHOD[method] if callee is None or callee.startswith("builtins.") else frozenset()
    classes = classes_caught(step.func, context)
    is_enum = bool(classes) and all("enum.Enum" in lineage.names for lineage in classes)
    return frozenset({"builtins.ValueError"}) if is_enum else frozenset()


def _parts(key: cst.BaseExpression) -> list[cst.BaseExpression]:
    return [element.value for element in key.elements] if isinstance(key, cst.Tuple) else [key]
