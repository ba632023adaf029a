"""Proof that a value lacks a special method, such as `__await__`: more than a type that an annotation claims."""

import ast
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from async_lint.inference.kinds import kinds
from async_lint.inference.proofs.annotation_trust import AnnotationTrust
from async_lint.inference.questions.evaluator import Evaluator, Subclasses
from async_lint.inference.syntax.binding import Class, Function, last_name
from async_lint.inference.types.answer import Evidence, Kind
from async_lint.inference.types.describe import describe
from async_lint.inference.types.values import (
    Callable,
    ClassType,
    Frame,
    FunctionType,
    Instance,
    Literal,
    NoneType,
    TupleType,
    Type,
    Union,
)

if TYPE_CHECKING:
    from async_lint.inference.project.project import Project

# What the value must have instead, so that a mistake is likelier than something that inference does not see.
_INSTEAD = {"__aenter__": "__enter__", "__aiter__": "__iter__", "__enter__": "__aenter__", "__iter__": "__aiter__"}


class Lack(NamedTuple):
    """What shows it: `label` is what a message calls the callee or the value's class, `evidence` is about that.

    `plain` is false of a value that is of no use as it is: a generator or a future, which must be waited for in
    another way.
    """

    label: str
    evidence: Evidence
    plain: bool


class MissingProtocols:
    """Looks into one project for proof."""

    def __init__(self, evaluator: Evaluator, heirs: "Subclasses", project: "Project") -> None:
        self._evaluator = evaluator
        self._heirs = heirs
        self._trust = AnnotationTrust(evaluator, heirs, project)

    def of(self, node: ast.expr, frame: Frame, method: str) -> Lack | None:
        """Return what shows that the value of an expression lacks the special method; None when nothing does."""
        callee = self._evaluator.evaluate(node.func, frame) if isinstance(node, ast.Call) else None
        if isinstance(callee, FunctionType) and callee.function.is_generator:
            return self._of_generator(node, callee, frame, method)
        if isinstance(callee, Callable):
            return self._of_manager(callee, method)
        value = self._evaluator.evaluate(node, frame)
        name = last_name(node.func) if isinstance(node, ast.Call) else ""
        exactly = isinstance(callee, ClassType) and name == callee.cls.name
        fits = partial(self._lacks, method=method)
        if not self._lacks(value, method, exactly) or not self._trust.hold(node, frame, fits):
            return None
        if callee is None or isinstance(callee, ClassType) or method in _INSTEAD:
            return _of_value(value, method)
        about = describe(callee)
        text = f"returns {_phrase(value)}"
        return Lack(
            about.label or "", _evidence(text, about.definition), kinds.kind(self._evaluator, value) is not Kind.TASK
        )

    def _of_generator(self, node: ast.expr, callee: FunctionType, frame: Frame, method: str) -> Lack | None:
        function = callee.function
        fits = method == "__await__" or (method == "__aiter__" and not function.is_async)
        if not fits or function.module.is_stub or not self._trust.hold(node, frame):
            return None
        text = "is an async generator function" if function.is_async else "is a generator function"
        return Lack(describe(callee).label or "", _evidence(text, function), method == "__aiter__")

    def _of_manager(self, callee: Callable, method: str) -> Lack | None:
        """What `@contextmanager` and `@asynccontextmanager` made."""
        function = callee.function
        if function is None or not isinstance(callee.result, Instance) or callee.result.cls.module.name != "contextlib":
            return None
        if not self._lacks(callee.result, method):
            return None
        if self._trust.is_overridden(function) or not self._trust.is_never_replaced(function):
            return None
        text = f"is {'an asynchronous' if function.is_async else 'a synchronous'} context manager"
        label = function.qualname.rpartition(".<locals>.")[2]
        return Lack(label, _evidence(text, function), method == "__aenter__")

    def _lacks(self, of: Type, method: str, exactly: bool = False) -> bool:
        """Whether a value of the type has no such method, but its twin; `exactly`: of no subclass."""
        match of:
            case Union(items):
                return all(self._lacks(item, method) for item in items)
            case NoneType():
                return method not in _INSTEAD
            case Literal(value, _):
                return method not in _INSTEAD or (method == "__aiter__" and isinstance(value, str))
            case TupleType():
                return method in ("__await__", "__aiter__")
            case Instance(cls):
                return self._class_lacks(cls, method, exactly)
        return False

    def _class_lacks(self, cls: Class, method: str, exactly: bool) -> bool:
        evaluator = self._evaluator
        if (
            evaluator.order(cls).missing
            or kinds.is_protocol(cls)
            or evaluator.defines(cls, "__getattr__")
            or evaluator.defines(cls, method)
        ):
            return False
        # `iter()` makes do with a `__getitem__` that takes 0, 1, 2 and so on.
        if method == "__iter__" and evaluator.defines(cls, "__getitem__"):
            return False
        instead = _INSTEAD.get(method)
        if instead is not None and not evaluator.defines(cls, instead):
            return False
        if not all(self._trust.is_plain(base.cls) for base in evaluator.order(cls).bases):
            return False
        if exactly or cls.module.name == "builtins":
            return True  # who looks for the heirs of these looks into every file
        # A heir may get the method from a base that was not found.
        heirs = self._heirs.of(cls)
        return heirs is not None and not any(
            evaluator.defines(heir, method) or evaluator.order(heir).missing for heir in heirs
        )


def _of_value(of: Type, method: str) -> Lack:
    about = describe(of)
    text = f"has `{_INSTEAD[method]}` and no `{method}`" if method in _INSTEAD else f"has no `{method}`"
    return Lack(about.label or _phrase(of).strip("`"), _evidence(text, about.definition), True)


def _evidence(text: str, definition: Function | Class | None) -> Evidence:
    if definition is None:
        return Evidence(text, "builtins", 0)
    module = definition.module
    return Evidence(text, module.path or module.name, definition.node.lineno if module.path else 0)


def _phrase(of: Type) -> str:
    match of:
        case NoneType():
            return "None"
        case Instance(cls):
            return f"`{cls.qualname}`"
        case Literal(value, _):
            return f"`{type(value).__name__}`"
        case TupleType():
            return "`tuple`"
        case Union(items):
            return " or ".join(dict.fromkeys(_phrase(item) for item in items))
    return "a value"
