"""Files that were copied from another project: what is mended there by hand is lost with the next copy."""

from async_lint.inference.face import ModuleView

_FOLDERS = frozenset(
    {"_static_dependencies", "_vendor", "_vendored", "extern", "externals", "static_dependencies", "third_party"}
    | {"thirdparty", "vendor", "vendored"}
)


def is_copied(view: ModuleView) -> bool:
    """Whether a folder of the project around the file says by its name that others' code is in it."""
    return not _FOLDERS.isdisjoint(view.project.folders())
