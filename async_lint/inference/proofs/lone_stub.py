"""A stub of the project without source beside it: of a compiled module, which nobody holds it up against."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from async_lint.inference.syntax.binding import Module

if TYPE_CHECKING:
    from async_lint.inference.project.project import Project

_ANYTHING = re.compile(rb".")


def is_lone_stub(module: Module, project: "Project") -> bool:
    if not module.is_stub or not module.path:
        return False
    path = Path(module.path)
    return project.has(path) and not project.finds(path.with_suffix(".py"), _ANYTHING)
