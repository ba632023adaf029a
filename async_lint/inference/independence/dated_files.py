"""Files named by the time of day, no finer than to the second: of two at once, one would overwrite the other's.

f"{datetime.now():%Y%m%d_%H%M%S}.json"                found
f"{moment}_{site}.json"                               found, where `site` was worked out from what the function is given
f"{moment}_{name}.json"                               not found, where `name` is what it is given: each has its own
f"{moment}_{uuid4()}.json"                            not found
"""

import ast
import re

from async_lint.inference.independence.sharing import receiver_of
from async_lint.inference.modules.summary import body_of
from async_lint.inference.syntax.binding import Function, last_name, parameters
from async_lint.inference.syntax.nodes import descendants

_ENDING = re.compile(r"\.\w{1,5}$")
_SECONDS = re.compile(r"%[STXs]")


def names_file_by_second(text: ast.JoinedStr, function: Function) -> bool:
    """Whether a text is the name of a file that two calls of the function in one second may share."""
    end = text.values[-1] if text.values else None
    if not (isinstance(end, ast.Constant) and isinstance(end.value, str) and _ENDING.search(end.value)):
        return False
    parts = [part for part in text.values if isinstance(part, ast.FormattedValue)]
    others = [part for part in parts if not _is_moment(part, function)]
    return len(others) < len(parts) and not any(_is_of_one(part.value, function) for part in others)


def _is_moment(part: ast.FormattedValue, function: Function) -> bool:
    return _shows_seconds(part.format_spec) or any(map(_tells_seconds, _bound(part.value, function)))


def _tells_seconds(value: ast.expr) -> bool:
    match value:
        case ast.Call(func=func, args=[shown, *_]) if last_name(func) == "strftime":
            return _shows_seconds(shown)
        case ast.Call(func=ast.Name(id="int"), args=[ast.Call(func=func)]):
            return last_name(func) in ("time", "timestamp")
    return False


def _shows_seconds(shown: ast.expr | None) -> bool:
    texts = [part.value for part in descendants(shown) if isinstance(part, ast.Constant)] if shown is not None else []
    return any(isinstance(text, str) and _SECONDS.search(text) and "%f" not in text for text in texts)


def _is_of_one(value: ast.expr, function: Function) -> bool:
    """Whether it is what a call was given, or is made anew without that: a number, a random text."""
    given = {parameter.arg for parameter in parameters(function.node.args)}
    first = value
    while isinstance(first, ast.Attribute | ast.Subscript):
        first = first.value
    if isinstance(first, ast.Name) and first.id in given:
        return first.id != receiver_of(function)
    return not _comes_from(value, given, function)


def _comes_from(value: ast.expr, names: set[str], function: Function, depth: int = 4) -> bool:
    """Whether it was worked out from one of some names."""
    used = [part for part in descendants(value) if isinstance(part, ast.Name)]
    if any(part.id in names for part in used):
        return True
    bound = [one for part in used for one in _bound(part, function) if one is not part]
    return depth > 0 and any(_comes_from(one, names, function, depth - 1) for one in bound)


def _bound(value: ast.expr, function: Function) -> list[ast.expr]:
    """Return what a name of the function is given; anything else itself."""
    if not isinstance(value, ast.Name):
        return [value]
    bound = body_of(function).table.get(value.id, ())
    return [one.value for one in bound if one.value is not None]
