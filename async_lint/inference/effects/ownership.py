"""Whose is a value? What only one run of a body can reach may be changed there, and nobody else will know.

A value is *held* by a run to one of three degrees (`Owner`): it is SHARED; the object ITSELF is the run's own, but it
leads to what others may have; or the run owns the WHOLE of it. It *varies* when another run has another value, which is
what makes `write(path)` safe for one path each.

    for user in users:                      `user`: itself, and it varies
        row = {"user": user, "seen": {}}    itself: the dict is new, and `user` in it is not wholly the run's own
        row["name"] = user.name             allowed: `row` is the run's own
        row["seen"]["now"] = True           not allowed: an item of what is held by itself alone is shared
        tags = list(TAGS)                   itself: the list is new, and its items are those that others have
        text = f"{user}"                    whole: nothing that can be changed
        user.tags.append(text)              allowed only if the class of `user` always makes `tags` anew
        self.last = user                    not allowed: nobody said that `self` is the run's own

Of several ways to a value the weakest counts, and what is not understood is shared.
"""

import ast
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple

from async_lint.inference.effects.library_effects import Change, LibraryEffects
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Binding, How, Table
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.syntax.targets import targets
from async_lint.inference.types.values import (
    ClassType,
    External,
    Frame,
    FunctionType,
    Instance,
    Literal,
    NoneType,
    OverloadedType,
    Type,
)


class Owner(IntEnum):
    """How much of a value belongs to one run: nothing, the object itself, or all that it leads to."""

    SHARED = 0
    ITSELF = 1
    WHOLE = 2


class Held(NamedTuple):
    """`varies`: another run has another value."""

    owner: Owner
    varies: bool = False


SHARED = Held(Owner.SHARED)
WHOLE = Held(Owner.WHOLE)
_CONSTANT = (ast.Constant, ast.JoinedStr, ast.Compare, ast.UnaryOp, ast.FormattedValue)
_IMMUTABLE = frozenset(
    {"builtins.str", "builtins.int", "builtins.float", "builtins.bool", "builtins.bytes", "builtins.complex"}
    | {"builtins.range", "datetime.datetime", "datetime.date", "datetime.timedelta", "uuid.UUID", "decimal.Decimal"}
)


