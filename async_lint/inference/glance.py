"""What the name of a callee tells at a glance, before anything is looked up: most calls are of plain functions."""

import ast
import re
from functools import cached_property

from async_lint import knowledge
from async_lint.inference.binding import Module
from async_lint.inference.project import Project

_ASYNC_DEF = re.compile(rb"\basync\s+def\s+(\w+)")
_DEF = re.compile(rb"(\basync\s+)?\bdef\s+(\w+)")
# A function or an attribute that is annotated to give, or to be, something to await.
_ANNOTATED = re.compile(rb"\b(\w+)\b[^\n]*(?:Awaitable|Coroutine|Future|Task|Async)")


class Glance:
    """Answers by name. It may be wrong where a plain name stands for something asynchronous: a miss, no false alarm."""

    def __init__(self, project: Project) -> None:
        self._project = project
        # A file under check need not be what the project has on the disk.
        self._module: Module | None = None
        self._own: frozenset[bytes] = frozenset()

    @cached_property
    def _asynchronous(self) -> frozenset[bytes]:
        found: set[bytes] = set()
        for text in self._project.texts():
            found.update(_ASYNC_DEF.findall(text))
            if b"Awaitable" in text or b"Coroutine" in text:
                found.update(_ANNOTATED.findall(text))
        return frozenset(found)

    @cached_property
    def _synchronous(self) -> frozenset[bytes]:
        return frozenset(
            name for text in self._project.texts() for is_async, name in _DEF.findall(text) if not is_async
        )

    def names_coroutine_function(self, name: str, module: Module) -> bool:
        """Whether the project has an `async def` of that name, or something annotated to give an awaitable."""
        if module is not self._module:
            self._module, self._own = module, frozenset(_ASYNC_DEF.findall(module.text.encode()))
        return name.encode() in self._asynchronous or name.encode() in self._own

    def is_plain(self, call: ast.Call, module: Module) -> bool:
        """Whether nothing of that name, in the project or in what is known of libraries, gives anything to await."""
        name = _last(call.func)
        if name not in knowledge.plain_names() or name.encode() in self._asynchronous:
            return False
        return f"def {name}" not in module.text

    def is_asynchronous(self, call: ast.Call, module: Module) -> bool:
        """Whether nothing of that name, in the project or in known libraries, is a plain function or a class."""
        name = _last(call.func)
        if name[:1].isupper() or name in knowledge.synchronous_names() or name.encode() in self._synchronous:
            return False
        return f"def {name}" not in module.text and f"class {name}" not in module.text


def _last(callee: ast.expr) -> str:
    return callee.attr if isinstance(callee, ast.Attribute) else callee.id if isinstance(callee, ast.Name) else ""
