"""The fixes as a command for those who run libcst's codemods:

python -m libcst.tool codemod --no-format -x async_lint.codemod.FixCommand PATH
"""

import argparse
import os
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

import libcst as cst
from libcst.codemod import CodemodCommand, CodemodContext

from async_lint.engine import run
from async_lint.file_run import Request
from async_lint.files.ports import Disk, Overlay
from async_lint.projects import Projects


@dataclass(frozen=True)
class ExactModule(cst.Module):
    """A module with the very bytes of its file: libcst alone drops a BOM and rewrites a lone carriage return."""

    exact: bytes = b""

    @property
    def bytes(self) -> bytes:
        return self.exact

    @property
    def code(self) -> str:
        return self.exact.decode(self.encoding)


class FixCommand(CodemodCommand):
    """Applies what `async-lint --fix` would. Settings and `noqa` comments count, and so does what is excluded."""

    DESCRIPTION = "Repair what async-lint can repair safely."

    @staticmethod
    def add_args(arg_parser: argparse.ArgumentParser) -> None:
        arg_parser.add_argument("--unsafe-fixes", action="store_true", help="apply the unsafe fixes too")

    def __init__(self, context: CodemodContext, unsafe_fixes: bool = False) -> None:
        super().__init__(context)
        self._unsafe = unsafe_fixes

    def transform_module_impl(self, tree: cst.Module) -> cst.Module:
        """Return the repaired module. Raises RuntimeError, which libcst reports with the file, on wrong settings."""
        # Standard input has no name; no settings exclude this one.
        path = Path(os.path.abspath(self.context.filename or "stdin.py"))
        before = _bytes(tree, path)
        files = Overlay(_disk(), {path: before})
        # libcst's tool lists a folder's files itself and names each: only by force do the excludes count.
        request = Request([str(path)], fix=True, unsafe=self._unsafe, force_exclude=self.context.filename is not None)
        report = run(request, _projects(), files)
        if report.errors:
            raise RuntimeError("\n".join(report.errors))
        after = report.changes[0].after if report.changes else before
        parsed = cst.parse_module(after) if report.changes else tree
        return ExactModule(**{field.name: getattr(parsed, field.name) for field in fields(cst.Module)}, exact=after)


# libcst makes a command for each file; what is known of a project is kept for the files of this process.
@cache
def _disk() -> Disk:
    return Disk()


@cache
def _projects() -> Projects:
    return Projects(_disk())


def _bytes(tree: cst.Module, path: Path) -> bytes:
    """Return the file's own bytes when `tree` is what it holds; the tree's when another command changed it before."""
    made = tree.bytes
    try:
        data = path.read_bytes()
        return data if data == made or cst.parse_module(data).bytes == made else made
    except (OSError, UnicodeError, cst.ParserSyntaxError):
        return made
