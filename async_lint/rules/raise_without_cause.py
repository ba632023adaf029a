"""ASL401: a new exception raised in place of a caught one, without naming that one as its cause."""

import ast
from collections.abc import Iterator, Sequence

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Raised
from async_lint.model import Applicability, Edit, Fix, FixAvailability, Span
from async_lint.rule import Finding, Rule
from async_lint.rules._exceptions.answers import stands_for_it
from async_lint.rules._exceptions.casts import loses
from async_lint.rules._exceptions.caught_again import is_caught_again
from async_lint.rules._exceptions.collected import hands_collection
from async_lint.rules._exceptions.control_flow import CONTROL_FLOW, is_control_flow
from async_lint.rules._exceptions.dispatched import is_dispatched
from async_lint.rules._exceptions.ended_by_callers import is_ended_by_callers
from async_lint.rules._exceptions.exceptions import classes_made
from async_lint.rules._exceptions.fallback import is_of_fallback
from async_lint.rules._exceptions.handled_by_class import is_handled_by_class
from async_lint.rules._exceptions.handlers import (
    RAISE_SCOPE,
    Handler,
    binding_edits,
    caught_label,
    caught_name,
    closest_handler,
    fresh_name,
    in_raise_scope,
    names_of_caught,
)
from async_lint.rules._exceptions.lookup import is_of_lookup
from async_lint.rules._exceptions.on_purpose import is_on_purpose
from async_lint.rules._exceptions.optional_package import asks_for_a_package
from async_lint.rules._exceptions.protocol_answer import is_protocol_answer
from async_lint.rules._exceptions.python_2 import has_no_from
from async_lint.rules._exceptions.raised import carries, is_caught_before, made_in_handler
from async_lint.rules._exceptions.replacing import could_replace
from async_lint.rules._exceptions.reraise import is_reraise, reraise_fix
from async_lint.rules._exceptions.stored_exception import kept_exception
from async_lint.rules._exceptions.told_by_class import MISSING_CAUSES
from async_lint.rules._exceptions.unreached import is_unreached
from async_lint.rules._exceptions.validators import is_of_validator
from async_lint.rules._exceptions.wrong_argument import refuses_argument
from async_lint.rules._shared.guards import is_dead


def check(node: cst.Raise, context: Context) -> Iterator[Finding]:
    if node.exc is None or not in_raise_scope(context) or has_no_from(context) or is_dead(context):
        return
    handler = closest_handler(context)
    cause = node.cause.item if node.cause else None
    if handler is None:
        if cause is None:
            yield from _after_handler(node, node.exc, context)
    elif cause is None:
        yield from _without_cause(node, node.exc, handler, context)
    elif isinstance(cause, cst.Name) and isinstance(node.exc, cst.Name) and cause.value == node.exc.value:
        yield from _from_itself(node, node.exc, cause, handler, context)
    else:
        yield from _from_another(node, node.exc, cause, handler, context)


def _without_cause(
    node: cst.Raise, raised: cst.BaseExpression, handler: Handler, context: Context
) -> Iterator[Finding]:
    made = made_in_handler(node, raised, handler, context)
    if _is_excused(node, made, context) or carries(raised, made, names_of_caught(handler), context):
        return
    if hands_collection(raised, handler, context) or _is_seen_by_nobody(raised, handler, made, context):
        return
    if asks_for_a_package(raised, handler, made, context) or is_caught_before(handler, made, context):
        return
    if is_unreached(handler, context) or refuses_argument(raised, handler, context):
        return
    # What looks into other files comes last.
    is_answer = is_of_fallback(handler, context) or is_protocol_answer(raised, handler, made, context)
    if is_answer or is_of_validator(raised, made, context):
        return
    if _ends_elsewhere(raised, made, context):
        return
    message = (
        f"`{made[0].label}` is raised without `from` while {caught_label(handler, context)} is handled: "
        "its `__cause__` stays None, and the traceback reads as if the handler had failed"
    )
    end = context.outer_span(raised).end
    yield Finding(context.span(node), message, _fix(handler, Span(end, end), " from {}", _safety(made), context))


def _is_seen_by_nobody(
    raised: cst.BaseExpression, handler: Handler, made: tuple[Raised, ...], context: Context
) -> bool:
    """Whether a cause would tell nobody anything."""
    statement = context.ancestors[context.ancestors.index(handler) - 1]
    stands = isinstance(statement, cst.Try) and stands_for_it(raised, handler, made, statement, context)
    return stands or is_caught_again(raised, made, context)


