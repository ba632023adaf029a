"""The small tables beside the stubs: TOML files of this folder, keyed by qualified names."""

import sys
from functools import cache
from importlib import resources
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@cache
def table(name: str) -> dict[str, Any]:
    """Return what `<name>.toml` says."""
    text = resources.files("async_lint.knowledge").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
