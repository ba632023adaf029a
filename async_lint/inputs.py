"""What the flags ask about: projects with their settings."""

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from async_lint.config import Overrides
from async_lint.config_error import ConfigError
from async_lint.files.absolute import absolute
from async_lint.files.environment import fault_of
from async_lint.files.ports import Files
from async_lint.projects import Projects
from async_lint.registry import canonical


def projects_of(flags: Namespace, files: Files, asked: Sequence[Path], noted: bool = False) -> Projects:
    """Return the projects as the flags have them; `asked` are the folders to be checked. Raises ConfigError."""
    # Judged before they are mixed with the settings: the message would blame the settings' file.
    for flag in ("select", "ignore", "extend_select", "extend_ignore"):
        canonical(getattr(flags, flag) or (), f"--{flag.replace('_', '-')}")
    config = absolute(flags.config) if flags.config else None
    if config and not files.is_file(config):
        raise ConfigError(f"--config: {flags.config} is not a file")
    python = absolute(flags.python) if flags.python else None
    if python and (wrong := fault_of(python, files)):
        raise ConfigError(f"--python: {wrong}")
    baseline = absolute(flags.baseline) if flags.baseline else None
    if baseline and not files.is_file(baseline):
        raise ConfigError(f"--baseline: {flags.baseline} is not a file; --write-baseline writes one")
    overrides = Overrides(
        select=None if flags.select is None else tuple(flags.select),
        ignore=None if flags.ignore is None else tuple(flags.ignore),
        extend_select=tuple(flags.extend_select),
        extend_ignore=tuple(flags.extend_ignore),
        python=python,
        baseline=baseline,
    )
    return Projects(files, overrides, config, flags.isolated, asked, noted)
