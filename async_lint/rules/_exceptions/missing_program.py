"""A program that is not installed: FileNotFoundError says no more than its name."""

import re

import libcst as cst

from async_lint.context import Context
from async_lint.rules._exceptions.handlers import Handler
from async_lint.rules._exceptions.only_call import only_call
from async_lint.rules._exceptions.quoted import texts_of, words_in
from async_lint.rules._shared.names import bindings

_STARTING = (
    "asyncio.create_subprocess_exec",
    *(f"subprocess.{name}" for name in ("Popen", "call", "check_call", "check_output", "run")),
)
# With one of these, something else may be missing.
_ELSEWHERE = frozenset({"cwd", "executable", "shell"})


def is_of_missing_program(raised: cst.BaseExpression, handler: Handler, statement: cst.Try, context: Context) -> bool:
    """Whether all that is not found in a `try` is a program whose name is written out, and in the new exception too."""
    call = only_call(handler, "builtins.FileNotFoundError", statement, _STARTING, context)
    if call is None or any(_may_say_where(argument) for argument in call.args):
        return False
    program = _program(call, context)
    if program is None:
        return False
    name = re.compile(rf"(?<!\w){re.escape(program.rpartition('/')[2])}(?!\w)", re.IGNORECASE)
    return any(name.search(word) for text in texts_of(raised, handler) for word in words_in(text))


def _may_say_where(argument: cst.Arg) -> bool:
    return argument.star == "**" or (argument.keyword is not None and argument.keyword.value in _ELSEWHERE)


def _program(call: cst.Call, context: Context) -> str | None:
    first = call.args[0].value if call.args and call.args[0].keyword is None else None
    if isinstance(first, cst.Name):
        first = _only_value(first.value, context)
    if isinstance(first, (cst.List, cst.Tuple)):
        first = first.elements[0].value if first.elements else None
    text = first.evaluated_value if isinstance(first, cst.SimpleString) else None
    return text if isinstance(text, str) and text else None


def _only_value(name: str, context: Context) -> cst.BaseExpression | None:
    function = context.function()
    if not isinstance(function, cst.FunctionDef):
        return None
    values = [one.value for one in bindings(function.body) if one.name == name]
    return values[0] if len(values) == 1 else None
