"""What the body of a function does with a callable that it is given: the calls to which it hands it, or its own."""

import ast
import re
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from async_lint.inference.modules import walk
from async_lint.inference.modules.summary import body_of
from async_lint.inference.names.origins import Site
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Body, How, last_name
from async_lint.inference.syntax.nodes import children
from async_lint.inference.types.scope import Unit, function_scope
from async_lint.inference.types.values import Frame, FunctionType

# What asks whether something is asynchronous knows what it does with it.
ASKING = re.compile("coroutine|awaitable|^_*is_?async", re.IGNORECASE)
# What these give of a callable says nothing of what it returns.
_NAMES = frozenset({"__name__", "__qualname__", "__doc__", "__module__"})
_SHOWING = frozenset({"callable", "getattr", "repr", "str"})


class Result(Enum):
    """What becomes of what the inner call returns."""

    DROPPED = "dropped"
    RETURNED = "returned"
    KEPT = "kept"  # out of sight


class CallableUse(NamedTuple):
    """A call that gets the callable, as `argument`: itself, a partial of it or, where `called`, a lambda around it.

    `awaited`: what the call returns is awaited before `result`. Where the body calls the callable itself and drops
    what that returns, `argument` is what is called.
    """

    site: Site
    argument: ast.expr
    called: bool
    result: Result
    awaited: bool

    @property
    def is_own_call(self) -> bool:
        return self.site.node.func is self.argument


class _OtherUseError(Exception):
    """The callable is used in another way, too."""


class CallableUsage:
    """One function's body, with the way up from every node and the frames of its calls."""

    def __init__(self, evaluator: Evaluator, callee: FunctionType) -> None:
        function = callee.function
        frame = function_scope(function)
        if callee.frame is not None:
            frame = Frame(function.module, callee.frame, function=function)
        self._evaluator = evaluator
        self._function = function
        self._body: Body = body_of(function)
        self._frame = frame
        self._nodes: list[ast.AST] = list(self._body.statements)
        self._parents: dict[int, ast.AST] = {}
        for node in self._nodes:  # it grows meanwhile
            for child in children(node):
                self._parents[id(child)] = node
                self._nodes.append(child)

    @cached_property
    def _frames(self) -> Mapping[int, Frame]:
        units = (Unit(statement, self._frame) for statement in self._body.statements)
        every = (pair for unit in units for pair in walk.nodes(unit, leaves=False))
        return {id(node): frame for node, frame in every if isinstance(node, ast.Call)}

    def hands(self, name: str) -> tuple[CallableUse, ...]:
        """Return the calls that get, or drop, what the parameter `name` is bound to; none if it is used otherwise."""
        if any(isinstance(node, ast.Call) and ASKING.search(last_name(node.func)) for node in self._nodes):
            return ()
        if len(self._body.table[name]) != 1 or name in self._body.inner:
            return ()
        try:
            return tuple(self._reads(name, False, ()))
        except _OtherUseError:
            return ()

    def _reads(self, name: str, called: bool, within: tuple[str, ...]) -> Iterator[CallableUse]:
        named = [node for node in self._nodes if isinstance(node, ast.Name) and node.id == name]
        reads = [node for node in named if isinstance(node.ctx, ast.Load)]
        shadowed = any(isinstance(node, ast.arg) and node.arg == name for node in self._nodes)
        if shadowed or len(named) - len(reads) != bool(within):  # an alias is stored once
            raise _OtherUseError
        for read in reads:
            yield from self._read(read, called, (*within, name))

    def _read(self, node: ast.Name, called: bool, within: tuple[str, ...]) -> Iterator[CallableUse]:
        carried: ast.expr = node
        holder = self._parents[id(node)]
        if isinstance(holder, ast.Call) and holder.func is node:
            around = self._parents[id(holder)]
            if isinstance(around, ast.Expr) and id(holder) in self._frames:
                yield CallableUse(Site(holder, self._frames[id(holder)]), node, called, Result.DROPPED, False)
                return
            if not isinstance(around, ast.Lambda):
                raise _OtherUseError
            carried, called = around, True
        elif self._says_nothing(node):
            return
        while True:
            holder = self._parents[id(carried)]
            if isinstance(holder, ast.keyword) and holder.arg is not None:
                holder = self._parents[id(holder)]
            match holder:
                case ast.Call(args=[first, *_]) if first is carried and self._is_partial(holder):
                    carried = holder
                case ast.Call(func=func) if func is not carried and id(holder) in self._frames:
                    yield CallableUse(Site(holder, self._frames[id(holder)]), carried, called, *self._result(holder))
                    return
                case ast.Assign(targets=[ast.Name(id=alias)]) if self._is_bound_once(alias) and alias not in within:
                    yield from self._reads(alias, called, within)
                    return
                case _:
                    raise _OtherUseError

    def _is_partial(self, call: ast.Call) -> bool:
        if last_name(call.func) != "partial" or id(call) not in self._frames:
            return False
        return (
            self._evaluator.qualified_name(self._evaluator.evaluate(call.func, self._frames[id(call)]))
            == "functools.partial"
        )

    def _is_bound_once(self, name: str) -> bool:
        bindings = self._body.table.get(name, ())
        return len(bindings) == 1 and bindings[0].how is How.ASSIGN and name not in self._body.outward

    def _says_nothing(self, node: ast.expr) -> bool:
        """Whether the node only looks if there is a callable at all, or what it is called."""
        parent = self._parents[id(node)]
        match parent:
            case ast.Compare(comparators=[ast.Constant(value=None)]) | ast.FormattedValue():
                return True
            case ast.Attribute(attr=attr):
                return attr in _NAMES
            case ast.Call(func=ast.Name(id=asked), args=[first, *_]) if first is node and asked in _SHOWING:
                return asked != "getattr" or any(
                    isinstance(argument, ast.Constant) and argument.value in _NAMES for argument in parent.args[1:]
                )
            case ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
                return self._says_nothing(parent)
        return getattr(parent, "test", None) is node

    def _result(self, call: ast.Call) -> tuple[Result, bool]:
        parent = self._parents.get(id(call))
        awaited = isinstance(parent, ast.Await)
        if awaited:
            parent = self._parents.get(id(parent))
        own = self._frames[id(call)].function is self._function
        match parent:
            case ast.Expr():
                return Result.DROPPED, awaited
            case ast.Return() if own:
                return Result.RETURNED, awaited
            case ast.Assign(targets=[ast.Name(id=name)]) if own and self._is_bound_once(name):
                return self._named(name), awaited
        return Result.KEPT, awaited

    def _named(self, name: str) -> Result:
        """What becomes of what has a name: returned, be it held by somebody else meanwhile, or forgotten with it."""
        returned = held = False
        for node in self._nodes:
            if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
                parent = self._parents[id(node)]
                match parent:
                    case ast.Return():
                        returned = True
                    # The task keeps the callback, nobody keeps the task.
                    case ast.Attribute(attr="add_done_callback"):
                        pass
                    case ast.Call(func=ast.Attribute(attr="add" | "append"), args=[only]) if only is node:
                        held = True
                    case _:
                        return Result.KEPT
        return Result.RETURNED if returned else Result.KEPT if held else Result.DROPPED
