"""Whether a function makes the awaitable that it returns for its caller alone: others may have it, or started it."""

import ast
from collections.abc import Sequence

from async_lint.inference.calls.bodies import is_placeholder
from async_lint.inference.kinds import kinds
from async_lint.inference.kinds.lazy import run_by_await
from async_lint.inference.modules.summary import body_of
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax import flow
from async_lint.inference.syntax.binding import Function, How
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.answer import Kind
from async_lint.inference.types.scope import function_scope
from async_lint.inference.types.unions import options
from async_lint.inference.types.values import Frame, FunctionType, Instance, PartialType, Type

_DEPTH = 4


def hands_on(evaluator: Evaluator, function: Function, depth: int = _DEPTH) -> bool:
    """Whether some `return` gives what others have: an attribute, an item, an argument, what such a function gave."""
    if function.is_async or function.is_generator or function.module.is_stub or not depth:
        return False
    frame = function_scope(function)
    return any(value is not None and _lives(evaluator, value, frame, depth) for value in body_of(function).returns)


def gives_others(evaluator: Evaluator, callee: Type) -> bool:
    """Whether calling `callee`, whatever the arguments, may give what others have."""
    inner = callee.function if isinstance(callee, PartialType) else callee
    candidates = (called(evaluator, one) for one in options(inner))
    return any(isinstance(one, FunctionType) and hands_on(evaluator, one.function) for one in candidates)


def called(evaluator: Evaluator, callee: Type) -> Type:
    """Return what a call of `callee` runs: of an object, its `__call__`."""
    method = evaluator.class_member(callee.cls, "__call__") if isinstance(callee, Instance) else None
    return method if isinstance(method, FunctionType) else callee


def starts(evaluator: Evaluator, callee: Type) -> bool:
    """Whether a plain function gives a task or future, whatever it is declared to return: its work goes on anyway."""
    function = _plain(evaluator, callee)
    given = options(evaluator.inferred_return(function)) if function is not None else ()
    return any(kinds.kind(evaluator, option) is Kind.TASK for option in given)


def is_unseen(evaluator: Evaluator, callee: Type) -> bool:
    """Whether a plain function has a body that does not show what it gives: a coroutine, or work that goes on."""
    function = _plain(evaluator, callee)
    if function is None:
        return False
    if is_placeholder(body_of(function).statements):
        # What has no body leaves it to others to keep the promise: who fits a protocol may begin when called.
        return function.owner is not None and kinds.is_protocol(function.owner)
    given = evaluator.inferred_return(function)
    return kinds.kind(evaluator, given) is Kind.UNKNOWN or any(_waits_for_any(evaluator, one) for one in options(given))


def _waits_for_any(evaluator: Evaluator, given: Type) -> bool:
    """Whether who awaits an object of a class awaits what that was given, a coroutine or a task."""
    if not isinstance(given, Instance) or given.cls.module.is_stub:
        return False
    awaited = run_by_await(evaluator, given.cls)
    return isinstance(awaited, Instance) and awaited.cls.full_name == "typing.Awaitable"


def _plain(evaluator: Evaluator, callee: Type) -> Function | None:
    """Return the plain function that a call runs; None unless its body is there."""
    callee = called(evaluator, callee)
    function = callee.function if isinstance(callee, FunctionType) else None
    if function is None or function.is_async or function.is_generator or function.module.is_stub:
        return None
    return function


def gives_coroutine(evaluator: Evaluator, callee: Type) -> bool:
    """Whether a coroutine function makes a coroutine for who awaits it: its annotation says so, and its body too."""
    if not isinstance(callee, FunctionType):
        return False
    function = callee.function
    if not function.is_async or function.is_generator or function.module.is_stub or function.node.returns is None:
        return False
    if kinds.kind(evaluator, evaluator.declared_return(function)) not in (Kind.COROUTINE, Kind.AWAITABLE):
        return False
    if kinds.kind(evaluator, evaluator.inferred_return(function)) is not Kind.COROUTINE:
        return False
    frame = function_scope(function)
    return not any(value is not None and _lives(evaluator, value, frame, _DEPTH) for value in body_of(function).returns)


def _lives(evaluator: Evaluator, node: ast.expr, frame: Frame, depth: int) -> bool:
    match node:
        # Who reaches the object or the container reaches the awaitable, and may await it.
        case ast.Attribute() | ast.Subscript():
            return True
        case ast.Name():
            return _bound_to_what_lives(evaluator, node, frame, depth)
        case ast.IfExp():
            return _lives(evaluator, node.body, frame, depth) or _lives(evaluator, node.orelse, frame, depth)
        case ast.BoolOp():
            return any(_lives(evaluator, value, frame, depth) for value in node.values)
        case ast.Call():
            callee = evaluator.evaluate(node.func, frame)
            return isinstance(callee, FunctionType) and hands_on(evaluator, callee.function, depth - 1)
    return False


def _bound_to_what_lives(evaluator: Evaluator, node: ast.Name, frame: Frame, depth: int) -> bool:
    assert frame.function is not None
    body = body_of(frame.function)
    place = (node.lineno, node.col_offset)
    reach = flow.reaching(node.id, place, body.statements, node.id in body.walruses, body.lines_of(node.id))
    values = [
        binding.value
        for binding in body.table.get(node.id, ())
        if binding.how is How.ASSIGN and id(binding.node) in reach.nodes
    ]
    # `start`: on some way nothing here binds it, so that it is an argument, or comes from around.
    if reach.start or not values or len(values) < len(reach.nodes) or _is_given_away(node.id, body.statements):
        return True
    return any(value is None or _lives(evaluator, value, frame, depth - 1) for value in values) if depth else True


def _is_given_away(name: str, statements: Sequence[ast.stmt]) -> bool:
    """Whether a variable is an argument of some call: `self.later(work); return work`."""
    calls = (node for statement in statements for node in descendants(statement) if isinstance(node, ast.Call))
    given = (argument for call in calls for argument in [*call.args, *(keyword.value for keyword in call.keywords)])
    return any(isinstance(argument, ast.Name) and argument.id == name for argument in given)
