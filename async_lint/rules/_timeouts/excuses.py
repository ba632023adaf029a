"""Where to wait without a deadline is what the code is for."""

import ast
from collections.abc import Sequence

from async_lint.inference.face import ModuleView, Site, descendants, parameters
from async_lint.rules._shared.exited import has_exited
from async_lint.rules._timeouts.deadlines import TASKS, Excuse
from async_lint.rules._timeouts.given import last_word
from async_lint.rules._timeouts.killed import given_to_end
from async_lint.rules._timeouts.limits import TELLING
from async_lint.rules._timeouts.shared_pool import is_for_others
from async_lint.rules._timeouts.table import Wait
from async_lint.rules._timeouts.timers import is_watched

# With these alone a function only looks at what came, and gives it.
_GIVING = (
    ast.If,
    ast.Return,
    ast.Name,
    ast.Constant,
    ast.expr_context,
    ast.UnaryOp,
    ast.unaryop,
    ast.Compare,
    ast.cmpop,
)

_GONE = "builtins.ProcessLookupError"
_ORDERING = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def excuse(wait: Wait, view: ModuleView) -> Excuse:
    """Return what says that a call, or a call of the function around it, may wait as long as it likes."""

    def may_wait(site: Site, around: Sequence[ast.AST]) -> bool:
        return (
            is_left_to_the_caller(around)
            or (wait.idle and is_consumer(around))
            or (wait.watching and is_task(around))
            or (wait.exits and (_is_gone(site, around, view) or has_exited(site, around, view)))
            or (bool(wait.first_of) and is_for_others(site, around, wait.first_of, view))
            or (bool(wait.ends_after) and _is_over(site, around, wait.ends_after, view))
            or (wait.idle and is_watched(site.frame, view))
        )

    return may_wait


def hands_on(site: Site, view: ModuleView) -> bool:
    """Whether the function around a call only waits for it and gives what came: its callers can tell how long."""
    around = view.project.above(site.node, site.frame)
    if not around or not isinstance(around[0], ast.AsyncFunctionDef):
        return False
    # A docstring does nothing.
    body = [
        statement for statement in around[0].body if not isinstance(getattr(statement, "value", None), ast.Constant)
    ]
    return _waits_once(body) and any(_waited_for(node) is site.node for node in descendants(around[0]))


def _waits_once(block: Sequence[ast.stmt]) -> bool:
    """Whether no way through a block does more than to wait for one call, chosen by `if`, and to give what came."""
    if not any(map(_awaits, block)):
        # `if running: await process.wait()` is more than to hand on a wait.
        return bool(block) and all(map(_gives, block))
    first, *rest = block
    if not _awaits(first):
        return _gives(first) and _waits_once(rest)
    if isinstance(first, ast.If) and not _awaits(first.test):
        return _waits_once([*first.body, *rest]) and _waits_once([*first.orelse, *rest])
    call = _waited_for(first)
    return call is not None and not _awaits(call) and (isinstance(first, ast.Return) or all(map(_gives, rest)))


def _waited_for(statement: ast.AST) -> ast.expr | None:
    match statement:
        case ast.Expr(ast.Await(value)) | ast.Return(ast.Await(value)) | ast.Assign([ast.Name()], ast.Await(value)):
            return value
    return None


def _awaits(node: ast.AST) -> bool:
    return any(isinstance(inner, ast.Await) for inner in descendants(node))


def _gives(statement: ast.stmt) -> bool:
    """Whether a statement gives a value as it came, or raises where there is none: `if not data: raise EndOfStream`."""
    raised = {
        id(inner) for node in descendants(statement) if isinstance(node, ast.Raise) for inner in descendants(node)
    }
    return all(isinstance(node, _GIVING) or id(node) in raised for node in descendants(statement))


def is_left_to_the_caller(around: Sequence[ast.AST]) -> bool:
    """Whether the function has a parameter for the deadline and asks whether it was given: `if timeout: ...`."""
    if not isinstance(around[0], ast.AsyncFunctionDef | ast.FunctionDef):
        return False
    names = {parameter.arg for parameter in parameters(around[0].args) if TELLING.search(parameter.arg)}
    if not names:
        return False
    tests = (node.test for node in descendants(around[0]) if isinstance(node, ast.If | ast.IfExp))
    return any(isinstance(node, ast.Name) and node.id in names for test in tests for node in descendants(test))


def is_consumer(around: Sequence[ast.AST]) -> bool:
    """Whether a call stands in a loop that takes one message after another, or is itself one step of such a loop."""
    loops = (ancestor for ancestor in around if isinstance(ancestor, ast.AsyncFor | ast.While))
    return any(not _counts(loop) for loop in loops) or getattr(around[0], "name", "") == "__anext__"


def _counts(loop: ast.AsyncFor | ast.While) -> bool:
    """Whether a loop collects one message of known length: `while len(data) < size`."""
    test = loop.test if isinstance(loop, ast.While) else None
    return isinstance(test, ast.Compare) and isinstance(test.ops[0], _ORDERING)


def is_task(around: Sequence[ast.AST]) -> bool:
    """Whether a call is handed to a task of its own: one that does nothing but watch holds up nobody."""
    for ancestor in reversed(around):
        if isinstance(ancestor, ast.Await | ast.stmt):
            return False
        if isinstance(ancestor, ast.Call) and last_word(ancestor) in TASKS:
            return True
    return False


def _is_gone(site: Site, around: Sequence[ast.AST], view: ModuleView) -> bool:
    """Whether a call stands where no process was found any more: under `except ProcessLookupError`."""
    caught = (ancestor.type for ancestor in around if isinstance(ancestor, ast.ExceptHandler))
    return any(expression is not None and view.names.name_of(expression, site.frame) == _GONE for expression in caught)


def _is_over(site: Site, around: Sequence[ast.AST], methods: Sequence[str], view: ModuleView) -> bool:
    """Whether the receiver is at its end: `await process.wait()` after `process.kill()`."""
    if not isinstance(site.node.func, ast.Attribute):
        return False
    receiver = site.node.func.value
    written = ast.unparse(receiver)
    endings = {f"{written}.{method}" for method in methods}
    place = (site.node.lineno, site.node.col_offset)
    made = view.project.origins(receiver, site.frame)
    earlier = (
        node for node in descendants(around[0]) if isinstance(node, ast.Call) and (node.lineno, node.col_offset) < place
    )
    for call in earlier:
        # `os.kill(process.pid, SIGKILL)` ends it too.
        if "SIGKILL" in ast.unparse(call):
            return True
        if isinstance(call.func, ast.Attribute) and ast.unparse(call.func) in endings:
            ended: ast.expr | None = call.func.value
        else:
            ended = given_to_end(call, written, methods, site.frame, view)
        if ended is not None:
            # The same name may hold another process by now.
            return view.project.origins(ended, site.frame) == made
    return False
