"""What a call returns."""

import ast
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from async_lint.inference import flow
from async_lint.inference.arguments import Arguments, assigned
from async_lint.inference.binding import Function
from async_lint.inference.generics import solve
from async_lint.inference.narrowing import decided
from async_lint.inference.scope import Frame
from async_lint.inference.special import special_call
from async_lint.inference.summary import body_of
from async_lint.inference.types import (
    NONE,
    UNKNOWN,
    Alias,
    AsyncGenerator,
    Callable,
    ClassMethod,
    ClassType,
    Coroutine,
    External,
    FunctionType,
    Instance,
    LambdaType,
    Literal,
    NoneType,
    OverloadedType,
    PartialType,
    StaticMethod,
    TupleType,
    Type,
    TypeVariable,
    Union,
    Unknown,
    join,
    options,
    substitute,
    unknown,
    variables,
)

if TYPE_CHECKING:
    from async_lint.inference.evaluator import Evaluator


def call(r: "Evaluator", callee: Type, arguments: Arguments) -> Type:
    """Return what calling `callee` gives."""
    match callee:
        case FunctionType():
            return call_function(r, callee, arguments)
        case OverloadedType():
            return _overloaded(r, callee, arguments)
        case ClassType():
            return _construct(r, callee, arguments)
        case Instance(cls):
            method = r.attribute(callee, "__call__") if r.defines(cls, "__call__") else None
            if method is None:
                return unknown(f"`{cls.name}` defines no `__call__` that was found")
            return call(r, method, arguments)
        case Callable(result) | Alias(Callable(result)):
            return result
        case PartialType(function):
            return call(r, function, Arguments([], {}, arguments.frame, True))
        case LambdaType(node, frame):
            return r.evaluate(node.body, Frame(frame.module, frame, node=node))
        case Union():
            return join([call(r, each, arguments) for each in options(callee)]) if options(callee) else UNKNOWN
        case External(name, False):
            if name.rpartition(".")[2][:1].isupper():
                return External(name, True)
            return unknown(f"`{name}` was not found")
        case StaticMethod(function) | ClassMethod(function):
            return call(r, function, arguments)
        case TypeVariable(_, bound) if bound is not None:
            return call(r, bound, arguments)
        case Unknown():
            return callee
    return unknown("it is not known to be callable")


def _construct(r: "Evaluator", callee: ClassType, arguments: Arguments) -> Type:
    cls = callee.cls
    if callee.args or not r.class_parameters(cls):
        made: Type = Instance(cls, callee.args)
    else:
        made = _generic_instance(r, cls, arguments)
    new = r.class_member(cls, "__new__")
    if isinstance(new, StaticMethod | FunctionType):
        function = new.function if isinstance(new, StaticMethod) else new
        if isinstance(function, FunctionType) and function.function.node.returns is not None:
            result = call_function(r, FunctionType(function.function, callee, function.frame), arguments)
            if isinstance(result, Coroutine | TupleType) or (isinstance(result, Instance) and not r.is_subclass(result.cls, cls)):
                return result
    return made


def _generic_instance(r: "Evaluator", cls: "object", arguments: Arguments) -> Type:
    from async_lint.inference.binding import Class

    assert isinstance(cls, Class)
    names = r.class_parameters(cls)
    init = r.class_member(cls, "__init__")
    solved: dict[str, Type] = {}
    if isinstance(init, FunctionType) and init.function.owner is cls:
        solved = solve(r, init.function, arguments, skip=1)
    return Instance(cls, tuple(solved.get(name, UNKNOWN) for name in names))


def _overloaded(r: "Evaluator", callee: OverloadedType, arguments: Arguments) -> Type:
    found = _chosen(r, callee.items, arguments)
    body = callee.implementation
    if isinstance(found, Coroutine | Instance) and body is not None and isinstance(body.bound, Instance) and r.contexts < 2:
        # The overloads speak of the class that declares them; an heir whose own methods give something else decides.
        given = r.inferred_with(body.function, body.frame, {body.function.node.args.args[0].arg: body.bound}) if body.function.node.args.args else found
        if isinstance(given, Union):
            return unknown("the receiver's class gives now an awaitable, now a value")
    return found


