"""In which function does a piece of code run? Decorators, defaults and first iterables run outside what they head."""

from collections.abc import Sequence

import libcst as cst

_COMPREHENSIONS = (cst.ListComp, cst.SetComp, cst.DictComp)


def function_around(path: Sequence[cst.CSTNode]) -> cst.FunctionDef | cst.Lambda | None:
    """Return the function whose body holds the last node of `path`; the path goes from the outermost node down."""
    for parent, child in _upwards(path):
        if isinstance(parent, (cst.FunctionDef, cst.Lambda)) and child is parent.body:
            return parent
    return None


def awaits(path: Sequence[cst.CSTNode], target_version: tuple[int, int], in_module: bool = False) -> bool:
    """Whether an `await` may stand where the last node of `path` stands, and leaves what holds it what it is.

    `in_module`: it may stand outside functions, as in a notebook.
    """
    comprehensions = 0
    for index in range(len(path) - 1, 0, -1):
        parent, child = path[index - 1], path[index]
        if isinstance(parent, cst.FunctionDef) and child is parent.body:
            return parent.asynchronous is not None and not _is_nested(comprehensions, target_version)
        if _runs_apart(parent, child):
            return False
        if isinstance(parent, (cst.GeneratorExp, *_COMPREHENSIONS)) and not _is_first_iterable(path[index - 1 :]):
            if isinstance(parent, cst.GeneratorExp):
                return False
            comprehensions += 1
    return in_module and not _is_nested(comprehensions, target_version)


def _is_nested(comprehensions: int, target_version: tuple[int, int]) -> bool:
    # Before 3.11 a comprehension in a comprehension has no asynchronous function around it.
    return comprehensions > 1 and target_version < (3, 11)


def _upwards(path: Sequence[cst.CSTNode]) -> "zip[tuple[cst.CSTNode, cst.CSTNode]]":
    return zip(path[-2::-1], path[:0:-1], strict=True)


def _runs_apart(parent: cst.CSTNode, child: cst.CSTNode) -> bool:
    """Whether `child` of `parent` runs in a scope that no `await` may stand in."""
    if isinstance(parent, (cst.Lambda, cst.ClassDef)) and child is parent.body:
        return True
    if isinstance(parent, cst.ClassDef) and parent.type_parameters is not None and isinstance(child, cst.Arg):
        return True
    # Annotations and the like are evaluated late or not at all under some version or `__future__` import.
    return isinstance(child, (cst.Annotation, cst.TypeParameters)) or isinstance(parent, cst.TypeAlias)


def _is_first_iterable(path: Sequence[cst.CSTNode]) -> bool:
    """Whether the path leads from a comprehension, its first node, into the iterable of its first `for`."""
    if len(path) < 3:
        return False
    comprehension, first, iterable = path[:3]
    return isinstance(first, cst.CompFor) and first is getattr(comprehension, "for_in", None) and iterable is first.iter
