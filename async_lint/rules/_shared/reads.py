"""Where a name is read, in a piece of code and in everything nested in it; whether an attribute is."""

import ast
from collections.abc import Iterator, Sequence

import libcst as cst

from async_lint.context import Context
from async_lint.trees.walk import walk

_BINDS_TARGET = (cst.For, cst.CompFor, cst.AnnAssign, cst.AugAssign, cst.NamedExpr)
_NO_READS = (cst.AssignTarget, cst.AsName, cst.Del, cst.ImportAlias)


def reads(name: str, scope: cst.CSTNode, outside: Sequence[cst.CSTNode]) -> Iterator[Sequence[cst.CSTNode]]:
    """Yield the path to each place where `name` is read; paths begin with `outside`, the nodes above `scope`."""
    for path in _paths(name, scope, outside):
        if not _is_bound_at(path):
            yield path


def _paths(name: str, scope: cst.CSTNode, outside: Sequence[cst.CSTNode]) -> list[Sequence[cst.CSTNode]]:
    paths: list[Sequence[cst.CSTNode]] = []
    ancestors = list(outside)

    def visit(node: cst.CSTNode) -> None:
        if isinstance(node, cst.Name) and node.value == name:
            paths.append([*ancestors, node])

    walk(scope, ancestors, (cst.Name,), visit)
    return paths


def _is_bound_at(path: Sequence[cst.CSTNode]) -> bool:
    node = path[-1]
    for parent in reversed(path[:-1]):
        if isinstance(parent, (cst.Element, cst.StarredElement, cst.Tuple, cst.List)):
            node = parent
            continue
        if isinstance(parent, _BINDS_TARGET):
            return node is parent.target
        labels = (getattr(parent, field, None) for field in ("attr", "keyword", "name"))
        return isinstance(parent, _NO_READS) or any(node is label for label in labels)
    return False


def is_never_read(attribute: cst.Attribute, context: Context) -> bool:
    """Whether nothing in the project reads an attribute that is set."""
    counterpart = context.counterpart(attribute)
    return (
        counterpart is not None
        and isinstance(counterpart.node, ast.Attribute)
        and (context.view.project.is_never_read(counterpart.node, counterpart.frame))
    )
