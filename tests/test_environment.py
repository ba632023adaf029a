"""Package folders found on the file system, in layouts made by hand."""

from pathlib import Path

import pytest

from async_lint.files.environment import environment, fault_of, site_packages
from async_lint.files.ports import Disk


def venv(prefix: Path, version: str = "3.11", settings: str = "") -> Path:
    packages = prefix / "lib" / f"python{version}" / "site-packages"
    packages.mkdir(parents=True)
    (prefix / "bin").mkdir()
    (prefix / "bin" / "python").touch()
    (prefix / "pyvenv.cfg").write_text(f"version = {version}.4\n{settings}")
    return packages


def test_an_environment_and_its_interpreter_have_the_same_packages(tmp_path: Path) -> None:
    packages = venv(tmp_path / "env")
    assert site_packages(tmp_path / "env", Disk()) == (packages,)
    assert site_packages(tmp_path / "env" / "bin" / "python", Disk()) == (packages,)


def test_windows_layout(tmp_path: Path) -> None:
    packages = tmp_path / "Lib" / "site-packages"
    packages.mkdir(parents=True)
    (tmp_path / "Scripts").mkdir()
    (tmp_path / "Scripts" / "python.exe").touch()
    assert site_packages(tmp_path / "Scripts" / "python.exe", Disk()) == (packages,)


def test_system_packages_follow_when_the_environment_includes_them(tmp_path: Path) -> None:
    base = tmp_path / "base" / "lib" / "python3.11" / "site-packages"
    base.mkdir(parents=True)
    own = venv(tmp_path / "env", settings=f"home = {tmp_path / 'base' / 'bin'}\ninclude-system-site-packages = true\n")
    assert site_packages(tmp_path / "env", Disk()) == (own, base)


def test_system_packages_are_left_out_otherwise(tmp_path: Path) -> None:
    (tmp_path / "base" / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
    own = venv(tmp_path / "env", settings=f"home = {tmp_path / 'base' / 'bin'}\ninclude-system-site-packages = false\n")
    assert site_packages(tmp_path / "env", Disk()) == (own,)


@pytest.mark.parametrize(("name", "version"), [("python3.9", "3.9"), ("python", "3.12")])
def test_of_several_versions_the_interpreters_own_or_the_newest(tmp_path: Path, name: str, version: str) -> None:
    for each in ("3.9", "3.12"):
        (tmp_path / "lib" / f"python{each}" / "site-packages").mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / name).touch()
    expected = tmp_path / "lib" / f"python{version}" / "site-packages"
    assert site_packages(tmp_path / "bin" / name, Disk()) == (expected,)


def test_an_interpreter_linked_from_elsewhere_is_followed(tmp_path: Path) -> None:
    packages = tmp_path / "base" / "lib" / "python3.11" / "site-packages"
    packages.mkdir(parents=True)
    (tmp_path / "base" / "bin").mkdir()
    (tmp_path / "base" / "bin" / "python3.11").touch()
    (tmp_path / "shims").mkdir()
    (tmp_path / "shims" / "python").symlink_to(tmp_path / "base" / "bin" / "python3.11")
    assert site_packages(tmp_path / "shims" / "python", Disk()) == (packages,)


def test_editable_installs_follow(tmp_path: Path) -> None:
    packages = venv(tmp_path / "env")
    (tmp_path / "work").mkdir()
    (packages / "work.pth").write_text(f"# comment\nimport os\n{tmp_path / 'work'}\n{tmp_path / 'gone'}\n")
    assert site_packages(tmp_path / "env", Disk()) == (packages, tmp_path / "work")


@pytest.mark.parametrize(
    ("name", "reason"), [("bin/pythn", "does not exist"), ("bin/sh", "is no Python interpreter"), ("gone", "does not")]
)
def test_what_is_no_interpreter_has_no_packages(tmp_path: Path, name: str, reason: str) -> None:
    venv(tmp_path)
    (tmp_path / "bin" / "sh").touch()
    assert reason in fault_of(tmp_path / name, Disk())
    assert site_packages(tmp_path / name, Disk()) == ()


def test_an_interpreter_whose_link_leads_nowhere_still_says_where_it_is(tmp_path: Path) -> None:
    packages = venv(tmp_path / "env")
    (tmp_path / "env" / "bin" / "python").unlink()
    (tmp_path / "env" / "bin" / "python").symlink_to("/nowhere/python3.11")
    assert fault_of(tmp_path / "env" / "bin" / "python", Disk()) == ""
    assert site_packages(tmp_path / "env" / "bin" / "python", Disk()) == (packages,)


def test_nothing_there(tmp_path: Path) -> None:
    assert site_packages(tmp_path / "nowhere", Disk()) == ()


def test_the_project_has_an_environment_of_its_own(tmp_path: Path) -> None:
    venv(tmp_path / ".venv")
    venv(tmp_path / "active")
    chosen = environment(tmp_path, Disk(), {"VIRTUAL_ENV": str(tmp_path / "active")}, "/elsewhere")
    assert chosen == tmp_path / ".venv"


def test_a_workspace_shares_its_environment_but_no_further_than_the_repository(tmp_path: Path) -> None:
    venv(tmp_path / ".venv")
    member = tmp_path / "repository" / "member"
    member.mkdir(parents=True)
    assert environment(member, Disk(), {}, "/elsewhere") == tmp_path / ".venv"
    (tmp_path / "repository" / ".git").mkdir()
    assert environment(member, Disk(), {}, "/elsewhere") is None


def test_the_active_environment_unless_async_lint_runs_from_it(tmp_path: Path) -> None:
    venv(tmp_path / "active")
    environ = {"VIRTUAL_ENV": str(tmp_path / "active")}
    assert environment(tmp_path, Disk(), environ, "/elsewhere") == tmp_path / "active"
    assert environment(tmp_path, Disk(), environ, str(tmp_path / "active")) is None
