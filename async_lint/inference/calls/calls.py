"""What a call returns."""

import ast
from collections.abc import Iterator

from async_lint.inference.calls.belied_return import with_made
from async_lint.inference.calls.bodies import gives_receiver, is_abstract
from async_lint.inference.calls.construction import construct, is_of_another_version
from async_lint.inference.calls.generics import call_annotated, solve
from async_lint.inference.calls.overloads import candidates, collects, joined
from async_lint.inference.calls.special_forms import special_call
from async_lint.inference.kinds.kinds import kind
from async_lint.inference.names.records import is_specifier
from async_lint.inference.questions.arguments import Arguments, assigned
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Class, Function
from async_lint.inference.types.answer import Kind
from async_lint.inference.types.type_variables import instance_of, rescoped, substitute, variables
from async_lint.inference.types.unions import join, options
from async_lint.inference.types.values import (
    NONE,
    UNKNOWN,
    Alias,
    AsyncGenerator,
    Callable,
    ClassMethod,
    ClassOf,
    ClassType,
    Coroutine,
    External,
    Frame,
    FunctionType,
    Instance,
    LambdaType,
    OverloadedType,
    PartialType,
    StaticMethod,
    Type,
    TypeVariable,
    Union,
    Unknown,
    unknown,
)


def call(evaluator: Evaluator, callee: Type, arguments: Arguments) -> Type:
    """Return what calling `callee` gives."""
    match callee:
        case FunctionType():
            return call_function(evaluator, callee, arguments)
        case OverloadedType():
            return _overloaded(evaluator, callee, arguments)
        case ClassType():
            return construct(evaluator, callee, arguments)
        case Instance(cls):
            method = evaluator.attribute(callee, "__call__") if evaluator.defines(cls, "__call__") else None
            if method is None:
                return unknown(f"`{cls.name}` defines no `__call__` that was found")
            return call(evaluator, method, arguments)
        case ClassOf(variable):
            return variable
        case Callable() as annotated:
            return call_annotated(evaluator, annotated, arguments)
        case Alias(Callable() as annotated):
            return call_annotated(evaluator, annotated, arguments)
        case PartialType(function):
            # Some arguments were given before and are not kept: the list is open, as behind a star.
            return call(evaluator, function, Arguments([], {}, arguments.frame, True))
        case LambdaType(node, frame):
            return evaluator.evaluate(
                node.body, Frame(frame.module, frame, node=node, arguments=_of_lambda(evaluator, node, arguments))
            )
        case Union():
            return (
                join([call(evaluator, option, arguments) for option in options(callee)]) if options(callee) else UNKNOWN
            )
        case External(name, False) if is_specifier(name):
            return unknown("it describes a field, and the field holds something else")
        case External(name, instance):
            # A class by its name; else what it gives keeps the name of where it came from.
            made_by_class = not instance and name.rpartition(".")[2][:1].isupper()
            return External(name if made_by_class else f"{name}()", True)
        case StaticMethod(function) | ClassMethod(function):
            return call(evaluator, function, arguments)
        case TypeVariable(_, bound) if bound is not None:
            return call(evaluator, bound, arguments)
        case Unknown():
            return callee
    return unknown("it is not known to be callable")


def _of_lambda(evaluator: Evaluator, node: ast.Lambda, arguments: Arguments) -> dict[str, Type]:
    given = assigned(node.args, arguments, 0) or {}
    return {
        parameter.arg: arguments.type_of(evaluator, value)
        for parameter, value in given.items()
        if node.args.vararg is not parameter
    }


def _overloaded(evaluator: Evaluator, callee: OverloadedType, arguments: Arguments) -> Type:
    result = joined(
        [call_function(evaluator, overload, arguments) for overload in candidates(evaluator, callee.items, arguments)]
    )
    body = callee.implementation
    if (
        isinstance(result, Coroutine | Instance)
        and body is not None
        and isinstance(body.bound, Instance)
        and not body.function.is_async
        and evaluator.contexts < 2
    ):
        # The overloads speak of the class that declares them; an heir whose own methods give something else decides.
        given = (
            evaluator.inferred_with(body.function, body.frame, {body.function.node.args.args[0].arg: body.bound})
            if body.function.node.args.args
            else result
        )
        if isinstance(given, Union):
            return unknown("the receiver's class gives now an awaitable, now a value")
        if isinstance(given, Instance) and evaluator.is_subclass(body.bound.cls, given.cls):
            return given
    return result


