"""Files that a function appends to once it has looked whether they are there: it begins a new one with a header.

is_new = not path.exists()
with path.open("a") as file:
    if is_new: file.write(header)      of two threads at once, both find none, and both write it
"""

import ast
from collections.abc import Iterable, Iterator

from async_lint.inference.independence.given_arguments import arguments_for
from async_lint.inference.independence.late_fill import ON_DISK
from async_lint.inference.independence.provenance import Iteration
from async_lint.inference.independence.sharing import receiver_of
from async_lint.inference.modules.summary import body_of
from async_lint.inference.syntax.binding import Function, last_name, parameters
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.values import Frame


def appends_to_one(function: Function, call: ast.Call, frame: Frame, iteration: Iteration) -> str:
    """Return such a file, if `call` of the function names the same in each iteration; empty otherwise."""
    path = _appended_file(function)
    if path is None:
        return ""
    given = arguments_for(function, call, frame, _named_by(path, function))
    return "" if any(iteration.varies(value) for value in given) else ast.unparse(path)


def _appended_file(function: Function) -> ast.expr | None:
    """Return what names such a file; None where there is none."""
    calls = [node for node in descendants(function.whole()) if isinstance(node, ast.Call)]
    asked = {ast.unparse(call.args[0] if call.args else call.func) for call in calls if last_name(call.func) in ON_DISK}
    for path in _appended(calls):
        if any(f"{ast.unparse(path)}.{name}" in asked for name in ON_DISK) or ast.unparse(path) in asked:
            return path
    return None


def _named_by(path: ast.expr, function: Function) -> frozenset[str]:
    """Return the parameters that name a file, without the receiver, and what only gives it a time."""
    given = {parameter.arg for parameter in parameters(function.node.args)} - {receiver_of(function)}
    return frozenset(_used([path], given, function, set()))


def _appended(calls: Iterable[ast.Call]) -> Iterator[ast.expr]:
    for call in calls:
        match call:
            case ast.Call(func=ast.Name(id="open"), args=[path, *_]) if _appends(call, 1):
                yield path
            case ast.Call(func=ast.Attribute(value=path, attr="open")) if _appends(call, 0):
                yield path


def _appends(call: ast.Call, at: int) -> bool:
    modes = [*call.args[at : at + 1], *(keyword.value for keyword in call.keywords if keyword.arg == "mode")]
    return any(isinstance(mode, ast.Constant) and str(mode.value).startswith("a") for mode in modes)


def _used(values: Iterable[ast.expr], given: set[str], function: Function, asked: set[str]) -> Iterator[str]:
    for node in values:
        match node:
            # Many have the same day, or second.
            case ast.Call(func=ast.Attribute(attr="strftime")) | ast.FormattedValue(format_spec=ast.JoinedStr()):
                pass
            case ast.Name(id=name) if name in given:
                yield name
            case ast.Name(id=name) if name not in asked:
                asked.add(name)
                bound = body_of(function).table.get(name, ())
                yield from _used([one.value for one in bound if one.value is not None], given, function, asked)
            case _:
                below = (part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr))
                yield from _used(below, given, function, asked)
