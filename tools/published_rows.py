"""Rows of a table that name the versions that they were read from, compared with the published packages.

A command for one table says which rows it has, and what of them its packages do not bear out. The exit code is 0 if all
rows are right, 1 if one is wrong, 2 if a package was not to be had.
"""

import argparse
import asyncio
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from tools.published import Published
from tools.timeout_claims import Packages
from tools.timeout_rows import Row
from tools.wheels import pin_of

RIGHT, WRONG, MISSING = range(3)
_STANDARD_LIBRARY = Path(asyncio.__file__).parent.parent


def compare(description: str | None, rows: Sequence[Row], report: Callable[[Packages], int]) -> int:
    """Read the command line, get the packages that the rows were read from, and return what `report` makes of them."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheels", type=Path, nargs="?")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        found, missing = gathered(versions(rows), options.wheels or folder / "wheels")
        for version in missing:
            print(f"{version} was not to be had", file=sys.stderr)
        if missing:
            return MISSING
        return report(packages({version: unpacked(wheel, folder) for version, wheel in found.items()}))


def told(rows: Sequence[Row], wrong: Iterable[str]) -> int:
    """Print the sentences about wrong claims and how many there are, and return the exit code."""
    sentences = list(wrong)
    for sentence in sentences:
        print(sentence)
    print(f"{len(rows)} rows, {len(sentences)} wrong claims")
    return WRONG if sentences else RIGHT


def versions(rows: Iterable[Row]) -> list[str]:
    """Return what the rows were read from, without the standard library."""
    named = dict.fromkeys(version for row in rows for version in row.versions)
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


def _wheel(pin: str, folder: Path) -> Path | None:
    return next((wheel for wheel in sorted(folder.glob("*.whl")) if pin_of(wheel) == pin), None)


def _is_python(version: str) -> bool:
    return version.startswith("Python ")
