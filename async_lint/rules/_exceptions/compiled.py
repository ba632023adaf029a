"""Files that Cython compiles: what it makes of them adds a traceback's lines in its own way."""

import re

from async_lint.context import Context
from async_lint.files.source import Source

# Directives count above the first statement only (https://cython.readthedocs.io, "Compiler directives").
_DIRECTIVE = re.compile(r"(?:[ \t]*(?:#.*)?\r?\n)*[ \t]*#[ \t]*cython:[ \t]*\w[\w.]*[ \t]*=")
_C_IMPORT = re.compile(r"^(?:from|import)[ \t]+cython\.cimports\b", re.MULTILINE)


def is_compiled(context: Context) -> bool:
    """Whether the visited file gives Cython directives, or imports what only Cython has."""
    return context.source.once(_is_for_cython)


def _is_for_cython(source: Source) -> bool:
    return _DIRECTIVE.match(source.text) is not None or _C_IMPORT.search(source.text) is not None
