"""Whether one exception may be an instance of two classes: by a class that inherits both."""

import ast
from pathlib import Path

from async_lint.inference.project.project import Project
from async_lint.inference.questions.evaluator import Evaluator, Subclasses
from async_lint.inference.syntax.binding import Class
from async_lint.inference.types.unions import options
from async_lint.inference.types.values import ClassType, Frame, TupleType, Type

# Their instances have a layout of their own: no class inherits two of these, unless one of them is the other's heir.
# So it is since Python 3.10: https://docs.python.org/3/c-api/exceptions.html, `PyBaseExceptionObject` and its likes.
_OWN_LAYOUT = frozenset(
    f"builtins.{name}"
    for name in ("AttributeError", "ImportError", "NameError", "OSError", "StopIteration", "SyntaxError", "SystemExit")
    + ("UnicodeDecodeError", "UnicodeEncodeError", "UnicodeTranslateError")
)


def may_be_both(
    evaluator: Evaluator, project: Project, heirs: Subclasses, first: ast.expr, second: ast.expr, frame: Frame
) -> bool:
    """Whether an exception may be an instance of a class that `first` denotes and of one that `second` does.

    Either is a class or a tuple of some. True unless the contrary is proved: neither class inherits the other, and no
    class can, or none of the project does, inherit both.
    """
    ours, theirs = _classes(evaluator, first, frame), _classes(evaluator, second, frame)
    if not ours or not theirs:
        return True
    return any(_may_be_both(evaluator, project, heirs, one, other) for one in ours for other in theirs)


def _may_be_both(evaluator: Evaluator, project: Project, heirs: Subclasses, one: Class, other: Class) -> bool:
    orders = evaluator.order(one), evaluator.order(other)
    if any(order.missing for order in orders):
        return True
    names, others = ({base.cls.full_name for base in order.bases} for order in orders)
    if one.full_name in others or other.full_name in names:
        return True
    if not _OWN_LAYOUT.isdisjoint(names) and not _OWN_LAYOUT.isdisjoint(others):
        return not _OWN_LAYOUT.isdisjoint(names & others)
    # Who inherits a class of a library, the project alone does not tell.
    owned = next((cls for cls in (one, other) if cls.module.path and project.has(Path(cls.module.path))), None)
    below = None if owned is None else heirs.of(owned)
    if below is None:
        return True
    rest = other if owned is one else one
    return any(
        order.missing or rest.full_name in {base.cls.full_name for base in order.bases}
        for order in map(evaluator.order, below)
    )


def _classes(evaluator: Evaluator, node: ast.expr, frame: Frame) -> tuple[Class, ...]:
    """Return the classes that an expression denotes, alone or in a tuple; empty unless all of them are known."""
    if isinstance(node, ast.Tuple):
        groups = [_classes(evaluator, element, frame) for element in node.elts]
        return tuple(cls for group in groups for cls in group) if all(groups) else ()
    return _of_type(evaluator.evaluate(node, frame))


def _of_type(value: Type) -> tuple[Class, ...]:
    if isinstance(value, ClassType):
        return (value.cls,)
    members = value.items if isinstance(value, TupleType) else options(value)
    if len(members) == 1 and members[0] is value:
        return ()
    groups = [_of_type(member) for member in members]
    return tuple(cls for group in groups for cls in group) if all(groups) else ()
