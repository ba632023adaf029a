"""Whether an heir in the project gives something else than the coroutine that its base promises."""

import ast

from async_lint.inference.calls.bodies import is_placeholder
from async_lint.inference.kinds.kinds import kind
from async_lint.inference.modules.summary import body_of
from async_lint.inference.names.origins import origins
from async_lint.inference.questions.evaluator import Evaluator, Subclasses
from async_lint.inference.syntax.binding import Class, Function, How
from async_lint.inference.types.answer import Kind
from async_lint.inference.types.values import ClassType, Frame, FunctionType, Instance, OverloadedType

_AWAITABLE = (Kind.COROUTINE, Kind.AWAITABLE)


def is_overridden(evaluator: Evaluator, heirs: Subclasses, call: ast.Call, frame: Frame) -> bool:
    """Whether a subclass of the receiver's class has a method of that name that may return no awaitable.

    A stub in a base class is often `async`, and the method that does the work need not be, or is a generator function,
    which the stub, having no `yield`, does not show. A method that does something itself is another matter: what it
    starts must be awaited, unless nobody could where the call stands. A library for both kinds of callers has a class
    of coroutine methods and an heir that runs them: what is annotated with the first is the second there.
    """
    callee = evaluator.evaluate(call.func, frame)
    method = callee.items[0] if isinstance(callee, OverloadedType) else callee
    if not isinstance(method, FunctionType) or not isinstance(method.bound, Instance | ClassType):
        return False
    if _does_nothing(method.function):
        if _is_replaced(method.function.owner):
            return True
    elif _can_await(frame) or _is_made_in_sight(evaluator, call, frame):
        return False
    below = heirs.of(method.bound.cls) or ()
    return any(_gives_another(evaluator, heir, method.function) for heir in below)


def _does_nothing(function: Function) -> bool:
    return function.module.is_stub or is_placeholder(body_of(function).statements)


def _is_replaced(cls: Class | None) -> bool:
    """Whether the module of a class binds its name to something else too: `Parcel = registered(Parcel)`."""
    bindings = cls.module.lookup(cls.name) if cls is not None else None
    return any(binding.how is How.ASSIGN for binding in bindings or ())


def _can_await(frame: Frame) -> bool:
    scope = frame.enclosing_function()
    return scope is not None and scope.function is not None and scope.function.is_async


def _is_made_in_sight(evaluator: Evaluator, call: ast.Call, frame: Frame) -> bool:
    """Whether the receiver is of the class that is called for it, and of no heir."""
    sites = origins(evaluator, call.func.value, frame) if isinstance(call.func, ast.Attribute) else None
    return bool(sites) and all(
        isinstance(evaluator.evaluate(site.node.func, site.frame), ClassType) for site in sites or ()
    )


def _gives_another(evaluator: Evaluator, heir: Class, promised: Function) -> bool:
    name = promised.name
    # The method may come from another base, which stands before that of the promise.
    owner = next((base.cls for base in evaluator.order(heir).bases if name in base.cls.table), heir)
    bindings = owner.table.get(name, ()) if owner is not promised.owner else ()
    definitions = [binding.definition for binding in bindings if isinstance(binding.definition, Function)]
    if definitions and all(definition.is_async and definition.is_generator for definition in definitions):
        return True
    if not definitions or any(definition.is_async or _only_raises(definition) for definition in definitions):
        return False
    given = kind(evaluator, evaluator.returned(evaluator.attribute(Instance(heir), name), None, None))
    is_decorated = any(definition.node.decorator_list for definition in definitions)
    return given is Kind.VALUE if is_decorated else given not in _AWAITABLE


def _only_raises(function: Function) -> bool:
    statements = [statement for statement in body_of(function).statements if not isinstance(statement, ast.Expr)]
    return len(statements) == 1 and isinstance(statements[0], ast.Raise)
