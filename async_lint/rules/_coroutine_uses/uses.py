"""What is done with a coroutine, or with an iterable of coroutines, from the place where it is made on."""

from collections.abc import Iterator
from typing import NamedTuple

import libcst as cst

from async_lint.context import Context
from async_lint.rules._coroutine_uses.declarations import for_target
from async_lint.rules._coroutine_uses.live_reads import reached
from async_lint.rules._coroutine_uses.positions import Does
from async_lint.rules._coroutine_uses.steps import has_star, steps
from async_lint.rules._coroutine_uses.way import Binds, Fate, Goes, Joins, Path, Shape, Use
from async_lint.rules._shared.mentioning import Mentioning
from async_lint.rules._shared.names import bindings
from async_lint.rules._shared.reads import is_never_read, reads
from async_lint.trees.scopes import function_around

_UNPACKED = Does("is unpacked in place of its result, which raises TypeError")


class Bound(NamedTuple):
    """A name that the coroutine is bound to; `rebound` is what takes it away before it is read."""

    name: str
    shape: Shape
    is_read: bool
    rebound: cst.CSTNode | None


class Uses:
    """Everything that is done with what the last node of `path` holds; the slice's outermost node begins the path."""

    def __init__(self, path: Path, context: Context, shape: Shape = Shape.ONE) -> None:
        self.bound: list[Bound] = []
        self._context = context
        self._followed: set[tuple[int, str]] = set()
        self.found = list(self._follow(path, shape))

    def _follow(self, path: Path, shape: Shape) -> Iterator[Use]:
        for step in steps(path, shape, self._context):
            match step:
                case Use():
                    yield step
                case Goes():
                    yield from self._follow(step.path, step.shape)
                case Binds():
                    yield from self._bind(*step)
                case Joins():
                    yield from self._join(step)

    def _join(self, step: Joins) -> Iterator[Use]:
        """Put into a local list or set that begins empty: what is done with that."""
        function = function_around(step.path)
        # Others may hold a collection that was not made here, and await what is in it.
        if not isinstance(function, cst.FunctionDef) or not _begins_empty(step.name, function):
            yield Use(Fate.UNSEEN, step.path)
        elif (id(function), step.name) not in self._followed:
            self._followed.add((id(function), step.name))
            self.bound.append(Bound(step.name, Shape.ITEMS, True, None))
            outside = step.path[: step.path.index(function)]
            for path in reads(step.name, function, outside):
                yield from self._read(path, step.name, Shape.ITEMS, function)

    def _bind(self, target: cst.BaseExpression, by: cst.CSTNode, above: Path, shape: Shape) -> Iterator[Use]:
        function = function_around(above)
        declared = for_target(target, by, self._context) if shape is Shape.ONE else None
        if declared is not None:
            happens = f"is bound in place of its result to `{declared.name}`, which is declared `{declared.text}`"
            yield Use(Fate.VALUE, [*above, target], Does(happens, to_generator=declared.async_generator))
        if isinstance(target, (cst.Tuple, cst.List)) and shape is Shape.ONE:
            yield Use(Fate.VALUE, [*above, target], _UNPACKED)
        elif isinstance(target, (cst.Tuple, cst.List)) and shape is Shape.ITEMS and not has_star(target):
            for element in target.elements:
                yield from self._bind(element.value, by, above, Shape.ONE)
        elif isinstance(target, cst.Attribute) and is_never_read(target, self._context):
            self.bound.append(Bound(self._context.code(target), shape, False, None))
        elif not isinstance(target, cst.Name):
            yield Use(Fate.UNSEEN, [*above, target])
        elif isinstance(by, cst.CompFor):
            # The clauses of a comprehension stand in one another, and it stands above the first of them.
            last = next(index for index in range(len(above) - 1, -1, -1) if not isinstance(above[index], cst.CompFor))
            for path in reads(target.value, above[last], above[:last]):
                yield from self._read(path, target.value, shape, function)
        elif isinstance(function, cst.FunctionDef):
            yield from self._local(target.value, by, above, shape, function)
        elif isinstance(by, cst.For):
            for path in reads(target.value, by, above[:-1]):
                yield from self._read(path, target.value, shape, function)
        else:
            yield Use(Fate.UNSEEN, [*above, target])

    def _local(self, name: str, by: cst.CSTNode, above: Path, shape: Shape, function: cst.FunctionDef) -> Iterator[Use]:
        # In a loop, an alias may lead back to a binding that is followed already.
        if (id(by), name) in self._followed:
            return
        self._followed.add((id(by), name))
        outside = above[: next(index for index, ancestor in enumerate(above) if ancestor is function)]
        reach = reached(by, name, function, outside, self._context.slice.once(Mentioning, function))
        self.bound.append(Bound(name, shape, bool(reach.reads), None if reach.reads else reach.rebound))
        if reach.captured:
            yield Use(Fate.UNSEEN, above)
        for path in reach.reads:
            yield from self._read(path, name, shape, function)

    def _read(
        self, path: Path, name: str, shape: Shape, function: cst.FunctionDef | cst.Lambda | None
    ) -> Iterator[Use]:
        # Nobody knows when a nested function runs, or whether it does.
        if function_around(path) is not function:
            yield Use(Fate.UNSEEN, path, name=name)
        else:
            yield from (use if use.name else use._replace(name=name) for use in self._follow(path, shape))


def _begins_empty(name: str, function: cst.FunctionDef) -> bool:
    """Whether a local is nothing but a new list or set, and what is added to it."""
    made = [
        binding
        for binding in bindings(function.body)
        if binding.name == name and not isinstance(binding.node, cst.AugAssign)
    ]
    return bool(made) and all(binding.value is not None and _is_new(binding.value) for binding in made)


def _is_new(value: cst.BaseExpression) -> bool:
    match value:
        case cst.List(elements=[]):
            return True
        case cst.Call(func=cst.Name("list" | "set"), args=[]):
            return True
    return False
