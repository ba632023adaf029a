"""From types to an answer: the kind of what a call gives, how a message names the callee, and the evidence."""

import ast
from collections.abc import Sequence

from async_lint.inference.answers.result_ownership import called, hands_on, is_unseen, starts
from async_lint.inference.calls.overloads import candidates
from async_lint.inference.kinds import kinds
from async_lint.inference.names import asgi
from async_lint.inference.project.name_prefilter import NamePrefilter
from async_lint.inference.questions.arguments import of_call
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function, Module
from async_lint.inference.types.answer import UNKNOWN, Answer, Evidence, Kind
from async_lint.inference.types.describe import describe
from async_lint.inference.types.unions import options
from async_lint.inference.types.values import (
    Callable,
    Coroutine,
    Frame,
    FunctionType,
    Instance,
    LambdaType,
    OverloadedType,
    PartialType,
    Type,
    TypeVariable,
)

# The special methods that the language itself awaits, whoever defines them.
AWAITED = frozenset({"__aenter__", "__aexit__", "__anext__"})

# Characters: what is longer is no name for a message.
_LABEL = 60


# Libraries that declare `Awaitable` what is a future, or ends work that was done when it was called: nothing is lost
# without `await`.
_FUTURES_BEHIND = frozenset({"aiohttp", "strawberry", "tornado", "zmq"})


def gives_back(evaluator: Evaluator, call: ast.Call, callee: Type, result: Type, frame: Frame) -> bool:
    """Whether a call made nothing: it gives back an argument, an item of a container, or its own receiver."""
    evaluate = evaluator.evaluate
    # Each call of a coroutine function makes a coroutine, whatever its body returns.
    if isinstance(callee, FunctionType) and callee.function.is_async:
        return False
    if isinstance(call.func, ast.Call) and isinstance(callee, Callable):
        # `app.get("/")(handler)`: a decorator by hand, which frameworks annotate as if it were the handler.
        if any(
            isinstance(evaluate(argument, frame), FunctionType | LambdaType | PartialType) for argument in call.args
        ):
            return True
    meant: Sequence[Type] = options(callee)
    if isinstance(callee, OverloadedType):
        meant = candidates(evaluator, callee.items, of_call(call, frame))
    for candidate in (called(evaluator, one) for one in meant):
        if isinstance(candidate, FunctionType):
            if hands_on(evaluator, candidate.function):
                return True
            bound = candidate.bound.cls if isinstance(candidate.bound, Instance) else None
            given = [one.cls for one in options(result) if isinstance(one, Instance)]
            # A class that inherits `Awaitable` itself does not stand for every awaitable.
            fluent = [one for one in given if one.module.name != "typing"]
            # `query.where(...)` that gives a query may give the very one that it was called on.
            if bound is not None and any(evaluator.is_subclass(bound, one) for one in fluent):
                return True
            if candidate.function.node.returns is not None and not candidate.function.is_async:
                declared = evaluator.declared_return(candidate.function)
                # `def registered(handler: T) -> T` most likely gives back what it was given.
                if any(isinstance(one, TypeVariable) for one in options(declared)):
                    return True
    return any(
        evaluate(argument, frame) == result for argument in [*call.args, *(keyword.value for keyword in call.keywords)]
    )


def answer(evaluator: Evaluator, callee: Type, result: Type) -> Answer:
    """Return what a call of `callee` that gives `result` is known to give, and why."""
    about = describe(callee)
    kind = kinds.kind(evaluator, result)
    # Declared `Awaitable`, but the body gives a task: the work goes on, and nothing is lost without `await`.
    if kind is Kind.AWAITABLE and starts(evaluator, callee):
        kind = Kind.TASK
    if kind is Kind.AWAITABLE and _is_vague(callee, result):
        return Answer(Kind.UNKNOWN, about.name, about.label, doubt="its stub says `Awaitable`, which may be a future")
    if kind is Kind.AWAITABLE and is_unseen(evaluator, callee):
        doubt = "it is said to give an awaitable, and its body does not show whether that has begun"
        return Answer(Kind.UNKNOWN, about.name, about.label, doubt=doubt)
    if about.name is None and kind in (Kind.UNKNOWN, Kind.VALUE):
        return UNKNOWN if kind is Kind.UNKNOWN else Answer(kind)
    definition = about.definition
    if isinstance(result, Coroutine) and result.function is not None and not isinstance(definition, Function):
        definition = result.function
    if isinstance(callee, Instance) and evaluator.defines(callee.cls, "__call__"):
        about = describe(evaluator.attribute(callee, "__call__"))
        definition = about.definition
    evidence = None
    if definition is not None:
        evidence = Evidence(
            _claim(kind, definition),
            _place(definition.module),
            definition.node.lineno if definition.module.path else 0,
        )
    return Answer(kind, about.name, about.label, evidence, mere=kinds.is_mere(result))


def _is_vague(callee: Type, result: Type) -> bool:
    """Whether a plain function of a library whose `Awaitable`s are futures gives one."""
    if not isinstance(result, Instance) or result.cls.full_name != "typing.Awaitable":
        return False
    meant = callee.items if isinstance(callee, OverloadedType) else (callee,)
    functions = [one.function for one in meant if isinstance(one, FunctionType) and not one.function.is_async]
    return any(function.module.name.partition(".")[0] in _FUTURES_BEHIND for function in functions)


def written(callee: ast.expr) -> str | None:
    text = ast.unparse(callee)
    return text if len(text) <= _LABEL else None


def by_specification(call: ast.Call, frame: Frame, prefilter: NamePrefilter) -> Evidence | None:
    """Return why a call gives an awaitable whoever is called, or None."""
    if isinstance(call.func, ast.Attribute) and call.func.attr in AWAITED:
        around = frame.enclosing_function()
        # Who cannot await may mean a method that does its work at once; so may all, where the project has one.
        cannot_await = around is not None and around.function is not None and not around.function.is_async
        if cannot_await or prefilter.is_plain_somewhere(call.func.attr, frame.module):
            return None
        return Evidence("returns an awaitable", "PEP 492", 0)
    if asgi.is_call(call):
        return Evidence("is called as an application, which returns an awaitable", "ASGI 3", 0)
    return None


def _place(module: Module) -> str:
    return module.path or module.name


def _claim(kind: Kind, definition: object) -> str:
    made_async = isinstance(definition, Function) and definition.is_async
    match kind:
        case Kind.COROUTINE:
            return "is a coroutine function" if made_async else "returns a coroutine"
        case Kind.AWAITABLE:
            return "returns an awaitable"
        case Kind.ASYNC_GENERATOR:
            return "is an async generator function" if made_async else "returns an async generator"
        case Kind.ASYNC_CONTEXT:
            return "returns an asynchronous context manager"
        case Kind.TASK:
            return "returns a task or future"
    return "is defined"
