"""Is an attribute that some code sets read anywhere in the project?"""

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Class, Module
from async_lint.inference.types.values import Frame, Instance

if TYPE_CHECKING:
    from async_lint.inference.project.project import Project

# They see or decide what is set, whatever its name is.
_HOOKS = ("__setattr__", "__getattribute__", "__reduce__", "__getstate__")
_LOOKS_AT_ALL = re.compile(r"\bself\.__dict__|\bvars\(self\b|\bgetattr\(self,\s*[^\"'\s]")
# What sets or deletes an attribute of that name.
_SETS = r"(?:^|[=;:])[ \t]*(?:\w+\.)+{0}[ \t]*(?::[^=\n]*)?=(?!=)|\bdel[ \t]+(?:\w+\.)+{0}(?!\w)"


def is_never_read(evaluator: Evaluator, project: "Project", target: ast.Attribute, frame: Frame) -> bool:
    """Whether nothing in the project reads the attribute, by name or with all the others of its object.

    False for an object whose class is not the project's own, and where a base class from elsewhere has the attribute.
    """
    of = evaluator.evaluate(target.value, frame)
    if not isinstance(of, Instance) or _is_foreign(of.cls, project):
        return False
    for base in evaluator.order(of.cls).bases:
        foreign = _is_foreign(base.cls, project)
        if base.cls.full_name != "builtins.object" and any(hook in base.cls.table for hook in _HOOKS):
            return False
        if foreign and (target.attr in base.cls.table or target.attr in base.cls.attributes):
            return False
        if not foreign and _LOOKS_AT_ALL.search(_source(base.cls)):
            return False
    return not _is_mentioned(target.attr, project, frame.module)


def _is_foreign(cls: Class, project: "Project") -> bool:
    return not cls.module.path or not project.has(Path(cls.module.path))


def _source(cls: Class) -> str:
    return cls.module.lines(cls.node.lineno, cls.node.end_lineno or cls.node.lineno)


def _is_mentioned(name: str, project: "Project", own: Module) -> bool:
    """Whether a word of the project is that name where nothing is set: an attribute, an argument, a string."""
    texts = [
        project.text(path).decode("utf-8", "replace") for path in project.mentioning(name) if str(path) != own.path
    ]
    sets = re.compile(_SETS.format(re.escape(name)), re.MULTILINE)
    # From outside of the class `__x` is `_C__x`.
    before = "" if name.startswith("__") else r"(?<!\w)"
    word = re.compile(rf"{before}{re.escape(name)}(?!\w)")
    # Where something is set, the name stands once: what is more may be a read.
    return any(len(word.findall(text)) > len(sets.findall(text)) for text in [*texts, own.text])