def call_function(evaluator: Evaluator, callee: FunctionType, arguments: Arguments) -> Type:
    function = callee.function
    special = special_call(evaluator, callee, arguments)
    if special is not None:
        return special
    if is_of_another_version(callee, arguments):
        return unknown(f"`{function.full_name}` takes no such argument in the version that is known")
    if function.node.returns is not None:
        result = evaluator.declared_return(function)
        free = variables(result)
        if free:
            result = substitute(result, _solved(evaluator, callee, arguments, free, rescoped(result)))
        # What a generator returns in the end is not what a call of it gives.
        if _says_little(result) and not function.module.is_stub and not function.is_generator:
            # `-> Any`, `-> Callable`, and names that lead nowhere: the body may say more.
            body = inferred(evaluator, callee, arguments)
            # The body's own type variables mean nothing to the caller; the receiver decides those of the class.
            own = set(evaluator.class_parameters(function.owner)) if function.owner is not None else set()
            body = substitute(body, dict.fromkeys(variables(body) - own, UNKNOWN))
            result = result if isinstance(body, Unknown) else body
        elif _may_be_begun(evaluator, function, result):
            body = inferred(evaluator, callee, arguments)
            # A body that gives a future has begun the work, whatever is promised.
            if any(kind(evaluator, option) is Kind.TASK for option in options(body)):
                result = body
        elif gives_receiver(callee, result):
            assert callee.bound is not None
            result = callee.bound
        else:
            result = with_made(evaluator, function, result)
    elif function.is_generator:
        item = evaluator.yielded(function, callee.frame)
        return (
            AsyncGenerator(item, function)
            if function.is_async
            else evaluator.typing("Generator", item, UNKNOWN, UNKNOWN)
        )
    elif function.module.is_stub:
        result = unknown("its result is not annotated")
    else:
        result = inferred(evaluator, callee, arguments)
    # Nobody calls an abstract method itself.
    if isinstance(result, Unknown) and function.owner is not None and is_abstract(function):
        result = _implemented(evaluator, callee, function.owner)
    if function.is_async:
        # The annotation of an async generator says what a call gives, of a coroutine function what `await` gives.
        if function.is_generator:
            item = evaluator.element(result, True) if isinstance(result, Instance) else UNKNOWN
            return AsyncGenerator(item, function)
        return Coroutine(result, function)
    if function.module.is_stub and collects(evaluator, callee.bound, result):
        return unknown(f"`{function.name}` of a pipeline collects commands")
    return result


def _implemented(evaluator: Evaluator, callee: FunctionType, owner: Class) -> Type:
    """Return what the method gives in the classes that implement it."""
    name, of_class = callee.function.name, isinstance(callee.bound, ClassType)
    results: list[Type] = []
    for heir in evaluator.heirs.of(owner) or ():
        own = [binding.definition for binding in heir.table.get(name, ()) if isinstance(binding.definition, Function)]
        if own and not all(map(is_abstract, own)):
            given = evaluator.returned(
                evaluator.attribute(ClassType(heir) if of_class else Instance(heir), name), None, None
            )
            results.append(evaluator.awaited(given) if callee.function.is_async else given)
    return join(results) if results else unknown(f"`{name}` has no body that says what it returns")


def _may_be_begun(evaluator: Evaluator, function: Function, declared: Type) -> bool:
    """Whether a plain function, whose body is there, promises an awaitable and not what kind of one."""
    if function.is_async or function.is_generator or function.module.is_stub:
        return False
    return kind(evaluator, declared) is Kind.AWAITABLE


def _says_little(declared: Type) -> bool:
    return isinstance(declared, Unknown) or (isinstance(declared, Callable) and isinstance(declared.result, Unknown))


