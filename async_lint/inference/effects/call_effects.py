"""What a call does: looked up in the tables, or followed into the project's own functions."""

import ast
import re
from collections.abc import Sequence

from async_lint.inference.effects.effect import place
from async_lint.inference.effects.interprocedural import construct, follow, is_followed
from async_lint.inference.effects.library_effects import Change, LibraryEffect
from async_lint.inference.effects.ownership import Owner, arguments
from async_lint.inference.effects.reader import Reader
from async_lint.inference.effects.running_work import gains_nothing, is_handed_on, wait_for
from async_lint.inference.syntax.binding import Function, last_name
from async_lint.inference.types.describe import describe
from async_lint.inference.types.unions import options
from async_lint.inference.types.values import (
    Callable,
    ClassMethod,
    ClassType,
    External,
    Frame,
    FunctionType,
    Instance,
    LambdaType,
    OverloadedType,
    PartialType,
    StaticMethod,
    Type,
    Union,
    Unknown,
)

# Methods of strings and dictionaries that only read, whatever else has them.
_PLAIN = frozenset(
    [
        "capitalize", "casefold", "copy", "count", "decode", "dict", "encode", "endswith", "find", "format", "get",
        "index", "isdigit", "isoformat", "items", "join", "keys", "lower", "lstrip", "model_dump", "partition",
        "replace", "removeprefix", "removesuffix", "rpartition", "rsplit", "rstrip", "split", "splitlines",
        "startswith", "strip", "title", "upper", "values", "zfill",
    ]
)  # fmt: skip
# What is logged is no result.
_LOGGER = re.compile(r"_*(?:[a-z]+_)?log(?:ger|ging)?", re.IGNORECASE)
_LEVELS = frozenset(
    ["critical", "debug", "error", "exception", "fatal", "info", "log", "success", "trace", "warn", "warning"]
)


def read_call(reader: Reader, node: ast.Call, frame: Frame, *, awaited: bool) -> None:
    """Read a call and everything in it."""
    if not isinstance(node.func, ast.Name):
        reader.visit(node.func.value if isinstance(node.func, ast.Attribute) else node.func, frame)
    callee = reader.evaluate(node.func, frame)
    library_effect = reader.effects.library_effects.of(callee)
    wraps = library_effect is not None and library_effect.change is Change.WRAPS
    for argument in arguments(node):
        # `gather(f(), g())` awaits the calls that it is given.
        if wraps and isinstance(argument, ast.Call):
            read_call(reader, argument, frame, awaited=True)
        else:
            reader.visit(argument, frame)
    for meant in options(callee) if isinstance(callee, Union) else (callee,):
        _call(reader, meant, node, frame, awaited)


def suspends(reader: Reader, node: ast.Call, frame: Frame) -> bool:
    """Whether entering what the call returns may wait: `async with client.stream(...)`, not `asyncio.timeout(5)`."""
    callee = reader.evaluate(node.func, frame)
    library_effect = reader.effects.library_effects.of(callee)
    # Making the object waits for nothing; what its `__aenter__` does is read where it is entered.
    if isinstance(callee, ClassType) or (isinstance(callee, External) and _is_construction(callee.name)):
        return False
    return library_effect is None or library_effect.method or library_effect.change is not Change.NOTHING


def _call(reader: Reader, callee: Type, node: ast.Call, frame: Frame, awaited: bool) -> None:
    library_effect = reader.effects.library_effects.of(callee)
    if library_effect is not None:
        _read_library_effect(reader, library_effect, callee, node, frame, awaited)
        return
    match callee:
        case FunctionType(function) if is_followed(function.module):
            args, receiver = node.args, _receiver(node)
            effect = follow(reader, callee, node, frame, positional=args, named=_named(node), receiver=receiver)
            if awaited and effect.waits:
                where = place(function.node, Frame(function.module))
                waits = f"waits for {effect.waits} and changes nothing that they share"
                reader.shown(f"`{describe(callee).label}` ({where}) {waits}")
        case OverloadedType(implementation=FunctionType() as inner) if is_followed(inner.function.module):
            _call(reader, inner, node, frame, awaited)
        case Callable(_, Function() as function) if is_followed(function.module):
            _enter_function(reader, function, node, frame)
        case ClassType(cls):
            _hand_all(reader, node, frame)
            construct(reader, cls, node, frame)
        case StaticMethod(inner) | ClassMethod(inner) | PartialType(inner):
            _handed(reader, inner, node, frame)
        case LambdaType(made, around):
            reader.visit(made.body, Frame(around.module, around, node=made))
        case Instance(cls) if reader.effects.evaluator.defines(cls, "__call__"):
            _call(reader, reader.effects.evaluator.attribute(callee, "__call__"), node, frame, awaited)
        case External(name) if _is_construction(name):
            _hand_all(reader, node, frame)
        case _:
            _unknown_call(reader, callee, node, frame, awaited)


def _enter_function(reader: Reader, function: Function, node: ast.Call, frame: Frame) -> None:
    """The generator behind a context manager."""
    receiver = _receiver(node) if function.owner is not None else None
    bound = reader.evaluate(receiver, frame) if receiver is not None else None
    made = FunctionType(function, bound)
    follow(reader, made, node, frame, positional=node.args, named=_named(node), receiver=receiver)


