"""Threads that are joined once they were told to end.

stop.set()                 right before the join; or earlier, where the thread's loop is `while not stop.wait(5):`
thread.join()
self.running = False       where its loop is `while self.running:`, and no step of it waits for more than a moment
self.thread.join()
"""

import ast
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from async_lint.inference.face import BlockingPath, ModuleView, Site, children, descendants, inside, last_name
from async_lint.rules._blocking.ended_by_loop import statement_before

_EVENT = "threading.Event"
_WAIT, _IS_SET = "wait", "is_set"
_LOOPS = (ast.While, ast.For)
# A step of a loop that takes no longer than this many seconds is no pause.
_MOMENT = 0.2

# What a loop asks, as far as it is written out: `running`, or `wait` of `stop`; and the answer with which it goes on.
_Asked = tuple[str, bool]


def is_told_to_stop(path: BlockingPath, call: Site, around: Sequence[ast.AST], view: ModuleView) -> bool:
    """Whether an event is set by the statement before the one that joins a thread, or the thread's loop asks for it.

    `around` are the nodes above the call, its function first.
    """
    if path.hops or path.end.blocker.kind != "join" or not isinstance(call.node.func, ast.Attribute):
        return False
    if _set_by(statement_before(around), call, view) is not None:
        return True
    told = set(_told(around, call, view))
    threads = view.project.origins(call.node.func.value, call.frame) if told else None
    return bool(threads) and all(_ends_by(told, thread, view) for thread in threads or ())


def _set_by(statement: ast.stmt | None, call: Site, view: ModuleView) -> str | None:
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=event, attr="set"), args=[])):
            return last_name(event) if view.names.name_unless_none(event, call.frame) == _EVENT else None
    return None


def _told(around: Sequence[ast.AST], call: Site, view: ModuleView) -> Iterator[_Asked]:
    """Yield what is said on the way to a call: the events that are set, and attributes with what is put into them."""
    for block, inner in pairwise(around):
        body = getattr(block, "body", [])
        for statement in body[: body.index(inner)] if isinstance(body, list) and inner in body else ():
            event = _set_by(statement, call, view)
            if event is not None:
                yield event, True
            match statement:
                case ast.Assign(targets=[ast.Attribute(attr=name)], value=ast.Constant(value=bool(value))):
                    yield name, value


def _ends_by(told: set[_Asked], thread: Site, view: ModuleView) -> bool:
    """Whether each function that a thread may run has one loop, and that ends by what was said."""
    target = next((keyword.value for keyword in thread.node.keywords if keyword.arg == "target"), None)
    bodies = view.project.bodies(target, thread.frame) if target is not None else None
    return bool(bodies) and all(_loop_ends_by(told, statements) for statements, _ in bodies or ())


def _loop_ends_by(told: set[_Asked], statements: Iterable[ast.stmt]) -> bool:
    loops = [node for node, _ in inside(statements) if isinstance(node, _LOOPS)]
    if not loops or not isinstance(loops[0], ast.While) or any(not _is_below(one, loops[0]) for one in loops[1:]):
        return False
    test = loops[0].test
    conditions = test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]
    return any(_is_answered(condition, told, loops[0]) for condition in conditions)


def _is_below(node: ast.AST, loop: ast.While) -> bool:
    return any(node is below for below in descendants(loop))


def _is_answered(condition: ast.expr, told: set[_Asked], loop: ast.While) -> bool:
    """Whether a condition no longer holds, and is asked again in a moment."""
    match condition:
        case ast.UnaryOp(op=ast.Not(), operand=ast.Call(func=ast.Attribute(value=event, attr=word))):
            # Who waits for the event goes on as soon as it is set.
            return (last_name(event), True) in told and (word == _WAIT or (word == _IS_SET and _is_quick(loop)))
        case ast.UnaryOp(op=ast.Not(), operand=ast.Attribute(attr=name)):
            return (name, True) in told and _is_quick(loop)
        case ast.Attribute(attr=name):
            return (name, False) in told and _is_quick(loop)
    return False


def _is_quick(loop: ast.While) -> bool:
    """Whether each call in a loop is given a number of seconds that are soon over, and there is no other loop in it."""
    nodes = [node for statement in children(loop) for node in descendants(statement) if statement is not loop.test]
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    return not any(isinstance(node, _LOOPS) for node in nodes) and all(_takes_a_moment(call) for call in calls)


def _takes_a_moment(call: ast.Call) -> bool:
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    numbers = [one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, int | float)]
    return bool(numbers) and all(number <= _MOMENT for number in numbers)
