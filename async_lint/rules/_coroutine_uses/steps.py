"""One step on the way of a coroutine, or of a collection of coroutines: what the place where it stands makes of it."""

from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context
from async_lint.rules._coroutine_uses.positions import IDLE, Does, does
from async_lint.rules._coroutine_uses.takers import is_call_of, taker
from async_lint.rules._coroutine_uses.way import Binds, Fate, Goes, Joins, Path, Shape, Step, Use

_AWAITING = (
    "asyncio.gather", "asyncio.wait", "asyncio.as_completed", "asyncio.wait_for", "asyncio.shield", "asyncio.run",
    "asyncio.create_task", "asyncio.ensure_future", "asyncio.TaskGroup.create_task",
    "asyncio.AbstractEventLoop.create_task", "asyncio.AbstractEventLoop.run_until_complete",
)  # fmt: skip
_ADDING = {Shape.ONE: ("append", "add"), Shape.ITEMS: ("extend", "update"), Shape.OTHER: ()}
# What these do to a list or a set takes nothing out of it.
_METHODS = frozenset(
    ["append", "extend", "insert", "add", "discard", "remove", "clear", "reverse", "sort", "count", "index"]
)
_FORMATTED = Does("is put into a text in place of its result, as `<coroutine object ...>`", to_any=True)


def steps(path: Path, shape: Shape, context: Context) -> Iterator[Step]:
    """Yield what becomes of the last node of `path`, which leads from the slice's outermost node down."""
    node, above = path[-1], path[:-1]
    parent = above[-1] if above else None
    match parent:
        case None:
            yield Use(Fate.UNSEEN, path)
        case cst.Expr():
            yield Use(Fate.IDLE, path)
        case cst.IfExp() if node is not parent.test:
            yield Goes(above, shape)
        case cst.BooleanOperation():
            if node is parent.left and shape is Shape.ONE:
                yield from _place(path, context)
            # A coroutine is true, so that as the left side it comes out of `or` alone.
            if node is parent.right or isinstance(parent.operator, cst.Or):
                yield Goes(above, shape)
        case cst.NamedExpr():
            yield Goes(above, shape)
            yield Binds(parent.target, parent, above, shape)
        case cst.Assign():
            for target in parent.targets:
                yield Binds(target.target, parent, above, shape)
        case cst.AnnAssign() if node is parent.value:
            yield Binds(parent.target, parent, above, shape)
        case cst.Element():
            yield from _element(parent, above, shape)
        case cst.StarredElement() if shape is not Shape.ONE:
            yield Goes(above[:-1], shape)
        case cst.DictElement() if node is parent.value:
            yield Goes(above[:-1], Shape.OTHER)
        case cst.DictComp() if node is parent.value:
            yield Goes(above, Shape.OTHER)
        case cst.ListComp() | cst.SetComp() | cst.GeneratorExp() if node is parent.elt:
            yield Goes(above, Shape.ITEMS if shape is Shape.ONE else Shape.OTHER)
        case cst.Arg() if _is_taken(parent, above[-2], shape, context):
            yield Use(Fate.TAKEN, path)
        case _:
            yield from _place(path, context) if shape is Shape.ONE else _collection(path, shape, context)


def _is_taken(argument: cst.Arg, call: cst.CSTNode, shape: Shape, context: Context) -> bool:
    # `gather(*f())` unpacks the coroutine in place of taking it.
    starred = bool(argument.star) and shape is Shape.ONE
    return isinstance(call, cst.Call) and not starred and is_call_of(call, _AWAITING, context)


def _place(path: Path, context: Context) -> Iterator[Step]:
    if isinstance(path[-2], cst.Await):
        yield Use(Fate.AWAITED, path)
        return
    done = does(path, context)
    if done is None:
        yield _added(path, Shape.ONE)
    else:
        yield Use(Fate.VALUE if done is not IDLE else Fate.IDLE, path, done)


def _added(path: Path, shape: Shape) -> Step:
    match path[-3:]:
        case [cst.Call(func=cst.Attribute(value=cst.Name(name), attr=cst.Name(method))), cst.Arg(), _]:
            if method in _ADDING[shape]:
                return Joins(name, path)
    return Use(Fate.UNSEEN, path)