def _solved(
    evaluator: Evaluator, callee: FunctionType, arguments: Arguments, free: frozenset[str], later: frozenset[str]
) -> dict[str, Type]:
    """Return what the free variables of a result are; those in `later` may be left to who calls the result."""
    function = callee.function
    mapping: dict[str, Type] = {}
    receiver = callee.bound
    if receiver is not None:
        mapping["Self"] = instance_of(receiver)
        if function.owner is not None:
            cls = receiver.cls if isinstance(receiver, Instance | ClassType) else None
            args = receiver.args if isinstance(receiver, Instance | ClassType) else ()
            if cls is not None:
                own = dict(zip(evaluator.class_parameters(cls), args, strict=False))
                for base in evaluator.order(cls).bases:
                    if base.cls is function.owner:
                        for name, value in base.arguments.items():
                            if value != TypeVariable(name) or name in own:
                                mapping[name] = substitute(value, own)
    elif function.owner is not None:
        mapping["Self"] = Instance(function.owner)
    if free - mapping.keys():
        mapping |= {
            key: value
            for key, value in solve(evaluator, function, arguments, 1 if receiver is not None else 0, receiver).items()
            if key not in mapping
        }
    if function.owner is None or receiver is not None:
        class_names = set(evaluator.class_parameters(function.owner)) if function.owner is not None else set()
        for name in free - mapping.keys() - class_names - later:
            mapping[name] = unknown("a type variable that no argument decides")
    return mapping


def inferred(evaluator: Evaluator, callee: FunctionType, arguments: Arguments) -> Type:
    """Return what the body returns: first without looking at the arguments, then with them."""
    function = callee.function
    if callee.frame is None:
        plain = evaluator.inferred_return(function)
        # A body in a body that is read for its arguments: deeper, the readings would multiply.
        if evaluator.contexts >= 2 or not (isinstance(plain, Unknown | Union) or _depends(plain, callee)):
            return plain
    else:
        plain = UNKNOWN
    known: dict[str, Type] = {}
    given = assigned(function.node.args, arguments, 1 if callee.bound is not None else 0)
    if callee.bound is not None:
        # An heir may override what the body calls on `self`.
        first = [*function.node.args.posonlyargs, *function.node.args.args][:1]
        if first:
            known[first[0].arg] = callee.bound
    # An annotation says what may be given; a lambda shows what is.
    for parameter, value in (given or {}).items():
        if (
            parameter.annotation is None
            or isinstance(value, ast.Lambda)
            or evaluator.is_vague(parameter.annotation, function)
        ):
            argument = arguments.type_of(evaluator, value)
            if not isinstance(argument, Unknown):
                known[parameter.arg] = argument
    if given is not None and not arguments.open:
        # What is left out is None: tests on it in the body are decided.
        known |= {arg.arg: NONE for arg in _left_none(function.node.args) if arg not in given}
    if not known and callee.frame is None:
        return plain
    return evaluator.inferred_with(function, callee.frame, known)


def _depends(plain: Type, callee: FunctionType) -> bool:
    """Whether the arguments or the receiver may decide more than the body alone: a closure, an heir."""
    if isinstance(plain, LambdaType | PartialType) or (isinstance(plain, FunctionType) and plain.frame is not None):
        return True
    owner = callee.function.owner
    receiver = callee.bound
    if owner is None or not isinstance(receiver, Instance | ClassType):
        return False
    return receiver.cls is not owner or (bool(receiver.args) and bool(variables(plain)))


def _left_none(parameters: ast.arguments) -> Iterator[ast.arg]:
    """Yield the parameters that are None when nobody gives them."""
    plain = [*parameters.posonlyargs, *parameters.args]
    defaults: list[tuple[ast.arg, ast.expr | None]] = list(
        zip(plain[len(plain) - len(parameters.defaults) :], parameters.defaults, strict=True)
    )
    for parameter, default in [*defaults, *zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True)]:
        if isinstance(default, ast.Constant) and default.value is None:
            yield parameter
