"""Whether a docstring says of a function without a return annotation that it returns something to await."""

import re

import libcst as cst

# `Returns the future price`, `Returns the result of the coroutine` and `This is a coroutine` say something else.
_RETURNS_AWAITABLE = re.compile(
    r"\b(?:returns?|returning|rtype)\b[\s:`*-]+(?:(?!of\b|from\b)[\w-]+\s+){0,3}?"
    r"`*(?:[\w.]+\.)?(?:awaitable|coroutine|future)\b"
    r"(?=`*\s*(?:[.,:;(\[\n]|$|object\b|of\b|that\b|to\b|which\b|whose\b|with\b))",
    re.IGNORECASE,
)


def is_described_as_awaitable(function: cst.FunctionDef) -> bool:
    docstring = function.get_docstring(clean=False) if function.returns is None else None
    return docstring is not None and _RETURNS_AWAITABLE.search(docstring) is not None
