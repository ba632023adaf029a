"""What is installed when an import has failed: the next time, the import succeeds."""

import ast
from collections.abc import Iterator, Sequence

from async_lint.inference.face import BlockingPath, Site, descendants, last_name

_FAILED = frozenset(["ImportError", "ModuleNotFoundError"])


def is_installed_once(path: BlockingPath, call: Site, around: Sequence[ast.AST]) -> bool:
    """Whether a process is waited for in the handler of an import that failed, which imports once more behind that.

    `around` are the nodes above the call, its function first.
    """
    if path.end.blocker.kind != "process":
        return False
    handlers = [node for node in around if isinstance(node, ast.ExceptHandler)]
    return any(not _FAILED.isdisjoint(_caught(node)) and _imports_behind(node, call.node.lineno) for node in handlers)


def _caught(handler: ast.ExceptHandler) -> Iterator[str]:
    caught = handler.type
    for one in caught.elts if isinstance(caught, ast.Tuple) else [caught]:
        if isinstance(one, ast.Name | ast.Attribute):
            yield last_name(one)


def _imports_behind(handler: ast.ExceptHandler, line: int) -> bool:
    return any(isinstance(node, ast.Import | ast.ImportFrom) and node.lineno > line for node in descendants(handler))