def _ends_elsewhere(raised: cst.BaseExpression, made: Sequence[Raised], context: Context) -> bool:
    """Whether the new exception ends in other functions, where nobody sees a cause."""
    return (
        is_handled_by_class(raised, made, context)
        or is_dispatched(made, context)
        or is_ended_by_callers(raised, made, context)
    )


def _from_another(
    node: cst.Raise, raised: cst.BaseExpression, cause: cst.BaseExpression, handler: Handler, context: Context
) -> Iterator[Finding]:
    if isinstance(cause, cst.Name) and cause.value == caught_name(handler):
        return
    named = classes_made(cause, context)
    if not named or _is_excused(node, made_in_handler(node, raised, handler, context), context):
        return
    message = (
        f"the cause is a new `{named[0].label}`, not {caught_label(handler, context)}: "
        "the traceback leads to an exception that never happened"
    )
    # What reads `__cause__` may count on the class that is named here.
    fix = _fix(handler, context.outer_span(cause), "{}", Applicability.UNSAFE, context)
    yield Finding(context.span(node), message, None if "#" in context.code(cause) else fix)


def _from_itself(
    node: cst.Raise, raised: cst.Name, cause: cst.Name, handler: Handler, context: Context
) -> Iterator[Finding]:
    fix = reraise_fix(node, handler, context) if is_reraise(node, handler) else None
    made = made_in_handler(node, raised, handler, context) if fix is None else ()
    if made:
        fix = _fix(handler, context.outer_span(cause), "{}", _safety(made), context)
    yield Finding(context.span(node), f"`{raised.value}` is raised from itself: its `__cause__` leads back to it", fix)


def _after_handler(node: cst.Raise, raised: cst.BaseExpression, context: Context) -> Iterator[Finding]:
    made = classes_made(raised, context)
    kept = kept_exception(node, raised, context) if made else None
    if kept is None or _is_excused(node, made, context) or carries(raised, made, {kept.name}, context):
        return
    if is_caught_again(raised, made, context) or _ends_elsewhere(raised, made, context):
        return
    which = "what one of several handlers caught"
    if len(kept.handlers) == 1:
        which = caught_label(kept.handlers[0], context)
    message = (
        f"`{made[0].label}` is raised without `from` after {which} was kept as `{kept.name}`: nothing leads back to it"
    )
    # A loop may make no attempt at all, and then `from` would fail on a name without a value.
    applicability = _safety(made) if kept.bound else Applicability.UNSAFE
    edit = context.insert(context.outer_span(raised).end, f" from {kept.name}")
    yield Finding(context.span(node), message, Fix(f"Add `from {kept.name}`", (edit,), applicability))


def _is_excused(node: cst.Raise, made: Sequence[Raised], context: Context) -> bool:
    if not made or any(is_control_flow(new.lineage, context) for new in made):
        return True
    return is_on_purpose(node, context)


def _safety(made: Sequence[Raised]) -> Applicability:
    """What is no class may give the caught exception itself, which `from` would make its own cause."""
    return Applicability.SAFE if all(new.lineage.proved for new in made) else Applicability.UNSAFE


def _fix(handler: Handler, span: Span, content: str, applicability: Applicability, context: Context) -> Fix | None:
    """Return the fix that puts `content`, with the caught exception's name for `{}`, at `span`."""
    name = caught_name(handler)
    edits: list[Edit] = []
    title = "Add `from {}`" if span.start == span.end else "Raise from `{}`"
    if name is None:
        name = fresh_name(handler, context)
        if name is None:
            return None
        edits = binding_edits(handler, name, context)
        title = "Name the caught exception `{0}` and " + title[0].lower() + title[1:].replace("{}", "{0}")
        if is_of_lookup(handler, context):
            title += ", or write `from None` if the message says it all"
    # The name may stand for something else by then.
    elif loses(handler.body, name, context):
        return None
    return Fix(title.format(name), (*edits, context.replace(span, content.format(name))), applicability)


RULE = Rule(
    code="ASL401",
    name="raise-without-cause",
    summary="exception raised in place of another does not name it as its cause",
    fix=FixAvailability.SOMETIMES,
    triggers={ast.ExceptHandler: could_replace},
    visit={cst.Raise: check},
    options=(RAISE_SCOPE, MISSING_CAUSES, CONTROL_FLOW),
)
