"""Which classes may set an attribute of an instance."""

from collections.abc import Iterator

from async_lint.inference.questions.evaluator import Evaluator, Subclasses
from async_lint.inference.syntax.binding import Class
from async_lint.inference.types.values import PropertyType


def setting_classes(evaluator: Evaluator, heirs: Subclasses, cls: Class, name: str) -> Iterator[Class | None]:
    """Yield the class and its bases and, where none of them has the attribute, what the class is mixed with.

    None stands for those that cannot be told.
    """
    own = [base.cls for base in evaluator.order(cls).bases]
    yield from own
    if any(name in one.attributes or name in one.table for one in own):
        return
    below = heirs.of(cls)
    if below is None:
        yield None
        return
    for one in dict.fromkeys(base.cls for heir in below for base in evaluator.order(heir).bases):
        if one not in own:
            yield None if isinstance(evaluator.class_member(one, name), PropertyType) else one
