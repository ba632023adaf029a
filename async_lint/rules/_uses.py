"""What is done with a coroutine, or with an iterable of coroutines, from the place where it is made on."""

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import NamedTuple

import libcst as cst

from async_lint.context import Context
from async_lint.rules._declarations import for_target
from async_lint.rules._live import reached
from async_lint.rules._names import bindings
from async_lint.rules._positions import IDLE, Does, does
from async_lint.rules._reads import is_never_read, reads
from async_lint.rules._takers import taker
from async_lint.scopes import function_around

_Path = Sequence[cst.CSTNode]


class Shape(Enum):
    """What an expression holds: a coroutine, an iterable of coroutines, or something with coroutines in it."""

    ONE = "one"
    ITEMS = "items"
    OTHER = "other"


class Fate(Enum):
    """`VALUE`: it is used as its result would be. `IDLE`: it is looked at, and no more."""

    VALUE = "value"
    IDLE = "idle"
    UNSEEN = "unseen"
    AWAITED = "awaited"


class Use(NamedTuple):
    """One thing that is done, at the last node of `path`. `does` tells of a VALUE.

    `name` is the variable that it is read from.
    """

    fate: Fate
    path: _Path
    does: Does = IDLE
    name: str = ""


class Bound(NamedTuple):
    """A name that the coroutine is bound to; `rebound` is what takes it away before it is read."""

    name: str
    shape: Shape
    is_read: bool
    rebound: cst.CSTNode | None


_LIST_METHODS = frozenset({"append", "extend", "insert", "add", "discard", "remove", "clear", "reverse", "sort"})
_LIST_ADDS = frozenset({"append", "add"})
_FORMATTED = Does("is put into a text in place of its result, as `<coroutine object ...>`", to_any=True)
_UNPACKED = Does("is unpacked in place of its result, which raises TypeError")


