"""What one run of a plain function calls itself, for arguments of which some are known."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from async_lint.inference.modules.summary import body_of
from async_lint.inference.syntax.binding import Function, Try, last_name
from async_lint.inference.syntax.nodes import children, descendants
from async_lint.inference.syntax.static_tests import static_test
from async_lint.inference.types.values import Comprehension, Frame

# What a function knows of its parameters: those that are given True, False or None, or are so by default.
Known = Mapping[str, bool | None]

_NESTED = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
# What ends the program.
_ENDING = frozenset(["exit", "_exit", "execv", "execvp"])
# Who asks this finds out whether a loop runs in this thread: both branches are somebody's who knows.
_ASKS = frozenset(
    ["get_running_loop", "_get_running_loop", "is_running", "current_task", "current_async_library", "get_event_loop"]
    + ["current_thread", "main_thread", "get_ident", "in_thread", "on_main_thread"]
)


class Step(NamedTuple):
    """A call that a run may make, and the frame of its names."""

    call: ast.Call
    frame: Frame


class _Way(NamedTuple):
    """What one run goes by. `gives`: the function returns something, so that who returns nothing refuses.

    `polls`: the block is that of a `while`, so that an `if` which leaves it is one more condition of the loop.
    """

    frame: Frame
    known: Known
    gives: bool
    polls: bool = False


def steps(function: Function, frame: Frame, known: Known) -> Iterator[Step]:
    """Yield the calls that a run is to make in the order of the text, those of functions in it left out.

    What stands below a condition, in a handler or behind an early return is left out: a run may well do without it.
    """
    body = body_of(function)
    # What the body assigns anew is no longer what was given.
    fixed = {name: value for name, value in known.items() if len(body.table.get(name, ())) == 1}
    gives = any(value is not None and not _is_nothing(value) for value in body.returns)
    yield from _of_block(body.statements, _Way(frame, fixed, gives))


def _of_block(statements: Sequence[ast.AST], way: _Way) -> Iterator[Step]:
    inner = way._replace(polls=False)
    for statement in statements:
        yield from _of(statement, inner)
        if isinstance(statement, ast.stmt) and _may_end(statement, inner):
            if not (way.polls and _is_condition_of_loop(statement, inner)):
                return


def _of(node: ast.AST, way: _Way) -> Iterator[Step]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.Lambda():
            return
        # Nothing else is to run: `sys.exit(subprocess.call(command))`.
        case ast.Call(func=func) if last_name(func) in _ENDING:
            return
        case ast.If(test=test) | ast.IfExp(test=test):
            yield from _of(test, way)
            decided = None if asks_for_loop(test) else outcome(test, way.known)
            if decided is not None:
                taken = node.body if decided else node.orelse
                yield from _of_block(taken if isinstance(taken, list) else [taken], way)
        case ast.BoolOp(values=[first, *_]) | ast.Match(subject=first):
            yield from _of(first, way)
        case _ if isinstance(node, Try):
            if not any(map(asks_for_loop, node.body)):
                yield from _of_block([*node.body, *node.orelse], way)
            yield from _of_block(node.finalbody, way)
        case ast.While():
            yield from _of(node.test, way)
            yield from _of_block(node.body, way._replace(polls=True))
        case ast.For():
            yield from _of(node.iter, way)
            yield from _of_block(node.body, way)
        case ast.With(items=items):
            for item in items:
                yield from _of(item, way)
            yield from _of_block(node.body, way)
        case _:
            if isinstance(node, Comprehension):
                way = way._replace(frame=Frame(way.frame.module, way.frame, node=node))
            for child in children(node):
                yield from _of(child, way)
            if isinstance(node, ast.Call):
                yield Step(node, way.frame)


def _may_end(statement: ast.stmt, way: _Way) -> bool:
    """Whether a run may be over behind a statement. To refuse what is not there is no such end."""
    if isinstance(statement, ast.If):
        decided = outcome(statement.test, way.known)
        if decided is not None:
            return _leaves(statement.body if decided else statement.orelse)
        if way.gives and _asks_for_nothing(statement.test) and not statement.orelse:
            returned = [node.value for node in _own(statement.body) if isinstance(node, ast.Return)]
            return not all(value is None or _is_nothing(value) for value in returned)
    if isinstance(statement, ast.Return | ast.Raise | ast.Break | ast.Continue):
        return True
    return any(isinstance(node, ast.Return) for node in _own([statement])) or _may_leave_loop([statement])


def _is_condition_of_loop(statement: ast.stmt, way: _Way) -> bool:
    """Whether a statement of a loop's block says when the loop is over, as the test behind `while` does."""
    if not isinstance(statement, ast.If) or outcome(statement.test, way.known) is not None:
        return False
    left = statement.body[-1]
    return isinstance(left, ast.Return | ast.Break | ast.Raise) and not statement.orelse


def _may_leave_loop(statements: Sequence[ast.AST]) -> bool:
    """Whether a statement may leave the turn of a loop around it; in a loop's `else`, that is the outer one."""
    for statement in statements:
        if isinstance(statement, ast.Break | ast.Continue):
            return True
        if isinstance(statement, ast.For | ast.While):
            inner: Sequence[ast.AST] = statement.orelse
        else:
            inner = () if isinstance(statement, _NESTED) else tuple(children(statement))
        if _may_leave_loop(inner):
            return True
    return False


def _asks_for_nothing(test: ast.expr) -> bool:
    """Whether a test is true where something is missing: `not items`, `path is None`."""
    match test:
        case ast.UnaryOp(op=ast.Not()):
            return True
        case ast.Compare(ops=[ast.Is() | ast.Eq()], comparators=[ast.Constant(value=value)]):
            return not value
        case ast.BoolOp(values=values):
            return all(map(_asks_for_nothing, values))
    return False


def _is_nothing(value: ast.expr) -> bool:
    match value:
        case ast.Constant() | ast.List(elts=[]) | ast.Tuple(elts=[]) | ast.Dict(keys=[]):
            return True
    return False


def _leaves(block: Sequence[ast.stmt]) -> bool:
    return bool(block) and isinstance(block[-1], ast.Return | ast.Raise | ast.Break | ast.Continue)


def _own(statements: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """Yield the statements and what is in them, but not what functions in them hold."""
    for statement in statements:
        yield statement
        if not isinstance(statement, _NESTED):
            yield from _own(children(statement))


def asks_for_loop(node: ast.AST) -> bool:
    """Whether a test or a statement finds out if an event loop runs here, or which thread this is."""
    return any(last_name(part.func) in _ASKS for part in descendants(node) if isinstance(part, ast.Call))


def outcome(test: ast.expr, known: Known) -> bool | None:
    """Return what a test comes out as for what is known; None where that depends."""
    match test:
        case ast.Name(id=name) if name in known:
            return bool(known[name])
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = outcome(operand, known)
            return None if inner is None else not inner
        case ast.BoolOp(op=operator, values=values):
            outcomes = [outcome(value, known) for value in values]
            decisive = isinstance(operator, ast.Or)
            if decisive in outcomes:
                return decisive
            return None if None in outcomes else not decisive
        case ast.Compare(left=ast.Name(id=name), ops=[operator], comparators=[ast.Constant(value=value)]):
            if name not in known or not (value is None or isinstance(value, bool)):
                return None
            same = known[name] is value
            if isinstance(operator, ast.Is | ast.Eq):
                return same
            return not same if isinstance(operator, ast.IsNot | ast.NotEq) else None
    return static_test(test)
