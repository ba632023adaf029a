"""Functions of the project that end what they are given: a process, or the one that has a number."""

import ast
from collections.abc import Sequence

from async_lint.inference.face import Frame, Function, ModuleView, descendants
from async_lint.rules._timeouts.given import last_word

_PID = "pid"
_KILL = "kill"
# What runs a function in a thread, with the position that it is given at; what follows are its arguments.
_IN_THREAD = {"to_thread": 0, "run_in_executor": 1}


def given_to_end(
    call: ast.Call, receiver: str, methods: Sequence[str], frame: Frame, view: ModuleView
) -> ast.expr | None:
    """Return the `process` of `end(process)` or `end(process.pid)`, where `end` is the project's and kills it.

    `receiver` is how the process is written; a function that only terminates it does not end it for certain.
    """
    place = _IN_THREAD.get(last_word(call))
    callee, arguments = call.func, call.args
    if place is not None:
        if len(arguments) <= place:
            return None
        callee, arguments = arguments[place], arguments[place + 1 :]
    for position, argument in enumerate(arguments):
        given = argument.value if isinstance(argument, ast.Attribute) and argument.attr == _PID else argument
        if ast.unparse(given) != receiver or (given is not argument and _KILL not in methods):
            continue
        bodies = view.project.bodies(callee, frame)
        if bodies and all(_ends(body, inner, position, given is not argument, methods) for body, inner in bodies):
            return given
    return None


def _ends(body: Sequence[ast.stmt], frame: Frame, position: int, is_number: bool, methods: Sequence[str]) -> bool:
    name = _parameter(frame.function, position)
    calls = (node for statement in body for node in descendants(statement) if isinstance(node, ast.Call))
    if name is None:
        return False
    # Who has the number asks for the process, and perhaps for those that it has started.
    wanted = [(_KILL, None)] if is_number else [(method, name) for method in methods]
    return any("SIGKILL" in ast.unparse(call) or any(_is_end(call, *one) for one in wanted) for call in calls)


def _is_end(call: ast.Call, method: str, of: str | None) -> bool:
    match call.func:
        case ast.Attribute(value=value, attr=attr) if attr == method:
            # `os.kill(pid, SIGTERM)` only asks it to end.
            return not call.args if of is None else isinstance(value, ast.Name) and value.id == of
    return False


def _parameter(function: Function | None, position: int) -> str | None:
    if function is None or (function.owner is not None and function.node.decorator_list):
        return None
    plain = [*function.node.args.posonlyargs, *function.node.args.args][0 if function.owner is None else 1 :]
    return plain[position].arg if position < len(plain) else None