def _element(element: cst.Element, above: Path, shape: Shape) -> Iterator[Step]:
    """In a display: `a, b = f(), g()` binds each to a name of its own."""
    around = Shape.ITEMS if shape is Shape.ONE else Shape.OTHER
    display, holder = above[-2], above[-3] if len(above) > 2 else None
    if not isinstance(holder, cst.Assign) or not isinstance(display, (cst.Tuple, cst.List)):
        yield Goes(above[:-1], around)
        return
    index = display.elements.index(element)
    for target in (assign_target.target for assign_target in holder.targets):
        if not isinstance(target, (cst.Tuple, cst.List)):
            yield Binds(target, holder, above[:-2], around)
        elif len(target.elements) == len(display.elements) and not has_star(target):
            yield Binds(target.elements[index].value, holder, above[:-2], shape)
        else:
            yield Use(Fate.UNSEEN, above)


def has_star(display: cst.Tuple | cst.List) -> bool:
    return any(isinstance(element, cst.StarredElement) for element in display.elements)


def _collection(path: Path, shape: Shape, context: Context) -> Iterator[Step]:
    node, parent, above = path[-1], path[-2], path[:-1]
    match parent:
        case cst.Arg():
            yield _given(parent, path, shape, context)
        case cst.For() | cst.CompFor() if node is parent.iter and shape is Shape.ITEMS and not parent.asynchronous:
            yield Binds(parent.target, parent, above, Shape.ONE)
        case cst.AugAssign(target=cst.Name(name), operator=cst.AddAssign() | cst.BitOrAssign()):
            yield Joins(name, path) if shape is Shape.ITEMS else Use(Fate.UNSEEN, path)
        case cst.Attribute():
            called = isinstance(path[-3], cst.Call) and path[-3].func is parent and parent.attr.value in _METHODS
            yield Use(Fate.IDLE if called else Fate.UNSEEN, path)
        case cst.Subscript() if node is parent.value and shape is Shape.ITEMS:
            sliced = any(isinstance(element.slice, cst.Slice) for element in parent.slice)
            yield Goes(above, Shape.ITEMS if sliced else Shape.ONE)
        case cst.FormattedStringExpression():
            yield Use(Fate.VALUE, path, _FORMATTED)
        case cst.BinaryOperation(left=cst.SimpleString() | cst.ConcatenatedString(), operator=cst.Modulo()):
            yield Use(Fate.VALUE, path, _FORMATTED)
        case cst.BinaryOperation(operator=cst.Add() | cst.Multiply()):
            yield Goes(above, shape)
        case cst.If() | cst.While() | cst.Assert() | cst.IfExp() if node is parent.test:
            yield Use(Fate.IDLE, path)  # a collection may be tested for being empty
        case cst.UnaryOperation() | cst.Comparison() | cst.ComparisonTarget() | cst.CompIf():
            yield Use(Fate.IDLE, path)
        case _:
            yield Use(Fate.UNSEEN, path)


def _given(argument: cst.Arg, path: Path, shape: Shape, context: Context) -> Step:
    call = path[-3]
    if not isinstance(call, cst.Call):
        return Use(Fate.UNSEEN, path)
    entry = taker(call, argument, context)
    if argument.star:
        done = None if entry is None or shape is not Shape.ITEMS else entry.one
        return Use(Fate.VALUE, path, Does(done, to_any=True)) if done else Use(Fate.UNSEEN, path)
    if entry is None:
        return _added(path, shape)
    if entry.passes and shape is Shape.ITEMS:
        return Goes(path[:-2], shape)
    if entry.picks and shape is Shape.ITEMS:
        return Goes(path[:-2], Shape.ONE)
    if entry.pairs and shape is Shape.ITEMS:
        # `enumerate` puts the number first.
        return _paired(call, 1 if "builtins.enumerate" in entry.names else call.args.index(argument), path)
    if entry.items is not None:
        return Use(Fate.VALUE, path, Does(entry.items, to_any=True))
    return Use(Fate.IDLE, path) if "builtins.len" in entry.names else _added(path, shape)


def _paired(call: cst.Call, position: int, path: Path) -> Step:
    """Iterated over in tuples, by `zip` or `enumerate`."""
    loop = path[-4]
    if isinstance(loop, (cst.For, cst.CompFor)) and call is loop.iter and isinstance(loop.target, cst.Tuple):
        if position < len(loop.target.elements) and not has_star(loop.target):
            return Binds(loop.target.elements[position].value, loop, path[:-3], Shape.ONE)
    return Use(Fate.UNSEEN, path)
