"""What a condition says of a name: `isinstance`, `is None`, truth, `iscoroutinefunction`.

A *test* is a condition with whether it *held* on every way to a use: `syntax/flow.py` finds them, and
`conditions.facts` takes them apart, for where an `or` failed each of its parts did. A name may be dotted.

    def send(client: Client | None, job):
        if client is None or not isinstance(job, Job):
            return                  behind it, `client is None` did not hold and `isinstance(job, Job)` did
        client.send()               found: Client or None; left: Client
        job.run()                   found: unknown; left: an instance of Job

Two questions are answered. `narrow`: what is left of the type that was found? `decided`: is a test true of the argument
that the caller is known to give, so that what stands behind it does not run for this call? Without its annotation,
`send(None, job)` would be known not to reach `client.send()`, and `reached` says so.

Who asks whether something is awaitable reckons with both, so behind such a test nothing is known of it any more, unless
the question was `iscoroutinefunction` and the answer yes.
"""

import ast
from collections.abc import Iterable, Sequence

from async_lint.inference.kinds.kinds import kind
from async_lint.inference.modules.summary import body_of
from async_lint.inference.names import flags, guards
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax import conditions, control, flow
from async_lint.inference.syntax.binding import dotted
from async_lint.inference.types.answer import Kind
from async_lint.inference.types.type_variables import class_of
from async_lint.inference.types.unions import join
from async_lint.inference.types.values import (
    UNKNOWN,
    Alias,
    Callable,
    ClassType,
    Coroutine,
    External,
    Frame,
    FunctionType,
    Instance,
    LambdaType,
    NoneType,
    OverloadedType,
    PartialType,
    TupleType,
    Type,
    TypeVariable,
    Union,
    Unknown,
    unknown,
)

_ASKED = unknown("a test on the way asks what it is")


def narrow(evaluator: Evaluator, name: str, value: Type, tests: Iterable[conditions.Test], frame: Frame) -> Type:
    """Return `value` as the tests leave it; the nearest test comes first in `tests`."""
    # The farthest first: each test finds what those before it have left.
    for test in reversed(list(tests)):
        for node, held in flags.facts(test, frame):
            value = _by(evaluator, name, value, node, held, frame)
    return value


def decided(node: ast.expr, frame: Frame) -> bool | None:
    """Whether a test on an argument that is known is true: `x is None`, `x is not None`, `x`, `callable(x)`."""
    match node:
        case ast.Compare(
            left=ast.Name(id=name), ops=[ast.Is() | ast.IsNot() as operator], comparators=[ast.Constant(value=None)]
        ):
            given = _given(name, frame)
            return None if given is None else isinstance(given, NoneType) == isinstance(operator, ast.Is)
        case ast.Name(id=name) | ast.Call(func=ast.Name(id="callable"), args=[ast.Name(id=name)]):
            given = _given(name, frame)
            if isinstance(given, NoneType):
                return False
            # A function is always true; an instance need not be, its class may have `__bool__` or `__len__`.
            return True if isinstance(given, FunctionType | OverloadedType | LambdaType | PartialType) else None
        case ast.Call(func=ast.Name() | ast.Attribute() as asked, args=[ast.Name(id=name)]):
            if dotted(asked).rpartition(".")[2] == "iscoroutinefunction":
                return _is_coroutine_function(_given(name, frame))
    return None


def _given(name: str, frame: Frame) -> Type | None:
    scope: Frame | None = frame
    while scope is not None:
        if scope.arguments is not None and name in scope.arguments:
            given = scope.arguments[name]
            return None if isinstance(given, Unknown | Union | TypeVariable) else given
        # Something of the function's own hides the argument further out.
        if scope.function is not None and name in body_of(scope.function).table:
            return None
        scope = scope.parent
    return None


def _is_coroutine_function(given: Type | None) -> bool | None:
    """Answer as `inspect.iscoroutinefunction` would."""
    match given:
        case PartialType(function):
            return _is_coroutine_function(function)
        case FunctionType(function):
            # It says no of async generator functions: for those there is `isasyncgenfunction`.
            return function.is_async and not function.is_generator
        case Callable(Coroutine()):
            return True
        case LambdaType():
            return False
    return None


def reached(place: control.Place, statements: Sequence[ast.stmt], frame: Frame) -> bool:
    """Whether the tests on the way to a place in a function allow the arguments that are known."""
    # Without a name, nothing ends the walk before it has been past every test.
    tests = flow.reaching("", place, statements, False, ()).tests
    return all(decided(node, frame) is not (not held) for test in tests for node, held in flags.facts(test, frame))


def _by(evaluator: Evaluator, name: str, value: Type, node: ast.expr, held: bool, frame: Frame) -> Type:
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and dotted(node.left) == name:
        if isinstance(node.comparators[0], ast.Constant) and node.comparators[0].value is None:
            if isinstance(node.ops[0], ast.Is) != held and isinstance(value, Union):
                return join([member for member in value.items if not isinstance(member, NoneType)])
    elif isinstance(node, ast.Call) and node.args and dotted(node.args[0]) == name:
        called = dotted(node.func).rpartition(".")[2]
        if called == "isinstance" and len(node.args) == 2:
            return _by_class(evaluator, value, evaluator.evaluate(node.args[1], frame), held)
        if called == "iscoroutinefunction" and held:
            known = kind(evaluator, evaluator.returned(value, None, None)) in (Kind.COROUTINE, Kind.AWAITABLE)
            return value if known else Callable(Coroutine(UNKNOWN))
        if called in guards.ASK_FOR_AWAITABLE:
            keeps = isinstance(value, Union | Unknown) or (called == "callable" and held)
            return value if keeps else _ASKED
        guard = evaluator.evaluate(node.func, frame)
        # A `TypeGuard` that is false says nothing of its argument (PEP 647).
        guarded = guards.guarded(evaluator, guard) if held else None
        if guarded is not None:
            return guarded
        return _ASKED if not isinstance(value, Union | Unknown) and guards.asks(evaluator, guard) else value
    elif dotted(node) == name and held and isinstance(value, Union):
        return join([member for member in value.items if not isinstance(member, NoneType)])
    return value


def _by_class(evaluator: Evaluator, value: Type, classes: Type, held: bool) -> Type:
    if isinstance(classes, Alias):  # `A | B`
        classes = class_of(classes.target)
    wanted = classes.items if isinstance(classes, TupleType | Union) else (classes,)
    known = [class_type for class_type in wanted if isinstance(class_type, ClassType)]
    if len(known) != len(wanted):
        if held and len(wanted) == 1 and isinstance(wanted[0], External):
            return External(wanted[0].name, True)
        return unknown("`isinstance` with a class that was not found") if held else value
    if not held:
        if isinstance(value, Union):
            left = [
                member
                for member in value.items
                if not (
                    isinstance(member, Instance) and any(evaluator.is_subclass(member.cls, one.cls) for one in known)
                )
            ]
            return join(left) if left else value
        return value
    members = value.items if isinstance(value, Union) else (value,)
    kept = [
        member
        for member in members
        if isinstance(member, Instance) and any(evaluator.is_subclass(member.cls, one.cls) for one in known)
    ]
    if kept and not any(isinstance(member, Unknown | TypeVariable) for member in members):
        return join(kept)
    # The class that is asked for is mostly an heir of the one that was declared, and says more.
    return join([Instance(class_type.cls, class_type.args) for class_type in known])
