"""Editors at the terminal: their process is over when the person has written what the program asks for.

subprocess.run([os.environ.get("EDITOR", "nano"), path])     one of the environment
editor = "vi"; subprocess.call([editor, path])               one that is written out
"""

import ast
import os
from collections.abc import Iterator

from async_lint.inference.blocking.table import Parameters
from async_lint.inference.names.origins import LostError, bindings_of
from async_lint.inference.questions.arguments import argument
from async_lint.inference.syntax.binding import last_name
from async_lint.inference.types.values import Frame

_DEPTH = 3
_CAPTURING = frozenset(["capture_output", "input", "stdin", "stdout"])
_CAPTURES = frozenset(["check_output", "getoutput", "getstatusoutput"])


def is_editor(call: ast.Call, frame: Frame, parameters: Parameters, editors: frozenset[str]) -> bool:
    """Whether the program of a call's command may be an editor that has the terminal: one that a name is bound to."""
    if last_name(call.func) in _CAPTURES or any(keyword.arg in _CAPTURING for keyword in call.keywords):
        return False
    values = (argument(call, name, position) for name, position in parameters.items())
    command = next((value for value in values if value is not None), None)
    if command is None:
        return False
    try:
        return any(text in editors for text in _programs(command, frame, _DEPTH))
    except LostError:
        return False


def _programs(command: ast.expr, frame: Frame, depth: int) -> Iterator[str]:
    """Yield the names of what a command may begin with, and those of variables of the environment that hold it."""
    match command:
        case ast.List(elts=[first, *_]) | ast.Tuple(elts=[first, *_]) | ast.Starred(value=first):
            yield from _programs(first, frame, depth)
        case ast.JoinedStr(values=[first, *_]) | ast.FormattedValue(value=first) | ast.BinOp(left=first):
            yield from _programs(first, frame, depth)
        case ast.BoolOp(values=values):
            for value in values:
                yield from _programs(value, frame, depth)
        case ast.IfExp(body=first, orelse=second):
            yield from _programs(first, frame, depth)
            yield from _programs(second, frame, depth)
        case ast.Constant(value=str(text)):
            yield os.path.basename(text.partition(" ")[0])
        case ast.Name() if depth:
            bindings, scope = bindings_of(command, frame)
            for value in (binding.value for binding in bindings if binding.value is not None):
                yield from _programs(value, scope, depth - 1)
        # `os.environ.get("EDITOR", "vi")`, `shlex.split(editor)`, `editor.split()`
        case ast.Call(args=arguments, func=func):
            inner = func.value if isinstance(func, ast.Attribute) and not arguments else None
            for value in [inner] if inner is not None else arguments:
                yield from _programs(value, frame, depth)
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            yield name
