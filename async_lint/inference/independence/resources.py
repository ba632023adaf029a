"""Whether an object serves several calls at once: by its class, where the tables know it, else by what it is called."""

import ast
from collections.abc import Callable

from async_lint.inference.effects.interprocedural import is_followed
from async_lint.inference.effects.library_effects import LibraryEffect, LibraryEffects
from async_lint.inference.independence.words import asks, those, words
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Class, last_name
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.values import (
    ClassType,
    External,
    Frame,
    FunctionType,
    Instance,
    ModuleType,
    Type,
    Union,
    Unknown,
)

# Whether a call is known to keep the thread that it is made in for more than a moment.
TakesLong = Callable[[ast.Call, Frame], bool]

_STACK = "contextlib.AsyncExitStack"
_ENTERED = ("__aenter__", "__aexit__")


class Resources:
    """Knows of a receiver, or of an argument, whether the iterations may share it."""

    def __init__(self, library_effects: LibraryEffects, takes_long: TakesLong) -> None:
        self.library_effects = library_effects
        self.takes_long = takes_long

    def entry(self, evaluator: Evaluator, callee: ast.expr, frame: Frame) -> LibraryEffect | None:
        """Return what the tables say of a callee."""
        return self.library_effects.of(evaluator.evaluate(callee, frame))

    def is_brief(self, evaluator: Evaluator, callee: ast.expr, frame: Frame) -> bool:
        """Whether it works on a local file only, so that little is gained by several at once."""
        entry = self.entry(evaluator, callee, frame)
        return entry is not None and entry.brief

    def serves_several(self, evaluator: Evaluator, node: ast.expr, frame: Frame) -> bool | None:
        """Return whether the object of an expression serves concurrent calls; None where its class says nothing."""
        of = evaluator.evaluate(node, frame)
        names: list[str] = []
        for option in of.items if isinstance(of, Union) else (of,):
            if isinstance(option, Instance):
                order = evaluator.order(option.cls)
                # A base of a package that is not installed is known by its import, which is enough for the tables.
                names += [*(base.cls.full_name for base in order.bases), *filter(None, order.missing)]
            elif isinstance(option, External) and option.instance:
                names.append(option.name)
        # Of several that it may be, one that serves one at a time is enough to refuse.
        if any(self.library_effects.exclusive(name) for name in names):
            return False
        return True if any(self.library_effects.reason(name) for name in names) else None

    def is_entered_anew(self, evaluator: Evaluator, manager: ast.expr, frame: Frame) -> bool:
        """Whether several may be in one context manager at once: entering and leaving it sets nothing."""
        if self.serves_several(evaluator, manager, frame) is not None:
            return True
        of = evaluator.evaluate(manager, frame)
        for option in of.items if isinstance(of, Union) else (of,):
            heirs = evaluator.heirs.of(option.cls) if isinstance(option, Instance) else None
            if not isinstance(option, Instance) or heirs is None:
                return False
            classes = (option.cls, *heirs)
            if not all(_sets_nothing(evaluator, cls, name) for cls in classes for name in _ENTERED):
                return False
        return True

    def leaves_contexts(self, evaluator: Evaluator, callee: ast.expr, frame: Frame) -> bool:
        """Whether it closes a stack of contexts that were entered."""
        if not isinstance(callee, ast.Attribute) or callee.attr != "aclose":
            return False
        of = evaluator.evaluate(callee.value, frame)
        options = of.items if isinstance(of, Union) else (of,)
        instances = (option.cls for option in options if isinstance(option, Instance))
        return any(base.cls.full_name == _STACK for cls in instances for base in evaluator.order(cls).bases)

    def may_change(self, evaluator: Evaluator, work: ast.expr, frame: Frame) -> bool:
        """Whether work for a thread is a method of an object, of which nobody knows what it does to that."""
        if not isinstance(work, ast.Attribute) or asks(work.attr):
            return False
        of = evaluator.evaluate(work.value, frame)
        known = isinstance(of, ModuleType | ClassType) or (isinstance(of, External) and not of.instance)
        return not known and self.entry(evaluator, work, frame) is None

    def is_exclusive(self, evaluator: Evaluator, node: ast.expr, frame: Frame, kind: str = "exclusive") -> bool:
        """Whether an object is for one at a time; by the last word of its name where its class is not known."""
        parts = words(last_name(node))
        if not parts:
            return False
        # The class is believed over the name: an `aiohttp.ClientSession` serves several, and is called `session`.
        named_so = parts[-1] in those(kind)
        known = self.serves_several(evaluator, node, frame)
        return named_so if known is None else not known

    def takes_turns_unread(self, evaluator: Evaluator, node: ast.expr, frame: Frame) -> bool:
        """Whether an object is what works one thing after another, as a queue of jobs, and nobody can read its class.

        By the last word of the class, or of its name where its class is not known: a `queue` may be a text.
        """
        of = evaluator.evaluate(node, frame)
        return any(_names_turns(option, last_name(node)) for option in (of.items if isinstance(of, Union) else (of,)))


def _names_turns(of: Type, name: str) -> bool:
    match of:
        case Instance(cls=cls):
            name = "" if is_followed(cls.module) else cls.name
        case External(name=full_name, instance=True):
            name = full_name.rpartition(".")[2]
        case Unknown():
            pass
        case _:
            return False
    return bool(parts := words(name)) and parts[-1] in those("exclusive-handed-unread")


def _sets_nothing(evaluator: Evaluator, cls: Class, name: str) -> bool:
    member = evaluator.class_member(cls, name)
    if not isinstance(member, FunctionType):
        return False
    nodes = descendants(member.function.whole())
    return not any(isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load) for node in nodes)
