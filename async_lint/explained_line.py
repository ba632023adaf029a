"""What `--explain-call` and `--explain-loop` print of one line of a file."""

from pathlib import Path
from typing import NamedTuple

from async_lint.config_error import ConfigError
from async_lint.files.notebook import is_notebook
from async_lint.files.ports import Files
from async_lint.files.source import Source, UnreadableError, read_source
from async_lint.projects import Projects

_NEAREST = 3  # lines that a message offers where the one asked for has nothing


class Asked(NamedTuple):
    """A line of a file, as it was asked for: `flag FILE:LINE`."""

    flag: str
    name: str
    path: Path
    line: int


def explain_calls(asked: Asked, projects: Projects, files: Files) -> list[str]:
    """Return lines of text about the calls on a line. Raises ConfigError where none is."""
    source = _source(asked, files)
    told = projects.of(asked.path).explain_calls(source, asked.path, asked.line)
    if not told:
        raise ConfigError(f"{asked.flag}: no call stands on line {asked.line} of {asked.name}")
    return told


def explain_loops(asked: Asked, projects: Projects, files: Files) -> list[str]:
    """Return lines of text about the loops on a line. Raises ConfigError where none is."""
    source = _source(asked, files)
    told, lines = projects.of(asked.path).explain_loops(source, asked.path, asked.line)
    if not told:
        near = sorted(sorted(lines, key=lambda line: abs(line - asked.line))[:_NEAREST])
        where = f"the nearest begin on {_listed(near)}" if near else "there is none in the file"
        raise ConfigError(f"{asked.flag}: no loop begins on line {asked.line} of {asked.name}; {where}")
    return told


def _listed(lines: list[int]) -> str:
    *before, last = map(str, lines)
    return f"lines {', '.join(before)} and {last}" if before else f"line {last}"


def _source(asked: Asked, files: Files) -> Source:
    if is_notebook(asked.path.name):
        hint = "a line of a notebook cannot be explained; copy its cells into a .py file"
        raise ConfigError(f"{asked.flag}: {asked.name}: {hint}")
    try:
        return read_source(asked.name, files.read(asked.path))
    except OSError as error:
        raise ConfigError(f"{asked.flag}: {asked.name} cannot be read: {error.strerror or error}") from error
    except UnreadableError as error:
        raise ConfigError(f"{asked.flag}: {asked.name}:{error.position.line}: {error.message}") from error
