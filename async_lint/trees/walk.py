"""The one walk over a libcst tree: every node that means something, layout left out."""

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import fields
from functools import cache

import libcst as cst

# Spaces, punctuation, comments and blank lines are two thirds of a tree.
_LAYOUT = (
    ("whitespace", "trailing_whitespace", "leading_lines", "lines_after", "header", "footer")
    + ("lpar", "rpar", "lbrace", "rbrace", "lbracket", "rbracket", "dot", "relative")
    + ("comma", "colon", "first_colon", "second_colon", "semicolon", "equal", "operator", "separator", "asynchronous")
)
_LEAVES = (cst.Name, cst.BaseNumber, cst.SimpleString, cst.FormattedStringText)
_FIELDS: dict[type[cst.CSTNode], tuple[str, ...]] = {}
_NO_NODES = (type(None), str, bool, cst.MaybeSentinel)


def walk(
    node: cst.CSTNode, ancestors: list[cst.CSTNode], wanted: Container[type], visit: Callable[[cst.CSTNode], None]
) -> None:
    """Call `visit` for `node` and what is below it, in pre-order, where the type is `wanted`.

    While it runs, `ancestors` ends with the nodes above the visited one, the nearest last.
    """
    kind = type(node)
    if kind in wanted:
        visit(node)
    # Asked for every node: a look-up is cheaper than calling the cached function.
    names = _FIELDS.get(kind)
    if names is None:
        names = _FIELDS[kind] = _meaningful(kind)
    if not names:
        return
    ancestors.append(node)
    for name in names:
        child = getattr(node, name)
        family = type(child)
        if family is tuple or family is list:
            for item in child:
                walk(item, ancestors, wanted, visit)
        elif family not in _NO_NODES:
            walk(child, ancestors, wanted, visit)
    ancestors.pop()


def children(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Yield the nodes right below `node` that mean something."""
    for name in _meaningful(type(node)):
        child = getattr(node, name)
        if isinstance(child, (tuple, list)):
            yield from child
        elif not isinstance(child, _NO_NODES):
            yield child


def path_to(target: cst.CSTNode, start: cst.CSTNode) -> Sequence[cst.CSTNode] | None:
    """Return the nodes from `start` down to `target`, both included; None when it is not below."""
    if start is target:
        return [start]
    for child in children(start):
        below = path_to(target, child)
        if below is not None:
            return [start, *below]
    return None


@cache
def _meaningful(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    return tuple(
        field.name
        for field in fields(kind)
        if not field.name.startswith(_LAYOUT) and not (field.name == "value" and issubclass(kind, _LEAVES))
    )