def _chosen(r: "Evaluator", items: Sequence[FunctionType], arguments: Arguments) -> Type:
    fitting = [each for each in items if fits(r, each, arguments)] or list(items)
    found = [call_function(r, each, arguments) for each in fitting]
    known = [each for each in found if not isinstance(each, Unknown)]
    if known and len(known) == len(found):
        return known[0] if len({type(each) for each in known}) == 1 else join(known)
    return join(found)


def fits(r: "Evaluator", callee: FunctionType, arguments: Arguments) -> bool:
    """Whether the arguments can belong to this overload: their number, their names, literal values, plain classes."""
    function = callee.function
    given = assigned(function.node.args, arguments, 1 if callee.bound is not None else 0)
    if given is None:
        return False
    frame = r.definition_frame(function)
    if callee.bound is not None and not _fits_receiver(r, function, callee.bound):
        return False
    for parameter, value in given.items():
        if parameter.annotation is None or not isinstance(value, ast.expr):
            continue
        if isinstance(parameter.annotation, ast.Subscript) and _is_literal(parameter.annotation):
            allowed = {each.value for each in ast.walk(parameter.annotation.slice) if isinstance(each, ast.Constant)}
            if isinstance(value, ast.Constant):
                if value.value not in allowed:
                    return False
            continue
        wanted = r.annotation(parameter.annotation, frame)
        if isinstance(wanted, NoneType) != (isinstance(value, ast.Constant) and value.value is None) and isinstance(wanted, NoneType):
            return False
        if isinstance(value, ast.Slice) != (isinstance(wanted, Instance) and wanted.cls.name == "slice") and isinstance(value, ast.Slice):
            return False
        if isinstance(wanted, Instance) and wanted.cls.name == "slice" and not isinstance(value, ast.Slice):
            return False
    return True


def _fits_receiver(r: "Evaluator", function: Function, receiver: Type) -> bool:
    """Whether `self: Protocol` allows the receiver: a protocol may tell classes apart by attributes that are literals."""
    first = [*function.node.args.posonlyargs, *function.node.args.args][:1]
    if not first or first[0].annotation is None or not isinstance(receiver, Instance):
        return True
    wanted = r.annotation(first[0].annotation, r.definition_frame(function))
    if not isinstance(wanted, Instance):
        return True
    for name in wanted.cls.table:
        marker = r.attribute(wanted, name)
        if isinstance(marker, Literal) and r.attribute(receiver, name) != marker:
            return False
    return True


def _is_literal(node: ast.Subscript) -> bool:
    return (node.value.id if isinstance(node.value, ast.Name) else getattr(node.value, "attr", "")) == "Literal"


def call_function(r: "Evaluator", callee: FunctionType, arguments: Arguments) -> Type:
    function = callee.function
    special = special_call(r, callee, arguments)
    if special is not None:
        return special
    if function.node.returns is not None:
        result = r.declared_return(function)
        free = variables(result)
        if free:
            result = substitute(result, _solved(r, callee, arguments, free))
        if _says_little(result) and not function.module.is_stub and not function.is_generator:
            # `-> Any`, `-> Callable`, and names that lead nowhere: the body may say more.
            body = inferred(r, callee, arguments)
            result = result if isinstance(body, Unknown) else body
    elif function.is_generator:
        item = r.yielded(function, callee.frame)
        return AsyncGenerator(item, function) if function.is_async else r.typing("Generator", item, UNKNOWN, UNKNOWN)
    elif function.module.is_stub:
        result = unknown("its result is not annotated")
    else:
        result = inferred(r, callee, arguments)
    if function.is_async:
        if function.is_generator:
            item = r.element(result, True) if isinstance(result, Instance) else UNKNOWN
            return AsyncGenerator(item, function)
        return Coroutine(result, function)
    return result


def _says_little(declared: Type) -> bool:
    return isinstance(declared, Unknown) or (isinstance(declared, Callable) and isinstance(declared.result, Unknown))


