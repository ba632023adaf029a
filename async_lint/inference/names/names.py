"""What a name stands for at the place where it is read: its scope, and which of its bindings reach it."""

import ast
from collections.abc import Sequence

from async_lint.inference.modules.summary import body_of
from async_lint.inference.names.bound_values import binding_type, unpack
from async_lint.inference.names.narrowing import narrow, reached
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax import conditions, control, flow
from async_lint.inference.syntax.binding import MANY, Binding, Foreign, Function, How, form
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.syntax.targets import targets
from async_lint.inference.types.unions import join
from async_lint.inference.types.values import (
    UNKNOWN,
    Callable,
    Frame,
    FunctionType,
    NoneType,
    OverloadedType,
    Type,
    TypeVariable,
    Union,
    Unknown,
    unknown,
)


def name_type(evaluator: Evaluator, node: ast.Name, frame: Frame) -> Type:
    """Return what a name is at that very place."""
    scope: Frame | None = frame
    place = (node.lineno, node.col_offset)
    now = True  # the scope's own code is what runs; a closure runs at any time later
    innermost = True
    while scope is not None:
        if scope.node is not None:
            value = _in_expression_scope(evaluator, node.id, scope)
            if value is not None:
                return narrow_by_filters(evaluator, node, value, frame)
            now = now and not isinstance(scope.node, ast.Lambda)
            innermost = False
        elif scope.function is not None:
            body = body_of(scope.function)
            # The function's table has it too, as the function assigns it; but the module's code may as well.
            if node.id in body.module_names:
                return evaluator.global_type(scope.module, node.id)
            bindings = body.table.get(node.id)
            if bindings and node.id not in body.outward:
                value = _local(evaluator, node, bindings, scope, place, now)
                return (
                    _narrowed_within(evaluator, node, value, frame)
                    if place != (node.lineno, node.col_offset)
                    else value
                )
            # For the scopes further out, the name is read from where the function is made on.
            place = (scope.function.node.lineno, scope.function.node.col_offset)
            now = innermost = False
        elif scope.cls is not None:
            # A method does not see what the class around it binds.
            known = scope.cls.table.get(node.id) if innermost else None
            if known and any(_is_before(binding, place) for binding in known):
                return bound(evaluator, known, scope, place)
            innermost = False
        elif scope.variables is not None:
            if node.id in scope.variables:
                # `def f[T: (A, B)]` takes one of these, `def f[T: A]` what inherits A.
                bound_to = getattr(scope.variables[node.id], "bound", None)
                allowed = bound_to.elts if isinstance(bound_to, ast.Tuple) else [bound_to] if bound_to else []
                bounds = [evaluator.annotation(annotation, scope) for annotation in allowed]
                return TypeVariable(node.id, join(bounds) if bounds else None)
        else:
            return evaluator.global_type(scope.module, node.id, place if now else None)
        scope = scope.parent
    return UNKNOWN


def _narrowed_within(evaluator: Evaluator, node: ast.Name, value: Type, frame: Frame) -> Type:
    """Apply what a closure asks of a callable that the function around it has."""
    scope = frame.enclosing_function()
    if scope is None or scope.function is None or not isinstance(value, Callable | TypeVariable | FunctionType):
        return value
    body = body_of(scope.function)
    if not body.tested:
        return value
    reach = flow.reaching(node.id, (node.lineno, node.col_offset), body.statements, False, ())
    return narrow(evaluator, node.id, value, reach.tests, scope)


def narrow_by_filters(evaluator: Evaluator, node: ast.Name, value: Type, frame: Frame) -> Type:
    """Apply the `if` clauses of the comprehension around the name."""
    if isinstance(frame.node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        tests = [conditions.Test(test, True) for generator in frame.node.generators for test in generator.ifs]
        # In a filter itself, nothing has been filtered yet.
        if tests and not any(node in descendants(test.node) for test in tests):
            return narrow(evaluator, node.id, value, tests, frame)
    return value


def _in_expression_scope(evaluator: Evaluator, name: str, frame: Frame) -> Type | None:
    node = frame.node
    if isinstance(node, ast.Lambda):
        if frame.arguments is not None and name in frame.arguments:
            return frame.arguments[name]
        given = node.args
        names = {
            arg.arg
            for arg in (*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, (given.vararg, given.kwarg)))
        }
        return unknown(f"`{name}` is a parameter of a lambda") if name in names else None
    assert node is not None
    for index, generator in enumerate(node.generators):
        for bound_name, path in targets(generator.target):
            if bound_name == name:
                # Python evaluates the first iterable in the scope around the comprehension.
                outer = frame.parent if index == 0 else frame
                assert outer is not None
                return unpack(
                    evaluator,
                    evaluator.element(evaluator.evaluate(generator.iter, outer), bool(generator.is_async)),
                    path,
                )
    return None


