"""What a call does: looked up in the tables, or followed into the project's own functions."""

import ast
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from async_lint.inference.arguments import Value
from async_lint.inference.binding import Function
from async_lint.inference.describe import describe
from async_lint.inference.effects import place
from async_lint.inference.followed import construct, follow, is_followed
from async_lint.inference.leaves import Change, Leaf
from async_lint.inference.ownership import Owner, arguments
from async_lint.inference.scope import Frame
from async_lint.inference.types import (
    Callable,
    ClassMethod,
    ClassType,
    External,
    FunctionType,
    Instance,
    LambdaType,
    OverloadedType,
    PartialType,
    StaticMethod,
    Type,
    Union,
    Unknown,
    options,
)

if TYPE_CHECKING:
    from async_lint.inference.reading import Reading

# Methods of strings and dictionaries that only read, whatever else has them; and a log is no result.
_PLAIN = frozenset(
    "capitalize casefold copy count decode dict encode endswith find format get index isdigit isoformat items join keys "
    "lower lstrip model_dump partition replace rpartition rsplit rstrip split splitlines startswith strip title upper "
    "values zfill".split()
)
_LOGGER = re.compile(r"_*(?:[a-z]+_)?log(?:ger|ging)?", re.IGNORECASE)
_LEVELS = frozenset("critical debug error exception fatal info log success trace warn warning".split())


def read_call(self: "Reading", node: ast.Call, frame: Frame, *, awaited: bool) -> None:
    """Read a call and everything in it."""
    if not isinstance(node.func, ast.Name):
        self.visit(node.func.value if isinstance(node.func, ast.Attribute) else node.func, frame)
    for each in arguments(node):
        self.visit(each, frame)
    callee = self.evaluate(node.func, frame)
    found = options(callee) if isinstance(callee, Union) else (callee,)
    for each in found:
        _call(self, each, node, frame, awaited)


def _call(self: "Reading", callee: Type, node: ast.Call, frame: Frame, awaited: bool) -> None:
    leaf = _leaf_of(self, callee)
    if leaf is not None:
        _read_leaf(self, leaf, callee, node, frame, awaited)
        return
    match callee:
        case FunctionType(function) if is_followed(function.module):
            named: dict[str, Value] = {each.arg: each.value for each in node.keywords if each.arg is not None}
            effect = follow(self, callee, node.args, named, node, frame, receiver=_receiver(node))
            if awaited and effect.waits:
                self.shown(f"`{describe(callee).label}` ({place(function.node, Frame(function.module))}) waits for {effect.waits} and changes nothing that they share")
        case Callable(_, Function() as function) if is_followed(function.module):
            follow(self, FunctionType(function), [], {}, node, frame, receiver=_receiver(node) if function.owner else None)
        case ClassType(cls):
            _hand_all(self, node, frame)
            construct(self, cls, node, frame)
        case StaticMethod(function) | ClassMethod(function) | PartialType(function):
            _handed(self, function, node, frame)
        case LambdaType(made, around):
            self.visit(made.body, Frame(around.module, around, node=made))
        case Instance(cls) if self.effects.r.defines(cls, "__call__"):
            _call(self, self.effects.r.attribute(callee, "__call__"), node, frame, awaited)
        case External(name) if _is_construction(name):
            _hand_all(self, node, frame)
        case _:
            _unknown_call(self, callee, node, frame, awaited)


def _leaf_of(self: "Reading", callee: Type) -> Leaf | None:
    if isinstance(callee, OverloadedType):
        callee = callee.items[0]
    names = [self.effects.r.qualified_name(callee)]
    if isinstance(callee, FunctionType) and isinstance(callee.bound, Instance | ClassType):
        names += [f"{base.cls.full_name}.{callee.function.name}" for base in self.effects.r.order(callee.bound.cls).bases]
    elif isinstance(callee, PartialType | LambdaType | Unknown):
        return None
    return next((leaf for name in names if name and (leaf := self.effects.leaves.find(name)) is not None), None)


