"""Both hooks through the real pre-commit, on a temporary repository."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
SHIPPED = ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml", "async_lint", "docs")

CLIENT = """\
class Client:
    async def send(self, text: str) -> None: ...
"""
APP = """\
from client import Client


async def main(client: Client) -> None:
    client.send("hello")
"""
CLEAN = APP.replace("    client.send", "    await client.send")
CONFIG = """\
repos:
-   repo: ../async-lint
    rev: {rev}
    hooks:
    -   id: async-lint
    -   id: async-lint-fix
"""


class Git:
    """A repository, and pre-commit in it."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        # When the tests themselves run in a git hook, GIT_DIR and its like point at the wrong repository.
        self.environ = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        for who in ("AUTHOR", "COMMITTER"):
            self.environ |= {f"GIT_{who}_NAME": "test", f"GIT_{who}_EMAIL": "test@example.org"}
        self.environ |= {"PRE_COMMIT_HOME": str(home), "PIP_NO_COMPILE": "1"}
        self("init", "-q")

    def __call__(self, *arguments: str) -> str:
        return self._run("git", *arguments, check=True).stdout.strip()

    def commit(self) -> str:
        self("add", "-A")
        self("commit", "-q", "-m", "state")
        return self("rev-parse", "HEAD")

    def hook(self, name: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return self.pre_commit("run", "--color=never", name, *arguments)

    def pre_commit(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return self._run(sys.executable, "-m", "pre_commit", *arguments)

    def _run(self, *command: str, check: bool = False) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command, cwd=self.folder, env=self.environ, check=check, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip


class Hooks(NamedTuple):
    """A clone of this work tree, its commit, and the home in which pre-commit installs hooks."""

    clone: Path
    revision: str
    home: Path

    def project(self, folder: Path, config: str) -> Git:
        """Return a project in a folder; the clone stands beside it, where the README has it."""
        # pre-commit goes by this name: who has the same installs nothing anew.
        (folder / "async-lint").symlink_to(self.clone)
        project = folder / "project"
        project.mkdir()
        for name, text in {"client.py": CLIENT, "app.py": APP, ".pre-commit-config.yaml": config}.items():
            (project / name).write_text(text)
        git = Git(project, self.home)
        git.commit()
        return git


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Hooks:
    folder = tmp_path_factory.mktemp("hooks")
    for name in SHIPPED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    home = tmp_path_factory.mktemp("home")
    return Hooks(folder, Git(folder, home).commit(), home)


@pytest.fixture
def project(hooks: Hooks, tmp_path: Path) -> Git:
    return hooks.project(tmp_path, CONFIG.format(rev=hooks.revision))


def test_a_changed_file_is_checked_with_the_project_in_sight(project: Git) -> None:
    done = project.hook("async-lint", "--files", "app.py")
    assert done.returncode == 1, done.stdout
    assert "app.py:5:5" in done.stdout
    assert "ASL101" in done.stdout
    assert (project.folder / "app.py").read_text() == APP


def test_a_clean_file_passes(project: Git) -> None:
    done = project.hook("async-lint", "--files", "client.py")
    assert done.returncode == 0, done.stdout
    assert "Passed" in done.stdout


def test_the_fixing_hook_fails_once_and_then_passes(project: Git) -> None:
    first = project.hook("async-lint-fix", "--all-files")
    assert first.returncode == 1, first.stdout
    assert "files were modified by this hook" in first.stdout
    assert (project.folder / "app.py").read_text() == CLEAN
    project.commit()
    second = project.hook("async-lint-fix", "--all-files")
    assert second.returncode == 0, second.stdout


def test_what_was_found_is_kept_out_of_sight(project: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASYNC_LINT_CACHE_DIR")
    project = Git(project.folder, Path(project.environ["PRE_COMMIT_HOME"]))
    first = project.hook("async-lint", "--all-files")
    assert (project.folder / ".async_lint_cache" / "results.sqlite3").is_file()
    assert project("status", "--porcelain") == ""
    second = project.hook("async-lint", "--all-files")
    assert "app.py:5:5: ASL101" in second.stdout
    assert second.stdout == first.stdout
    (project.folder / "client.py").write_text(CLIENT.replace("async ", ""))
    third = project.hook("async-lint", "--all-files")
    assert third.returncode == 0, third.stdout


README = (ROOT / "README.md").read_text("utf-8")


def test_what_the_readme_shows_works(hooks: Hooks, tmp_path: Path) -> None:
    section = README.partition("### pre-commit")[2].partition("\n### ")[0]
    _, text, _ = re.split(r"^```(?:yaml\n)?", section, maxsplit=2, flags=re.MULTILINE)
    shown = re.findall(r"^\$ pre-commit (.*)$", section, re.MULTILINE)
    git = hooks.project(tmp_path, text)
    autoupdate, run = [git.pre_commit(*arguments.split()) for arguments in shown]
    assert autoupdate.returncode == 0, autoupdate.stdout
    settings = (git.folder / ".pre-commit-config.yaml").read_text()
    assert re.search(r"""^ +rev: ["']?[0-9a-f]{40}["']?$""", settings, re.MULTILINE)
    assert run.returncode == 1, run.stdout
    assert "app.py:5:5: ASL101" in run.stdout