class Run:
    """One run of a body: a call of a function, or one iteration of a loop.

    `frame` is where the body's names are looked up, `given` what the run gets from outside, `table` what it binds.
    """

    def __init__(
        self,
        evaluator: Evaluator,
        library_effects: LibraryEffects,
        frame: Frame,
        given: Mapping[str, Held],
        table: Table,
    ) -> None:
        self.evaluator = evaluator
        self.library_effects = library_effects
        self.frame = frame
        self.given = given
        self.table = table
        self.results: dict[int, Held] = {}  # of calls, by node: set by whoever follows them
        self._asked: set[str] = set()

    def held(self, node: ast.expr, frame: Frame) -> Held:
        """Return whose the value of an expression is."""
        match node:
            case ast.Name(id=name):
                return self._name(name, frame)
            case ast.Attribute(value=value, attr=attr):
                of = self.held(value, frame)
                if of.owner is Owner.ITSELF:
                    owner = Owner.ITSELF if self.owns_attribute(value, attr, frame) else Owner.SHARED
                    return Held(owner, of.varies)
                return of
            case ast.Subscript(value=value, slice=index):
                of, at = self.held(value, frame), self.held(index, frame)
                sliced = isinstance(index, ast.Slice)
                # A slice holds the same items as what it was taken from, and is no item itself.
                owner = of.owner if sliced or of.owner is Owner.WHOLE else Owner.SHARED
                return Held(owner, of.varies or at.varies)
            case ast.Await(value=value) | ast.Starred(value=value) | ast.NamedExpr(value=value):
                return self.held(value, frame)
            case ast.Call():
                return self._call(node, frame)
            case ast.IfExp(body=body, orelse=orelse):
                return weakest([self.held(body, frame), self.held(orelse, frame)])
            case ast.BoolOp(values=values):
                return weakest([self.held(operand, frame) for operand in values])
            case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
                return _made([self.held(part, frame) for part in parts])
            case ast.Dict(keys=keys, values=values):
                return _made([self.held(part, frame) for part in [*filter(None, keys), *values]])
            case ast.BinOp(left=left, right=right):
                return _made([self.held(left, frame), self.held(right, frame)])
            # The collection is new; whose its items are is not followed.
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                return Held(Owner.ITSELF, self._varies(node, frame))
        if isinstance(node, _CONSTANT):
            return Held(Owner.WHOLE, self._varies(node, frame))
        return SHARED

    def _call(self, node: ast.Call, frame: Frame) -> Held:
        varies = any(self.held(argument, frame).varies for argument in arguments(node))
        receiver = SHARED
        if isinstance(node.func, ast.Attribute):
            receiver = self.held(node.func.value, frame)
            varies = varies or receiver.varies
            if receiver.owner is Owner.WHOLE:
                return Held(Owner.WHOLE, varies)
        known = self.results.get(id(node))
        if known is not None:
            return Held(known.owner, varies)
        # What cannot be changed does no harm in other hands.
        if is_immutable(self.evaluator.evaluate(node, frame)):
            return Held(Owner.WHOLE, varies)
        callee = self.evaluator.evaluate(node.func, frame)
        parts = [self.held(argument, frame) for argument in arguments(node)]
        plain = callee.items[0] if isinstance(callee, OverloadedType) else callee
        if isinstance(node.func, ast.Attribute) and isinstance(plain, FunctionType) and plain.bound is not None:
            parts.append(receiver)
        name = self.evaluator.qualified_name(callee) or ""
        library_effect = self.library_effects.of(callee)
        if library_effect is not None and (
            # `why`: who serves several calls at once gives each its own answer
            library_effect.change in (Change.OPENS, Change.OPENS_KEYED) or library_effect.why
        ):
            return Held(Owner.WHOLE, varies)
        # A new object, or a new list, that holds what it was given.
        if isinstance(callee, ClassType) or _is_class(callee) or name == "builtins.sorted":
            return Held(_made(parts).owner, varies)
        if library_effect is not None and parts and all(part.owner is Owner.WHOLE for part in parts):
            return Held(Owner.WHOLE, varies)
        return Held(Owner.SHARED, varies)

    def _name(self, name: str, frame: Frame | None) -> Held:
        while frame is not None and frame is not self.frame:
            node = frame.node
            # What a lambda is given is up to whoever calls it.
            if isinstance(node, ast.Lambda):
                return SHARED
            if node is not None:
                for generator in node.generators:
                    if any(bound == name for bound, _ in targets(generator.target)):
                        return element(self.held(generator.iter, frame.parent or frame))
            elif frame.function is not None:
                return SHARED
            frame = frame.parent
        given, bindings = self.given.get(name), self.table.get(name, ())
        if frame is None or (given is None and not bindings):
            return SHARED
        if name in self._asked:
            return WHOLE  # an assignment from itself adds nothing
        self._asked.add(name)
        try:
            parts = [self._binding(binding) for binding in bindings]
        finally:
            self._asked.discard(name)
        return weakest(parts if given is None else [given, *parts])

    def _binding(self, binding: Binding) -> Held:
        # The exception was raised in this run.
        if binding.how is How.EXCEPT:
            return WHOLE
        if binding.value is None or binding.how in (How.FUNCTION, How.CLASS, How.IMPORT, How.IMPORT_FROM):
            # `x: T` alone binds nothing yet.
            return SHARED if binding.how is not How.DECLARE else WHOLE
        held = self.held(binding.value, self.frame)
        if binding.how in (How.ITERATE, How.ASYNC_ITERATE, How.PATTERN) or binding.path:
            return element(held)
        return held

    def _varies(self, node: ast.AST, frame: Frame) -> bool:
        return any(self._name(part.id, frame).varies for part in descendants(node) if isinstance(part, ast.Name))

    def owns_attribute(self, node: ast.expr, attr: str, frame: Frame) -> bool:
        """Whether the class always makes that attribute anew, so that no two instances have the same object."""
        of = self.evaluator.evaluate(node, frame)
        if not isinstance(of, Instance):
            return False
        is_assigned = False
        for base in self.evaluator.order(of.cls).bases:
            # What the class body makes, all instances have in common; a constant is harmless.
            for binding in base.cls.table.get(attr, ()):
                if binding.value is not None and not isinstance(binding.value, ast.Constant):
                    return False
            for function, binding in base.cls.attributes.get(attr, ()):
                is_assigned = True
                # `self.items += more` keeps to the object that another binding made.
                if binding.how is How.AUGMENTED or binding.value is None:
                    continue
                if binding.how not in (How.ASSIGN, How.DECLARE):
                    return False
                if not self._is_new(binding.value, self.evaluator.function_scope(function)):
                    return False
        return is_assigned

    def _is_new(self, value: ast.expr, frame: Frame) -> bool:
        match value:
            case ast.Await(value=awaited):
                return self._is_new(awaited, frame)
            case ast.IfExp(body=body, orelse=orelse):
                return self._is_new(body, frame) and self._is_new(orelse, frame)
            case ast.Call(func=func):
                callee = self.evaluator.evaluate(func, frame)
                name = self.evaluator.qualified_name(callee) or ""
                if isinstance(callee, ClassType) or _is_class(callee):
                    return True
                library_effect = self.library_effects.find(name) if name else None
                # A task is new, though the tables say of its maker that the coroutine does the work.
                return library_effect is not None and (
                    library_effect.change is Change.OPENS or name.endswith("create_task")
                )
        return isinstance(value, _CONSTANT + (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.SetComp, ast.DictComp))


def arguments(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def weakest(parts: Sequence[Held]) -> Held:
    # Of no parts the whole: a function without `return` gives None, which nobody can change.
    return Held(min((part.owner for part in parts), default=Owner.WHOLE), any(part.varies for part in parts))


def element(held: Held) -> Held:
    """Return whose the items of a container are."""
    return held if held.owner is Owner.WHOLE else Held(Owner.SHARED, held.varies)


def _is_class(callee: Type) -> bool:
    return isinstance(callee, External) and not callee.instance and callee.name.rpartition(".")[2][:1].isupper()


def is_immutable(of: Type) -> bool:
    if isinstance(of, Instance):
        return of.cls.full_name in _IMMUTABLE
    return isinstance(of, Literal | NoneType)


def _made(parts: Iterable[Held]) -> Held:
    """Return whose a new object is that holds `parts`."""
    parts = list(parts)
    whole = all(part.owner is Owner.WHOLE for part in parts)
    return Held(Owner.WHOLE if whole else Owner.ITSELF, any(part.varies for part in parts))
