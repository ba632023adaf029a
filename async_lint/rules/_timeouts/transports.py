"""What a client works over: a transport whose own limit ends its waits, or one that has none."""

import ast
from collections.abc import Iterator

from async_lint.inference.face import Frame, ModuleView, Site, argument, descendants
from async_lint.rules._timeouts.given import Given, given
from async_lint.rules._timeouts.table import Client, receivers
from async_lint.rules._timeouts.waits import name_of, origins

_DEEP = 3


def has_limits_of_its_own(maker: Site, known: Client, view: ModuleView) -> bool:
    """Whether a client is made over a transport that has a limit, or over one that cannot be followed."""
    streams = [argument(maker.node, name, position) for name, position in known.over.items()]
    return any(stream is not None and not _is_endless(stream, maker.frame, known, view, _DEEP) for stream in streams)


def _is_endless(stream: ast.expr, frame: Frame, known: Client, view: ModuleView, depth: int) -> bool:
    part = stream.elts[0] if isinstance(stream, ast.Tuple) and stream.elts else stream
    opened = origins(_whole(part, frame, view) or part, frame, view)
    return bool(opened) and all(_has_no_limit(call, known, view, depth) for call in opened or ())


def _has_no_limit(call: Site, known: Client, view: ModuleView, depth: int) -> bool:
    name = name_of(call, view) or view.names.name_of(call.node.func, call.frame) or ""
    if receivers(known.endless).find(name, view.names.canonical) is not None:
        return True
    if receivers(known.limited).find(name, view.names.canonical) is not None:
        return given(call.node, known.lifted) is Given.NOTHING
    if depth == 0:
        return False
    returned = view.project.results(call)
    results = returned or view.project.entered(call)
    if results:
        return all(_is_endless(value, frame, known, view, depth - 1) for value, frame in results)
    # A method that is left to others may give one in some of them.
    return returned is not None and any(
        bool(values) and all(_is_endless(value, frame, known, view, depth - 1) for value in values)
        for values, frame in _implementations(call, view)
    )


def _implementations(call: Site, view: ModuleView) -> Iterator[tuple[list[ast.expr], Frame]]:
    """Yield what each of the methods returns that override the called one."""
    for body, frame in view.project.overriding(call.node.func, call.frame) or ():
        returns = (node for statement in body for node in descendants(statement) if isinstance(node, ast.Return))
        yield [node.value for node in returns if node.value is not None], frame


def _whole(stream: ast.expr, frame: Frame, view: ModuleView) -> ast.expr | None:
    """Return what a stream is a part of: `stdio_client(...)` of `async with stdio_client(...) as (read, write)`."""
    if isinstance(stream, ast.Subscript):
        return stream.value
    around = view.project.above(stream, frame)
    if not around or not isinstance(stream, ast.Name):
        return None
    place = stream.lineno, stream.col_offset
    earlier = [
        whole
        for node in descendants(around[0])
        for whole, targets in _unpacked(node)
        if stream.id in targets and (whole.lineno, whole.col_offset) < place
    ]
    return max(earlier, key=lambda whole: (whole.lineno, whole.col_offset), default=None)


def _unpacked(node: ast.AST) -> Iterator[tuple[ast.expr, list[str]]]:
    """Yield what is unpacked by an assignment or a `with`, with the names that its parts get."""
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=parts)], value=whole):
            yield whole, _names(parts)
        case ast.withitem(context_expr=whole, optional_vars=ast.Tuple(elts=parts)):
            yield whole, _names(parts)


def _names(parts: list[ast.expr]) -> list[str]:
    return [part.id for part in parts if isinstance(part, ast.Name)]