def _solved(r: "Evaluator", callee: FunctionType, arguments: Arguments, free: frozenset[str]) -> dict[str, Type]:
    function = callee.function
    mapping: dict[str, Type] = {}
    receiver = callee.bound
    if receiver is not None:
        mapping["Self"] = _instance_of(receiver)
        if function.owner is not None:
            cls = receiver.cls if isinstance(receiver, Instance | ClassType) else None
            args = receiver.args if isinstance(receiver, Instance | ClassType) else ()
            if cls is not None:
                own = dict(zip(r.class_parameters(cls), args, strict=False))
                for base in r.order(cls).bases:
                    if base.cls is function.owner:
                        for name, value in base.arguments.items():
                            if value != TypeVariable(name) or name in own:
                                mapping[name] = substitute(value, own)
    elif function.owner is not None:
        mapping["Self"] = Instance(function.owner)
    if free - mapping.keys():
        mapping |= {key: value for key, value in solve(r, function, arguments, 1 if receiver is not None else 0, receiver).items() if key not in mapping}
    if function.owner is None or receiver is not None:
        class_names = set(r.class_parameters(function.owner)) if function.owner is not None else set()
        for name in free - mapping.keys() - class_names:
            mapping[name] = unknown("a type variable that no argument decides")
    return mapping


def _instance_of(receiver: Type) -> Type:
    return Instance(receiver.cls, receiver.args) if isinstance(receiver, ClassType) else receiver


def inferred(r: "Evaluator", callee: FunctionType, arguments: Arguments) -> Type:
    """Return what the body returns: first without looking at the arguments, then with them."""
    function = callee.function
    if callee.frame is None:
        plain = r.inferred_return(function)
        if not isinstance(plain, Unknown | Union) or r.contexts >= 2:
            return plain
    else:
        plain = UNKNOWN
    known: dict[str, Type] = {}
    given = assigned(function.node.args, arguments, 1 if callee.bound is not None else 0)
    if callee.bound is not None:
        first = [*function.node.args.posonlyargs, *function.node.args.args][:1]
        if first:
            known[first[0].arg] = callee.bound
    for parameter, value in (given or {}).items():
        if parameter.annotation is None or isinstance(value, ast.Lambda) or r.is_vague(parameter.annotation, function):
            found = arguments.type_of(r, value)
            if not isinstance(found, Unknown):
                known[parameter.arg] = found
    if given is not None and not arguments.open:
        known |= {each.arg: NONE for each in _left_none(function.node.args) if each not in given}
    if not known and callee.frame is None:
        return plain
    return r.inferred_with(function, callee.frame, known)


def _left_none(parameters: ast.arguments) -> Iterator[ast.arg]:
    """Yield the parameters that are None when nobody gives them."""
    plain = [*parameters.posonlyargs, *parameters.args]
    defaults: list[tuple[ast.arg, ast.expr | None]] = list(zip(plain[len(plain) - len(parameters.defaults) :], parameters.defaults, strict=True))
    for parameter, default in [*defaults, *zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True)]:
        if isinstance(default, ast.Constant) and default.value is None:
            yield parameter


def returned_by_body(r: "Evaluator", function: Function, frame: Frame) -> Type:
    """Join what the `return` statements give; an abstract or empty body says nothing."""
    body = body_of(function)
    if is_placeholder(body.statements):
        return unknown(f"`{function.name}` has no body that says what it returns")
    returns = body.returns
    if frame.arguments:
        returns = [value for value in returns if value is None or _is_reached(value, body.statements, frame)]
    found = [NONE if value is None else r.evaluate(value, frame) for value in returns]
    if not flow.leaves(body.statements):
        found.append(NONE)
    return join(found) if found else NONE


def _is_reached(value: ast.expr, statements: Sequence[ast.stmt], frame: Frame) -> bool:
    """Whether the tests on the way to a `return` allow the arguments that are known."""
    tests = flow.reaching("", (value.lineno, value.col_offset), statements, False).tests
    return all(decided(node, frame) is not (not held) for test in tests for node, held in flow.facts(test))


def is_placeholder(statements: Sequence[ast.stmt]) -> bool:
    for each in statements:
        if isinstance(each, ast.Pass) or (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)):
            continue
        if isinstance(each, ast.Raise):
            return True
        return False
    return True


__all__ = ["AsyncGenerator", "call", "call_function", "fits", "inferred", "returned_by_body"]
