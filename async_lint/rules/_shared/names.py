"""What a piece of code does with names, in its own scope: nested functions, classes and lambdas are others."""

from collections.abc import Iterator
from typing import NamedTuple

import libcst as cst

from async_lint.trees.walk import children

SCOPES = (cst.FunctionDef, cst.ClassDef, cst.Lambda)


def own_nodes(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Yield `node` and what is below it; of nested functions, classes and lambdas only the node itself.

    The names of attributes and of keyword arguments are left out: they look nothing up.
    """
    yield node
    if isinstance(node, SCOPES):
        return
    for child in children(node):
        if child is not (getattr(node, "attr", None) or getattr(node, "keyword", None)):
            yield from own_nodes(child)


class Binding(NamedTuple):
    """A name that gets a value or loses it. `value` is None unless the name stands alone on the left of it."""

    name: str
    value: cst.BaseExpression | None
    node: cst.CSTNode


def bindings(node: cst.CSTNode) -> Iterator[Binding]:
    """Yield what binds or deletes a name below `node`."""
    for part in own_nodes(node):
        for target in _targets(part):
            value = part.value if isinstance(part, (cst.Assign, cst.AnnAssign, cst.NamedExpr)) else None
            for leaf in leaves(target):
                if isinstance(leaf, cst.Name):
                    yield Binding(leaf.value, value if leaf is target else None, part)


def stored_attributes(node: cst.CSTNode, name: str) -> Iterator[str]:
    """Yield the attributes of `name` that are set or deleted below `node`, and `with_traceback` where it is called."""
    for part in own_nodes(node):
        changed = [leaf for target in _targets(part) for leaf in leaves(target)]
        if isinstance(part, cst.Call) and isinstance(part.func, cst.Attribute):
            changed += [part.func] if part.func.attr.value == "with_traceback" else []
        for leaf in changed:
            if isinstance(leaf, cst.Attribute) and isinstance(leaf.value, cst.Name) and leaf.value.value == name:
                yield leaf.attr.value


def _targets(node: cst.CSTNode) -> list[cst.CSTNode]:
    match node:
        case cst.Assign():
            return [target.target for target in node.targets]
        case cst.AnnAssign() | cst.AugAssign() | cst.NamedExpr() | cst.For() | cst.Del():
            return [node.target]
        case cst.AsName() | cst.FunctionDef() | cst.ClassDef():
            return [node.name]
        case cst.MatchAs() | cst.MatchStar():
            return [node.name] if node.name else []
        case cst.MatchMapping():
            return [node.rest] if node.rest else []
        case cst.ImportAlias() if node.asname is None:
            return [cst.Name(node.evaluated_name.partition(".")[0])]
    return []


def leaves(target: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Yield what a target, or all of its elements, assigns to or deletes."""
    if isinstance(target, (cst.Tuple, cst.List)):
        for element in target.elements:
            yield from leaves(element.value)
    else:
        yield target


def rebinds(node: cst.CSTNode, name: str) -> bool:
    """Whether anything below `node` binds or deletes `name`, be it a nested function that declares it nonlocal."""
    return any(binding.name == name for binding in bindings(node)) or is_declared_inside(node, name)


def is_parameter(function: cst.FunctionDef | cst.Lambda | None, name: str) -> bool:
    if function is None:
        return False
    return any(
        isinstance(parameter, cst.Param) and parameter.name.value == name for parameter in own_nodes(function.params)
    )


def is_declared_inside(node: cst.CSTNode, name: str) -> bool:
    """Whether a function below `node` declares `name` nonlocal or global."""
    return any(_declares(function, name) for function in own_nodes(node) if isinstance(function, cst.FunctionDef))


def _declares(function: cst.FunctionDef, name: str) -> bool:
    for node in own_nodes(function.body):
        if isinstance(node, (cst.Global, cst.Nonlocal)) and any(item.name.value == name for item in node.names):
            return True
        if isinstance(node, cst.FunctionDef) and _declares(node, name):
            return True
    return False


def has_own(function: cst.FunctionDef, name: str) -> bool:
    """Whether what a function calls `name` is a variable of its own."""
    declared = any(
        isinstance(node, cst.Nonlocal | cst.Global) and any(item.name.value == name for item in node.names)
        for node in own_nodes(function.body)
    )
    return not declared and any(binding.name == name for binding in bindings(function.body))


def mentions(node: cst.CSTNode, name: str) -> bool:
    return any(isinstance(part, cst.Name) and part.value == name for part in own_nodes(node))
