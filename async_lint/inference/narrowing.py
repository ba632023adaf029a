"""What a condition says of a name: `isinstance`, `is None`, truth, `iscoroutinefunction`."""

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING

from async_lint.inference import flow
from async_lint.inference.scope import Frame
from async_lint.inference.types import (
    ClassType,
    External,
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
    join,
    unknown,
)

if TYPE_CHECKING:
    from async_lint.inference.evaluator import Evaluator

_ASKS_FOR_AWAITABLE = frozenset({"iscoroutinefunction", "isawaitable", "iscoroutine", "isfuture", "isasyncgenfunction", "isasyncgen", "callable"})


def dotted(node: ast.expr) -> str:
    """Return `a.b.c` for a chain of attributes on a name, else an empty string."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([node.id, *reversed(parts)])


def narrow(r: "Evaluator", name: str, found: Type, tests: Iterable[flow.Test], frame: Frame) -> Type:
    """Return `found` as the tests leave it; the nearest test comes first in `tests`."""
    for test in reversed(list(tests)):
        for node, held in flow.facts(test):
            found = _by(r, name, found, node, held, frame)
    return found


def decided(node: ast.expr, frame: Frame) -> bool | None:
    """Whether a test on an argument that is known is true: `x is None`, `x is not None`, `x`, `callable(x)`."""
    match node:
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Is() | ast.IsNot() as operator], comparators=[ast.Constant(value=None)]):
            given = _given(name, frame)
            return None if given is None else isinstance(given, NoneType) == isinstance(operator, ast.Is)
        case ast.Name(id=name) | ast.Call(func=ast.Name(id="callable"), args=[ast.Name(id=name)]):
            given = _given(name, frame)
            if isinstance(given, NoneType):
                return False
            return True if isinstance(given, FunctionType | OverloadedType | LambdaType | PartialType) else None
    return None


def _given(name: str, frame: Frame) -> Type | None:
    given = frame.arguments.get(name) if frame.arguments is not None else None
    return None if isinstance(given, Unknown | Union | TypeVariable) else given


def _by(r: "Evaluator", name: str, found: Type, node: ast.expr, held: bool, frame: Frame) -> Type:
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and dotted(node.left) == name:
        if isinstance(node.comparators[0], ast.Constant) and node.comparators[0].value is None:
            if isinstance(node.ops[0], ast.Is) != held and isinstance(found, Union):
                return join([each for each in found.items if not isinstance(each, NoneType)])
    elif isinstance(node, ast.Call) and node.args and dotted(node.args[0]) == name:
        called = dotted(node.func).rpartition(".")[2]
        if called == "isinstance" and len(node.args) == 2:
            return _by_class(r, found, r.evaluate(node.args[1], frame), held)
        if called in _ASKS_FOR_AWAITABLE:
            return found if isinstance(found, Union | Unknown) else unknown("a test on the way asks what it is")
    elif dotted(node) == name and held and isinstance(found, Union):
        return join([each for each in found.items if not isinstance(each, NoneType)])
    return found


def _by_class(r: "Evaluator", found: Type, classes: Type, held: bool) -> Type:
    wanted = classes.items if isinstance(classes, TupleType | Union) else (classes,)
    known = [each for each in wanted if isinstance(each, ClassType)]
    if len(known) != len(wanted):
        if held and len(wanted) == 1 and isinstance(wanted[0], External):
            return External(wanted[0].name, True)
        return unknown("`isinstance` with a class that was not found") if held else found
    if not held:
        if isinstance(found, Union):
            left = [each for each in found.items if not (isinstance(each, Instance) and any(r.is_subclass(each.cls, one.cls) for one in known))]
            return join(left) if left else found
        return found
    members = found.items if isinstance(found, Union) else (found,)
    kept = [each for each in members if isinstance(each, Instance) and any(r.is_subclass(each.cls, one.cls) for one in known)]
    if kept and not any(isinstance(each, Unknown | TypeVariable) for each in members):
        return join(kept)
    return join([Instance(each.cls, each.args) for each in known])
