"""What keeps the event loop from running: the questions of `view.blocking`."""

import ast

from async_lint.inference.blocking.paths import BlockingPaths, Path
from async_lint.inference.types.values import Frame


class BlockingQuestions:
    """Asked of calls, wherever they stand."""

    def __init__(self, paths: BlockingPaths, with_files: BlockingPaths) -> None:
        self._paths = paths
        self._with_files = with_files

    def path(self, call: ast.Call, frame: Frame, files: bool = False) -> Path | None:
        """Return how a call leads to one that keeps its thread, down the project's functions; None if none is known.

        Small work with files counts if `files`.
        """
        return (self._with_files if files else self._paths).of_call(call, frame)