def _read_leaf(self: "Reading", leaf: Leaf, callee: Type, node: ast.Call, frame: Frame, awaited: bool) -> None:
    about = describe(callee)
    label = f"`{_public(about.name or '', about.label or '')}`"
    receiver = self.owner(node.func.value, frame) if isinstance(node.func, ast.Attribute) else Owner.SHARED
    first = next(iter(arguments(node)), None)
    match leaf.change:
        case Change.ANYTHING:
            self.writes(f"{label} may change what others see", node, frame)
        case Change.PACE if not (isinstance(first, ast.Constant) and not first.value):
            self.writes(f"{label} keeps a pace", node, frame)
        case Change.FIRST if first is None or self.owner(first, frame) is Owner.SHARED:
            self.writes(f"{label} changes what it is given", node, frame)
        case Change.KEYED | Change.OPENS_KEYED if first is None or not self.run.held(first, frame).varies:
            self.writes(f"{label} changes the same thing each time", node, frame)
        case Change.ITSELF if receiver is Owner.SHARED:
            self.writes(f"{label} changes `{ast.unparse(node.func)}`".rpartition(".")[0] + "`", node, frame)
    if leaf.exclusive and receiver is Owner.SHARED:
        self.writes(f"{label} is for one at a time", node, frame)
    if leaf.calls is not None:
        if len(node.args) <= leaf.calls:
            self.unknown(f"nobody knows what {label} calls", node, frame)
        _handed(self, self.evaluate(node.args[leaf.calls], frame), node, frame, node.args[leaf.calls], node.args[leaf.calls + 1 :])
    _hand_all(self, node, frame)
    if awaited and not (leaf.change is Change.PACE or (leaf.change is Change.WRAPS and leaf.calls is None and any(isinstance(each, ast.Call) for each in node.args))):
        self.waited(label)
        self.shown(f"{label} may run several times at once" + (f": {leaf.why}" if leaf.why else ""))


def _hand_all(self: "Reading", node: ast.Call, frame: Frame) -> None:
    """Functions of the project among the arguments may be called."""
    for each in arguments(node):
        if isinstance(each, ast.Name | ast.Attribute):
            of = self.evaluate(each, frame)
            if isinstance(of, PartialType) or (isinstance(of, FunctionType) and is_followed(of.function.module)):
                _handed(self, of, node, frame, each)


def _handed(
    self: "Reading", callee: Type, node: ast.Call, frame: Frame, argument: ast.expr | None = None, rest: Sequence[ast.expr] = ()
) -> None:
    """Read a function that somebody else calls, with arguments of which at most `rest` is known."""
    while isinstance(callee, PartialType | StaticMethod | ClassMethod):
        callee = callee.function
        argument, rest = None, ()
    if isinstance(callee, LambdaType):
        return  # its body was read where it stands
    leaf = _leaf_of(self, callee)
    if leaf is not None and leaf.change in (Change.NOTHING, Change.WRAPS, Change.OPENS) and not leaf.exclusive:
        return
    if isinstance(callee, FunctionType) and is_followed(callee.function.module):
        receiver = argument.value if isinstance(argument, ast.Attribute) else None
        follow(self, callee, rest, {}, node, frame, receiver=receiver)
    elif isinstance(callee, ClassType):
        construct(self, callee.cls, node, frame)
    else:
        self.unknown(f"nobody knows what `{ast.unparse(node.func)}` calls", node, frame)


def _unknown_call(self: "Reading", callee: Type, node: ast.Call, frame: Frame, awaited: bool) -> None:
    func = node.func
    text = ast.unparse(func)
    if isinstance(func, ast.Attribute):
        of = func.value.func if isinstance(func.value, ast.Call) else func.value
        last = getattr(of, "attr", getattr(of, "id", ""))
        harmless = isinstance(callee, Unknown) and func.attr in _PLAIN or (func.attr in _LEVELS and _LOGGER.fullmatch(last))
        if self.owner(func.value, frame) is Owner.WHOLE or (harmless and not awaited):
            _hand_all(self, node, frame)
            if awaited:
                self.waited(f"`{text}`")
            return
    if isinstance(callee, External) and callee.name.endswith(".__init__"):
        return
    self.unknown(f"nobody knows what `{text}` does", node, frame)


def _public(name: str, label: str) -> str:
    """Return a name for people: of the standard library's, the class and the method; of others, the whole."""
    return label if name.partition(".")[0] in sys.stdlib_module_names else name


def _receiver(node: ast.Call) -> ast.expr | None:
    return node.func.value if isinstance(node.func, ast.Attribute) else None


def _is_construction(name: str) -> bool:
    return name.rpartition(".")[2][:1].isupper() or name.endswith(".__init__")
