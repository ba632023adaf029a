"""Where the environment's packages lie, found on the file system: no interpreter is started."""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from async_lint.files.ports import Files


def environment(
    root: Path, files: Files, environ: Mapping[str, str] = os.environ, own_prefix: str = sys.prefix
) -> Path | None:
    """Return the virtual environment of the project at `root` when none is configured.

    The `.venv` of the root or of a folder above it in the same repository; else VIRTUAL_ENV, unless async-lint
    itself runs from it (`own_prefix`), as it does in a pre-commit hook.
    """
    for folder in (root, *root.parents):
        if files.is_file(folder / ".venv" / "pyvenv.cfg"):
            return folder / ".venv"
        if files.is_dir(folder / ".git") or files.is_file(folder / ".git"):
            break
    active = environ.get("VIRTUAL_ENV")
    if active and os.path.realpath(active) != os.path.realpath(own_prefix):
        return Path(active)
    return None


def fault_of(python: Path, files: Files) -> str:
    """Return why `python`, an interpreter or an environment's folder, tells of no packages; empty when it does."""
    if not files.is_dir(python):
        if not _exists(python, files):
            return f"{python} does not exist"
        if not _is_interpreter(python):
            return f"{python} is no Python interpreter by its name"
    return "" if site_packages(python, files) else f"no site-packages belong to {python}"


def site_packages(python: Path, files: Files) -> tuple[Path, ...]:
    """Return the existing package folders of `python`, an interpreter or an environment's folder, in import order.

    Folders that `.pth` files name (editable installs) follow. Empty when there is none.
    """
    folders: list[Path] = []
    for prefix in _prefixes(python, files):
        own = _packages(prefix, _version_of(python), files)
        if not own:
            continue
        folders.extend(own)
        settings = _pyvenv(prefix, files)
        if settings.get("include-system-site-packages", "").lower() == "true" and "home" in settings:
            # `home` is the folder of the base interpreter: its `bin`, on Windows the prefix itself.
            home = Path(settings["home"])
            base = home.parent if home.name.lower() in ("bin", "scripts") else home
            folders.extend(_packages(base, _short(settings), files))
        break
    links = [target for folder in folders for target in _links(folder, files)]
    return tuple(dict.fromkeys([*folders, *links]))


def _prefixes(python: Path, files: Files) -> Iterator[Path]:
    if files.is_dir(python):
        yield python
        return
    if not _exists(python, files) or not _is_interpreter(python):
        return
    # The link's own place is the environment, its target only the Python that it was made with.
    for interpreter in (python, Path(os.path.realpath(python))):
        folder = interpreter.parent
        yield folder.parent if folder.name.lower() in ("bin", "scripts") else folder


def _exists(path: Path, files: Files) -> bool:
    # A link to an interpreter that is gone, as in a container, still says where its environment is.
    return files.entry(path) is not None


def _is_interpreter(path: Path) -> bool:
    return any("py" in name.lower() for name in (path.name, os.path.basename(os.path.realpath(path))))


def _packages(prefix: Path, version: str, files: Files) -> list[Path]:
    version = _short(_pyvenv(prefix, files)) or version
    candidates = []
    # Debian keeps the packages of its own interpreter apart, under names without the minor version.
    for base in (prefix / "local" / "lib", prefix / "lib", prefix / "lib64"):
        folder = _python_folder(base, version, files)
        if folder is not None:
            candidates += [folder / "site-packages", folder / "dist-packages"]
    candidates += [prefix / "lib" / "python3" / "dist-packages", prefix / "Lib" / "site-packages"]
    # `lib64` is often a link to `lib`.
    existing = [path for path in candidates if files.is_dir(path)]
    return list({os.path.realpath(path): path for path in reversed(existing)}.values())[::-1]


def _python_folder(base: Path, version: str, files: Files) -> Path | None:
    try:
        names = [entry.name for entry in files.list(base) if entry.is_dir]
    except OSError:
        return None
    # `python3.13t` is the free-threaded build.
    versions = {match[1]: name for name in names if (match := re.fullmatch(r"(?:python|pypy)(\d+\.\d+)t?", name))}
    if version in versions:
        return base / versions[version]
    if not versions:
        return None
    newest = max(versions, key=lambda text: tuple(map(int, text.split("."))))
    return base / versions[newest]


def _version_of(python: Path) -> str:
    # `python` is mostly a link to `python3.12` or the like.
    for name in (python.name, os.path.basename(os.path.realpath(python))):
        if match := re.search(r"(\d+\.\d+)", name):
            return match[1]
    return ""


def _pyvenv(prefix: Path, files: Files) -> dict[str, str]:
    try:
        text = files.read(prefix / "pyvenv.cfg").decode("utf-8", "replace")
    except OSError:
        return {}
    pairs = (line.split("=", 1) for line in text.splitlines() if "=" in line and "\0" not in line)
    return {key.strip().lower(): value.strip() for key, value in pairs}


def _short(settings: Mapping[str, str]) -> str:
    version = settings.get("version") or settings.get("version_info") or ""
    return ".".join(version.split(".")[:2])


def _links(folder: Path, files: Files) -> Iterator[Path]:
    try:
        names = [entry.name for entry in files.list(folder) if entry.name.endswith(".pth")]
    except OSError:
        return
    for name in names:
        try:
            text = files.read(folder / name).decode("utf-8", "replace")
        except OSError:
            continue
        for line in text.splitlines():
            # A line that begins with `import` is code, which nobody here will run.
            if line.strip() and "\0" not in line and not line.startswith(("#", "import ", "import\t")):
                target = Path(os.path.normpath(folder / line.strip()))
                if files.is_dir(target):
                    yield target
