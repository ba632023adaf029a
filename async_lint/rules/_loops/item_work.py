"""The work of one item: the awaited call itself, or a coroutine function of the loop's own that awaits it."""

import ast
from typing import NamedTuple

from async_lint.context import Context
from async_lint.inference.face import Frame, Kind, descendants
from async_lint.model import Position
from async_lint.rules._loops.concurrency import Means, Way
from async_lint.rules._loops.fresh_names import fresh
from async_lint.rules._loops.loop_shape import Collected, Gatherable, Shape
from async_lint.rules._shared.layout import Code, Layout, code, indent_of

_LATE = (ast.Lambda, ast.GeneratorExp)
_OPERANDS = (ast.Call, ast.Name, ast.Attribute, ast.Subscript)


class Work(NamedTuple):
    """`text` gives what is awaited for an item: where it is a call, `callee` with `arguments`.

    `lines` define what it needs; they belong right above the loop's statement.
    """

    text: Code
    callee: Code | None = None
    arguments: tuple[Code, ...] = ()
    lines: tuple[str, ...] = ()


def can_stay(loop: Gatherable, shape: Shape, frame: Frame, means: Means, context: Context) -> bool:
    """Whether the awaited expression can be handed over as it is, without a function around it."""
    if means.bound is not None or _sees_later_items(shape):
        return False
    # `gather` takes any awaitable, a group only a coroutine.
    return means.way is Way.GATHER or _is_coroutine(loop, shape, frame, context)


def as_it_is(value: ast.expr, context: Context) -> Work:
    if not isinstance(value, ast.Call):
        return Work(code(value, context))
    return Work(
        code(value, context), code(value.func, context), tuple(code(argument, context) for argument in value.args)
    )


def wrapped(
    loop: Gatherable, shape: Shape, function: ast.AST, means: Means, layout: Layout, at: Position, context: Context
) -> Work:
    """Return the call of a new coroutine function that awaits the value, bounded by a semaphore where that is asked."""
    indent = indent_of(context.source.lines[at.line - 1])
    used = {node.id for node in descendants(shape.value) if isinstance(node, ast.Name)}
    parameters = [target for target in dict.fromkeys(shape.targets) if target in used]
    name = fresh("run" if means.bound is None else "bounded", function, loop)
    value = code(shape.value, context)
    if not isinstance(shape.value, _OPERANDS):
        value = value._replace(text=f"({value.text})")
    start = "await " if shape.collected is Collected.NOTHING else "return await "
    header = f"{indent}async def {name}({', '.join(parameters)}):"
    body = indent + layout.unit
    if means.bound is None:
        # Formatters want a blank line above a function, unless a block begins with it.
        above = context.source.lines[at.line - 2] if at.line > 1 else ""
        lines = [""] if above.strip() and not above.rstrip().endswith(":") else []
        lines += [header, layout.statement(start, value, body), ""]
    else:
        semaphore = fresh("semaphore", function, loop)
        lines = [f"{indent}{semaphore} = {means.module}.Semaphore({means.bound})", "", header]
        lines += [f"{body}async with {semaphore}:", layout.statement(start, value, body + layout.unit), ""]
    arguments = tuple(map(Code, parameters))
    return Work(Code(f"{name}({', '.join(parameters)})"), Code(name), arguments, tuple(lines))


def _sees_later_items(shape: Shape) -> bool:
    """Whether the call is given code that looks at the loop's variable later, when that is another item's."""
    late = (node for node in descendants(shape.value) if isinstance(node, _LATE))
    return any(isinstance(name, ast.Name) and name.id in shape.targets for node in late for name in descendants(node))


def _is_coroutine(loop: Gatherable, shape: Shape, frame: Frame, context: Context) -> bool:
    value = shape.value
    if not isinstance(value, ast.Call):
        return False
    # The variables of a comprehension are looked up in a frame of its own.
    inner = frame if isinstance(loop, ast.For) else Frame(frame.module, frame, node=loop)
    return context.view.calls.kind_of(value, inner).kind is Kind.COROUTINE
