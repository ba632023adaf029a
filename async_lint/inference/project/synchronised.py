"""Whether the project puts wrappers that run them in the place of its coroutine functions, all at once."""

import re

from async_lint.inference.project.project import Project
from async_lint.inference.types.values import Frame, FunctionType, OverloadedType, Type

_ASKS = "iscoroutinefunction("
_STORES = "setattr("
_LISTS = re.compile(rb"\b(?:dir|vars|getmembers)\(")
_COMPUTED = re.compile(rb"\bsetattr\(\s*[\w.]+\s*,\s*[A-Za-z_]\w*\s*,")
_RUNS = re.compile(rb"\b(?:run_until_complete|run_coroutine_threadsafe|asyncio\.run)\(")


def is_synchronised(project: Project, callee: Type, frame: Frame) -> bool:
    """Whether a method, where no event loop runs, may be called through such a wrapper.

    It goes through a class's attributes, wraps those that are coroutine functions, and stores what runs them under
    their names: `client.send()` is then complete outside coroutines.
    """
    method = callee.items[0] if isinstance(callee, OverloadedType) else callee
    if not isinstance(method, FunctionType) or method.function.owner is None:
        return False
    scope = frame.enclosing_function()
    if scope is not None and scope.function is not None and scope.function.is_async:
        return False
    return any(_wraps_all(project.text(path)) for path in project.mentioning(_ASKS, _STORES))


def _wraps_all(text: bytes) -> bool:
    return all(pattern.search(text) for pattern in (_LISTS, _COMPUTED, _RUNS))
