"""The lines that were changed since a git revision."""

import ast
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from async_lint.config_error import ConfigError
from async_lint.model import Diagnostic, is_unchecked

_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_MERGE_BASE = "..."


class ChangedLines:
    """What was changed in the repository around `folder` since `revision`; `main...` means since it parted from main.

    A file that git does not track counts as changed. Raises ConfigError outside of a repository, and for a revision
    that is not known.
    """

    def __init__(self, revision: str, folder: Path) -> None:
        self._folder = folder
        top = self._git("there is no git repository here", "rev-parse", "--show-toplevel")
        self._top = Path(os.fsdecode(top.rstrip(b"\n")))
        base = self._base(revision)
        self._tracked = set(self._git("git cannot list its files", "ls-files", "-z", "--full-name", ":/").split(b"\0"))
        diff = self._git(
            "git cannot compare the files",
            # The settings of whoever runs this change neither the format nor what is compared.
            *("-c", "core.quotePath=false", "diff", "--unified=0", "--no-color", "--no-ext-diff", "--no-textconv"),
            *("--src-prefix=a/", "--dst-prefix=b/", "--find-renames", "--ignore-submodules", base, "--", ":/"),
        )
        self._changed: dict[bytes, set[int]] = {}
        for name, lines in _hunks(diff):
            self._changed.setdefault(name, set()).update(lines)

    def has(self, diagnostic: Diagnostic, path: Path) -> bool:
        """Whether a finding in the file at `path` stands on a changed line, or is about a file that is not checked."""
        name = self._name(path)
        if is_unchecked(diagnostic) or name not in self._tracked:
            return True
        start, end = diagnostic.span
        # git sees the lines of a notebook's JSON: one for each line of a cell.
        first = start.line if diagnostic.cell is None else diagnostic.cell.file_line
        return not self._changed.get(name, set()).isdisjoint(range(first, first + end.line - start.line + 1))

    def _name(self, path: Path) -> bytes:
        try:
            # git names the file in its folder's true place; a file that is a link is tracked as such.
            return os.fsencode((path.parent.resolve() / path.name).relative_to(self._top).as_posix())
        except ValueError:
            return b""

    def _base(self, revision: str) -> str:
        unknown = f"git knows no revision `{revision}`"
        # What begins with a dash would be taken for an option.
        if not revision.strip() or revision.startswith("-"):
            raise ConfigError(f"--diff-base: {unknown}")
        name = revision.removesuffix(_MERGE_BASE)
        commit = self._git(unknown, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").decode().strip()
        if name == revision:
            return commit
        return self._git(f"`{name}` and HEAD have no common ancestor", "merge-base", commit, "HEAD").decode().strip()

    def _git(self, wrong: str, *arguments: str) -> bytes:
        try:
            done = subprocess.run(["git", *arguments], cwd=self._folder, capture_output=True, check=False)
        except OSError as error:
            raise ConfigError(f"--diff-base: git cannot be run: {error.strerror or error}") from error
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise ConfigError(f"--diff-base: {wrong}" + (f" ({said[0]})" if said else ""))
        return done.stdout


def _hunks(diff: bytes) -> Iterator[tuple[bytes, range]]:
    """Yield, for each hunk of a diff without context, the file's name and the lines that were added."""
    name, lines = b"", iter(diff.split(b"\n"))
    for line in lines:
        if line.startswith(b"+++ "):
            name = _unquoted(line[4:].rstrip(b"\t\r")).removeprefix(b"b/")
        elif match := _HUNK.match(line):
            removed, start, added = (int(group) if group is not None else 1 for group in match.groups())
            yield name, range(start, start + added)
            # Their text may look like a header.
            for _ in range(removed + added):
                next(lines, None)


def _unquoted(name: bytes) -> bytes:
    # As in C: `"b/a\tb.py"`; Python has the same escapes.
    return bytes(ast.literal_eval("b" + name.decode("latin-1"))) if name.startswith(b'"') else name
