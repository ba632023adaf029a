"""Who in the project calls a function: imports lead the other way, and cannot say."""

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from async_lint.inference.calls.matching import accepts
from async_lint.inference.kinds.kinds import is_protocol
from async_lint.inference.names.origins import Site
from async_lint.inference.project.above import above
from async_lint.inference.project.project import MAX_MENTIONS, Project
from async_lint.inference.project.searches import calls, modules_of
from async_lint.inference.questions.arguments import of_call, refuses
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function, Module
from async_lint.inference.types.values import (
    Callable,
    ClassType,
    FunctionType,
    Instance,
    OverloadedType,
    Type,
    Union,
    Unknown,
)


class Caller(NamedTuple):
    """A call that may be one of the function asked for; `proved` when its callee was found to be that function."""

    site: Site
    proved: bool


def callers(evaluator: Evaluator, project: Project, function: Function) -> Iterator[Caller]:
    """Yield the calls in the project that may be calls of `function`; nothing when its name is everywhere."""
    # An instance is awaited by no call of its `__await__`: what makes it is followed instead.
    owner = function.owner if function.name == "__await__" else None
    name = function.name if owner is None else owner.name
    # `start(` stands in many more files than `.start(`, and nobody calls a method without a dot.
    is_method = function.owner is not None and owner is None
    paths = project.mentioning(f".{name}(" if is_method else f"{name}(")
    renaming = [] if is_method else project.mentioning(f"{name} as ")
    if len(paths) > MAX_MENTIONS or len(renaming) > MAX_MENTIONS:
        return
    for module in modules_of(evaluator, dict.fromkeys([*paths, *renaming]), function.module):
        for site in calls(module, name, *(() if is_method else other_names(module, name))):
            callee = evaluator.evaluate(site.node.func, site.frame)
            if owner is not None and isinstance(callee, ClassType) and evaluator.is_subclass(callee.cls, owner):
                yield Caller(site, _is_awaited(site))
            elif _is_call_of(evaluator, callee, function, site):
                yield Caller(site, True)
            elif _may_be(evaluator, callee, function):
                yield Caller(site, False)


def other_names(module: Module, name: str) -> set[str]:
    """Return the names that imports of a module give to what is called `name` elsewhere."""
    # Most modules give none, and a plain text is found faster than a pattern.
    if f"{name} as " not in module.text:
        return set()
    return set(re.findall(rf"\b{re.escape(name)} as (\w+)", module.text)) - {name}


def denotes(evaluator: Evaluator, value: Type, function: Function) -> bool:
    """Whether a value is a function, or may be: of the method that it overrides, it stands in for some instances."""
    if isinstance(value, OverloadedType | Union):
        return any(denotes(evaluator, item, function) for item in value.items)
    if isinstance(value, Callable):
        return value.function is not None and value.function.full_name == function.full_name
    if not isinstance(value, FunctionType):
        return False
    return _is_same(value, function) or _is_overridden_by(evaluator, value, function)


def _is_same(value: FunctionType, function: Function) -> bool:
    # By name as well: a file under check may be read anew, and its functions are other objects then.
    return value.function is function or value.function.full_name == function.full_name


def _is_overridden_by(evaluator: Evaluator, value: FunctionType, function: Function) -> bool:
    owner, other = function.owner, value.function.owner
    return owner is not None and other is not None and evaluator.is_subclass(owner, other)


def _is_call_of(evaluator: Evaluator, callee: Type, function: Function, site: Site) -> bool:
    if isinstance(callee, OverloadedType):
        return any(_is_call_of(evaluator, item, function, site) for item in callee.items)
    if not isinstance(callee, FunctionType) or _is_same(callee, function):
        return denotes(evaluator, callee, function)
    # A call of the method that this one overrides may well be a call of this one, unless it is by `super()`, or has
    # arguments that this one does not take.
    skip = 0 if callee.bound is None else 1
    if _is_by_super(site.node.func) or refuses(function.node.args, of_call(site.node, site.frame), skip):
        return False
    return _is_overridden_by(evaluator, callee, function)


def _may_be(evaluator: Evaluator, callee: Type, function: Function) -> bool:
    """Whether a callee is not known, may be a function, or is a method of a protocol that the function's class fits."""
    if isinstance(callee, Unknown | Union):
        return isinstance(callee, Unknown) or denotes(evaluator, callee, function)
    protocol = callee.function.owner if isinstance(callee, FunctionType) else None
    if protocol is None or function.owner is None or not is_protocol(protocol):
        return False
    return accepts(evaluator, Instance(protocol), Instance(function.owner)) is not False


def _is_by_super(callee: ast.expr) -> bool:
    match callee:
        case ast.Attribute(value=ast.Call(func=ast.Name(id="super"))):
            return True
    return False


def _is_awaited(site: Site) -> bool:
    around = above(site.node, site.frame)
    return around is not None and isinstance(around[-1], ast.Await)
