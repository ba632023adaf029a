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


# Those that start environments, clusters and many processes come first: no processor waits for them at the end.
LONGEST = ("contributing", "pre_commit", "ci", "cache_disk", "progress", "cache_flake8", "findings_cost", "cluster")


def pytest_configure(config: pytest.Config) -> None:
    # Python keeps what it compiles unless it is told not to, as in many containers: each process that a test starts
    # would compile some hundred files, which takes longer than its run.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    # Neighbours stay together, and who has nothing left takes from the others.
    if config.getoption("dist", None) == "load":
        config.option.dist = "worksteal"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest tests first, and those of one program next to each other: they share its runs."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> tuple[int, str]:
    if item.path.stem.removeprefix("test_") in LONGEST:
        return 0, ""
    case = item.callspec.params.get("case") if isinstance(item, pytest.Function) and hasattr(item, "callspec") else None
    return (1, "") if case is None else (2, str(getattr(case, "id", "")))


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
