"""What a `raise` raises: which classes an expression denotes, and of which it makes a new instance."""

import ast
from typing import NamedTuple

from async_lint.inference.answers.assembled_classes import bases_given
from async_lint.inference.answers.refused_construction import is_refused
from async_lint.inference.answers.result_ownership import hands_on
from async_lint.inference.modules.summary import body_of
from async_lint.inference.names.origins import origins
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Class, Function
from async_lint.inference.types.scope import function_scope
from async_lint.inference.types.type_variables import class_of
from async_lint.inference.types.unions import options
from async_lint.inference.types.values import (
    ClassOf,
    ClassType,
    External,
    Frame,
    FunctionType,
    Instance,
    StaticMethod,
    TupleType,
    Type,
    TypeVariable,
    Union,
    Unknown,
)

_DEPTH = 4
_COPIES = frozenset({"copy.copy", "copy.deepcopy"})
_ROOT = "builtins.BaseException"


class Lineage(NamedTuple):
    """A class by the qualified names of it (`own`, None where nothing tells which class it is) and of its bases.

    `names` are those of definitions that were found, `missing` those that imports tell of modules that were not, with
    "" for a base that nothing tells. `proved`: it is a class for certain; else it is a name of a module that was not
    found, capitalised as classes are. `links`: its own constructor sets `__cause__`.
    """

    own: str | None
    names: frozenset[str]
    missing: frozenset[str] = frozenset()
    proved: bool = True
    links: bool = False

    @property
    def complete(self) -> bool:
        """Whether the class and all of its bases were found."""
        return not self.missing


class Raised(NamedTuple):
    """A new exception: its class, and the expression that denotes it, for messages."""

    label: str
    lineage: Lineage


_SOME_CLASS = Lineage(None, frozenset(), frozenset({""}))


def raised(evaluator: Evaluator, node: ast.expr, frame: Frame) -> tuple[Raised, ...]:
    """Return the new exceptions that `raise node` may raise, one for each arm of a conditional expression.

    Empty unless it raises a new one for certain: what a function gives may have been there before.
    """
    return _raised(evaluator, node, frame, _DEPTH)


def denoted(evaluator: Evaluator, node: ast.expr, frame: Frame) -> tuple[Lineage, ...]:
    """Return the classes that an expression denotes, alone or in a tuple; empty unless all of them are known."""
    if isinstance(node, ast.Tuple):
        return _flat([denoted(evaluator, element, frame) for element in node.elts])
    return _classes(evaluator, node, frame)


def _raised(evaluator: Evaluator, node: ast.expr, frame: Frame, depth: int) -> tuple[Raised, ...]:
    if isinstance(node, ast.IfExp):
        first, second = _raised(evaluator, node.body, frame, depth), _raised(evaluator, node.orelse, frame, depth)
        return first + second if first and second else ()
    exceptions = _named(evaluator, node, node, frame)
    if exceptions or not isinstance(node, ast.Call):
        return exceptions
    return _named(evaluator, node.func, node, frame) or _of_function(evaluator, node, frame, depth)


def _named(evaluator: Evaluator, cls: ast.expr, whole: ast.expr, frame: Frame) -> tuple[Raised, ...]:
    """Return the classes that `cls` denotes, if `whole`, the class or a call of it, gives a new exception."""
    if isinstance(cls, ast.IfExp):
        first, second = _named(evaluator, cls.body, whole, frame), _named(evaluator, cls.orelse, whole, frame)
        return first + second if first and second else ()
    classes = _classes(evaluator, cls, frame)
    # What is no exception raises a TypeError in its place.
    if any(lineage.complete and _ROOT not in lineage.names for lineage in classes):
        return ()
    known = [option.cls for option in options(evaluator.evaluate(cls, frame)) if isinstance(option, ClassType)]
    if any(_gives_old_ones(evaluator, one) or is_refused(evaluator, one, whole, frame) for one in known):
        return ()
    # `raise NOT_FOUND()` is a class, whatever it is called: only without a call may it be an instance.
    if cls is whole and any(not lineage.proved and _is_constant(lineage) for lineage in classes):
        return ()
    return tuple(Raised(ast.unparse(cls), lineage) for lineage in classes)


def _is_constant(lineage: Lineage) -> bool:
    """Whether a name in capitals alone may be an instance, or a member of an enumeration."""
    return (lineage.own or "").rpartition(".")[2].isupper()


def _classes(evaluator: Evaluator, node: ast.expr, frame: Frame) -> tuple[Lineage, ...]:
    value = evaluator.evaluate(node, frame)
    classes = _of_type(evaluator, value)
    if classes == (_SOME_CLASS,) and isinstance(value, Instance):
        return (_assembled(evaluator, node, frame),)
    if classes or not isinstance(value, Unknown):
        return classes
    if (isinstance(node, ast.Attribute) and node.attr == "__class__") or _asks_type(evaluator, node, frame):
        return (_SOME_CLASS,)
    sites = origins(evaluator, node, frame) if isinstance(node, ast.Name) else None
    return (_SOME_CLASS,) if sites and all(_asks_type(evaluator, site.node, site.frame) for site in sites) else ()


