"""Whether awaiting an object starts its work, or only waits for what goes on anyhow."""

import ast
from collections.abc import Iterator, Sequence

from async_lint.inference.modules.summary import body_of
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Body, Class, Function, parameters
from async_lint.inference.syntax.nodes import children, descendants
from async_lint.inference.types.describe import describe
from async_lint.inference.types.scope import function_scope
from async_lint.inference.types.values import Coroutine, Frame, FunctionType, Instance, Type

FUTURES = frozenset(
    {
        "asyncio.Future",
        "_asyncio.Future",
        "asyncio.Task",
        "_asyncio.Task",
        "asyncio.futures.Future",
        "asyncio.tasks.Task",
        "concurrent.futures._base.Future",
    }
)
# Who awaits one of these waits for others; the arguments may be calls that start something.
_WAITS = frozenset(f"asyncio.tasks.{name}" for name in ("gather", "shield", "sleep", "wait", "wait_for"))
_LOCKS = ("asyncio.locks.", "anyio._core._synchronization.", "trio._sync.")
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def run_by_await(evaluator: Evaluator, cls: Class) -> Type | None:
    """Return what the class's `__await__` awaits; None where that is not seen, or runs without being awaited."""
    method = evaluator.class_member(cls, "__await__")
    if not isinstance(method, FunctionType) or method.function.module.is_stub:
        return None
    if _runs_itself(evaluator, cls) or _is_made_for_future(evaluator, cls):
        return None
    frame = evaluator.function_scope(method.function)
    for value in _iterated(body_of(method.function)):
        match value:
            case ast.Call(func=ast.Attribute(value=awaited, attr="__await__")):
                if isinstance(awaited, ast.Call) and _is_wait(evaluator, awaited, frame):
                    return None
                awaitable = evaluator.evaluate(awaited, frame)
                function = awaitable.function if isinstance(awaitable, Coroutine) else None
                return None if function is not None and _starts_nothing(evaluator, function) else awaitable
    return None


def _iterated(body: Body) -> Iterator[ast.expr | None]:
    """Yield what `__await__` gives to iterate over, or itself goes through first."""
    for value in body.returns:
        # `return self._run().__await__()`, perhaps through a name
        bound = body.table.get(value.id, []) if isinstance(value, ast.Name) else []
        yield bound[0].value if len(bound) == 1 else value
    steps = (node for node in _in_order(body.statements) if isinstance(node, ast.Yield | ast.YieldFrom | ast.Await))
    first = next(steps, None)
    if isinstance(first, ast.YieldFrom):
        yield first.value


def _runs_itself(evaluator: Evaluator, cls: Class) -> bool:
    """Whether the constructor hands one of the object's own coroutines to somebody."""
    init = evaluator.class_member(cls, "__init__")
    if not isinstance(init, FunctionType) or init.function.module.is_stub:
        return False
    frame = function_scope(init.function)
    calls = (node for node in _in_order(body_of(init.function).statements) if isinstance(node, ast.Call))
    given = (argument for call in calls for argument in [*call.args, *(keyword.value for keyword in call.keywords)])
    return any(isinstance(argument, ast.Call) and _is_own_coroutine(evaluator, argument, frame) for argument in given)


def _is_made_for_future(evaluator: Evaluator, cls: Class) -> bool:
    """Whether the constructor is given a future: the object stands for work that goes on, however it waits for that."""
    init = evaluator.class_member(cls, "__init__")
    if not isinstance(init, FunctionType) or init.function.module.is_stub:
        return False
    given = [node for node in parameters(init.function.node.args) if node.annotation is not None]
    declared = (evaluator.declared_parameter(init.function, node) for node in given)
    return any(
        isinstance(of, Instance) and any(base.cls.full_name in FUTURES for base in evaluator.order(of.cls).bases)
        for of in declared
    )


def _is_own_coroutine(evaluator: Evaluator, call: ast.Call, frame: Frame) -> bool:
    match call.func:
        case ast.Attribute(value=ast.Name() as receiver) if isinstance(evaluator.evaluate(receiver, frame), Instance):
            return isinstance(evaluator.evaluate(call, frame), Coroutine)
    return False


def _starts_nothing(evaluator: Evaluator, function: Function) -> bool:
    """Whether a coroutine function begins by waiting for what others have started, or only gives what there is."""
    if function.module.is_stub:
        return False
    frame = function_scope(function)
    body = body_of(function)
    calls = False
    for node in _in_order(body.statements):
        # A call for its own sake may be what starts the work.
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            return False
        if isinstance(node, ast.Await):
            return _is_wait(evaluator, node.value, frame)
        if isinstance(node, ast.AsyncFor | ast.AsyncWith) or (isinstance(node, ast.comprehension) and node.is_async):
            return False
        calls = calls or isinstance(node, ast.Call)
    return not calls and any(value is not None for value in body.returns)


def _is_wait(evaluator: Evaluator, awaited: ast.expr, frame: Frame) -> bool:
    # What has a name was made before, and somebody else may run it.
    if not isinstance(awaited, ast.Call):
        return isinstance(awaited, ast.Name | ast.Attribute | ast.Subscript)
    name = describe(evaluator.evaluate(awaited.func, frame)).name or ""
    if name in _WAITS:
        given = [*awaited.args, *(keyword.value for keyword in awaited.keywords)]
        return all(
            _is_wait(evaluator, node, frame)
            for argument in given
            for node in descendants(argument)
            if isinstance(node, ast.Call)
        )
    return name.startswith(_LOCKS)


def _in_order(nodes: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """Yield what stands in a body as it is written, nested functions aside."""
    for node in nodes:
        yield node
        if not isinstance(node, _SCOPES):
            yield from _in_order(children(node))
