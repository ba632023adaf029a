"""Where a value was made: the calls behind an expression, through names, attributes, `await` and `with`.

The evaluator says what a value is. That is not enough for who must look at the arguments that made it: has this client
a timeout? An *origin* of a value is a call that made it; a *site* is such a call with the frame of its names.

    class Feed:
        def __init__(self, slow: bool) -> None:
            self.session = connect() if slow else ClientSession(timeout=5)

        async def read(self) -> None:
            async with self.session as session:
                await session.get("/")

`session` was bound by `with` to what `self.session` is, which every method of the class that assigns it decides: its
origins are the sites of `connect()` and `ClientSession(timeout=5)`. `results` leads on, from `connect()` to what that
function returns. Where one of the ways leads to a parameter, a loop's item or an import that was not found, the value
is *lost*, and so is the whole answer: None, for a rule may only say "it never has a timeout" of all that it can be.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from async_lint.inference.modules.summary import body_of, functions_on
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax import control, flow
from async_lint.inference.syntax.binding import Binding, Class, Function, How, Module, last_name
from async_lint.inference.syntax.nodes import children, descendants
from async_lint.inference.types.scope import class_scope, function_scope, module_scope
from async_lint.inference.types.values import (
    Callable,
    ClassType,
    Coroutine,
    Frame,
    FunctionType,
    Instance,
    LambdaType,
    ModuleType,
)

_DEPTH = 12  # steps from one expression to the next: more are taken for a circle
# Bindings whose value stands in the source as it is; of a loop's item it is a part, of a parameter it is elsewhere.
VALUES = frozenset({How.ASSIGN, How.DECLARE, How.ENTER, How.ASYNC_ENTER})


class Site(NamedTuple):
    """A call, and the frame that its names are looked up in."""

    node: ast.Call
    frame: Frame


# Where a value comes from in the end: a call, or what is written out.
_End = Site | ast.Constant


class LostError(Exception):
    """Something may come from a place that cannot be seen."""


def origins(evaluator: Evaluator, expression: ast.expr, frame: Frame) -> tuple[Site, ...] | None:
    """Return every call that made the value of an expression; None unless all of them are in sight.

    What `await` and `with` make of a value is taken for the value itself. None as a value is left out.
    """
    ends = _ends(evaluator, expression, frame)
    made = [end for end in ends or () if isinstance(end, Site) or not _is_none(end)]
    sites = tuple(end for end in made if isinstance(end, Site))
    return sites if ends is not None and len(sites) == len(made) else None


def constants(evaluator: Evaluator, expression: ast.expr, frame: Frame) -> tuple[ast.Constant, ...] | None:
    """Return the literals that an expression may stand for, `None` too; None unless it is nothing else."""
    ends = _ends(evaluator, expression, frame)
    constants = tuple(end for end in ends or () if isinstance(end, ast.Constant))
    return constants if ends and len(constants) == len(ends) else None


def _ends(evaluator: Evaluator, expression: ast.expr, frame: Frame) -> tuple[_End, ...] | None:
    try:
        return tuple(dict.fromkeys(_from(evaluator, expression, frame, _DEPTH)))
    except LostError:
        return None


def results(evaluator: Evaluator, site: Site) -> tuple[tuple[ast.expr, Frame], ...] | None:
    """Return the expressions that the called function returns or yields; None unless its body is in sight."""
    callee = evaluator.evaluate(site.node.func, site.frame)
    if isinstance(callee, LambdaType):
        return ((callee.node.body, Frame(callee.frame.module, callee.frame, node=callee.node)),)
    if not isinstance(callee, FunctionType):
        return None
    function = callee.function
    inner = callee.frame or function_scope(function)
    if callee.frame is not None:
        inner = Frame(function.module, callee.frame, function=function)
    return _given(function, inner)


def entered(evaluator: Evaluator, site: Site) -> tuple[tuple[ast.expr, Frame], ...] | None:
    """Return what the called function yields, which `@asynccontextmanager` or its like made one of; None otherwise."""
    callee = evaluator.evaluate(site.node.func, site.frame)
    if not isinstance(callee, Callable) or callee.function is None or isinstance(callee.result, Coroutine):
        return None
    function = callee.function
    # What the names of the functions around it stand for, a callable does not say.
    return _given(function, function_scope(function)) if function.is_generator and function.outer is None else None


def _given(function: Function, inner: Frame) -> tuple[tuple[ast.expr, Frame], ...] | None:
    if function.module.is_stub or not function.module.path:
        return None
    body = body_of(function)
    given: list[ast.expr | None] = list(body.returns)
    if function.is_generator:
        given = [node.value for node in _own(body.statements) if isinstance(node, ast.Yield)]
    return tuple((expression, inner) for expression in given if expression is not None and not _is_none(expression))


def _from(evaluator: Evaluator, node: ast.expr, frame: Frame, depth: int) -> Iterator[_End]:
    if depth == 0:
        raise LostError
    match node:
        case ast.Call():
            yield Site(node, frame)
        case ast.Await(inner) | ast.NamedExpr(value=inner):
            yield from _from(evaluator, inner, frame, depth - 1)
        case ast.IfExp(body=first, orelse=second):
            yield from _each(evaluator, [first, second], frame, depth)
        case ast.BoolOp(values=values):
            yield from _each(evaluator, values, frame, depth)
        case ast.Constant():
            yield node
        case ast.Name():
            yield from _bound(evaluator, *bindings_of(node, frame), depth)
        case ast.Attribute():
            yield from _attribute(evaluator, node, frame, depth)
        case _:
            raise LostError


def _each(evaluator: Evaluator, nodes: Iterable[ast.expr], frame: Frame, depth: int) -> Iterator[_End]:
    for node in nodes:
        yield from _from(evaluator, node, frame, depth - 1)


def bindings_of(node: ast.Name, frame: Frame) -> tuple[Sequence[Binding], Frame]:
    """Return the bindings that reach a name, and the frame of the scope they stand in."""
    place = (node.lineno, node.col_offset)
    scope: Frame | None = frame
    own = True
    while scope is not None:
        if scope.function is not None:
            body = body_of(scope.function)
            bindings = body.table.get(node.id) if node.id not in body.outward else None
            if bindings:
                # When a closure runs nobody knows: of the functions around it, any binding may be meant.
                return (_reaching(node.id, place, bindings, scope.function) if own else bindings), scope
            own = False
        elif scope.node is not None:
            # The item of a comprehension or a lambda's parameter: many values, or nobody knows whose.
            if any(_binds(part, node.id) for part in descendants(scope.node)):
                raise LostError
        elif scope.cls is None:
            return _of_module(scope.module, node.id), scope
        scope = scope.parent
    raise LostError


def _binds(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.arg):
        return node.arg == name
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id == name


def _reaching(name: str, place: control.Place, bindings: Sequence[Binding], function: Function) -> Sequence[Binding]:
    reach = flow.reaching(name, place, body_of(function).statements)
    chosen = [
        binding
        for binding in bindings
        if id(binding.node) in reach.nodes or (binding.how is How.PARAMETER and reach.start)
    ]
    # Where the walk finds none on the way, any of them may be meant.
    return chosen or bindings


def _of_module(module: Module, name: str) -> Sequence[Binding]:
    """Return what binds a global: at the top level, and in functions that declare it `global`."""
    bindings = list(module.lookup(name) or ())
    # `global` is rare: its text is looked for before any body is read.
    if re.search(rf"\bglobal\b[^\n]*\b{re.escape(name)}\b", module.text):
        for function in module.functions:
            body = body_of(function)
            if name in body.outward:
                bindings += body.table.get(name, ())
    return bindings


def _bound(evaluator: Evaluator, bindings: Sequence[Binding], frame: Frame, depth: int) -> Iterator[_End]:
    if not bindings:
        raise LostError
    for binding in bindings:
        if binding.how is How.IMPORT_FROM:
            yield from _imported(evaluator, binding, frame, depth)
        elif binding.how in VALUES and not binding.path:
            if binding.value is not None:
                yield from _from(evaluator, binding.value, frame_of(binding, frame), depth - 1)
        else:
            raise LostError


def frame_of(binding: Binding, frame: Frame) -> Frame:
    """Return the frame of a binding's value: for a global, that may be a function's."""
    if frame.function is None and frame.cls is None:
        around, _ = functions_on(frame.module, [getattr(binding.node, "lineno", 0)])
        if around:
            return function_scope(around[0])
    return frame


def _imported(evaluator: Evaluator, binding: Binding, frame: Frame, depth: int) -> Iterator[_End]:
    source = evaluator.library.module(binding.module, frame.module.root)
    if source is None or depth == 0:
        raise LostError
    yield from _bound(evaluator, _of_module(source, binding.name), module_scope(source), depth - 1)


def _attribute(evaluator: Evaluator, node: ast.Attribute, frame: Frame, depth: int) -> Iterator[_End]:
    owner = evaluator.evaluate(node.value, frame)
    if isinstance(owner, ModuleType):
        source = evaluator.library.module(owner.name, owner.importer)
        if source is None:
            raise LostError
        yield from _bound(evaluator, _of_module(source, node.attr), module_scope(source), depth - 1)
    elif isinstance(owner, Instance | ClassType):
        yield from _member(evaluator, owner.cls, node.attr, depth)
    else:
        raise LostError


def _member(evaluator: Evaluator, cls: Class, name: str, depth: int) -> Iterator[_End]:
    is_defined = False
    # All of them: a method of a base assigns to the same object as one of its heirs.
    for base in evaluator.order(cls).bases:
        for binding in base.cls.table.get(name, ()):
            is_defined = True
            if isinstance(binding.definition, Function):
                yield from _property(evaluator, binding.definition, depth)
            else:
                yield from _bound(evaluator, [binding], class_scope(base.cls), depth)
        for function, binding in base.cls.attributes.get(name, ()):
            is_defined = True
            yield from _bound(evaluator, [binding], function_scope(function), depth)
    if not is_defined:
        raise LostError


def _property(evaluator: Evaluator, function: Function, depth: int) -> Iterator[_End]:
    decorators = {last_name(decorator) for decorator in function.node.decorator_list}
    # An ordinary method makes its value when it is called, not when it is named.
    if not decorators & {"property", "cached_property"}:
        raise LostError
    for value in body_of(function).returns:
        if value is not None:
            yield from _from(evaluator, value, function_scope(function), depth - 1)


def _own(statements: Iterable[ast.AST]) -> Iterator[ast.AST]:
    stack = list(statements)
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            stack.extend(children(node))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
