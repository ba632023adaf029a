"""`--diff-base REV`: findings on the lines that were changed since."""

import subprocess
from pathlib import Path

import pytest

from async_lint.cli import main

HEAD = "async def f(*a): ...\n"


def git(*arguments: str) -> None:
    settings = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *settings, *arguments], check=True, capture_output=True)


def commit() -> None:
    git("add", "--all")
    git("commit", "--quiet", "--message", "change")


@pytest.fixture(autouse=True)
def _repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        monkeypatch.delenv(name, raising=False)
    git("init", "--quiet")
    Path("a.py").write_text(HEAD + "f(1)\nf(2)\nf(3)\n")
    commit()


@pytest.fixture
def found(capsys: pytest.CaptureFixture[str]) -> "Found":
    return Found(capsys)


class Found:
    """The places of the findings since a revision."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, revision: str = "HEAD", path: str = ".") -> list[str]:
        main(["--diff-base", revision, "--output-format", "concise", "--quiet", path])
        out, err = self._capsys.readouterr()
        assert err == ""
        return [":".join(line.split(":")[:2]) for line in out.splitlines()]


def test_nothing_was_changed(found: Found) -> None:
    assert found() == []
    assert main(["--diff-base", "HEAD", "."]) == 0
    assert main(["."]) == 1


def test_changed_added_and_moved_lines(found: Found) -> None:
    Path("a.py").write_text(HEAD + "# new\nf(1)\nf(22)\nf(3)\nf(4)\n")
    assert found() == ["a.py:4", "a.py:6"]


def test_a_finding_of_several_lines_is_changed_by_any(found: Found) -> None:
    Path("a.py").write_text(HEAD + "f(\n    1,\n    2,\n)\n")
    commit()
    Path("a.py").write_text(HEAD + "f(\n    1,\n    22,\n)\n")
    assert found() == ["a.py:2"]


def test_commits_since_and_what_is_staged_count(found: Found) -> None:
    Path("a.py").write_text(HEAD + "f(1)\nf(2)\nf(33)\n")
    commit()
    Path("b.py").write_text(HEAD + "f(1)\n")
    git("add", "b.py")
    assert found() == ["b.py:2"]
    assert found("HEAD~1") == ["a.py:4", "b.py:2"]


def test_files_that_git_does_not_track_are_changed(found: Found, tmp_path: Path) -> None:
    Path("new.py").write_text(HEAD + "f(1)\n")
    assert found() == ["new.py:2"]


def test_a_renamed_file_has_the_lines_it_had(found: Found) -> None:
    git("mv", "a.py", "b.py")
    assert found() == []


@pytest.mark.parametrize("name", ["a b.py", "größe.py", 'quo"te.py', "tab\t.py", "a\\b.py"])
def test_names_of_all_kinds(found: Found, name: str) -> None:
    Path(name).write_text(HEAD + "f(1)\nf(2)\n")
    commit()
    assert found() == []
    Path(name).write_text(HEAD + "f(1)\nf(3)\n")
    assert [place.rsplit(":", 1)[1] for place in found()] == ["3"]


def test_lines_that_look_like_a_header(found: Found) -> None:
    Path("a.py").write_text(HEAD + '"""\n++ b/z.py\n@@ -1 +1 @@\n"""\nf(1)\nf(2)\nf(3)\n')
    assert found() == []
    Path("a.py").write_text(HEAD + '"""\n++ b/z.py\n@@ -1 +1 @@\n"""\nf(1)\nf(2)\nf(4)\n')
    assert found() == ["a.py:8"]


def test_from_a_folder_and_through_a_link(found: Found, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    Path("sub").mkdir()
    Path("sub/b.py").write_text(HEAD + "f(1)\nf(2)\n")
    commit()
    Path("sub/b.py").write_text(HEAD + "f(1)\nf(3)\n")
    Path("a.py").write_text(HEAD + "f(9)\n")
    monkeypatch.chdir("sub")
    assert found() == ["b.py:3"]
    assert found(path="..") == ["../a.py:2", "../sub/b.py:3"]
    link = tmp_path.parent / f"{tmp_path.name}-link"
    link.symlink_to(tmp_path)
    monkeypatch.chdir(link)
    assert found(path="sub/b.py") == ["sub/b.py:3"]


def test_since_a_branch_was_left(found: Found) -> None:
    git("branch", "topic")
    Path("a.py").write_text(HEAD + "f(1)\nf(2)\nf(4)\n")
    commit()
    git("branch", "ahead")
    git("checkout", "--quiet", "topic")
    assert found("ahead") == ["a.py:4"]
    assert found("ahead...") == []


def test_a_file_that_cannot_be_checked_is_told() -> None:
    Path("a.py").write_text("f(\n")
    commit()
    assert main(["--diff-base", "HEAD", "."]) == 1


@pytest.mark.parametrize("revision", ["nope", "--help", " ", "nope..."])
def test_a_revision_that_is_not_known(capsys: pytest.CaptureFixture[str], revision: str) -> None:
    assert main([f"--diff-base={revision}", "."]) == 2
    assert capsys.readouterr().err.startswith(f"async-lint: error: --diff-base: git knows no revision `{revision}`")


def test_outside_of_a_repository(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    monkeypatch.chdir(outside)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(outside.parent))
    assert main(["--diff-base", "HEAD", "."]) == 2
    assert "--diff-base: there is no git repository here (fatal: not a git repository" in capsys.readouterr().err


def test_without_git(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert main(["--diff-base", "HEAD", "."]) == 2
    assert "--diff-base: git cannot be run: No such file or directory" in capsys.readouterr().err


@pytest.mark.parametrize("flags", [["--fix"], ["--diff"], ["--write-baseline", "a"], ["-"]])
def test_flags_that_want_all_findings(capsys: pytest.CaptureFixture[str], flags: list[str]) -> None:
    assert main(["--diff-base", "HEAD", *flags]) == 2
    assert "--diff-base cannot be used with" in capsys.readouterr().err
