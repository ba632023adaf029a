"""What fixes would change, as a unified diff in the bytes of the files: it can be handed to `patch`."""

import difflib
import re

from async_lint.reporters.text import escape

# `splitlines` would split at a lone carriage return too; `patch` does not.
_LINE = re.compile(rb"[^\n]*\n|[^\n]+")
_STYLES = {b"---": b"1", b"+++": b"1", b"@@": b"36", b"-": b"31", b"+": b"32"}


def render(path: str, before: bytes, after: bytes, colour: bool = False) -> bytes:
    """Return the diff of one file, empty when nothing changed. `path` is as the user gave it.

    In colour it is for reading, and can no longer be handed to `patch`.
    """
    name = escape(path).encode("utf-8")
    lines = list(difflib.diff_bytes(difflib.unified_diff, _LINE.findall(before), _LINE.findall(after), name, name))
    painted = (_painted(line, number < 2) for number, line in enumerate(lines)) if colour else lines
    return b"".join(line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n" for line in painted)


def _painted(line: bytes, header: bool) -> bytes:
    # Only the first two lines are headers: a line that was removed may begin with two dashes itself.
    mark = line[:3] if header else b"@@" if line.startswith(b"@@") else line[:1]
    style = _STYLES.get(mark)
    body = line.rstrip(b"\r\n")
    return b"\x1b[" + style + b"m" + body + b"\x1b[0m" + line[len(body) :] if style else line
