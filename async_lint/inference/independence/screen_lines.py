"""Lines on a screen that are written piece by piece: whoever else writes meanwhile writes into them.

print(f"\\r{name}: {share}%", end="")       found
sys.stdout.write(f"\\r{name}")             found
print(f"{name} is there")                 not found: a line of its own
print(piece, end="", file=report)         not found: what it writes to is no screen
"""

import ast

from async_lint.inference.syntax.binding import last_name
from async_lint.inference.syntax.nodes import descendants

_SCREENS = frozenset({"stderr", "stdout"})


def writes_into_line(call: ast.Call) -> bool:
    """Whether a call writes a piece of a line, or goes back to the beginning of one."""
    match call.func:
        case ast.Name(id="print"):
            given = {word.arg: word.value for word in call.keywords}
            if "file" in given and last_name(given["file"]) not in _SCREENS:
                return False
            return _goes_back(call) or ("end" in given and not _ends_line(given["end"]))
        case ast.Attribute(value=screen, attr="write") if last_name(screen) in _SCREENS:
            return _goes_back(call)
    return False


def _goes_back(call: ast.Call) -> bool:
    texts = (part.value for text in call.args[:1] for part in descendants(text) if isinstance(part, ast.Constant))
    return any(isinstance(text, str) and "\r" in text for text in texts)


def _ends_line(end: ast.expr) -> bool:
    return not (isinstance(end, ast.Constant) and isinstance(end.value, str) and "\n" not in end.value)
