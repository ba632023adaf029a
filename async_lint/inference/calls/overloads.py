"""Which of a function's overloads a call means."""

import ast
from collections.abc import Sequence

from async_lint.inference.calls.matching import accepts
from async_lint.inference.questions.arguments import Arguments, Value, assigned
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function, last_name
from async_lint.inference.types.unions import join
from async_lint.inference.types.values import Coroutine, FunctionType, Instance, Literal, Type

# By which redis tells its asynchronous clients from the others.
_CLIENT_MARK = "_is_async_client"


def candidates(evaluator: Evaluator, items: Sequence[FunctionType], arguments: Arguments) -> list[FunctionType]:
    """Return the overloads that the arguments may mean: up to the first that takes them for certain."""
    possible: list[FunctionType] = []
    fitting = [item for item in items if _accept(item, arguments)]
    # The count and the names decide: no type has to be asked for.
    if len(fitting) == 1:
        return fitting
    for overload in fitting:
        outcome = fits(evaluator, overload, arguments)
        if outcome is not False:
            possible.append(overload)
        if outcome:
            possible += [
                other for other in items if other is not overload and _is_twin(overload.function, other.function)
            ]
            break
    if arguments.starred:
        # `gather(*tasks)` means the overload with a star.
        possible = [item for item in possible if item.function.node.args.vararg is not None] or possible
    # None fits: an annotation may be wrong, or what is known of the library too old. Any may be meant.
    return possible or list(items)


def _accept(callee: FunctionType, arguments: Arguments) -> bool:
    """Whether as many arguments, of these names, may be given at all: cheaper than to ask what they are."""
    return assigned(callee.function.node.args, arguments, 1 if callee.bound is not None else 0) is not None


def joined(results: Sequence[Type]) -> Type:
    """Return what one of several overloads gives; that all are coroutines is worth more than what they give."""
    coroutines = [result for result in results if isinstance(result, Coroutine)]
    if coroutines and len(coroutines) == len(results):
        return Coroutine(join([coroutine.result for coroutine in coroutines]), coroutines[0].function)
    return join(results)


def fits(evaluator: Evaluator, callee: FunctionType, arguments: Arguments) -> bool | None:
    """Whether the arguments belong to this overload; None when nobody can tell."""
    function = callee.function
    given = assigned(function.node.args, arguments, 1 if callee.bound is not None else 0)
    if given is None:
        return False
    # Behind a star, more may be given than can be seen.
    outcome = None if arguments.open else True
    frame = evaluator.definition_frame(function)
    first = [*function.node.args.posonlyargs, *function.node.args.args][:1]
    if callee.bound is not None and first and first[0].annotation is not None:
        taken = _takes_receiver(evaluator, evaluator.annotation(first[0].annotation, frame), callee.bound)
        if taken is False:
            return False
        outcome = outcome if taken else None
    for parameter, value in given.items():
        taken = _takes(evaluator, function, parameter, value, arguments)
        if taken is False:
            return False
        outcome = outcome and taken
    return outcome


def _takes(
    evaluator: Evaluator, function: Function, parameter: ast.arg, value: Value, arguments: Arguments
) -> bool | None:
    if parameter.annotation is None and not function.module.path:
        return None  # the bundled knowledge of libraries leaves out most annotations
    if parameter.annotation is None or _word(parameter.annotation) in ("Any", "object"):
        return True
    wanted = evaluator.declared_parameter(function, parameter)
    if isinstance(value, ast.Slice):
        return isinstance(wanted, Instance) and wanted.cls.name == "slice"
    if isinstance(value, ast.Starred):
        return None
    return accepts(evaluator, wanted, arguments.type_of(evaluator, value))


def _takes_receiver(evaluator: Evaluator, wanted: Type, receiver: Type) -> bool | None:
    """Whether `self: Protocol` allows the receiver: a protocol may tell classes apart by literal attributes."""
    if isinstance(wanted, Instance) and isinstance(receiver, Instance):
        for name in wanted.cls.table:
            marker = evaluator.attribute(wanted, name)
            if isinstance(marker, Literal) and is_pipeline(evaluator, receiver):
                return None  # redis's pipelines say that they are asynchronous clients, but only collect commands
            if isinstance(marker, Literal) and evaluator.attribute(receiver, name) != marker:
                return False
    return accepts(evaluator, wanted, receiver) is not False


def collects(evaluator: Evaluator, receiver: Type | None, result: Type) -> bool:
    """Whether a call gives a part of a redis pipeline, `pipe.json()`: its commands, too, are only collected."""
    if not isinstance(receiver, Instance) or not is_pipeline(evaluator, receiver):
        return False
    if not isinstance(result, Instance) or result.cls is receiver.cls:
        return False
    return isinstance(evaluator.attribute(result, _CLIENT_MARK), Literal)


def is_pipeline(evaluator: Evaluator, receiver: Type | None) -> bool:
    """Whether a receiver may be a redis pipeline, by the name of its class or of one that this inherits from."""
    if not isinstance(receiver, Instance):
        return False
    order = evaluator.order(receiver.cls)
    names = (*(base.cls.name for base in order.bases), *order.missing)
    return any(name.endswith("Pipeline") for name in names)


def _is_twin(one: Function, other: Function) -> bool:
    # Twins differ in annotations that the bundled knowledge leaves out: either may be meant.
    if one.module.path or len(one.node.args.args) != len(other.node.args.args):
        return False
    return _are_same(one.node.args, other.node.args)


def _are_same(one: object, other: object) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, ast.AST):
        return all(_are_same(getattr(one, name, None), getattr(other, name, None)) for name in one._fields)
    if isinstance(one, list):
        assert isinstance(other, list)
        return len(one) == len(other) and all(map(_are_same, one, other))
    return one == other


def _word(annotation: ast.expr) -> str:
    return last_name(annotation)
