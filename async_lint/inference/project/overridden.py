"""Whether an heir in the project gives something else than the coroutine that its base promises."""

import ast

from async_lint.inference.calls.bodies import is_placeholder
from async_lint.inference.kinds.kinds import kind
from async_lint.inference.modules.summary import body_of
from async_lint.inference.questions.evaluator import Evaluator, Subclasses
from async_lint.inference.syntax.binding import Class, Function
from async_lint.inference.types.answer import Kind
from async_lint.inference.types.values import ClassType, FunctionType, Instance, OverloadedType, Type

_AWAITABLE = (Kind.COROUTINE, Kind.AWAITABLE)


def is_overridden(evaluator: Evaluator, heirs: Subclasses, callee: Type) -> bool:
    """Whether a subclass of the receiver's class has a method of that name that may return no awaitable.

    A stub in a base class is often `async`, and the method that does the work need not be, or is a generator function,
    which the stub, having no `yield`, does not show. A method that does something itself is another matter: what it
    starts must be awaited.
    """
    method = callee.items[0] if isinstance(callee, OverloadedType) else callee
    if not isinstance(method, FunctionType) or not isinstance(method.bound, Instance | ClassType):
        return False
    if not method.function.module.is_stub and not is_placeholder(body_of(method.function).statements):
        return False
    below = heirs.of(method.bound.cls) or ()
    return any(_gives_another(evaluator, heir, method.function) for heir in below)


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
