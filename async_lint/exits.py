"""How a run ends: its exit code, and its complaints on standard error."""

import sys

CLEAN, FOUND, FAILED = 0, 1, 2


def complain(message: str) -> None:
    """Print an error; whatever follows its first line, such as a traceback, as it is."""
    from async_lint.reporters.text import escape

    lines = message.splitlines()
    print("\n".join([f"async-lint: error: {escape(lines[0])}", *map(escape, lines[1:])]), file=sys.stderr)


def warn(message: str) -> None:
    """Print a warning."""
    from async_lint.reporters.text import escape

    print(f"async-lint: warning: {escape(message)}", file=sys.stderr)
