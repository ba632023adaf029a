"""Files that a generator writes: what is mended there by hand is lost when it runs again."""

import ast
import re
from itertools import takewhile

from async_lint.context import Context
from async_lint.files.source import Source

_REFUSED = r"(?:do not|don'?t|must not be) (?:edit|modif|change)"
# The conventions of Go (https://go.dev/s/generatedcode), of `@generated`, of protoc, thrift, AutoRest and OpenAPI.
_HEADER = re.compile(
    r"(?<![\w`])@generated\b"
    rf"|\bgenerated\b.{{0,200}}?\b{_REFUSED}"
    r"|\bthis (?:file|module|code) (?:is|was|has been) (?:auto(?:matically)?[- ]?)?generated\b"
    rf"|\b{_REFUSED}\w*(?: this file)?(?: manually| by hand)?[\W_]+(?:\w+[\W_]+){{0,8}}?generated (?:by|from|with)\b"
    r"|\bwill be lost if the code is regenerated\b",
    re.IGNORECASE,
)
_LENGTH = 1500  # a licence may stand first


def is_generated(context: Context) -> bool:
    """Whether the head of the file, its first comments and its docstring, says that a generator has written it."""
    return context.source.once(_says_so)


def _says_so(source: Source) -> bool:
    above = takewhile(lambda line: not line.strip() or line.lstrip().startswith("#"), source.lines)
    head = " ".join(line.strip().strip("#").strip() for line in above)
    docstring = " ".join((ast.get_docstring(source.tree) or "").split())
    # Further down a text may be about other files.
    return _HEADER.search(f"{head[:_LENGTH]} {docstring[:_LENGTH]}") is not None
