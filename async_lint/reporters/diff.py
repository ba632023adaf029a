"""What fixes would change, as a unified diff in the bytes of the files: it can be handed to `patch`."""

import difflib
import re

from async_lint.reporters.text import escape

# `splitlines` would split at a lone carriage return too; `patch` does not.
_LINE = re.compile(rb"[^\n]*\n|[^\n]+")


def render(path: str, before: bytes, after: bytes) -> bytes:
    """Return the diff of one file, empty when nothing changed. `path` is as the user gave it."""
    name = escape(path).encode("utf-8")
    lines = difflib.diff_bytes(difflib.unified_diff, _LINE.findall(before), _LINE.findall(after), name, name)
    return b"".join(line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n" for line in lines)
