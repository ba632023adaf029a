"""What the body of a function gives, and whether it has one at all."""

import ast
from collections.abc import Sequence

from async_lint.inference.kinds.kinds import kind
from async_lint.inference.modules.summary import body_of
from async_lint.inference.names.narrowing import reached
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax import control
from async_lint.inference.syntax.binding import Function, last_name
from async_lint.inference.types.answer import Kind
from async_lint.inference.types.unions import join
from async_lint.inference.types.values import (
    NONE,
    Frame,
    FunctionType,
    Instance,
    Type,
    unknown,
)

# By the data model, what they give is mostly the object itself.
_GIVING_SELF = frozenset({"__aenter__", "__aiter__", "__enter__", "__iter__"})


def is_abstract(function: Function) -> bool:
    """Whether heirs must override a method: it is declared so, or does nothing but raise."""
    if any(last_name(decorator) == "abstractmethod" for decorator in function.node.decorator_list):
        return True
    statements = [] if function.module.is_stub else body_of(function).statements
    # A body that only passes may be meant so: a hook, which heirs need not override.
    return is_placeholder(statements) and bool(statements) and isinstance(statements[-1], ast.Raise)


def returned_by_body(evaluator: Evaluator, function: Function, frame: Frame) -> Type:
    """Join what the `return` statements give; an abstract or empty body says nothing."""
    body = body_of(function)
    if is_placeholder(body.statements):
        return unknown(f"`{function.name}` has no body that says what it returns")
    returns = body.returns
    if frame.arguments:
        returns = [
            value
            for value in returns
            if value is None or reached((value.lineno, value.col_offset), body.statements, frame)
        ]
    results = [NONE if value is None else evaluator.evaluate(value, frame) for value in returns]
    if not control.leaves(body.statements):
        # Control runs off the end.
        results.append(NONE)
    return join(results) if results else NONE


def is_placeholder(statements: Sequence[ast.stmt]) -> bool:
    for statement in statements:
        if isinstance(statement, ast.Pass) or (
            isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        ):
            continue
        # `raise NotImplementedError`, and whatever else does nothing but refuse.
        return isinstance(statement, ast.Raise)
    return True


def returns_receiver(function: Function) -> bool:
    """Whether a method ends nowhere but in `return self`."""
    first = [*function.node.args.posonlyargs, *function.node.args.args][:1]
    if function.owner is None or function.module.is_stub or function.is_generator or not first:
        return False
    body = body_of(function)
    ends = [isinstance(value, ast.Name) and value.id == first[0].arg for value in body.returns]
    return bool(ends) and all(ends) and len(body.table[first[0].arg]) == 1 and control.leaves(body.statements)


def gives_receiver(callee: FunctionType, declared: Type) -> bool:
    """Whether an inherited method that is said to give its own class gives the heir that it is called on."""
    owner, bound = callee.function.owner, callee.bound
    if not isinstance(declared, Instance) or not isinstance(bound, Instance):
        return False
    if declared.cls is not owner or bound.cls is owner:
        return False
    # The bundled knowledge has no bodies.
    return callee.function.name in _GIVING_SELF if owner.module.is_stub else returns_receiver(callee.function)


def breaks_promise(evaluator: Evaluator, function: Function) -> bool:
    """Whether the signature of a plain function promises an awaitable, and its own body gives None."""
    if function.is_async or function.module.is_stub or function.node.returns is None:
        return False
    if not is_placeholder(body_of(function).statements):
        return False
    return kind(evaluator, evaluator.declared_return(function)) in (Kind.COROUTINE, Kind.AWAITABLE)
