"""Comments at a `raise`, and docstrings, that say that the cause is left out on purpose."""

import re

import libcst as cst

from async_lint.context import Context
from async_lint.files.source import Source
from async_lint.rules._exceptions.handlers import Handler, closest_handler
from async_lint.rules._shared.comments import MEANT, comments, comments_above
from async_lint.rules._shared.ruff_comments import is_left_out_of_ruff

_WHAT = r"cause|context|chain\w*|traceback|stack ?trace|original|inner|underlying|previous|details?"
_SAYS = re.compile(
    r"\b(?:B904|TRY200|W0707)\b|raise-missing-from"
    rf"|{MEANT}"
    r"|\b(?:avoid|prevent|not|without)\w* leak"
    r"|\b(?:hid(?:e|es|ing|den)|suppress(?:es|ed|ing)?|conceal(?:s|ed|ing)?|mask(?:s|ed|ing)?)\b"
    r"|\b(?:don'?t|do not|not|never|no|without|un)[- ]?(?:need(?:ed)? )?chain"
    rf"|\b(?:no|without|omit(?:s|ted|ting)?|drop(?:s|ped|ping)?|skip(?:s|ped|ping)?|discard(?:s|ed|ing)?"
    rf"|los(?:e|es|ing)|remov(?:e|es|ing)|swallow(?:s|ed|ing)?)(?: (?:the|its|any|an?|exception|error))* (?:{_WHAT})\b",
    re.IGNORECASE,
)
# What must not be told: who wrote `from err` would tell it.
_FORBIDDEN = (
    r"\b(?:can(?:no|')?t|can not|must ?n[o']t|may not|should ?n[o']t) (?:be )?"
    # `We cannot tell which of them it was.`
    r"(?:(?:display|expos|reveal)\w*|(?:show\w*|tell|told)\b(?! (?:apart|how|if|what|where|whether|which|why)\b))"
)
_UNTOLD = re.compile(rf"{_FORBIDDEN}|\b(?:secrets?|sensitive|(?<!memory )leak\w*)\b", re.IGNORECASE)
# Above a `try` a comment tells first what that does: `# Load the secret.`
_UNTOLD_OF_TRY = re.compile(
    rf"{_FORBIDDEN}|\b(?:contain|hold|includ|carr|leak|expos|reveal)\w*\b.*\b(?:secrets?|sensitive)\b", re.IGNORECASE
)
# Of what a function promises, what it does with errors.
_PROMISED = re.compile(
    r"\b(?:never|not|without|no)\b(?: \w+)? (?:leak|expos|reveal)\w*(?: [\w-]+){0,3} "
    r"(?:errors?|exceptions?|tracebacks?)\b",
    re.IGNORECASE,
)
# ruff dropped TRY200 for B904, but comments stay.
_RUFF = frozenset({"B904", "raise-without-from-inside-except", "TRY200", "reraise-no-cause"})

# On a line of its own, outside functions: of the whole file.
_PYLINT = re.compile(r"^#\s*pylint:\s*(?:skip-file\b|disable=.*\b(?:W0707|raise-missing-from|all)\b)", re.MULTILINE)

# At the head of a handler a comment may be about anything: it has to name what is left out.
_NAMES_IT = re.compile(rf"\b(?:{_WHAT})\b|[`\"' ]from\b", re.IGNORECASE)


def is_on_purpose(node: cst.Raise, context: Context) -> bool:
    """Whether a comment on the lines of `node`, on those right above it, or at the head of its handler, says so.

    So does a docstring that promises to leak no errors.
    """
    span = context.span(node)
    lines = context.source.lines
    beside = list(comments(lines, span.start.line, span.end.line))
    if any(_SAYS.search(comment) or _UNTOLD.search(comment) for comment in beside):
        return True
    if is_left_out_of_ruff(span, _RUFF, context) or context.source.once(_is_left_out_of_pylint):
        return True
    handler = closest_handler(context)
    if handler is not None and (_is_said_of_try(handler, context) or _is_said_at_head(handler, context)):
        return True
    function = context.function()
    promise = function.get_docstring() if isinstance(function, cst.FunctionDef) else None
    return promise is not None and _PROMISED.search(" ".join(promise.split())) is not None


def _is_left_out_of_pylint(source: Source) -> bool:
    return "pylint:" in source.text and _PYLINT.search(source.text) is not None


def _is_said_of_try(handler: Handler, context: Context) -> bool:
    statement = context.ancestors[context.ancestors.index(handler) - 1]
    above = comments_above(context.source.lines, context.span(statement).start.line)
    return any(map(_UNTOLD_OF_TRY.search, above))


def _is_said_at_head(handler: Handler, context: Context) -> bool:
    if not isinstance(handler.body, cst.IndentedBlock):
        return False
    first = context.span(handler.body.body[0]).start.line
    above = comments_above(context.source.lines, first)
    return any((_SAYS.search(comment) and _NAMES_IT.search(comment)) or _UNTOLD.search(comment) for comment in above)
