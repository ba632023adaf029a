"""A file that the editor has open: its text as it is there, and what was found in it."""

import asyncio
import io
import tokenize
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from pygls.uris import to_fs_path

from async_lint.files.lines import split_lines
from async_lint.lsp.stop import Stop
from async_lint.model import Diagnostic


class Checked(NamedTuple):
    """What is reported of one version of a file."""

    version: int
    lines: Sequence[str]
    diagnostics: Sequence[Diagnostic]


@dataclass(slots=True)
class OpenFile:
    """`stop` and `check` belong to the work on the text as it is now, once that has begun."""

    uri: str
    path: Path
    version: int
    text: str
    checked: Checked | None = None
    stop: Stop = field(default_factory=Stop)
    check: "asyncio.Task[None] | None" = None

    def change(self, version: int, text: str) -> None:
        """Take another text. Whatever is being worked out about the one before is given up."""
        self.stop.ask()
        self.version, self.text = version, text
        self.stop, self.check = Stop(), None

    @property
    def is_checked(self) -> bool:
        return self.checked is not None and self.checked.version == self.version

    @property
    def lines(self) -> list[str]:
        return split_lines(self.text)

    @property
    def data(self) -> bytes:
        """The bytes that the editor would write."""
        data = self.text.encode("utf-8", "replace")
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
            return self.text.encode(encoding)
        # Whoever reads it tells what is wrong with it.
        except (SyntaxError, UnicodeError):
            return data


def path_of(uri: str) -> Path | None:
    """Return the path of a file; None for what is none, such as a buffer without a name."""
    path = to_fs_path(uri)
    return Path(path).absolute() if path else None
