"""What passes between a failure and the next attempt."""

import ast
import re
from collections.abc import Sequence
from enum import Enum

from async_lint.inference.face import Frame, ModuleView, children, last_name
from async_lint.rules._cancellations.cancellation import own_nodes

_SLEEPS = ("asyncio.sleep", "anyio.sleep", "trio.sleep", "time.sleep")
# To say what failed takes no time. These are the methods of loggers and consoles, and what makes their arguments.
_TELLING = re.compile(
    r"_?log(?:_\w+)?|debug|info|warn|warning|error|exception|critical|fatal|print|print_exc|echo|format|format_exc"
    r"|isinstance|str|repr|type|len|getattr"
)
_WAITS = (ast.Await, ast.AsyncFor, ast.AsyncWith)


class Delay(Enum):
    """How long it takes until the next attempt."""

    NONE = "none"
    FIXED = "fixed"
    OTHER = "other"  # it grows, or cannot be told: something else is done, or waited for


def delay_of(between: Sequence[ast.stmt], loop: ast.While, frame: Frame, view: ModuleView) -> Delay:
    """Return what the statements between a failure and the next attempt wait."""
    delay = Delay.NONE
    waiting: list[ast.AST] = list(between)
    while waiting:
        node = waiting.pop()
        call = node.value if isinstance(node, ast.Await) else node
        if isinstance(call, ast.Call):
            if _sleeps(call, frame, view):
                if not _is_fixed(call, loop):
                    return Delay.OTHER
                delay = delay if _is_nothing(call) else Delay.FIXED
                continue
            # What is awaited takes its time, whatever it is called.
            if call is not node or not _TELLING.fullmatch(last_name(call.func)):
                return Delay.OTHER
        elif isinstance(node, (*_WAITS, ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.Delete)):
            return Delay.OTHER
        waiting += children(call)
    return delay


def _sleeps(call: ast.Call, frame: Frame, view: ModuleView) -> bool:
    if view.names.last_word(call.func, frame) != "sleep":
        return False
    name = view.names.name_of(call.func, frame)
    return any(name in (public, view.names.canonical(public)) for public in _SLEEPS)


def _is_nothing(call: ast.Call) -> bool:
    """Whether a sleep lets others have their turn, and no more."""
    return any(isinstance(value, ast.Constant) and value.value == 0 for value in call.args)


def _is_fixed(call: ast.Call, loop: ast.While) -> bool:
    """Whether a sleep takes as long each time: it is told a number, or a name that the loop does not change."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    names = {ast.unparse(value) for value in given}
    if not all(isinstance(value, ast.Constant | ast.Name | ast.Attribute) for value in given):
        return False
    nodes = own_nodes(loop.body)
    return not any(
        isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store) and ast.unparse(node) in names
        for node in nodes
    )
