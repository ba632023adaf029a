"""Files that were copied from another project: what is mended there by hand is lost with the next copy."""

from pathlib import Path

from async_lint.inference.modules.library import Library

_FOLDERS = frozenset(
    {"_static_dependencies", "_vendor", "_vendored", "extern", "externals", "static_dependencies", "third_party"}
    | {"thirdparty", "vendor", "vendored"}
)


def is_copied(library: Library, path: str) -> bool:
    """Whether a folder of the project around the file says by its name that others' code is in it."""
    return bool(path) and not _FOLDERS.isdisjoint(library.folders_of(Path(path)))
