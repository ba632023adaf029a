"""A copy of a project, and what somebody changes in it."""

import ast
import shutil
import sys
from pathlib import Path


def copied(source: Path, copy: Path) -> Path:
    """Copy a directory so that it is a project of its own, without what tools have kept in it."""
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("*.pyc", ".git", ".*_cache"))
    if not (copy / "pyproject.toml").exists():
        (copy / "pyproject.toml").write_text("[tool.async-lint]\n")
    return copy


class Edits:
    """The middle one, by size, of the files with an async function, and what may become of its first one."""

    def __init__(self, root: Path) -> None:
        self.path = _middle(root)
        self._text = self.path.read_text("utf-8")
        functions = [node for node in ast.walk(ast.parse(self._text)) if isinstance(node, ast.AsyncFunctionDef)]
        self._function = functions[0]

    def change(self, what: str, number: int) -> None:
        lines = self._text.splitlines(keepends=True)
        if what == "body":
            first = self._function.body[0]
            lines.insert(first.lineno - 1, f"{' ' * first.col_offset}_changed = {number}\n")
        else:
            at = self._function.lineno - 1
            lines[at] = lines[at].replace("(", f"(changed_{number}, ", 1)
        self.path.write_text("".join(lines), "utf-8")

    def restore(self) -> None:
        self.path.write_text(self._text, "utf-8")


def _middle(root: Path) -> Path:
    found = [path for path in root.rglob("*.py") if path.is_file() and _has_async(path)]
    if not found:
        sys.exit("no file has an async function whose body begins on a line of its own")
    return sorted(found, key=lambda path: path.stat().st_size)[len(found) // 2]


def _has_async(path: Path) -> bool:
    try:
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    except (SyntaxError, ValueError):
        return False
    first = next((node for node in nodes if isinstance(node, ast.AsyncFunctionDef)), None)
    return first is not None and first.body[0].lineno > first.lineno
