"""What a function of the project does with an argument that no annotation declares: what no coroutine could bear."""

import ast
import re
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import NamedTuple

from async_lint.inference.callables import argument_forwarding, declared
from async_lint.inference.modules.summary import body_of
from async_lint.inference.questions.arguments import Arguments, of_call
from async_lint.inference.questions.evaluator import Evaluator, Subclasses
from async_lint.inference.syntax import control
from async_lint.inference.syntax.binding import last_name
from async_lint.inference.syntax.nodes import children
from async_lint.inference.types.scope import function_scope
from async_lint.inference.types.values import ClassType, Frame, FunctionType, Instance, Type

_DEPTH = 3  # functions that an argument is followed through
_ASKING = re.compile(r"isinstance|issubclass|hasattr|getattr|callable|type|.*(?:awaitable|coroutine|async).*")
# A coroutine has these itself.
_OWN = frozenset({"send", "throw", "close"})
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.GeneratorExp)
_TESTS = (ast.If, ast.While, ast.IfExp, ast.Assert)
# What the other operand may define for anything beside it: `text + value`, `value | stage`.
_CALCULATES = (ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Pow)
_ORDERS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_LOOKED_UP = frozenset({"get", "pop", "setdefault"})


class ArgumentUse(NamedTuple):
    """What `callee` does with its parameter, a clause such as "asks for its attribute `id`", on a line of `path`."""

    callee: str
    does: str
    path: str
    line: int


class ArgumentFate(Enum):
    FAILS = "fails"
    MISSES = "misses"  # a coroutine in its place is of no use, and raises nothing
    IDLE = "idle"
    UNSEEN = "unseen"
    MEANT = "meant"  # something that may well be awaited


def of_argument(
    evaluator: Evaluator, heirs: "Subclasses", call: ast.Call, argument: ast.expr, frame: Frame
) -> ArgumentUse | None:
    """Return what shows that an argument is used in place of what awaiting it would give; None when nothing does."""
    return _Search(evaluator, heirs).callee(
        evaluator.evaluate(call.func, frame), of_call(call, frame), argument, _DEPTH
    )


