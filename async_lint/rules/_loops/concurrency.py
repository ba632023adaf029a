"""How a project wants awaits to run together, and by which library a module can do that."""

import ast
import re
from enum import Enum
from typing import NamedTuple

from async_lint.context import Context
from async_lint.inference.face import Frame
from async_lint.model import Edit
from async_lint.rule import Option
from async_lint.rules._shared.library_import import asyncio_import

CONCURRENCY = Option(
    "concurrency",
    str,
    "gather",
    "what the fixes of ASL2 use: `asyncio.gather`, or `asyncio.TaskGroup` (Python 3.11)",
    choices=("gather", "taskgroup"),
)
MAX_CONCURRENCY = Option(
    "max-concurrency", int, None, "how many awaits the fixes of ASL2 let run at once, by a semaphore", above=0
)

_GROUP_SINCE = (3, 11)
_LOOPS = re.compile(r"^[ \t]*(?:from|import)\s+(anyio|trio|curio|asyncio)\b", re.MULTILINE)


class Way(Enum):
    GATHER = "gather"
    TASK_GROUP = "taskgroup"
    START_SOON = "start_soon"


class Means(NamedTuple):
    """`module` is what the library is called here, `edits` import it. `bound` is how many may run at once."""

    way: Way
    library: str
    module: str
    bound: int | None
    edits: tuple[Edit, ...] = ()

    @property
    def group(self) -> str:
        """What makes the group that tasks are started in."""
        makers = {"asyncio": "TaskGroup", "anyio": "create_task_group", "trio": "open_nursery"}
        return f"{self.module}.{makers[self.library]}()"


def means(node: ast.expr | ast.stmt, frame: Frame, context: Context) -> Means | None:
    """Return what runs awaits together at `node`; None where that is not certain, or Python is too old for it."""
    setting = context.settings[MAX_CONCURRENCY.key]
    bound = setting if isinstance(setting, int) else None
    libraries = set(_LOOPS.findall(context.source.text))
    if libraries - {"asyncio"}:
        return _structured(libraries, bound, node, frame, context)
    imported = asyncio_import(node, frame, context)
    way = Way(context.settings[CONCURRENCY.key])
    if imported is None or (way is Way.TASK_GROUP and context.target_version < _GROUP_SINCE):
        return None
    return Means(way, "asyncio", imported.name, bound, imported.edits)


def _structured(
    libraries: set[str], bound: int | None, node: ast.expr | ast.stmt, frame: Frame, context: Context
) -> Means | None:
    # anyio runs on either; what else there may be of asyncio in such a module does not go with a nursery.
    library = "anyio" if libraries <= {"anyio", "asyncio"} else "trio"
    if library == "trio" and libraries != {"trio"}:
        return None
    for statement in context.source.tree.body:
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                if alias.name == library:
                    name = alias.asname or alias.name
                    # The name may stand for something else where the loop is.
                    load = ast.copy_location(ast.Name(name, ast.Load()), node)
                    known = context.view.names.name_of(load, frame) == library
                    return Means(Way.START_SOON, library, name, bound) if known else None
    # `from anyio import sleep` gives no name by which to make a group.
    return None