class Uses:
    """Everything that is done with one coroutine. `path` leads from the slice's outermost node to its call."""

    def __init__(self, path: _Path, context: Context) -> None:
        self.bound: list[Bound] = []
        self._context = context
        self._followed: set[tuple[int, str]] = set()
        self.found = list(self._follow(path, Shape.ONE))

    def _follow(self, path: _Path, shape: Shape) -> Iterator[Use]:
        node, above = path[-1], path[:-1]
        parent = above[-1] if above else None
        match parent:
            case cst.Await():
                yield Use(Fate.UNSEEN if shape is Shape.ITEMS else Fate.AWAITED, path)
            case cst.Expr():
                yield Use(Fate.IDLE, path)
            case cst.Arg() if shape is not Shape.ONE:
                yield from self._given(parent, path, shape)
            case cst.IfExp() if node is not parent.test:
                yield from self._follow(above, shape)
            case cst.BooleanOperation():
                if node is parent.left and shape is Shape.ONE:
                    yield from self._place(path)
                if node is parent.right or isinstance(parent.operator, cst.Or):
                    yield from self._follow(above, shape)
            case cst.NamedExpr():
                yield from self._follow(above, shape)
                yield from self._bind(parent.target, parent, above, shape)
            case cst.Assign():
                for target in parent.targets:
                    yield from self._bind(target.target, parent, above, shape)
            case cst.AnnAssign() if node is parent.value:
                yield from self._bind(parent.target, parent, above, shape)
            case cst.Element():
                yield from self._element(parent, above, shape)
            case cst.StarredElement() if shape is not Shape.ONE:
                yield from self._follow(above[:-1], shape)
            case cst.DictElement() | cst.DictComp() if node is parent.value:
                yield from self._follow(above if isinstance(parent, cst.DictComp) else above[:-1], Shape.OTHER)
            case cst.ListComp() | cst.SetComp() | cst.GeneratorExp() if node is parent.elt:
                yield from self._follow(above, Shape.ITEMS if shape is Shape.ONE else Shape.OTHER)
            case None:
                yield Use(Fate.UNSEEN, path)
            case _:
                yield from self._place(path) if shape is Shape.ONE else self._collection(path, shape)

    def _place(self, path: _Path) -> Iterator[Use]:
        done = does(path, self._context)
        if done is None:
            yield from self._appended(path)
        else:
            yield Use(Fate.VALUE if done is not IDLE else Fate.IDLE, path, done)

    def _appended(self, path: _Path) -> Iterator[Use]:
        """Put into a local list or set that begins empty: what is done with that."""
        match path[-3:]:
            case [cst.Call(func=cst.Attribute(value=cst.Name(name), attr=cst.Name(method))), cst.Arg(), _]:
                function = function_around(path)
                if method in _LIST_ADDS and isinstance(function, cst.FunctionDef) and _begins_empty(name, function):
                    self.bound.append(Bound(name, Shape.ITEMS, True, None))
                    outside = path[: path.index(function)]
                    for each in reads(name, function, outside):
                        yield from self._read(each, name, Shape.ITEMS, function)
                    return
        yield Use(Fate.UNSEEN, path)

    def _element(self, element: cst.Element, above: _Path, shape: Shape) -> Iterator[Use]:
        """In a display: `a, b = f(), g()` binds each to a name of its own."""
        display, holder = above[-2], above[-3] if len(above) > 2 else None
        if not isinstance(holder, cst.Assign) or not isinstance(display, (cst.Tuple, cst.List)):
            yield from self._follow(above[:-1], Shape.ITEMS if shape is Shape.ONE else Shape.OTHER)
            return
        index = display.elements.index(element)
        for target in (each.target for each in holder.targets):
            if not isinstance(target, (cst.Tuple, cst.List)):
                yield from self._bind(target, holder, above[:-2], Shape.ITEMS if shape is Shape.ONE else Shape.OTHER)
            elif len(target.elements) == len(display.elements) and not any(map(_is_starred, target.elements)):
                yield from self._bind(target.elements[index].value, holder, above[:-2], shape)
            else:
                yield Use(Fate.UNSEEN, above)

    def _given(self, argument: cst.Arg, path: _Path, shape: Shape) -> Iterator[Use]:
        """An iterable is an argument."""
        call = path[-3]
        found = taker(call, argument, self._context) if isinstance(call, cst.Call) and not argument.star else None
        if found is not None and found.passes and shape is Shape.ITEMS:
            yield from self._follow(path[:-2], shape)
        elif found is not None and found.items is not None:
            yield Use(Fate.VALUE, path, Does(found.items, to_any=True))
        else:
            yield Use(Fate.IDLE if found is not None and "builtins.len" in found.names else Fate.UNSEEN, path)

    def _collection(self, path: _Path, shape: Shape) -> Iterator[Use]:
        """A collection stands somewhere."""
        node, parent = path[-1], path[-2]
        match parent:
            case cst.For() | cst.CompFor() if node is parent.iter and shape is Shape.ITEMS and not parent.asynchronous:
                yield from self._bind(parent.target, parent, path[:-1], Shape.ONE)
            case cst.Attribute():
                called = parent.attr.value in _LIST_METHODS and isinstance(path[-4], cst.Expr)
                yield Use(Fate.IDLE if called else Fate.UNSEEN, path)
            case cst.If() | cst.While() | cst.Assert() | cst.IfExp() if node is parent.test:
                yield Use(Fate.IDLE, path)
            case cst.UnaryOperation():
                yield Use(Fate.IDLE, path)
            case cst.FormattedStringExpression():
                yield Use(Fate.VALUE, path, _FORMATTED)
            case cst.BinaryOperation(left=cst.SimpleString() | cst.ConcatenatedString(), operator=cst.Modulo()):
                yield Use(Fate.VALUE, path, _FORMATTED)
            case _:
                yield Use(Fate.UNSEEN, path)

    def _bind(self, target: cst.BaseExpression, by: cst.CSTNode, above: _Path, shape: Shape) -> Iterator[Use]:
        function = function_around(above)
        declared = for_target(target, by, self._context) if shape is Shape.ONE else None
        if declared is not None:
            happens = f"is bound in place of its result to `{declared.name}`, which is declared `{declared.text}`"
            yield Use(Fate.VALUE, [*above, target], Does(happens))
        if isinstance(target, (cst.Tuple, cst.List)) and shape is Shape.ONE:
            yield Use(Fate.VALUE, [*above, target], _UNPACKED)
        elif isinstance(target, cst.Attribute) and is_never_read(target, self._context):
            self.bound.append(Bound(self._context.code(target), shape, False, None))
        elif not isinstance(target, cst.Name):
            yield Use(Fate.UNSEEN, [*above, target])
        elif isinstance(by, cst.CompFor):
            last = next(index for index in range(len(above) - 1, -1, -1) if not isinstance(above[index], cst.CompFor))
            for each in reads(target.value, above[last], above[:last]):
                yield from self._read(each, target.value, shape, function)
        elif isinstance(function, cst.FunctionDef):
            yield from self._local(target.value, by, above, shape, function)
        else:
            yield Use(Fate.UNSEEN, [*above, target])

    def _local(
        self, name: str, by: cst.CSTNode, above: _Path, shape: Shape, function: cst.FunctionDef
    ) -> Iterator[Use]:
        if (id(by), name) in self._followed:
            return
        self._followed.add((id(by), name))
        outside = above[: next(index for index, each in enumerate(above) if each is function)]
        found = reached(by, name, function, outside)
        self.bound.append(Bound(name, shape, bool(found.reads), None if found.reads else found.rebound))
        if found.captured:
            yield Use(Fate.UNSEEN, above)
        for each in found.reads:
            yield from self._read(each, name, shape, function)

    def _read(
        self, path: _Path, name: str, shape: Shape, function: cst.FunctionDef | cst.Lambda | None
    ) -> Iterator[Use]:
        if function_around(path) is not function:
            yield Use(Fate.UNSEEN, path, name=name)
        else:
            yield from (use if use.name else use._replace(name=name) for use in self._follow(path, shape))


def _is_starred(element: cst.BaseElement) -> bool:
    return isinstance(element, cst.StarredElement)


def _begins_empty(name: str, function: cst.FunctionDef) -> bool:
    """Whether a local is nothing but a new list or set."""
    made = [each for each in bindings(function.body) if each.name == name]
    return bool(made) and all(each.value is not None and _is_new(each.value) for each in made)


def _is_new(value: cst.BaseExpression) -> bool:
    match value:
        case cst.List(elements=[]):
            return True
        case cst.Call(func=cst.Name("list" | "set"), args=[]):
            return True
    return False
