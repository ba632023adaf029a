"""What keeps the event loop from running: the questions of `view.blocking`."""

import ast
from collections.abc import Mapping

from async_lint.inference.blocking.paths import BlockingPaths, Path
from async_lint.inference.blocking.table import Wanted
from async_lint.inference.types.values import Frame


class BlockingQuestions:
    """Asked of calls, wherever they stand."""

    def __init__(self, paths: Mapping[Wanted, BlockingPaths]) -> None:
        self._paths = paths

    def path(self, call: ast.Call, frame: Frame, wanted: Wanted) -> Path | None:
        """Return how a call leads to one that keeps its thread, down the project's functions; None if none is known.

        Of what takes a moment as a rule, that counts which is `wanted`.
        """
        return self._paths[wanted].of_call(call, frame)