class _Search:
    def __init__(self, evaluator: Evaluator, heirs: "Subclasses") -> None:
        self._evaluator = evaluator
        self._heirs = heirs

    def callee(self, callee: Type, arguments: Arguments, value: ast.expr, depth: int) -> ArgumentUse | None:
        if isinstance(callee, ClassType):
            callee = self._evaluator.attribute(Instance(callee.cls), "__init__")
        if depth == 0 or not isinstance(callee, FunctionType) or not self._is_whole(callee):
            return None
        parameter = argument_forwarding.parameter(callee, arguments, value)
        # What is annotated is for `declared` to judge.
        if parameter is None or parameter.annotation is not None:
            return None
        node = callee.function.node.args
        if parameter in (node.vararg, node.kwarg):
            further = argument_forwarding.onward(self._evaluator, callee, arguments)
            return self.callee(*further, value, depth - 1) if further is not None else None
        return self._body(callee, parameter.arg, depth)

    def _is_whole(self, callee: FunctionType) -> bool:
        """Whether the body is all that may run."""
        function = callee.function
        # `singledispatch` runs other bodies for other classes, which are registered anywhere.
        if function.module.is_stub or any(
            "dispatch" in ast.unparse(decorator) for decorator in function.node.decorator_list
        ):
            return False
        if function.owner is None or function.name == "__init__":
            return True
        bound = callee.bound
        heirs = self._heirs.of(bound.cls if isinstance(bound, Instance | ClassType) else function.owner)
        return heirs is not None and not any(function.name in heir.table for heir in heirs)

    def _body(self, callee: FunctionType, name: str, depth: int) -> ArgumentUse | None:
        body = body_of(callee.function)
        # Bound again, `value = await value`, it is something else further down; who looks from inside, looks later.
        if len(body.table.get(name, ())) != 1 or name in body.inner:
            return None
        frame = function_scope(callee.function)
        uses: dict[ArgumentFate, ArgumentUse] = {}
        for read, above in _reads(body.statements, name):
            fate, does = self._fate(read, above, frame, depth)
            if fate is ArgumentFate.FAILS and _is_guarded(read, above):
                fate = ArgumentFate.UNSEEN
            if fate is ArgumentFate.MEANT:
                return None
            uses.setdefault(fate, ArgumentUse(callee.function.qualname, does, callee.function.module.path, read.lineno))
        if ArgumentFate.FAILS in uses:
            return uses[ArgumentFate.FAILS]
        # A text for the log proves nothing where the argument also goes somewhere out of sight.
        return uses.get(ArgumentFate.MISSES) if ArgumentFate.UNSEEN not in uses else None

    def _fate(self, read: ast.Name, above: Sequence[ast.AST], frame: Frame, depth: int) -> tuple[ArgumentFate, str]:
        """Return what is done with the name there, and the clause for it."""
        if any(isinstance(node, _SCOPES) for node in above):
            return ArgumentFate.UNSEEN, ""
        parent = above[-1]
        match parent:
            case ast.Await() | ast.AsyncFor() | ast.YieldFrom():
                return ArgumentFate.MEANT, ""
            case ast.Attribute(attr=name):
                own = name in _OWN or name.startswith(("cr_", "__"))
                return (ArgumentFate.MEANT, "") if own else (ArgumentFate.FAILS, f"asks for its attribute `{name}`")
            case ast.Subscript(value=value) if value is read:
                return ArgumentFate.FAILS, "subscripts it"
            case ast.Call(func=function) if function is read:
                return ArgumentFate.FAILS, "calls it"
            case ast.Call():
                return self._given(read, parent, frame, depth)
            case ast.keyword():
                call = above[-2]
                return (
                    self._given(read, call, frame, depth) if isinstance(call, ast.Call) else (ArgumentFate.UNSEEN, "")
                )
            case ast.For(iter=iterated) | ast.comprehension(iter=iterated, is_async=0) if iterated is read:
                return ArgumentFate.FAILS, "iterates over it"
            case ast.Compare(left=left, ops=[operator]):
                return _compared(operator, read is left)
            case ast.BinOp(op=operator) if isinstance(operator, _CALCULATES):
                return ArgumentFate.FAILS, "calculates with it"
            case ast.FormattedValue() | ast.BinOp(left=ast.Constant(value=str()), op=ast.Mod()):
                return ArgumentFate.MISSES, "puts it into a text"
            case ast.Starred():
                return ArgumentFate.FAILS, "unpacks it"
            case ast.UnaryOp(op=ast.Not()):
                return ArgumentFate.IDLE, ""
        is_tested = isinstance(parent, _TESTS) and parent.test is read
        return (ArgumentFate.IDLE if is_tested else ArgumentFate.UNSEEN), ""

    def _given(self, read: ast.Name, call: ast.Call, frame: Frame, depth: int) -> tuple[ArgumentFate, str]:
        if _ASKING.fullmatch(last_name(call.func)):
            return ArgumentFate.MEANT, ""
        if isinstance(call.func, ast.Attribute) and call.func.attr in _LOOKED_UP and read is call.args[0]:
            of = self._evaluator.evaluate(call.func.value, frame)
            if isinstance(of, Instance) and of.cls.full_name == "builtins.dict":
                return ArgumentFate.MISSES, "looks it up"
        fits = declared.of_parameter(self._evaluator, call, read, frame)
        if fits is not None:
            return ArgumentFate.FAILS, f"gives it for `{fits.name}`, which is declared `{fits.text}`"
        used = self.callee(self._evaluator.evaluate(call.func, frame), of_call(call, frame), read, depth - 1)
        return (
            (ArgumentFate.FAILS, f"gives it to `{used.callee}`, which {used.does}")
            if used
            else (ArgumentFate.UNSEEN, "")
        )


def _compared(operator: ast.cmpop, left: bool) -> tuple[ArgumentFate, str]:
    if isinstance(operator, ast.Is | ast.IsNot):
        return ArgumentFate.IDLE, ""
    if isinstance(operator, _ORDERS):
        return ArgumentFate.FAILS, "compares it"
    if isinstance(operator, ast.In | ast.NotIn):
        return (ArgumentFate.UNSEEN, "") if left else (ArgumentFate.FAILS, "searches it")
    return ArgumentFate.MISSES, "compares it"


def _reads(statements: Sequence[ast.AST], name: str) -> Iterator[tuple[ast.Name, tuple[ast.AST, ...]]]:
    """Yield where a name is read, with the nodes above."""
    waiting: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [(statement, ()) for statement in statements]
    while waiting:
        node, above = waiting.pop()
        if isinstance(node, ast.Name) and node.id == name:
            yield node, above
        waiting.extend((child, (*above, node)) for child in reversed(children(node)))


def _is_guarded(read: ast.Name, above: Sequence[ast.AST]) -> bool:
    """Whether what the read raises may be caught."""
    for node in above:
        if isinstance(node, ast.Try) and node.handlers and _holds(node.body, read.lineno):
            return True
        if isinstance(node, ast.With) and any(control.suppresses(item.context_expr) for item in node.items):
            return True
    return False


def _holds(block: Sequence[ast.stmt], line: int) -> bool:
    return block[0].lineno <= line <= (block[-1].end_lineno or 0)
