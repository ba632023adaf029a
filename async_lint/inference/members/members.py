"""Attributes: of instances through the method resolution order, of classes, of modules."""

import ast
from collections.abc import Iterable

from async_lint.inference.calls import bodies
from async_lint.inference.members import belied, descriptors, outside_attributes
from async_lint.inference.names import bound_values
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Class, How
from async_lint.inference.types.class_order import Base
from async_lint.inference.types.type_variables import class_of, substitute
from async_lint.inference.types.unions import join, options
from async_lint.inference.types.values import (
    NONE,
    UNKNOWN,
    AsyncGenerator,
    Callable,
    ClassMethod,
    ClassOf,
    ClassType,
    Coroutine,
    External,
    FunctionType,
    Instance,
    LambdaType,
    Literal,
    ModuleType,
    NoneType,
    OverloadedType,
    PropertyType,
    StaticMethod,
    SuperType,
    TupleType,
    Type,
    TypeVariable,
    Union,
    Unknown,
    unknown,
)


def attribute(evaluator: Evaluator, of: Type, name: str) -> Type:
    """Return what `of.name` is."""
    match of:
        case Instance(cls, args):
            return _instance(evaluator, of, cls, args, name)
        case ClassType(cls):
            return _class(evaluator, of, cls, name)
        case ModuleType(module, importer):
            return evaluator.module_attribute(module, importer, name)
        case External(prefix):
            return External(f"{prefix}.{name}")
        case Union():
            return _of_union(evaluator, options(of), name)
        case SuperType(cls, receiver):
            bases = evaluator.order(cls)
            # `super()` begins behind the class itself.
            inherited = _found(evaluator, receiver, bases.bases[1:], name)
            if isinstance(inherited, FunctionType) and bodies.breaks_promise(evaluator, inherited.function):
                return unknown(f"`{inherited.function.qualname}` is there to be overridden")
            return inherited if inherited is not None else _missing(bases.missing, name)
        case TypeVariable(_, bound) if bound is not None:
            return attribute(evaluator, bound, name)
        case ClassOf(TypeVariable(_, bound)) if bound is not None:
            return attribute(evaluator, class_of(bound), name)
        case Literal(_, made):
            return attribute(evaluator, made, name)
        case TupleType(items):
            return attribute(evaluator, evaluator.builtin("tuple", join(items) if items else UNKNOWN), name)
        case Coroutine(result):
            return attribute(evaluator, evaluator.typing("Coroutine", UNKNOWN, UNKNOWN, result), name)
        case AsyncGenerator(item):
            return attribute(evaluator, evaluator.typing("AsyncGenerator", item, UNKNOWN), name)
        case FunctionType(function, _, _) if name == "__wrapped__":
            return FunctionType(function)
        case PropertyType() | Callable() | LambdaType() | FunctionType():
            return unknown(f"an attribute `{name}` of a function")
        case Unknown():
            return of
        case NoneType():
            return unknown("an attribute of None")
    return unknown(f"no attribute `{name}` was found")


def _of_union(evaluator: Evaluator, of: tuple[Type, ...], name: str) -> Type:
    """Join what the members have; one that certainly has no such attribute is not what is meant."""
    values = [attribute(evaluator, member, name) for member in of]
    if any(isinstance(value, Unknown) for value in values):
        values = [value for member, value in zip(of, values, strict=True) if not lacks(evaluator, member, name)]
    return join(values) if values else UNKNOWN


def lacks(evaluator: Evaluator, of: Type, name: str) -> bool:
    """Whether it is an instance of a class that certainly has no such attribute; an heir of that may have it."""
    if not isinstance(of, Instance) or evaluator.order(of.cls).missing or evaluator.defines(of.cls, "__getattr__"):
        return False
    if evaluator.defines(of.cls, "__getattribute__"):
        return False
    known = any(name in base.cls.table or name in base.cls.attributes for base in evaluator.order(of.cls).bases)
    return not known and isinstance(outside_attributes.assigned(evaluator, of.cls, name), NoneType)


def _missing(missing: tuple[str, ...], name: str) -> Type:
    named = [base for base in missing if base]
    # By this name rules may know what the library's class has, though it is not installed.
    if named:
        return External(f"{named[0]}.{name}")
    return unknown("a base class was not found") if missing else unknown(f"no attribute `{name}` was found")


