"""Requests over HTTP that do something anew each time they are made, so that their order or number may count.

await self.client.post("/entries", json=entry)         by the method of a client that is known
await self.client.request("POST", "/entries")          by what it is given
await self.call("POST", "/entries", entry)             the same, by a function of the project
"""

import ast

from async_lint.inference.independence.callees import definitions
from async_lint.inference.independence.resources import Resources
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import last_name
from async_lint.inference.types.values import Frame

# https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2 and RFC 5789: the others are safe, or idempotent.
_METHODS = frozenset({"PATCH", "POST"})


def posts(evaluator: Evaluator, resources: Resources, call: ast.Call, frame: Frame) -> bool:
    by_name = last_name(call.func).upper() in _METHODS
    if not by_name and not _is_given_method(call):
        return False
    if not by_name and definitions(evaluator, call.func, frame):
        return True
    entry = resources.entry(evaluator, call.func, frame)
    return entry is not None and entry.method


def _is_given_method(call: ast.Call) -> bool:
    given = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "method")]
    return any(isinstance(value, ast.Constant) and value.value in _METHODS for value in given)
