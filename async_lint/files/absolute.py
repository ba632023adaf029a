"""Where a path leads that the user gave."""

import os
from pathlib import Path


def absolute(path: str) -> Path:
    return Path(os.path.abspath(os.path.expanduser(path)))
