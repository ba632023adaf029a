"""One body read statement by statement: what it stores, enters and awaits."""

import ast
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any, NoReturn

from async_lint.inference.effects.call_effects import read_call
from async_lint.inference.effects.effects import StopReadingError, Touch, place
from async_lint.inference.effects.ownership import Owner, Run, is_immutable
from async_lint.inference.effects.running_work import wait_for
from async_lint.inference.effects.with_effects import read_with
from async_lint.inference.syntax.nodes import children
from async_lint.inference.types.values import Comprehension, Frame, Instance, PropertyType, Type

if TYPE_CHECKING:
    from async_lint.inference.effects.effects import Effects

_MUTABLE = frozenset({"builtins.list", "builtins.dict", "builtins.set", "builtins.bytearray", "collections.deque"})


class Reading:
    """What was read of a run so far. Raises StopReadingError at the first thing that is more than reading."""

    def __init__(self, effects: "Effects", run: Run, outward: Collection[str], depth: int) -> None:
        self.effects = effects
        self.run = run
        self.outward = outward
        self.depth = depth
        self.waits = ""
        self.grounds: list[str] = []

    def visit(self, node: ast.AST, frame: Frame) -> None:
        visit = _VISIT.get(type(node))
        if visit is not None:
            visit(self, node, frame)
        else:
            for child in children(node):
                self.visit(child, frame)

    def evaluate(self, node: ast.expr, frame: Frame) -> Type:
        self.effects.r.fresh()
        return self.effects.r.evaluate(node, frame)

    def owner(self, node: ast.expr, frame: Frame) -> Owner:
        self.effects.r.fresh()
        return self.run.held(node, frame).owner

    def waited(self, what: str) -> None:
        self.waits = self.waits or what

    def shown(self, ground: str) -> None:
        if self.depth == 0:
            self.grounds.append(ground)

    def writes(self, what: str, node: ast.AST, frame: Frame) -> NoReturn:
        raise StopReadingError(Touch.WRITES, f"{what} ({place(node, frame)})")

    def unknown(self, what: str, node: ast.AST, frame: Frame) -> NoReturn:
        raise StopReadingError(Touch.UNKNOWN, f"{what} ({place(node, frame)})")

    def store(self, target: ast.expr, frame: Frame) -> None:
        match target:
            case ast.Name(id=name):
                if name in self.outward:
                    self.writes(f"`{name}` is not local and is assigned to", target, frame)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for each in parts:
                    self.store(each, frame)
            case ast.Starred(value=value):
                self.store(value, frame)
            case ast.Attribute(value=value) | ast.Subscript(value=value):
                for child in children(target):
                    self.visit(child, frame)
                if self.owner(value, frame) is Owner.SHARED:
                    self.writes(f"`{ast.unparse(target)}` is assigned to", target, frame)
                if isinstance(target, ast.Attribute) and self._is_property(target, frame):
                    self.unknown(f"a property's setter for `{target.attr}` is called", target, frame)

    def _is_property(self, target: ast.Attribute, frame: Frame) -> bool:
        of = self.evaluate(target.value, frame)
        if not isinstance(of, Instance):
            return False
        return isinstance(self.effects.r.class_member(of.cls, target.attr), PropertyType)


def _nested(self: Reading, node: ast.FunctionDef | ast.AsyncFunctionDef, frame: Frame) -> None:
    # What it does is done when it is called.
    for each in [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]:
        self.visit(each, frame)


def _class(self: Reading, node: ast.ClassDef, frame: Frame) -> None:
    self.unknown(f"the class `{node.name}` is made in it", node, frame)


def _lambda(self: Reading, node: ast.Lambda, frame: Frame) -> None:
    self.visit(node.body, Frame(frame.module, frame, node=node))


def _comprehension(self: Reading, node: Comprehension, frame: Frame) -> None:
    inner = Frame(frame.module, frame, node=node)
    for index, generator in enumerate(node.generators):
        outer = frame if index == 0 else inner
        if generator.is_async:
            _iterated(self, generator.iter, outer)
        else:
            self.visit(generator.iter, outer)
        for test in generator.ifs:
            self.visit(test, inner)
    for each in [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]:
        self.visit(each, inner)


def _assign(self: Reading, node: ast.Assign | ast.AnnAssign | ast.NamedExpr, frame: Frame) -> None:
    if node.value is not None:
        self.visit(node.value, frame)
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            self.store(target, frame)


def _augmented(self: Reading, node: ast.AugAssign, frame: Frame) -> None:
    self.visit(node.value, frame)
    self.store(node.target, frame)
    if isinstance(node.target, ast.Name) and self.owner(node.target, frame) is Owner.SHARED:
        # `+=` on a list changes the list.
        load = ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target)
        of = self.evaluate(load, frame)
        if isinstance(of, Instance) and of.cls.full_name in _MUTABLE:
            self.writes(f"`{node.target.id}` is changed", node, frame)
        if not is_immutable(of):
            self.unknown(f"`{node.target.id}` may be changed", node, frame)


def _delete(self: Reading, node: ast.Delete, frame: Frame) -> None:
    for each in node.targets:
        self.store(each, frame)


def _subscript(self: Reading, node: ast.Subscript, frame: Frame) -> None:
    self.visit(node.value, frame)
    self.visit(node.slice, frame)
    of = self.evaluate(node.value, frame)
    grows = isinstance(of, Instance) and of.cls.full_name == "collections.defaultdict"
    if grows and self.owner(node.value, frame) is Owner.SHARED:
        self.writes(f"looking into `{ast.unparse(node.value)}` may add to it", node, frame)


def _for(self: Reading, node: ast.For | ast.AsyncFor, frame: Frame) -> None:
    if isinstance(node, ast.AsyncFor):
        _iterated(self, node.iter, frame)
    else:
        self.visit(node.iter, frame)
    self.store(node.target, frame)
    for each in [*node.body, *node.orelse]:
        self.visit(each, frame)


def _iterated(self: Reading, node: ast.expr, frame: Frame) -> None:
    """`async for` over something."""
    if isinstance(node, ast.Call):
        read_call(self, node, frame, awaited=True)
    else:
        self.visit(node, frame)
        if self.owner(node, frame) is Owner.SHARED:
            self.unknown(f"`{ast.unparse(node)}` is iterated over", node, frame)
        self.waited(f"`{ast.unparse(node)}`")


def _await(self: Reading, node: ast.Await, frame: Frame) -> None:
    value = node.value
    if isinstance(value, ast.Call):
        read_call(self, value, frame, awaited=True)
        if self.depth == 0 and not self.run.held(value, frame).varies:
            self.unknown(f"`{ast.unparse(value)}` is the same each time", value, frame)
        return
    self.visit(value, frame)
    wait_for(self, value, frame)


_VISIT: dict[type[ast.AST], Callable[[Reading, Any, Frame], None]] = {
    ast.FunctionDef: _nested,
    ast.AsyncFunctionDef: _nested,
    ast.ClassDef: _class,
    ast.Lambda: _lambda,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.DictComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.Assign: _assign,
    ast.AnnAssign: _assign,
    ast.NamedExpr: _assign,
    ast.AugAssign: _augmented,
    ast.Delete: _delete,
    ast.Subscript: _subscript,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.With: read_with,
    ast.AsyncWith: read_with,
    ast.Await: _await,
    ast.Call: lambda self, node, frame: read_call(self, node, frame, awaited=False),
}
