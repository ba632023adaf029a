"""Where a run keeps its results."""

import os
from collections.abc import Mapping
from pathlib import Path

from async_lint.cache.store import FOLDER
from async_lint.files.absolute import absolute
from async_lint.files.signs import MARKERS, TOML_NAME

# As a linter's users look for its cache: where the project's other caches are.
_SIGNS = {TOML_NAME, *MARKERS}


def cache_folder(given: str | None, environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder: the one given, that of ASYNC_LINT_CACHE_DIR, or one in the root of the project around."""
    if named := given or environ.get("ASYNC_LINT_CACHE_DIR"):
        return absolute(named)
    here = Path.cwd()
    for folder in (here, *here.parents):
        if any(os.path.lexists(folder / sign) for sign in _SIGNS):
            return folder / FOLDER
    return here / FOLDER
