"""What IPython adds to Python (`%time`, `!ls`, `name?`, `%%bash`), hidden in comments, line by line, and shown again.

https://ipython.readthedocs.io/en/stable/interactive/python-ipython-diff.html
"""

import ast
import re
import warnings
from collections.abc import Iterator

# Cells whose body is code of the notebook itself; that of any other is for somebody else: a shell, another process.
_OF_PYTHON = frozenset(["capture", "debug", "ipytest", "prun", "time", "timeit"])
_CELL_MAGIC = re.compile(r"\s*%%(\S*)")
# Magics that are often written without their sign, with a word behind them as no Python has it.
_AUTOMAGIC = (
    r"(?:pip|conda|mamba|uv|cd|ls|cat|mkdir|rm|cp|mv|run|time|timeit|prun|matplotlib|load_ext|reload_ext|autoreload|env)"
    r"[ \t]+(?!(?:in|is|if|and|or|not)\b)(?:[\w~$'\"]|\.\.)"
)
_SUSPECT = re.compile(rf"^[ \t]*(?:[%!?/,;]|{_AUTOMAGIC})|=[ \t]*[%!]|\?[ \t]*(?:#.*)?$", re.MULTILINE)
# No statement of Python ends with a question mark, unless that stands in a string that goes on.
_MAGIC = re.compile(rf"[%!?/,;]|{_AUTOMAGIC}|(?:(?!'''|\"\"\")[^#\n])*\?{{1,2}}[ \t]*(?:#.*)?$")
# IPython takes such indentation away from the whole cell.
_INDENTED = re.compile(r"(?:[ \t]*\r?\n)*[ \t]+\S")
_ASSIGNED = re.compile(r"[\w.,* \t\[\]'\"]+=[ \t]*[%!]")
_INDENT = re.compile(r"[ \t]*")
_TOKEN = re.compile(
    r"""(?P<quotes>'''|\"\"\")(?:\\.|(?!(?P=quotes)).)*(?:(?P=quotes)|\Z)"""
    r"""|'(?:\\.|[^\\'\n])*'?|"(?:\\.|[^\\"\n])*"?|\#[^\n]*|\\\n|[(\[{]|[)\]}]|\n""",
    re.DOTALL,
)


class Magics:
    """Hides them behind `mark`, which begins a comment that stands nowhere in the text itself.

    What is hidden is written in hexadecimal, so that nothing finds a word in it.
    """

    def __init__(self, mark: str) -> None:
        self._statement = f"get_ipython()  {mark}:"
        self._comment = f"{mark}|"
        parts = f"{re.escape(self._statement)}|{re.escape(self._comment)}"
        self._hidden = re.compile(rf"^(.*?)(?:{parts})([0-9a-f]*)(.*)$", re.MULTILINE)

    def hide(self, text: str) -> str:
        """Return a cell's code as Python."""
        cell_magic = _CELL_MAGIC.match(text)
        if cell_magic is not None:
            head, newline, body = text[cell_magic.start(1) :].partition("\n")
            first = text[: cell_magic.start(1)] + head
            if cell_magic[1] not in _OF_PYTHON:
                return "\n".join(map(self._as_comment, text.split("\n")))
            return "\n".join(map(self._as_comment, first.split("\n"))) + newline + self.hide(body)
        if _INDENTED.match(text):
            return "\n".join(map(self._as_comment, text.split("\n")))
        if _SUSPECT.search(text) is None or _is_python(text):
            return text
        return "".join(self._hidden_statements(text))

    def show(self, text: str) -> str:
        """Return what `hide` was given, with what was changed since."""
        return self._hidden.sub(lambda match: bytes.fromhex(match[2]).decode("utf-8", "surrogatepass"), text)

    def _hidden_statements(self, text: str) -> Iterator[str]:
        position = 0
        while position < len(text):
            indent = _INDENT.match(text, position)
            assert indent is not None
            line = text[indent.end() :].partition("\n")[0]
            if _MAGIC.match(line) or _ASSIGNED.match(line):
                end = _end_of_line(text, position)
                first, *more = text[position:end].split("\n")
                yield "\n".join([indent[0] + self._statement + _hex(first), *map(self._as_comment, more)])
            else:
                end = _end_of_statement(text, position)
                yield text[position:end]
            yield text[end : end + 1]
            position = end + 1

    def _as_comment(self, line: str) -> str:
        return self._comment + _hex(line)


def _hex(line: str) -> str:
    return line.encode("utf-8", "surrogatepass").hex()


def _is_python(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _end_of_line(text: str, start: int) -> int:
    """Return where a line ends, with the lines that a backslash continues it on."""
    end = text.find("\n", start)
    while end > 0 and text[end - 1] == "\\":
        end = text.find("\n", end + 1)
    return len(text) if end < 0 else end


def _end_of_statement(text: str, start: int) -> int:
    """Return where a statement of Python ends, by its brackets, strings and backslashes."""
    depth = 0
    for token in _TOKEN.finditer(text, start):
        if token[0] in "([{":
            depth += 1
        elif token[0] in ")]}":
            depth -= 1
        elif token[0] == "\n" and depth <= 0:
            return token.start()
    return len(text)
