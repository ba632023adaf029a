"""The metadata of a wheel that was unpacked where the project is."""

from email.message import Message
from email.parser import HeaderParser
from pathlib import Path

from async_lint.files.ports import Files


def unpacked(root: Path, files: Files) -> Message | None:
    """Return the METADATA of the one wheel that was unpacked into `root`; None beside those of another."""
    try:
        folders = [entry.name for entry in files.list(root) if entry.is_dir and entry.name.endswith(".dist-info")]
        text = files.read(root / folders[0] / "METADATA") if len(folders) == 1 else None
    except OSError:
        return None
    return HeaderParser().parsestr(text.decode("utf-8", "replace")) if text is not None else None
