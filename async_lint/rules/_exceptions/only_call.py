"""The one call in a `try` that can fail of what the system has or has not: a file, a lock, a program."""

from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context
from async_lint.rules._exceptions.converting import never_lets_out
from async_lint.rules._exceptions.exceptions import classes_caught
from async_lint.rules._exceptions.failed_lookup import failures_of
from async_lint.rules._exceptions.handlers import Handler, caught_name
from async_lint.rules._shared.names import mentions, own_nodes

# They work on what is there already.
_HARMLESS = (
    *("asyncio.streams.", "asyncio.subprocess.", "builtins.", "io.", "_io.", "json.", "logging.", "time.", "typing."),
    *("subprocess.CompletedProcess.", "subprocess.Popen."),
)
_OPENING = frozenset({"builtins.open", "io.open", "_io.open"})
_HARMLESS_FUNCTIONS = (
    *("os.close", "os.fdopen", "os.fsencode", "os.fspath", "os.fsync", "os.getpid", "os.write"),
    "asyncio.wait_for",
)
_UNSEEN = (cst.BaseComp, cst.Raise, cst.Yield)


def only_call(
    handler: Handler, caught: str, statement: cst.Try, names: tuple[str, ...], context: Context
) -> cst.Call | None:
    """Return the call of one of `names` where nothing else in a `try` raises what its handler catches.

    That is the class `caught` and nothing else, and the handler never looks at it.
    """
    name = caught_name(handler)
    if handler.type is None or (name is not None and mentions(handler.body, name)):
        return None
    nodes = list(own_nodes(statement.body))
    calls = [node for node in nodes if isinstance(node, cst.Call)]
    asked = [call for call in calls if context.is_called(call, *names)]
    if len(asked) != 1 or any(isinstance(node, _UNSEEN) for node in nodes):
        return None
    if {lineage.own for lineage in classes_caught(handler.type, context)} != {caught}:
        return None
    given = set(_names_of_result(asked[0], statement))
    others = [call for call in calls if call is not asked[0] and not _is_method_of(given, call)]
    harmless = (_is_harmless(call, context) or never_lets_out(call, caught, context) for call in others)
    return asked[0] if all(harmless) else None


def path_given(call: cst.Call, of_path: tuple[str, ...], context: Context) -> cst.BaseExpression | None:
    """Return the path of a file that a call is about; of the methods `of_path`, what they are called on."""
    match call:
        case cst.Call(func=cst.Attribute(value=path)) if context.is_called(call, *of_path):
            return path
        case cst.Call(args=[cst.Arg(value=path, star="", keyword=None), *_]):
            return path
    return None


def _names_of_result(call: cst.Call, statement: cst.Try) -> Iterator[str]:
    """Yield what a `try` calls that which `call` gives: a file, most of the time."""
    for node in own_nodes(statement.body):
        match node:
            case cst.WithItem(item=item, asname=cst.AsName(name=cst.Name(value=name))) if item is call:
                yield name
            case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))], value=value) if value is call:
                yield name


def _is_method_of(names: set[str], call: cst.Call) -> bool:
    match call.func:
        case cst.Attribute(value=cst.Name(value=name)):
            return name in names
    return False


def _is_harmless(call: cst.Call, context: Context) -> bool:
    callee = context.name_of(call.func) or ""
    if callee in _OPENING:
        return False
    if callee.startswith(_HARMLESS) or context.is_called(call, *_HARMLESS_FUNCTIONS):
        return True
    # Of a class that nothing tells, it gives the number of a file that is open.
    is_number = isinstance(call.func, cst.Attribute) and call.func.attr.value == "fileno" and not call.args
    return is_number or failures_of(call, context) is not None