def _instance(evaluator: Evaluator, of: Type, cls: Class, args: tuple[Type, ...], name: str) -> Type:
    if name == "__class__":
        return ClassType(cls, args)
    order = evaluator.order(cls)
    value = _found(evaluator, of, order.bases, name)
    # Python itself looks for the methods with two underscores past it.
    decides = None if name.startswith("__") else descriptors.intercepts(order.bases)
    if decides is not None:
        return unknown(f"`{decides.name}.__getattribute__` decides what `{name}` is")
    # `client = None` in a class is a place to be filled, perhaps from outside.
    if value is None or isinstance(value, NoneType):
        given = outside_attributes.assigned(evaluator, cls, name)
        value = value if isinstance(given, NoneType) else given
    if value is None:
        if order.missing:
            return _missing(order.missing, name)
        if evaluator.defines(cls, "__getattr__"):
            made = descriptors.worked_out(evaluator, Instance(cls, args), name)
            return made if not isinstance(made, Unknown) else _declared_for_all(evaluator, of, cls) or made
        return unknown(f"`{cls.name}` has no attribute `{name}` that was found")
    parameters = evaluator.class_parameters(cls)
    # A class's type variables mean nothing outside of it.
    if parameters:
        value = substitute(
            value, dict(zip(parameters, args, strict=False)) if args else dict.fromkeys(parameters, UNKNOWN)
        )
    return value


def of_heirs(evaluator: Evaluator, cls: Class, name: str) -> Type:
    """Return what `self.name` is where the class has no such attribute: a mixin speaks of what it is mixed with."""
    heirs = evaluator.heirs.of(cls) or ()
    distinct: dict[object, Type] = {}
    for heir in (cls, *heirs):
        order = evaluator.order(heir)
        given = _found(evaluator, Instance(heir), order.bases, name)
        if given is not None:
            distinct.setdefault(given.function if isinstance(given, FunctionType) else given, given)
        elif order.missing or evaluator.defines(heir, "__getattr__"):
            return unknown(f"nobody knows whether `{heir.name}` has an attribute `{name}`")
    return join(distinct.values()) if distinct else unknown(f"`{cls.name}` has no attribute `{name}` that was found")


def _declared_for_all(evaluator: Evaluator, of: Type, cls: Class) -> Type | None:
    """Return what `__getattr__` is annotated to return; None when it is not."""
    method = evaluator.class_member(cls, "__getattr__")
    if not isinstance(method, FunctionType) or method.function.node.returns is None:
        return None
    declared = evaluator.returned(FunctionType(method.function, of, method.frame), None, None)
    return None if isinstance(declared, Unknown) else declared


def _found(evaluator: Evaluator, receiver: Type, bases: Iterable[Base], name: str) -> Type | None:
    reset = None
    for base in bases:
        member = in_class(evaluator, receiver, base, name)
        if isinstance(member, NoneType):
            reset = member  # a method of the heir that lets go of what the base holds
        elif member is not None:
            return substitute(
                member, {key: value for key, value in base.arguments.items() if value != TypeVariable(key)}
            )
    return reset


def in_class(evaluator: Evaluator, receiver: Type, base: Base, name: str) -> Type | None:
    """Return what one class of the order says of the attribute, bound to the receiver; None when nothing."""
    cls = base.cls
    own = cls.table.get(name)
    assigned = cls.attributes.get(name)
    if own is None and assigned is None:
        return None
    # An annotation speaks of all that is ever assigned, values only of what can be seen.
    if own is not None:
        annotated = [declaration for declaration in own if declaration.how is How.DECLARE]
        # The members of an enum are its instances, whatever is annotated.
        if annotated and not evaluator.is_enum(cls):
            declared = bound_values.binding_type(evaluator, annotated[0], evaluator.class_scope(cls))
            if not isinstance(declared, Unknown):
                return belied.with_others(evaluator, receiver, cls, name, bind(evaluator, declared, receiver))
    annotated_here = [
        (function, declaration) for function, declaration in assigned or () if declaration.how is How.DECLARE
    ]
    if annotated_here:
        function, binding = annotated_here[0]
        declared = bound_values.binding_type(evaluator, binding, evaluator.function_scope(function))
        if not isinstance(declared, Unknown):
            return belied.with_others(evaluator, receiver, cls, name, declared)
    parts: list[Type] = []
    if own is not None:
        value = evaluator.class_attribute(cls, name)
        is_member = own[0].how is How.ASSIGN and evaluator.is_enum(cls)
        given = Instance(cls) if is_member else bind(evaluator, value, receiver)
        if isinstance(value, PropertyType):
            given = belied.with_others(evaluator, receiver, cls, name, belied.with_returned(evaluator, value, given))
        parts.append(given)
        # A None that methods replace, as in `_settled`.
        if assigned and isinstance(value, NoneType):
            parts.pop()
    for function, binding in assigned or ():
        # `self.n += 1` adds to what another assignment began; what takes some of its items away says nothing new.
        if binding.how is not How.AUGMENTED and not (len(assigned or ()) > 1 and _keeps_some(binding.value, name)):
            parts.append(evaluator.instance_attribute(function, binding))
    return belied.with_others(evaluator, receiver, cls, name, _settled(parts)) if assigned else _settled(parts)


