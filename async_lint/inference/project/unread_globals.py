"""May a global that a module binds be read by another file of the project?"""

import os
import re
from typing import TYPE_CHECKING

from async_lint.inference.syntax.binding import Module

if TYPE_CHECKING:
    from async_lint.inference.project.project import Project

# An attribute, an import on a line or in parentheses, an import of everything.
_READS = r"\.{0}\b|\bimport\b[^\n(]*\b{0}\b|\bimport\s*\([^)]*\b{0}\b|\bimport\s*\*"


def may_be_read_elsewhere(project: "Project", name: str, module: Module) -> bool:
    """Whether another file has the last word of the module's name, by which it is imported, and may read the global."""
    words = [name] if module.is_package else [os.path.splitext(os.path.basename(module.path))[0], name]
    reads = re.compile(_READS.format(re.escape(name)).encode())
    paths = (path for path in project.mentioning(*words) if str(path) != module.path)
    return any(project.finds(path, reads) for path in paths)