def _read_library_effect(
    reader: Reader, library_effect: LibraryEffect, callee: Type, node: ast.Call, frame: Frame, awaited: bool
) -> None:
    label = f"`{describe(callee).label}`"
    receiver = reader.owner(node.func.value, frame) if isinstance(node.func, ast.Attribute) else Owner.SHARED
    first = next(iter(arguments(node)), None)
    match library_effect.change:
        case Change.ANYTHING:
            reader.writes(f"{label} may change what others see", node, frame)
        # `sleep(0)` spaces out nothing.
        case Change.PACE if not (isinstance(first, ast.Constant) and not first.value):
            reader.writes(f"{label} keeps a pace", node, frame)
        case Change.FIRST if first is None or reader.owner(first, frame) is Owner.SHARED:
            reader.writes(f"{label} changes what it is given", node, frame)
        case Change.KEYED | Change.OPENS_KEYED if first is None or not reader.run.held(first, frame).varies:
            reader.writes(f"{label} changes the same thing each time", node, frame)
        case Change.ITSELF if receiver is Owner.SHARED:
            reader.writes(f"{label} changes its object", node, frame)
    if library_effect.exclusive and (receiver is Owner.SHARED or (library_effect.part and receiver is not Owner.WHOLE)):
        reader.writes(f"{label} is for one at a time", node, frame)
    if library_effect.calls is not None:
        _call_handed(reader, library_effect.calls, label, node, frame)
    _hand_all(reader, node, frame)
    if awaited and library_effect.passive:
        gains_nothing(reader, f"{label} waits for what goes on by itself", node, frame)
    elif awaited and (library_effect.brief or _hands_on_file_work(reader, library_effect, node, frame)):
        gains_nothing(reader, f"{label} waits for a local file", node, frame)
    elif awaited and is_handed_on(library_effect, node):
        wait_for(reader, node.args[0], frame)
    elif awaited and not _only_wraps(library_effect, node):
        reader.waited(label)
        reader.shown(
            f"{label} may run several times at once" + (f": {library_effect.why}" if library_effect.why else "")
        )


def _hands_on_file_work(reader: Reader, library_effect: LibraryEffect, node: ast.Call, frame: Frame) -> bool:
    """Whether a thread is given no more than a local file to read or to write: `to_thread(path.read_bytes)`."""
    if library_effect.calls is None or len(node.args) <= library_effect.calls:
        return False
    work = reader.evaluate(node.args[library_effect.calls], frame)
    handed = reader.effects.library_effects.of(work)
    return handed is not None and handed.brief


def _call_handed(reader: Reader, index: int, label: str, node: ast.Call, frame: Frame) -> None:
    if len(node.args) <= index:
        reader.unknown(f"nobody knows what {label} calls", node, frame)
    handed = node.args[index]
    _handed(reader, reader.evaluate(handed, frame), node, frame, handed, node.args[index + 1 :])


def _only_wraps(library_effect: LibraryEffect, node: ast.Call) -> bool:
    """Whether what is waited for was read already: the calls among the arguments."""
    if library_effect.change is Change.PACE:
        return True
    return (
        library_effect.change is Change.WRAPS
        and library_effect.calls is None
        and any(isinstance(argument, ast.Call) for argument in node.args)
    )


def _hand_all(reader: Reader, node: ast.Call, frame: Frame) -> None:
    """Functions of the project among the arguments may be called."""
    for argument in arguments(node):
        if isinstance(argument, ast.Name | ast.Attribute):
            of = reader.evaluate(argument, frame)
            if isinstance(of, PartialType) or (isinstance(of, FunctionType) and is_followed(of.function.module)):
                _handed(reader, of, node, frame, argument)


def _handed(
    reader: Reader,
    callee: Type,
    node: ast.Call,
    frame: Frame,
    argument: ast.expr | None = None,
    rest: Sequence[ast.expr] | None = None,
) -> None:
    """Read a function that somebody else calls, with the arguments `rest` if they are known."""
    while isinstance(callee, PartialType | StaticMethod | ClassMethod):
        callee = callee.function
        argument, rest = None, None
    if isinstance(callee, LambdaType):
        return  # its body was read where it stands
    # What it will be called with may not be known: of a library only what is harmless with anything passes.
    library_effect = reader.effects.library_effects.of(callee)
    if (
        library_effect is not None
        and library_effect.change in (Change.NOTHING, Change.WRAPS, Change.OPENS, Change.MAKES)
        and not library_effect.exclusive
    ):
        return
    if isinstance(callee, FunctionType) and is_followed(callee.function.module):
        receiver = argument.value if isinstance(argument, ast.Attribute) else None
        follow(reader, callee, node, frame, positional=rest, receiver=receiver)
    elif isinstance(callee, ClassType):
        construct(reader, callee.cls, None, frame)
    else:
        reader.unknown(f"nobody knows what `{ast.unparse(node.func)}` calls", node, frame)


def _unknown_call(reader: Reader, callee: Type, node: ast.Call, frame: Frame, awaited: bool) -> None:
    func = node.func
    if isinstance(func, ast.Attribute):
        harmless = isinstance(callee, Unknown) and func.attr in _PLAIN
        # A method may change its object, which nobody else has.
        if reader.owner(func.value, frame) is Owner.WHOLE or (not awaited and (harmless or _logs(func))):
            _hand_all(reader, node, frame)
            if awaited:
                reader.waited(f"`{ast.unparse(func)}`")
            return
    reader.unknown(f"nobody knows what `{ast.unparse(func)}` does", node, frame)


def _logs(func: ast.Attribute) -> bool:
    of = func.value.func if isinstance(func.value, ast.Call) else func.value
    return func.attr in _LEVELS and bool(_LOGGER.fullmatch(last_name(of)))


def _named(node: ast.Call) -> dict[str, ast.expr]:
    return {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg is not None}


def _receiver(node: ast.Call) -> ast.expr | None:
    return node.func.value if isinstance(node.func, ast.Attribute) else None


def _is_construction(name: str) -> bool:
    # The class was not found: its capital letter has to do.
    return name.rpartition(".")[2][:1].isupper() or name.endswith(".__init__")
