"""Which versions of its dependencies a project asks for, by the files that say so. Lock files are not read."""

import configparser
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from async_lint.files.ports import Files
from async_lint.files.wheels import unpacked

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

# By a distribution's normalized name, its requirements; those of one list are alternatives, told apart by markers.
Requirements = dict[str, list[tuple[str, ...]]]

_LINE = re.compile(r"\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*\(?([^;#@\s(][^;#)]*)?\)?")
_NAME = re.compile(r"[-_.]+")
_CLAUSES = re.compile(r"\s*,\s*|\s+(?=[<>=!~^])")
_FILES = re.compile(r"(?:requirements|(?:package_)?constraints).*\.txt")
_DEPTH = 3  # folders from the root to a package's manifest: `homeassistant/components/hue`


def requirements(root: Path, files: Files) -> Requirements:
    """Return what the project at `root` asks for, as version specifiers (`>=3.6,<4`; empty for any version)."""
    required: Requirements = {}
    for lines in _lists(root, files):
        asked: dict[str, list[str]] = {}
        for name, specifier in lines:
            asked.setdefault(normalized(name), []).append(specifier)
        for name, specifiers in asked.items():
            required.setdefault(name, []).append(tuple(specifiers))
    return required


def normalized(name: str) -> str:
    return _NAME.sub("-", name).lower()


Asked = Iterator[tuple[str, str]]  # names and specifiers


def _lists(root: Path, files: Files) -> Iterator[Asked]:
    pyproject = _toml(root / "pyproject.toml", files)
    project, tool = _table(pyproject, "project"), _table(pyproject, "tool")
    lists = [project.get("dependencies"), *_table(project, "optional-dependencies").values()]
    lists += [*_table(pyproject, "dependency-groups").values(), _table(tool, "uv").get("dev-dependencies")]
    lists += _table(_table(tool, "pdm"), "dev-dependencies").values()
    yield from (_split(lines) for lines in lists if isinstance(lines, list))
    poetry = _table(tool, "poetry")
    groups = _table(poetry, "group")
    for group in (poetry, *(_table(groups, name) for name in groups)):
        yield from (_of_poetry(_table(group, key)) for key in ("dependencies", "dev-dependencies"))
    pipfile = _toml(root / "Pipfile", files)
    yield from (_of_poetry(_table(pipfile, key)) for key in ("packages", "dev-packages"))
    yield from _of_setup(root / "setup.cfg", files)
    for path in _requirement_files(root, files):
        yield _split(_text(path, files).splitlines())
    for path in _manifests(root, files):
        yield _split(_of_manifest(path, files))
    # Without the bounds: what a wheel was built for is seldom all that its code runs with.
    wheel = unpacked(root, files)
    yield ((name, "") for name, _ in _split(wheel.get_all("Requires-Dist", []) if wheel else []))


def _split(lines: Sequence[object]) -> Asked:
    for line in lines:
        if isinstance(line, str) and (match := _LINE.match(line)):
            # pip lets `--hash=...` and a continuation's backslash follow the specifier.
            yield match[1], (match[2] or "").partition(" --")[0].strip(" \\")


def _of_poetry(table: Mapping[str, object]) -> Asked:
    for name, value in table.items():
        for constraint in value if isinstance(value, list) else [value]:
            version = constraint.get("version", "") if isinstance(constraint, dict) else constraint
            if isinstance(version, str):
                for alternative in version.split("||"):
                    yield name, ",".join(map(_specifier, _CLAUSES.split(alternative.strip())))


def _specifier(constraint: str) -> str:
    """Return what `^1.2`, `~1.2`, `1.2` and `*` of Poetry mean."""
    text = constraint.strip()
    if text in ("", "*"):
        return ""
    if text[0] not in "^~" or text.startswith("~="):
        return text if text[0] in "<>=!~" else f"=={text}"
    version = text[1:].strip()
    parts = [int(digits) for digits in re.findall(r"\d{1,9}", version)]
    # `~1.2` and `~1.2.3` stay in 1.2, `~1` in 1; `^` keeps all up to the first part that is not zero.
    kept = min(2, len(parts))
    if text[0] == "^":
        kept = next((index for index, part in enumerate(parts) if part), len(parts) - 1) + 1
    return f">={version},<{'.'.join(map(str, [*parts[: kept - 1], parts[kept - 1] + 1]))}" if parts else ""


def _of_setup(path: Path, files: Files) -> Iterator[Asked]:
    # Raw: a `%` in a value, as in a URL, is nothing but that.
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(_text(path, files))
    except configparser.Error:
        return
    yield _split(parser.get("options", "install_requires", fallback="").splitlines())
    if parser.has_section("options.extras_require"):
        yield from (_split(lines.splitlines()) for _, lines in parser.items("options.extras_require"))


def _requirement_files(root: Path, files: Files) -> Iterator[Path]:
    yield from (root / name for name in _names(root, files) if _FILES.fullmatch(name))
    folder = root / "requirements"
    yield from (folder / name for name in _names(folder, files) if name.endswith(".txt"))


def _manifests(root: Path, files: Files, depth: int = _DEPTH) -> Iterator[Path]:
    """Yield the manifests of packages, in which Home Assistant's integrations say what they need."""
    for name in _names(root, files):
        folder = root / name
        if depth and "." not in name and files.is_dir(folder):
            # Integrations of third parties lie in `custom_components`, which need not be a package.
            if files.is_file(folder / "__init__.py") or name == "custom_components":
                yield from _manifests(folder, files, depth - 1)
        elif name == "manifest.json":
            yield folder


def _of_manifest(path: Path, files: Files) -> list[object]:
    try:
        manifest = json.loads(_text(path, files))
    except (ValueError, RecursionError):
        return []
    lines = manifest.get("requirements") if isinstance(manifest, dict) else None
    return lines if isinstance(lines, list) else []


def _names(folder: Path, files: Files) -> list[str]:
    try:
        return [entry.name for entry in files.list(folder)]
    except OSError:
        return []


def _text(path: Path, files: Files) -> str:
    try:
        return files.read(path).decode("utf-8", "replace") if files.is_file(path) else ""
    except OSError:
        return ""


def _toml(path: Path, files: Files) -> Mapping[str, object]:
    try:
        return tomllib.loads(_text(path, files))
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def _table(of: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = of.get(key)
    return value if isinstance(value, dict) else {}
