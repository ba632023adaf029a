"""The fix that puts `await` before a call, whatever stands around it."""

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Kind
from async_lint.model import Applicability, Edit, Fix, Span
from async_lint.rules._coroutine_uses.takers import taker

_COMPREHENSIONS = (cst.GeneratorExp, cst.ListComp, cst.SetComp, cst.DictComp)


def await_fix(call: cst.Call, context: Context) -> Fix | None:
    """Return the fix for the visited call; None where no `await` may stand.

    A generator expression with an `await` is an asynchronous one. One that is used up at once becomes a list instead.
    """
    if isinstance(context.parent(), cst.BooleanOperation) and _is_awaited(context):
        return None  # `await (f() or g())`: to await the first one there would await its result
    edits = _await(call, context)
    kind = context.kind_of(call).kind
    object_ = "call" if kind is Kind.UNKNOWN else kind.value
    if context.in_async_function(call):
        return Fix(f"Await the {object_}", edits, Applicability.UNSAFE)
    generator = next(
        (ancestor for ancestor in reversed(context.ancestors) if isinstance(ancestor, _COMPREHENSIONS)), None
    )
    if isinstance(generator, cst.GeneratorExp) and _can_be_list(generator, context):
        return Fix(f"Await the {object_}s in a list", (*_as_list(generator, context), *edits), Applicability.UNSAFE)
    return None


def _is_awaited(context: Context) -> bool:
    above = (ancestor for ancestor in reversed(context.ancestors) if not isinstance(ancestor, cst.BooleanOperation))
    return isinstance(next(above, None), cst.Await)


def _await(call: cst.Call, context: Context) -> tuple[Edit, ...]:
    parent = context.parent()
    span = context.span(call)
    # `await f().name` would await the attribute, `await f()[0]` the item, `await f()()` what the result gives.
    opened = getattr(parent, "value", None) is call and isinstance(parent, (cst.Attribute, cst.Subscript))
    if call.lpar or not (opened or (isinstance(parent, cst.Call) and parent.func is call)):
        return (context.insert(span.start, "await "),)
    return (context.insert(span.start, "(await "), context.insert(span.end, ")"))


def _can_be_list(generator: cst.GeneratorExp, context: Context) -> bool:
    """Whether a list, in which `await` may stand, would do in place of the generator."""
    above = context.ancestors_of(generator)
    nested = any(isinstance(ancestor, _COMPREHENSIONS) for ancestor in above)
    # Before 3.11 no comprehension inside another one may be asynchronous.
    if not context.in_async_function(generator) or (nested and context.target_version < (3, 11)):
        return False
    match above[-2:]:
        case [cst.Call() as call, cst.Arg() as argument]:
            entry = taker(call, argument, context)
            return entry is not None and entry.eager
    return False


def _as_list(generator: cst.GeneratorExp, context: Context) -> tuple[Edit, ...]:
    start, end = context.span(generator)
    if not generator.lpar:  # the parentheses are those of the call
        return (context.insert(start, "["), context.insert(end, "]"))
    after, before = start._replace(column=start.column + 1), end._replace(column=end.column - 1)
    return (context.replace(Span(start, after), "["), context.replace(Span(before, end), "]"))
