"""Work that a thread is left, and that several threads do hardly faster than one.

await asyncio.to_thread(json.loads, text)       it computes, and only one thread does so at a time
await asyncio.to_thread(path.read_bytes)        a local file
await asyncio.to_thread(executor.shutdown)      it waits for threads that run already
await asyncio.to_thread(read_config, path)      a function that reads a local file and parses what is in it
"""

import ast
from collections.abc import Iterator

from async_lint.inference.independence import words
from async_lint.inference.independence.callees import definitions, is_defined
from async_lint.inference.independence.resources import Resources
from async_lint.inference.independence.scanned import Waits
from async_lint.inference.independence.words import those
from async_lint.inference.modules import walk
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function, dotted, last_name
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.scope import Unit, function_scope
from async_lint.inference.types.values import Frame, Instance, Unknown

_OPEN = "open"
_IN_MEMORY = ("builtins.", "datetime.", "logging.", "os._Environ.", "os.getenv", "os.path.", "posixpath.", "pathlib.")
_DEPTH = 3  # functions below one another that are read


def waits_for(evaluator: Evaluator, resources: Resources, work: ast.expr, frame: Frame) -> Waits:
    """Return how sure it is that something is gained by several threads at once."""
    entry = resources.entry(evaluator, work, frame)
    if entry is not None and entry.passive:
        return Waits.NEVER
    if computes(evaluator, work, frame):
        return Waits.SELDOM
    brief = is_of_files(evaluator, resources, work, frame) or _writes_here(evaluator, resources, work, frame)
    return Waits.PERHAPS if brief else Waits.SURELY


def computes(evaluator: Evaluator, work: ast.expr, frame: Frame) -> bool:
    """Whether it only parses or formats, or is a function that calls nothing."""
    if last_name(work) in those("formatting") or _is_parser(evaluator, work, frame):
        return True
    called = definitions(evaluator, work, frame)
    return bool(called) and not any(one.is_async or any(True for _ in _calls(one)) for one in called)


def is_of_files(evaluator: Evaluator, resources: Resources, work: ast.expr, frame: Frame) -> bool:
    """Whether it works on a local file only, by itself or as a function that does no more than that."""
    if _is_file_call(evaluator, resources, work, frame):
        return True
    called = definitions(evaluator, work, frame)
    return bool(called) and all(_uses_files(evaluator, resources, one, _DEPTH) for one in called)


def writes_by_query(evaluator: Evaluator, work: ast.expr, frame: Frame) -> bool:
    """Whether it is a function with a query that writes."""
    called = definitions(evaluator, work, frame)
    return any(words.writes_by_query(part) for one in called for part in descendants(one.whole()))


def _writes_here(evaluator: Evaluator, resources: Resources, work: ast.expr, frame: Frame) -> bool:
    """Whether it is a function that writes to a local database, which lets one write at a time."""
    if not writes_by_query(evaluator, work, frame):
        return False
    calls = (found for one in definitions(evaluator, work, frame) for found in _calls(one))
    return any(_is_file_call(evaluator, resources, call.func, inner) for call, inner in calls)


def _is_parser(evaluator: Evaluator, work: ast.expr, frame: Frame) -> bool:
    return _name(evaluator, work, frame).partition(".")[0].lstrip("_") in those("parsers")


def _is_file_call(evaluator: Evaluator, resources: Resources, work: ast.expr, frame: Frame) -> bool:
    named = _name(evaluator, work, frame) in those("local-files")
    return named or resources.is_brief(evaluator, work, frame) or _is_of_path(evaluator, work, frame)


def _is_of_path(evaluator: Evaluator, work: ast.expr, frame: Frame) -> bool:
    """Whether it is a method of what is of no known class, and must be a path: `file.read_text`."""
    if not isinstance(work, ast.Attribute) or work.attr not in those("of-paths") or is_defined(evaluator, work.attr):
        return False
    return isinstance(evaluator.evaluate(work.value, frame), Unknown)


def _uses_files(evaluator: Evaluator, resources: Resources, function: Function, depth: int) -> bool | None:
    """Return whether a function works on local files; None where it does something that may be neither that nor brief.

    `depth` is how many functions below one another are read, this one included.
    """
    files = {*_opened(function), *_paths(evaluator, function)}
    finds = False
    for call, frame in _calls(function):
        if dotted(call.func).rpartition(".")[0] in files or _is_file_call(evaluator, resources, call.func, frame):
            finds = True
        elif _is_parser(evaluator, call.func, frame):
            pass
        elif not _is_in_memory(evaluator, call.func, frame):
            called = definitions(evaluator, call.func, frame) if depth > 1 else ()
            uses = [_uses_files(evaluator, resources, one, depth - 1) for one in called]
            if not uses or None in uses:
                return None
            finds = finds or any(uses)
    return finds


def _is_in_memory(evaluator: Evaluator, callee: ast.expr, frame: Frame) -> bool:
    """Whether it is known to ask nobody: a function of a few modules, or a method of a `TypedDict`, which is a dict."""
    if _name(evaluator, callee, frame).startswith(_IN_MEMORY):
        return True
    of = evaluator.evaluate(callee.value, frame) if isinstance(callee, ast.Attribute) else None
    return isinstance(of, Instance) and evaluator.is_typed_dict(of.cls)


def _opened(function: Function) -> Iterator[str]:
    """Yield the names of files that are opened: `with open(path) as file`."""
    for node in descendants(function.whole()):
        match node:
            case ast.withitem(context_expr=ast.Call(func=func), optional_vars=ast.Name(id=name)):
                if last_name(func) == _OPEN:
                    yield name


def _paths(evaluator: Evaluator, function: Function) -> Iterator[str]:
    """Yield the names of what must be a path."""
    for call, frame in _calls(function):
        if isinstance(call.func, ast.Attribute) and _is_of_path(evaluator, call.func, frame):
            yield dotted(call.func.value)


def _calls(function: Function) -> Iterator[tuple[ast.Call, Frame]]:
    """Yield the calls in a function with their frames, without those that make an exception."""
    for statement in function.node.body:
        nodes = list(walk.nodes(Unit(statement, function_scope(function))))
        raised = {id(part) for node, _ in nodes if isinstance(node, ast.Raise) for part in descendants(node)}
        for node, frame in nodes:
            if isinstance(node, ast.Call) and id(node) not in raised:
                yield node, frame


def _name(evaluator: Evaluator, work: ast.expr, frame: Frame) -> str:
    return evaluator.qualified_name(evaluator.evaluate(work, frame)) or ""
