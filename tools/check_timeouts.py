#!/usr/bin/env python3
"""Check knowledge/timeouts.toml against what was published: python -m tools.check_timeouts [WHEELS]

Each row names the versions that it was read from. Their wheels are taken from the folder WHEELS, and those that are not
there are downloaded into it; without WHEELS, into one that goes afterwards. They are unpacked and read, never installed
or imported. The rows of the standard library are looked up in that of the running interpreter.

The exit code is 0 if all rows are right, 1 if one is wrong, 2 if a package was not to be had.
"""

import argparse
import asyncio
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from async_lint.knowledge.tables import table
from tools.published import Published
from tools.timeout_claims import Packages, complaints, made_complaints
from tools.timeout_rows import rows
from tools.wheels import pin_of

RIGHT, WRONG, MISSING = range(3)
_STANDARD_LIBRARY = Path(asyncio.__file__).parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheels", type=Path, nargs="?")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        known = table("timeouts")
        wanted = versions(known)
        found, missing = gathered(wanted, options.wheels or folder / "wheels")
        for version in missing:
            print(f"{version} was not to be had", file=sys.stderr)
        if missing:
            return MISSING
        return report(known, packages({version: unpacked(wheel, folder) for version, wheel in found.items()}))


def versions(known: Mapping[str, Any]) -> list[str]:
    """Return what the rows were read from, without the standard library."""
    named = dict.fromkeys(version for row in rows(known) for version in row.versions)
    return [version for version in named if not _is_python(version)]


def gathered(wanted: Iterable[str], folder: Path) -> tuple[dict[str, Path], list[str]]:
    """Return the wheels of some versions, downloaded where `folder` has none, and the versions that cannot be had."""
    folder.mkdir(parents=True, exist_ok=True)
    found: dict[str, Path] = {}
    missing: list[str] = []
    for version in wanted:
        pin = version.replace(" ", "==")
        wheel = _wheel(pin, folder)
        if wheel is None:
            # One by one: the rows may name two versions of a package.
            command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:"]
            subprocess.run([*command, "-d", str(folder), pin], stdout=sys.stderr, check=False)
            wheel = _wheel(pin, folder)
        if wheel is None:
            missing.append(version)
        else:
            found[version] = wheel
    return found, missing


def unpacked(wheel: Path, folder: Path) -> Path:
    """Unpack a wheel into a folder of its own, and return that."""
    target = folder / re.sub(r"\W", "_", pin_of(wheel))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def packages(folders: Mapping[str, Path]) -> Packages:
    """Return what gives the packages of some versions, from the folders that they were unpacked into."""

    @cache
    def published(wanted: tuple[str, ...]) -> Published:
        return Published([_STANDARD_LIBRARY if _is_python(version) else folders[version] for version in wanted])

    return published


def report(known: Mapping[str, Any], published: Packages) -> int:
    """Print a sentence for each claim that is wrong, and return the exit code."""
    checked = list(rows(known))
    wrong = [f"{row}: {complaint}" for row in checked for complaint in complaints(row, published)]
    wrong += made_complaints(known, published(tuple(versions(known))))
    for line in wrong:
        print(line)
    print(f"{len(checked)} rows, {len(wrong)} wrong claims")
    return WRONG if wrong else RIGHT


def _wheel(pin: str, folder: Path) -> Path | None:
    return next((wheel for wheel in sorted(folder.glob("*.whl")) if pin_of(wheel) == pin), None)


def _is_python(version: str) -> bool:
    return version.startswith("Python ")


if __name__ == "__main__":
    sys.exit(main())
