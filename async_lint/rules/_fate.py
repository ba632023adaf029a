"""What becomes of coroutines that an expression holds: lost for certain, out of sight, or awaited."""

from collections.abc import Sequence
from enum import IntEnum

import libcst as cst

from async_lint.context import Context
from async_lint.rules._reads import reads
from async_lint.rules._takers import taker
from async_lint.scopes import function_around

_Path = Sequence[cst.CSTNode]


class Fate(IntEnum):
    """Of several ways the greatest counts."""

    LOST = 0
    UNSEEN = 1  # returned, stored, or in the hands of code that may await it
    AWAITED = 2


_AWAIT = (
    "asyncio.gather", "asyncio.wait", "asyncio.as_completed", "asyncio.wait_for", "asyncio.shield", "asyncio.run",
    "asyncio.create_task", "asyncio.ensure_future", "asyncio.TaskGroup.create_task",
    "asyncio.AbstractEventLoop.create_task", "asyncio.AbstractEventLoop.run_until_complete",
)  # fmt: skip
_PASS_ALL_ON = ("builtins.reversed", "builtins.iter")
_PASS_ON_IN_TUPLES = ("builtins.zip", "builtins.enumerate")
_LIST_METHODS = frozenset({"append", "extend", "insert", "sort", "reverse", "clear", "remove", "count", "index"})
_COROUTINE_METHODS = frozenset({"send", "throw", "close", "__await__"})

_COMPREHENSIONS = (cst.ListComp, cst.SetComp, cst.GeneratorExp)
_SCOPES = (cst.FunctionDef, cst.Lambda, cst.ClassDef)
_CONDITIONS = (cst.If, cst.While, cst.Assert, cst.UnaryOperation, cst.Comparison, cst.ComparisonTarget, cst.CompIf)


def fate(path: _Path, many: bool, context: Context) -> Fate:
    """Return what becomes of the last node of `path`, which goes from the outermost node of the slice down.

    The node is a coroutine or, where `many`, an iterable of coroutines.
    """
    return _Search(context).follow(path, many)


class _Search:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._names: set[str] = set()

    def follow(self, path: _Path, many: bool) -> Fate:
        node, above = path[-1], path[:-1]
        parent = above[-1] if above else None
        match parent:
            case cst.Await():
                return Fate.UNSEEN if many else Fate.AWAITED
            case cst.Arg():
                return self._given(parent, above, many)
            case cst.Element() | cst.StarredElement():
                return self.follow(above[:-1], True) if many is isinstance(parent, cst.StarredElement) else Fate.UNSEEN
            case cst.IfExp() if node is parent.test:
                return Fate.LOST
            case cst.IfExp() | cst.BooleanOperation():
                return self.follow(above, many)
            case cst.BinaryOperation():
                return self.follow(above, True) if many else Fate.LOST
            case cst.Expr() | cst.FormattedStringExpression():
                return Fate.LOST
            case cst.Attribute() if many:
                return Fate.LOST if parent.attr.value in _LIST_METHODS else Fate.UNSEEN
            case cst.Attribute():
                name = parent.attr.value
                return Fate.UNSEEN if name in _COROUTINE_METHODS or name.startswith("cr_") else Fate.LOST
            case cst.Subscript() if node is parent.value:
                sliced = any(isinstance(each.slice, cst.Slice) for each in parent.slice)
                return self.follow(above, sliced) if many else Fate.LOST
            case cst.For() | cst.CompFor() if node is parent.iter:
                return self._iterated(parent, parent.target, above) if many else Fate.UNSEEN
            case cst.Assign():
                return max(self._bound(each.target, above, many) for each in parent.targets)
            case cst.AnnAssign() if node is parent.value:
                return self._bound(parent.target, above, many)
        if isinstance(parent, _CONDITIONS):
            return Fate.LOST
        if isinstance(parent, _COMPREHENSIONS) and node is parent.elt and not many:
            return self.follow(above, True)
        return Fate.UNSEEN

    def _given(self, argument: cst.Arg, above: _Path, many: bool) -> Fate:
        call = above[-2]
        assert isinstance(call, cst.Call)
        if self._calls(call, _AWAIT):
            return Fate.AWAITED
        found = taker(call, argument, self._context)
        if argument.star or not many:
            return Fate.LOST if found is not None and bool(argument.star) is many else Fate.UNSEEN
        if self._calls(call, _PASS_ALL_ON) or (found is not None and found.passes):
            return self.follow(above[:-1], True)
        if self._calls(call, ("builtins.next",)):
            return self.follow(above[:-1], False)
        if self._calls(call, _PASS_ON_IN_TUPLES):
            position = 1 if self._calls(call, ("builtins.enumerate",)) else call.args.index(argument)
            return self._in_tuples(call, position, above)
        used = found is not None and (found.items is not None or self._calls(call, ("builtins.len",)))
        return Fate.LOST if used else Fate.UNSEEN

    def _calls(self, call: cst.Call, names: Sequence[str]) -> bool:
        function = call.func.attr if isinstance(call.func, cst.Attribute) else call.func
        last = function.value if isinstance(function, cst.Name) else ""
        candidates = [each for each in names if each.endswith(f".{last}")]
        name = self._context.name_of(call.func) if candidates else None
        return name is not None and any(name in (each, self._context.canonical(each)) for each in candidates)

    def _in_tuples(self, call: cst.Call, position: int, above: _Path) -> Fate:
        loop = above[-3] if len(above) > 2 else None
        if isinstance(loop, (cst.For, cst.CompFor)) and call is loop.iter and isinstance(loop.target, cst.Tuple):
            elements = loop.target.elements
            if position < len(elements) and not any(isinstance(each, cst.StarredElement) for each in elements):
                return self._iterated(loop, elements[position].value, above[:-2])
        return Fate.UNSEEN

    def _iterated(self, loop: cst.For | cst.CompFor, target: cst.BaseExpression, above: _Path) -> Fate:
        if loop.asynchronous is not None:
            return Fate.UNSEEN
        if isinstance(loop, cst.CompFor):
            comprehension = next(each for each in reversed(above) if not isinstance(each, cst.CompFor))
            return self._bound(target, above, False, comprehension)
        return self._bound(target, above, False, function_around(above) or loop)

    def _bound(self, target: cst.BaseExpression, above: _Path, many: bool, scope: cst.CSTNode | None = None) -> Fate:
        scope = scope or function_around(above)
        if isinstance(target, (cst.Tuple, cst.List)):
            if not many:
                return Fate.LOST  # unpacking a coroutine is a TypeError
            if all(isinstance(each, cst.Element) for each in target.elements):
                return max(
                    (self._bound(each.value, above, False, scope) for each in target.elements), default=Fate.LOST
                )
        if not isinstance(target, cst.Name) or scope is None:
            return Fate.UNSEEN
        if target.value in self._names:
            return Fate.LOST
        self._names.add(target.value)
        outside = above[: next(index for index, each in enumerate(above) if each is scope)]
        return max((self._read(path, many, scope) for path in reads(target.value, scope, outside)), default=Fate.LOST)

    def _read(self, path: _Path, many: bool, scope: cst.CSTNode) -> Fate:
        inner = path[next(index for index, each in enumerate(path) if each is scope) + 1 :]
        return Fate.UNSEEN if any(isinstance(each, _SCOPES) for each in inner) else self.follow(path, many)
