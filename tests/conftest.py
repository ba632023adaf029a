"""What every test shares: no environment but its own, and no results of earlier runs."""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from async_lint.files.source import Source
from async_lint.model import Diagnostic
from async_lint.project import Project

# Some of them are named like tests, for rules that treat tests apart.
collect_ignore_glob = ["fixtures/*"]


def pytest_configure() -> None:
    """Let Python keep what it compiles, as it does unless it is told not to, which images of containers often do.

    Else each process that a test starts compiles some hundred files, which takes longer than its run.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def pytest_collection_finish() -> None:
    """Look for garbage seldom, as the command line does."""
    gc.set_threshold(1_000_000, *gc.get_threshold()[1:])


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    # The packages of whoever runs the tests would be looked at by inference.
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    # A folder that is made when something is kept, and not beside the files of the test.
    monkeypatch.setenv("ASYNC_LINT_CACHE_DIR", str(tmp_path_factory.getbasetemp() / f"cache-{uuid4().hex}"))


@pytest.fixture
def only_new_garbage() -> Iterator[None]:
    """Let what collects garbage look at what the test makes alone: the rest is a million objects."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are checked."""
    names: list[str] = []
    check = Project.check

    def noted(self: Project, source: Source, path: Path) -> list[Diagnostic]:
        names.append(path.name)
        return check(self, source, path)

    monkeypatch.setattr(Project, "check", noted)
    return names
