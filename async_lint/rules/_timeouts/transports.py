"""What a client works over: a transport whose own limit ends its waits, or one that has none."""

import ast
from collections.abc import Iterator

from async_lint.inference.face import ModuleView, Site, argument, descendants
from async_lint.rules._timeouts.given import Given, given
from async_lint.rules._timeouts.table import Client, receivers
from async_lint.rules._timeouts.waits import name_of, origins


def has_limits_of_its_own(maker: Site, known: Client, view: ModuleView) -> bool:
    """Whether a client is made over a transport that has a limit, or over one that cannot be followed."""
    streams = [argument(maker.node, name, position) for name, position in known.over.items()]
    return any(stream is not None and not _is_endless(stream, maker, known, view) for stream in streams)


def _is_endless(stream: ast.expr, at: Site, known: Client, view: ModuleView) -> bool:
    whole = _whole(stream, at, view)
    opened = origins(whole, at.frame, view) if whole is not None else None
    return bool(opened) and all(_has_no_limit(call, known, view) for call in opened or ())


def _has_no_limit(call: Site, known: Client, view: ModuleView) -> bool:
    name = name_of(call, view) or view.names.name_of(call.node.func, call.frame) or ""
    if receivers(known.endless).find(name, view.names.canonical) is not None:
        return True
    if receivers(known.limited).find(name, view.names.canonical) is not None:
        return given(call.node, known.lifted) is Given.NOTHING
    return False


def _whole(stream: ast.expr, at: Site, view: ModuleView) -> ast.expr | None:
    """Return what a stream is a part of: `stdio_client(...)` of `async with stdio_client(...) as (read, write)`."""
    if isinstance(stream, ast.Subscript):
        return stream.value
    around = view.project.above(at.node, at.frame)
    if around is None or not isinstance(stream, ast.Name):
        return None
    place = at.node.lineno, at.node.col_offset
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
