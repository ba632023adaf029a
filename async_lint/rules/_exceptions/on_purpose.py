"""Comments at a `raise` that say that the cause is left out on purpose."""

import re

import libcst as cst

from async_lint.context import Context
from async_lint.rules._shared.comments import comments

_WHAT = r"cause|context|chain\w*|traceback|stack ?trace|original|inner|underlying|previous|details?"
_SAYS = re.compile(
    r"\b(?:B904|TRY200|W0707)\b|raise-missing-from"
    r"|\b(?:intentional(?:ly)?|deliberate(?:ly)?|purposely|purposefully|on purpose|by design)\b"
    r"|\b(?:hid(?:e|es|ing|den)|suppress(?:es|ed|ing)?|conceal(?:s|ed|ing)?|mask(?:s|ed|ing)?)\b"
    r"|\b(?:don'?t|do not|not|never|no|without|un)[- ]?(?:need(?:ed)? )?chain"
    rf"|\b(?:no|without|omit(?:s|ted|ting)?|drop(?:s|ped|ping)?|skip(?:s|ped|ping)?|discard(?:s|ed|ing)?"
    rf"|los(?:e|es|ing)|remov(?:e|es|ing)|swallow(?:s|ed|ing)?)(?: (?:the|its|any|an?|exception|error))* (?:{_WHAT})\b",
    re.IGNORECASE,
)


def is_on_purpose(node: cst.Raise, context: Context) -> bool:
    """Whether a comment on the lines of `node`, or on those right above it, says so."""
    span = context.span(node)
    lines = context.source.lines
    return any(_SAYS.search(each) for each in comments(lines, span.start.line, span.end.line))