def _keeps_some(value: ast.expr | None, name: str) -> bool:
    """Whether it is a part of what the attribute was: `[each for each in self.hosts if each.is_up]`."""
    match value:
        case ast.ListComp(
            elt=ast.Name(id=kept),
            generators=[ast.comprehension(target=ast.Name(id=each), iter=ast.Attribute(value=ast.Name(), attr=attr))],
        ):
            return attr == name and kept == each
    return False


def _settled(parts: list[Type]) -> Type:
    """Join what an attribute is given; a None that is replaced later does not count."""
    return join(parts) if parts else NONE


def bind(evaluator: Evaluator, value: Type, receiver: Type) -> Type:
    """Return a class's attribute as it is seen on an instance: functions bound, properties read."""
    match value:
        case FunctionType(function, None, frame):
            return FunctionType(function, receiver, frame)
        case OverloadedType(items, body):
            bound = tuple(FunctionType(item.function, receiver, item.frame) for item in items)
            return OverloadedType(bound, None if body is None else FunctionType(body.function, receiver, body.frame))
        case PropertyType(getter):
            return evaluator.returned(bind(evaluator, getter, receiver), [], None)
        case StaticMethod(function):
            return function
        case ClassMethod(function):
            return bind(
                evaluator,
                function,
                ClassType(receiver.cls, receiver.args) if isinstance(receiver, Instance) else receiver,
            )
        case Union(items):
            return join([bind(evaluator, item, receiver) for item in items])
        case Instance(cls) if cls.full_name not in _NO_DESCRIPTORS and evaluator.defines(cls, "__get__"):
            return descriptors.read(evaluator, value)
    return value


# Most attributes are of these, and none is a descriptor: their bases need not be searched for `__get__`.
_NO_DESCRIPTORS = frozenset({"builtins.str", "builtins.int", "builtins.bool", "builtins.list", "builtins.dict"})


def _class(evaluator: Evaluator, of: ClassType, cls: Class, name: str) -> Type:
    order = evaluator.order(cls)
    for base in order.bases:
        if name in base.cls.table:
            if evaluator.is_enum(cls) and base.cls is cls and base.cls.table[name][0].how is How.ASSIGN:
                return Instance(cls)
            value = evaluator.class_attribute(base.cls, name)
            mapping = {key: given for key, given in base.arguments.items() if given != TypeVariable(key)}
            value = substitute(value, {**mapping, "Self": Instance(cls, of.args)})
            match value:
                case ClassMethod(function):
                    return bind(evaluator, function, of)
                case StaticMethod(function):
                    return function
                case PropertyType():
                    return unknown("a property seen on its class")
            return value
    if order.missing:
        return _missing(order.missing, name)
    # Python asks the metaclass last, too, but for data descriptors.
    for base in order.bases:
        for keyword in base.cls.node.keywords:
            if keyword.arg == "metaclass":
                metaclass = evaluator.evaluate(keyword.value, evaluator.class_scope(base.cls))
                if isinstance(metaclass, ClassType):
                    member = _found(evaluator, of, evaluator.order(metaclass.cls).bases, name)
                    if member is not None:
                        return member
    return unknown(f"`{cls.name}` has no attribute `{name}` that was found")
