"""Whether a `gather` or a `shield` is all that refers to some of the work that it is given."""

import ast
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from async_lint.inference.face import Frame, Function, How, Kind, ModuleView, body_of, descendants, dotted, last_name
from async_lint.rules._tasks.scheduling import scheduler
from async_lint.rules._tasks.spawners import spawned
from async_lint.rules._tasks.task_owner import is_lost_with
from async_lint.rules._tasks.waiting import runs_loop

_LAZY = frozenset({Kind.COROUTINE, Kind.AWAITABLE})
_ADDING = {"add": False, "append": False, "extend": True, "update": True}
_COPIES = frozenset({"list", "set", "tuple"})
# `self.a` and `self.b` have nothing in common but their owner.
_RECEIVERS = frozenset({"", "self", "cls"})


class _Given(NamedTuple):
    """An expression that a call is given; `many`: what matters is what iterating over it gives."""

    node: ast.expr
    many: bool
    frame: Frame


def is_all_that_holds_it(call: ast.Call, frame: Frame, view: ModuleView) -> bool:
    """Whether a call is given a coroutine, or a task that nothing else will refer to when the function has returned.

    A call of something unknown counts as one of a coroutine function: nobody else got hold of what it gives.
    """
    return any(_is_only_here(given, call, view) for given in _arguments(call, frame))


def is_after_cancel(call: ast.Call, frame: Frame) -> bool:
    """Whether a plain function cancels further up what a call is given, which then only marks the errors as seen.

    A coroutine function could wait for what it has cancelled, and was meant to.
    """
    function = _scope(frame)
    if function is None or function.is_async:
        return False
    statements = body_of(function).statements
    above = [
        node for statement in statements for node in descendants(statement) if getattr(node, "lineno", 0) <= call.lineno
    ]
    cancelled: set[str] = set()
    for node in above:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "cancel":
            cancelled |= _mentioned(node.func.value)
    # `for task in tasks: task.cancel()` cancels what `tasks` holds.
    for statement in statements if cancelled else ():
        for node in descendants(statement):
            if isinstance(node, ast.For | ast.comprehension) and not cancelled.isdisjoint(_mentioned(node.target)):
                cancelled |= _mentioned(node.iter)
    return any(not cancelled.isdisjoint(_mentioned(argument)) for argument in call.args)


def _mentioned(node: ast.AST) -> set[str]:
    expressions = (expression for expression in descendants(node) if isinstance(expression, ast.Name | ast.Attribute))
    return {dotted(expression) for expression in expressions} - _RECEIVERS


def _arguments(call: ast.Call, frame: Frame) -> Iterator[_Given]:
    for argument in call.args:
        star = isinstance(argument, ast.Starred)
        yield _Given(argument.value if isinstance(argument, ast.Starred) else argument, star, frame)
    yield from (_Given(keyword.value, False, frame) for keyword in call.keywords if keyword.arg == "arg")


def _is_only_here(given: _Given, call: ast.Call, view: ModuleView) -> bool:
    node, frame = given.node, given.frame
    function = _scope(frame)
    if not isinstance(node, ast.Name) or function is None or not _is_local(node.id, function):
        return any(True for _ in _new(given, view))
    kinds = {kind for source in _sources(node.id, given.many, function, frame) for kind in _new(source, view)}
    if Kind.TASK in kinds and kinds.isdisjoint(_LAZY):
        return is_lost_with(node.id, call, function, partial(runs_loop, frame=frame, view=view))
    return bool(kinds)


def _new(given: _Given, view: ModuleView) -> Iterator[Kind]:
    """Yield what an expression makes: coroutines, or tasks that nobody else has yet."""
    node, many, frame = given
    match node:
        case ast.Call(func=ast.Name(id=name), args=[inner]) if many and name in _COPIES:
            yield from _new(_Given(inner, True, frame), view)
        case ast.Call() if many:
            # What `map` makes as it goes, nobody else has.
            if last_name(node.func) == "map" or view.calls.kind_of_value(node, frame, items=True) in _LAZY:
                yield Kind.COROUTINE
        case ast.Call():
            kind = view.calls.kind_of_value(node, frame)
            if kind in (*_LAZY, Kind.UNKNOWN):
                yield Kind.COROUTINE
            elif scheduler(view.calls.kind_of(node, frame).name, view.names.canonical) or spawned(node, frame, view):
                yield Kind.TASK
        case ast.IfExp(body=first, orelse=second):
            yield from _each([first, second], given, many, view)
        case ast.BoolOp(values=parts):
            yield from _each(parts, given, many, view)
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts) if many:
            yield from _each(parts, given, False, view)
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() if many:
            yield from _new(_Given(node.elt, False, Frame(frame.module, frame, node=node)), view)
        case _ if view.calls.kind_of_value(node, frame, items=many) in _LAZY:
            yield Kind.COROUTINE


def _each(parts: list[ast.expr], given: _Given, many: bool, view: ModuleView) -> Iterator[Kind]:
    for part in parts:
        star = isinstance(part, ast.Starred)
        yield from _new(_Given(part.value if isinstance(part, ast.Starred) else part, many or star, given.frame), view)


def _scope(frame: Frame) -> Function | None:
    scope = frame.enclosing_function()
    return scope.function if scope is not None else None


def _is_local(name: str, function: Function) -> bool:
    body = body_of(function)
    bindings = body.table.get(name, ())
    return bool(bindings) and name not in body.outward and all(binding.how is not How.PARAMETER for binding in bindings)


def _sources(name: str, many: bool, function: Function, frame: Frame) -> Iterator[_Given]:
    """Yield what a local is bound to, and, of a container, what is put into it."""
    body = body_of(function)
    for binding in body.table[name]:
        if binding.value is not None and binding.how in (How.ASSIGN, How.DECLARE) and not binding.path:
            yield _Given(binding.value, many, frame)
    for node in (part for statement in body.statements for part in descendants(statement)) if many else ():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and last_name(node.func.value) == name:
            if node.func.attr in _ADDING:
                yield from (_Given(argument, _ADDING[node.func.attr], frame) for argument in node.args)