def _local(
    evaluator: Evaluator, node: ast.Name, bindings: Sequence[Binding], frame: Frame, place: control.Place, now: bool
) -> Type:
    """What a function's own name is at `place`; or, for a closure that is made there, from then on."""
    assert frame.function is not None
    if len(bindings) > MANY:
        return unknown(f"`{node.id}` is bound in more than {MANY} places")
    body = body_of(frame.function)
    if len(bindings) == 1 and node.id not in body.tested:
        reach = flow.Reaching(frozenset(), True, (), None)  # where it stands makes no difference
    else:
        reach = flow.reaching(node.id, place, body.statements, node.id in body.walruses, body.lines_of(node.id))
    tests = reach.tests
    if len(bindings) > 1:
        chosen = [
            binding
            for binding in bindings
            if id(binding.node) in reach.nodes or (binding.how is How.PARAMETER and reach.start)
        ]
        bound_later = (
            [] if now else [binding for binding in bindings if _position(binding) > place and binding not in chosen]
        )
        # A closure may run when they have replaced what was tested.
        if bound_later:
            tests = ()
        bindings = [*chosen, *bound_later] or [binding for binding in bindings if _position(binding) < place]
        # What stands behind a test that fails for these arguments is not run for them.
        if frame.arguments:
            bindings = [
                binding
                for binding in bindings
                if binding.how is How.PARAMETER or reached(_position(binding), body.statements, frame)
            ] or bindings
    value = with_foreign(evaluator, body.inner, node.id, bindings, _joined(evaluator, bindings, frame))
    # To look for tests inside the statement walks its expressions: only where they could add something.
    if isinstance(value, Union | Unknown | Callable | TypeVariable):
        statement = reach.statement or flow.statement_at(body.statements, place)
        tests = (*[*conditions.inside(statement, place)][::-1], *tests)
    return narrow(evaluator, node.id, value, tests, frame) if tests else value


def with_foreign(evaluator: Evaluator, foreign: Foreign, name: str, bindings: Sequence[Binding], own: Type) -> Type:
    """Join what the scope itself gives a name with what functions further in give it; a None gets replaced."""
    others = foreign.get(name)
    # An annotation speaks of what those functions assign, too.
    if others is None or any(binding.how is How.DECLARE for binding in bindings):
        return own
    given = [binding_type(evaluator, binding, evaluator.function_scope(function)) for function, binding in others]
    return join(given if isinstance(own, NoneType) else [own, *given])


def _is_before(binding: Binding, place: control.Place) -> bool:
    """Whether the statement that binds has run when `place` is reached from above."""
    node = binding.node
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        return (node.end_lineno or 0, node.end_col_offset or 0) <= place
    return _position(binding) < place


def _position(binding: Binding) -> control.Place:
    return getattr(binding.node, "lineno", 0), getattr(binding.node, "col_offset", 0)


def _joined(evaluator: Evaluator, bindings: Sequence[Binding], frame: Frame) -> Type:
    # `x: T` alone on a line declares all the assignments to the name.
    declared = [binding for binding in bindings if binding.how is How.DECLARE and binding.value is None]
    if declared and len(declared) < len(bindings):
        annotated = binding_type(evaluator, declared[0], frame)
        if not isinstance(annotated, Unknown):
            return annotated
        bindings = [binding for binding in bindings if binding not in declared]
    return join(
        [
            binding_type(evaluator, binding, frame)
            for binding in bindings
            # what `+=` adds says less of a name than what it began as
            if binding.how is not How.AUGMENTED or len(bindings) == 1
        ]
    )


def bound(evaluator: Evaluator, bindings: Sequence[Binding], frame: Frame, place: control.Place | None = None) -> Type:
    """What a module's or a class's name is: its last certain binding, and those behind it."""
    if place is not None and len(bindings) > 1:
        earlier = [binding for binding in bindings if _is_before(binding, place)]
        bindings = earlier or bindings
    overloads = [binding for binding in bindings if binding.how is How.FUNCTION and _is_overload(binding)]
    if overloads:
        plain = [binding for binding in bindings if binding not in overloads]
        if not plain or all(binding.how is How.FUNCTION for binding in plain):
            return _overloaded(evaluator, overloads, plain[-1] if plain else None, frame)
    elif _is_said_both_ways(bindings):
        return unknown("its stub defines it both with `async def` and with `def`")
    accessors = [binding for binding in bindings if binding.how is How.FUNCTION and _is_accessor(binding)]
    bindings = [binding for binding in bindings if binding not in accessors] or list(bindings)
    last = max(
        (index for index, binding in enumerate(bindings) if binding.certain and binding.how is not How.AUGMENTED),
        default=0,
    )
    active = [index for index, binding in enumerate(bindings) if evaluator.is_active(binding)]
    if active:
        # `f = wrap(f)`: the name on the right is what it was before.
        bindings = bindings[: active[0]]
        last = max((index for index, binding in enumerate(bindings) if binding.certain), default=0)
    # Behind the last certain one stand those below an `if`, a loop or a `try`: they may have run or not.
    return _joined(evaluator, bindings[last:], frame) if bindings else unknown("it is defined by itself")


def _is_overload(binding: Binding) -> bool:
    assert isinstance(binding.definition, Function)
    return any(form(decorator) == "overload" for decorator in binding.definition.node.decorator_list)


def _is_said_both_ways(bindings: Sequence[Binding]) -> bool:
    """Whether a stub defines it with and without `async`: it never runs, so no definition replaces another."""
    if len(bindings) < 2:
        return False
    functions = [each.definition for each in bindings if each.certain and isinstance(each.definition, Function)]
    return len({each.is_async for each in functions if each.module.is_stub}) > 1


def _is_accessor(binding: Binding) -> bool:
    """`@name.setter` and `@name.deleter` leave what reading the property gives."""
    assert isinstance(binding.definition, Function)
    return any(
        isinstance(decorator, ast.Attribute) and decorator.attr in ("setter", "deleter")
        for decorator in binding.definition.node.decorator_list
    )


def _overloaded(
    evaluator: Evaluator, overloads: Sequence[Binding], implementation: Binding | None, frame: Frame
) -> Type:
    values = [binding_type(evaluator, overload, frame) for overload in overloads]
    items = tuple(value for value in values if isinstance(value, FunctionType))
    if len(items) == len(values):
        body = binding_type(evaluator, implementation, frame) if implementation is not None else None
        return OverloadedType(items, body if isinstance(body, FunctionType) else None)
    # Below `@staticmethod` and its like they are no plain functions: the first one speaks for all.
    return values[0] if all(type(value) is type(values[0]) for value in values) else UNKNOWN
