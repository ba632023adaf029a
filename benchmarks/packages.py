"""Published packages to try async-lint on: unpacked, copied, changed and checked."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from mutation import Code, Edited

Report = tuple[str, int, str]
"""A file, a line, a code."""


def unpacked(requirement: str, cache: Path) -> Path:
    """Return the folder of a package's Python files, downloaded as a wheel without its dependencies if need be."""
    target = cache / "src" / requirement
    if not target.exists():
        wheels = cache / "wheels" / requirement
        # They are read and not run, so it does not matter which Python they are for.
        command = ["download", "-q", "--no-deps", "--only-binary=:all:", "--ignore-requires-python"]
        command += ["-d", str(wheels), requirement]
        subprocess.run([sys.executable, "-m", "pip", *command], check=True)
        partial = target.with_name(f"{target.name}.partial")
        for wheel in wheels.glob("*.whl"):
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(partial, [each for each in archive.namelist() if each.endswith((".py", ".pyi"))])
        partial.rename(target)
    return target


def requirements(path: Path) -> list[str]:
    lines = (re.sub(r"(?:^|\s)#.*", "", line).strip() for line in path.read_text().splitlines())
    return [line for line in lines if line]


class Package:
    """The files that await something, in a copy of a folder."""

    def __init__(self, source: Path, copy: Path) -> None:
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(source, copy, ignore=shutil.ignore_patterns("*.pyc"))
        # The copy is a project of its own, wherever it lies.
        (copy / "pyproject.toml").write_text("[tool.async-lint]\n")
        self._copy = copy
        self.codes = dict(_readable(copy))

    def reports(self, edited: Mapping[str, Edited]) -> Counter[Report]:
        """Return what the edited files are reported for, and how often."""
        for path, each in edited.items():
            (self._copy / path).write_bytes(each.data)
        try:
            return _lint(self._copy, sorted(edited))
        finally:
            for path in edited:
                (self._copy / path).write_bytes(self.codes[path].data)


def _readable(folder: Path) -> Iterator[tuple[str, Code]]:
    for path in sorted(folder.rglob("*.py")):
        try:
            code = Code(path.read_bytes())
        except (SyntaxError, ValueError):
            continue
        if code.sites:
            yield path.relative_to(folder).as_posix(), code


def _lint(folder: Path, paths: list[str]) -> Counter[Report]:
    found: Counter[Report] = Counter()
    if paths:
        command = [sys.executable, "-m", "async_lint", "--isolated", "--no-cache", "--output-format", "json"]
        # Without VIRTUAL_ENV, so that no installed package is seen.
        environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
        command += ["--select", "ASL1,ASL3", "--", *paths]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):
            sys.exit(f"async-lint ended with {done.returncode} in {folder}:\n{done.stderr}")
        for each in json.loads(done.stdout):
            found[each["filename"], each["location"]["row"], each["code"]] += 1
    return found
