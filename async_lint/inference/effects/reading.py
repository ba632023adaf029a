"""One body read statement by statement: what it stores, enters and awaits."""

import ast
from collections.abc import Callable, Collection
from typing import Any, NoReturn

from async_lint.inference.effects.call_effects import read_call
from async_lint.inference.effects.effect import StopReadingError, Touch, place
from async_lint.inference.effects.ownership import Owner, Run, is_immutable
from async_lint.inference.effects.reader import Follower
from async_lint.inference.effects.running_work import wait_for
from async_lint.inference.effects.with_effects import read_with
from async_lint.inference.syntax.nodes import children
from async_lint.inference.types.values import Comprehension, Frame, Instance, PropertyType, Type

_MUTABLE = frozenset({"builtins.list", "builtins.dict", "builtins.set", "builtins.bytearray", "collections.deque"})


class Reading:
    """What was read of a run so far. Raises StopReadingError at the first thing that is more than reading."""

    def __init__(self, effects: Follower, run: Run, outward: Collection[str], depth: int) -> None:
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
        # Each expression is a question of its own: a long body would use up the budget of one.
        return self.effects.asking.anew().evaluate(node, frame)

    def owner(self, node: ast.expr, frame: Frame) -> Owner:
        self.effects.asking.anew()
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
                for part in parts:
                    self.store(part, frame)
            case ast.Starred(value=value):
                self.store(value, frame)
            case ast.Attribute(value=value) | ast.Subscript(value=value):
                # What stands before the dot or in the brackets is evaluated too.
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
        return isinstance(self.effects.evaluator.class_member(of.cls, target.attr), PropertyType)


def _nested(reading: Reading, node: ast.FunctionDef | ast.AsyncFunctionDef, frame: Frame) -> None:
    # What it does is done when it is called.
    for expression in [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]:
        reading.visit(expression, frame)


def _class(reading: Reading, node: ast.ClassDef, frame: Frame) -> None:
    reading.unknown(f"the class `{node.name}` is made in it", node, frame)


def _lambda(reading: Reading, node: ast.Lambda, frame: Frame) -> None:
    # Who calls it is not known: it counts as called here.
    reading.visit(node.body, Frame(frame.module, frame, node=node))


def _comprehension(reading: Reading, node: Comprehension, frame: Frame) -> None:
    inner = Frame(frame.module, frame, node=node)
    for index, generator in enumerate(node.generators):
        # Python evaluates the first iterable in the scope around the comprehension.
        outer = frame if index == 0 else inner
        if generator.is_async:
            _iterated(reading, generator.iter, outer)
        else:
            reading.visit(generator.iter, outer)
        for test in generator.ifs:
            reading.visit(test, inner)
    for part in [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]:
        reading.visit(part, inner)


def _assign(reading: Reading, node: ast.Assign | ast.AnnAssign | ast.NamedExpr, frame: Frame) -> None:
    if node.value is not None:
        reading.visit(node.value, frame)
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            reading.store(target, frame)


def _augmented(reading: Reading, node: ast.AugAssign, frame: Frame) -> None:
    reading.visit(node.value, frame)
    reading.store(node.target, frame)
    if isinstance(node.target, ast.Name) and reading.owner(node.target, frame) is Owner.SHARED:
        # `+=` on a list changes the list.
        load = ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target)
        of = reading.evaluate(load, frame)
        if isinstance(of, Instance) and of.cls.full_name in _MUTABLE:
            reading.writes(f"`{node.target.id}` is changed", node, frame)
        if not is_immutable(of):
            reading.unknown(f"`{node.target.id}` may be changed", node, frame)


def _delete(reading: Reading, node: ast.Delete, frame: Frame) -> None:
    for target in node.targets:
        # `del x[key]` changes `x` as an assignment does.
        reading.store(target, frame)


def _subscript(reading: Reading, node: ast.Subscript, frame: Frame) -> None:
    reading.visit(node.value, frame)
    reading.visit(node.slice, frame)
    of = reading.evaluate(node.value, frame)
    grows = isinstance(of, Instance) and of.cls.full_name == "collections.defaultdict"
    if grows and reading.owner(node.value, frame) is Owner.SHARED:
        reading.writes(f"looking into `{ast.unparse(node.value)}` may add to it", node, frame)


def _for(reading: Reading, node: ast.For | ast.AsyncFor, frame: Frame) -> None:
    if isinstance(node, ast.AsyncFor):
        _iterated(reading, node.iter, frame)
    else:
        reading.visit(node.iter, frame)
    reading.store(node.target, frame)
    for statement in [*node.body, *node.orelse]:
        reading.visit(statement, frame)


def _iterated(reading: Reading, node: ast.expr, frame: Frame) -> None:
    """`async for` over something."""
    if isinstance(node, ast.Call):
        read_call(reading, node, frame, awaited=True)
    else:
        reading.visit(node, frame)
        # Who iterates over what others share may take the items that they wait for.
        if reading.owner(node, frame) is Owner.SHARED:
            reading.unknown(f"`{ast.unparse(node)}` is iterated over", node, frame)
        reading.waited(f"`{ast.unparse(node)}`")


def _await(reading: Reading, node: ast.Await, frame: Frame) -> None:
    value = node.value
    if isinstance(value, ast.Call):
        read_call(reading, value, frame, awaited=True)
        # What no item goes into polls, drains or repeats: the order of the calls may be the point.
        if reading.depth == 0 and not reading.run.held(value, frame).varies:
            reading.unknown(f"`{ast.unparse(value)}` is the same each time", value, frame)
        return
    reading.visit(value, frame)
    wait_for(reading, value, frame)


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
    ast.Call: lambda reading, node, frame: read_call(reading, node, frame, awaited=False),
}
