"""What the text of a call says: the word by which it calls, and whether and with what it gives a parameter."""

import ast
from collections.abc import Mapping
from enum import Enum

from async_lint.inference.face import argument, last_name

# Parameters, and the number of those that may be given by position: -1 for one that may not.
Parameters = Mapping[str, int]


class Given(Enum):
    """What a call says about some of its parameters."""

    ABSENT = "absent"
    NOTHING = "nothing"  # None, or another value that means to say nothing
    HIDDEN = "hidden"  # `*args` or `**kwargs` may say it
    SET = "set"


def given(call: ast.Call, parameters: Parameters, nothing: tuple[object, ...] = (None, True)) -> Given:
    """Return what a call says about `parameters`: the most of what it says about any of them."""
    said = {_given(call, name, position, nothing) for name, position in parameters.items()}
    return next((most for most in (Given.SET, Given.HIDDEN, Given.NOTHING) if most in said), Given.ABSENT)


def _given(call: ast.Call, name: str, position: int, nothing: tuple[object, ...]) -> Given:
    value = argument(call, name, position)
    if value is not None:
        says_nothing = isinstance(value, ast.Constant) and any(value.value is empty for empty in nothing)
        return Given.NOTHING if says_nothing else Given.SET
    starred = position >= 0 and any(isinstance(expression, ast.Starred) for expression in call.args[: position + 1])
    return Given.HIDDEN if starred or any(keyword.arg is None for keyword in call.keywords) else Given.ABSENT


def last_word(call: ast.Call) -> str:
    """Return the last word of what is called: `read` of `self.reader.read(1)`."""
    return last_name(call.func)