def _assembled(evaluator: Evaluator, node: ast.expr, frame: Frame) -> Lineage:
    """Return what is known of a class that no `class` defines: the bases that `type` was given to make it."""
    bases = bases_given(evaluator, node, frame)
    lineages = [lineage for base, inner in bases for lineage in _classes(evaluator, base, inner)]
    if len(lineages) != len(bases) or not lineages:
        return _SOME_CLASS
    names = frozenset[str]().union(*(lineage.names for lineage in lineages))
    missing = frozenset[str]().union(*(lineage.missing for lineage in lineages))
    return Lineage(None, names, missing, links=any(lineage.links for lineage in lineages))


def _asks_type(evaluator: Evaluator, node: ast.expr, frame: Frame) -> bool:
    """Whether it is `type(x)`."""
    if not isinstance(node, ast.Call) or len(node.args) != 1 or node.keywords:
        return False
    callee = evaluator.evaluate(node.func, frame)
    return isinstance(callee, ClassType) and callee.cls.full_name == "builtins.type"


def _of_type(evaluator: Evaluator, value: Type) -> tuple[Lineage, ...]:
    match value:
        case ClassType(cls):
            return (_lineage(evaluator, cls),)
        case Instance(cls) if any(base.cls.full_name == "builtins.type" for base in evaluator.order(cls).bases):
            return (_SOME_CLASS,)
        case ClassOf(TypeVariable(_, bound)):
            return _of_type(evaluator, class_of(bound)) if bound is not None else (_SOME_CLASS,)
        case External(name, False):
            last = name.rpartition(".")[2].lstrip("_")
            is_class = "(" not in name and last[:1].isupper()
            return (Lineage(name, frozenset(), frozenset({name}), proved=False),) if is_class else ()
        case Union() | TupleType():
            members = value.items if isinstance(value, TupleType) else options(value)
            return _flat([_of_type(evaluator, member) for member in members])
    return ()


def _flat(groups: list[tuple[Lineage, ...]]) -> tuple[Lineage, ...]:
    return tuple(lineage for classes in groups for lineage in classes) if all(groups) else ()


def _lineage(evaluator: Evaluator, cls: Class) -> Lineage:
    order = evaluator.order(cls)
    names = frozenset(base.cls.full_name for base in order.bases)
    links = any("__cause__" in base.cls.attributes for base in order.bases)
    return Lineage(cls.full_name, names, frozenset(order.missing), links=links)


def _gives_old_ones(evaluator: Evaluator, cls: Class) -> bool:
    """Whether the class has a `__new__` with a body, which may give an instance that exists already."""
    method = evaluator.class_member(cls, "__new__")
    function = method.function if isinstance(method, StaticMethod) else method
    return isinstance(function, FunctionType) and not function.function.module.is_stub


def _of_function(evaluator: Evaluator, call: ast.Call, frame: Frame, depth: int) -> tuple[Raised, ...]:
    callee = evaluator.evaluate(call.func, frame)
    if not isinstance(callee, FunctionType) or depth == 0:
        return ()
    # A copy is new, whatever it is made from.
    if callee.function.full_name in _COPIES and call.args:
        return _instances(evaluator, call.args[0], call, frame)
    function = callee.function
    # A coroutine or a generator cannot be raised.
    if function.is_async or function.is_generator or function.module.is_stub:
        return ()
    # `raise Refused().because(text)` raises what it was called on, which is new if that is.
    if isinstance(callee.bound, Instance) and isinstance(call.func, ast.Attribute) and _returns_itself(function):
        return _raised(evaluator, call.func.value, frame, depth - 1)
    # What a function of no class gives, `exception_type(err)`, may be the caught exception, and an heir's method too.
    if function.owner is None or not _makes(evaluator, function, depth):
        return ()
    made = _instances(evaluator, call, call.func, frame)
    if isinstance(callee.bound, ClassType):
        return made
    if isinstance(callee.bound, Instance):
        is_known = isinstance(call.func, ast.Attribute) and bool(_raised(evaluator, call.func.value, frame, depth - 1))
    else:
        is_known = all(function.owner.full_name in exception.lineage.names for exception in made)
    return made if is_known else ()


def _instances(evaluator: Evaluator, node: ast.expr, label: ast.expr, frame: Frame) -> tuple[Raised, ...]:
    values = options(evaluator.evaluate(node, frame))
    made = [
        Raised(ast.unparse(label), _lineage(evaluator, value.cls)) for value in values if isinstance(value, Instance)
    ]
    is_new = all(_ROOT in exception.lineage.names for exception in made)
    return tuple(made) if is_new and len(made) == len(values) else ()


def _makes(evaluator: Evaluator, function: Function, depth: int) -> bool:
    """Whether whatever a function returns was made by it, for its caller alone."""
    frame = function_scope(function)
    returns = body_of(function).returns
    others = [
        value for value in returns if not isinstance(value, ast.Call) or not _raised(evaluator, value, frame, depth - 1)
    ]
    if not returns or (others and hands_on(evaluator, function)):
        return False
    for value in others:
        sites = origins(evaluator, value, frame) if value is not None else None
        if not sites or not all(_raised(evaluator, site.node, site.frame, depth - 1) for site in sites):
            return False
    return True


def _returns_itself(function: Function) -> bool:
    arguments = function.node.args
    first = [*arguments.posonlyargs, *arguments.args][:1]
    body = body_of(function)
    return (
        bool(first and body.returns)
        and all(isinstance(value, ast.Name) and value.id == first[0].arg for value in body.returns)
        and len(body.table.get(first[0].arg, ())) == 1
    )
