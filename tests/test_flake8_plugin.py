"""The plugin through flake8's real command, compared with the command line."""

import argparse
import ast
import contextlib
import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flake8.exceptions import ExecutionError

from async_lint import registry
from async_lint.flake8_plugin import Plugin
from tests import warm_process
from tests.flake8_commands import FLAKE8, SPAWNING, in_process, run
from tests.harness import shortest

FORMAT = "%(path)s\t%(row)d\t%(col)d\t%(code)s\t%(text)s"

FLOATING = """\
import asyncio


async def main() -> None:
    asyncio.sleep(1)
"""
LOST = """\
def load(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise RuntimeError("no number")
"""


class Line(NamedTuple):
    """One finding; `row` and `column` are one-based."""

    path: str
    row: int
    column: int
    code: str
    message: str


def flake8(
    folder: Path, *arguments: str, stdin: bytes = b"", command: Sequence[str] = FLAKE8
) -> "subprocess.CompletedProcess[str]":
    """Run flake8 in a process, its own settings left out, with lines that `lines` can read."""
    full = ["--isolated", f"--format={FORMAT}", *arguments]
    done = run(command, *full, folder=folder, stdin=stdin)
    assert done.stderr == b""
    return subprocess.CompletedProcess(full, done.returncode, done.stdout.decode("utf-8"), "")


def here(folder: Path, *arguments: str) -> str:
    """Run flake8 in this process, and return what it writes."""
    with contextlib.ExitStack() as stack:
        stack.callback(os.chdir, os.getcwd())
        os.chdir(folder)
        told = in_process(f"--format={FORMAT}", *arguments)
    assert told.err == ""
    return told.out


def lines(output: str) -> list[Line]:
    found = []
    for line in output.splitlines():
        path, row, column, code, message = line.split("\t")
        found.append(Line(os.path.normpath(path), int(row), int(column), code, message))
    return sorted(found)


def codes(folder: Path, *arguments: str) -> list[str]:
    return [line.code for line in lines(here(folder, *arguments)) if line.code.startswith("ASL")]


def command_line(folder: Path, *arguments: str) -> list[Line]:
    """Return what the command line finds, ASL9 aside: that is the command line's alone."""
    done = warm_process.run("async_lint", "--output-format", "json", *arguments, folder=folder)
    assert done.stderr == b""
    return sorted(line for line in map(_line, json.loads(done.stdout)) if not line.code.startswith("ASL9"))


def _line(found: dict[str, Any]) -> Line:
    at = found["location"]
    return Line(os.path.normpath(found["filename"]), at["row"], at["column"], found["code"], found["message"])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in which the defect of one module is known from another one."""
    (tmp_path / "pyproject.toml").write_text("[tool.async-lint]\n")
    (tmp_path / "client.py").write_text("class Client:\n    async def send(self) -> None: ...\n")
    (tmp_path / "app.py").write_text(
        "from client import Client\n\n\nasync def main(client: Client) -> None:\n    client.send()\n"
    )
    (tmp_path / "lost.py").write_text(LOST)
    return tmp_path


def settings(project: Path, text: str) -> None:
    with (project / "pyproject.toml").open("a") as file:
        file.write(text)


def test_it_finds_what_the_command_line_finds_in_programs_of_every_rule(tmp_path: Path) -> None:
    # Some rules look away from what lies in a folder of tests.
    folder = tmp_path / "project"
    for case in (case for rule in registry.RULES for case in shortest(rule, 2)):
        case.put(folder / "programs" / case.id.replace("/", "_"))
    expected = command_line(folder, "programs")
    on = {rule.code for rule in registry.RULES if rule.default}
    assert {line.code for line in expected} == {code for code in on if not code.startswith("ASL9")}
    assert lines(here(folder, "--select=ASL", "programs")) == expected


@pytest.mark.parametrize("command", [FLAKE8, SPAWNING], ids=["default", "spawn"])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_it_works_in_worker_processes(project: Path, command: Sequence[str], jobs: str) -> None:
    found = lines(flake8(project, "--select=ASL", f"--jobs={jobs}", ".", command=command).stdout)
    assert found == command_line(project, ".")
    assert [(line.path, line.row, line.code) for line in found] == [("app.py", 5, "ASL101"), ("lost.py", 5, "ASL401")]


def test_it_is_selected_by_default(project: Path) -> None:
    assert "ASL101" in codes(project)


def test_standard_input_stands_for_the_file_it_names(project: Path) -> None:
    text = (project / "app.py").read_text().replace("    client", "    pass\n    client")
    done = flake8(project, "--select=ASL", "--stdin-display-name=app.py", "-", stdin=text.encode())
    assert [(line.path, line.row, line.code) for line in lines(done.stdout)] == [("app.py", 6, "ASL101")]


def test_standard_input_without_a_name(project: Path) -> None:
    done = flake8(project, "--select=ASL", "-", stdin=FLOATING.encode())
    assert [(line.path, line.row, line.code) for line in lines(done.stdout)] == [("stdin", 5, "ASL101")]


def test_lines_and_columns_are_those_of_the_file_whatever_its_bytes(tmp_path: Path) -> None:
    texts = {
        "bom.py": "\ufeff" + FLOATING,
        "crlf.py": FLOATING.replace("\n", "\r\n"),
        "form_feed.py": "\f\n" + FLOATING.replace("async def", "\fasync def"),
        "wide.py": FLOATING.replace("asyncio.sleep(1)", "'é𝒳'; asyncio.sleep(1)"),
        "no_last_newline.py": FLOATING.removesuffix("\n"),
        "latin.py": "# -*- coding: latin-1 -*-\n" + FLOATING.replace("asyncio.sleep(1)", "'é'; asyncio.sleep(1)"),
    }
    for name, text in texts.items():
        (tmp_path / name).write_bytes(text.encode("latin-1" if name == "latin.py" else "utf-8"))
    found = lines(here(tmp_path, "--select=ASL", "."))
    assert found == command_line(tmp_path, ".")
    assert {line.path: (line.row, line.column) for line in found} == {
        "bom.py": (5, 5),
        "crlf.py": (5, 5),
        "form_feed.py": (6, 5),
        "latin.py": (6, 10),
        "no_last_newline.py": (5, 5),
        "wide.py": (5, 11),
    }


def test_a_file_that_flake8_cannot_parse_is_left_to_flake8(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("async def (\n")
    assert {line.code for line in lines(here(tmp_path))} <= {"E999", "E902"}
    assert codes(tmp_path, "--select=ASL") == []


def test_nothing_is_found_in_a_stub(project: Path) -> None:
    (project / "app.pyi").write_text(FLOATING)
    assert codes(project, "--select=ASL", "--filename=*.pyi") == []
    assert codes(project, "--select=ASL", "--stdin-display-name=app.pyi", "app.pyi") == []


def test_flake8_owns_noqa(project: Path) -> None:
    (project / "lost.py").write_text(LOST.replace('number")', 'number")  # noqa: ASL4'))
    assert codes(project, "--select=ASL") == ["ASL101"]
    assert codes(project, "--select=ASL", "--disable-noqa") == ["ASL101", "ASL401"]


def test_the_tree_is_left_as_it_was_for_the_plugins_that_follow(project: Path) -> None:
    text = FLOATING + "    left = 1\n\n\n" + LOST
    (project / "app.py").write_text(text)
    found = lines(here(project, "--select=ASL,F", "app.py"))
    assert [line.code for line in found] == ["ASL101", "F841", "F841", "ASL401"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--select=ASL1"], ["ASL101"]),
        (["--select=ASL401"], ["ASL401"]),
        (["--select=ASL", "--ignore=ASL101"], ["ASL401"]),
        (["--select=ASL", "--extend-ignore=ASL4"], ["ASL101"]),
        (["--select=ASL", "--per-file-ignores=lost.py:ASL4"], ["ASL101"]),
        (["--select=A"], ["ASL101", "ASL401"]),
        (["--select=E9"], []),
    ],
    ids=" ".join,
)
def test_flake8_selects(project: Path, arguments: list[str], expected: list[str]) -> None:
    assert codes(project, *arguments) == expected


def test_settings_of_the_project_count(project: Path) -> None:
    settings(project, 'ignore = ["ASL4"]\n')
    assert codes(project, "--select=ASL") == ["ASL101"] == [line.code for line in command_line(project)]


def test_a_rule_that_flake8_names_is_run_whatever_the_settings_say(project: Path) -> None:
    settings(project, 'ignore = ["ASL4"]\n')
    assert codes(project, "--select=ASL401") == ["ASL401"]


def test_ignores_of_the_settings_for_some_files_count(project: Path) -> None:
    settings(project, '[tool.async-lint.per-file-ignores]\n"lost.py" = ["raise-without-cause"]\n')
    assert codes(project, "--select=ASL") == ["ASL101"]


def test_what_the_settings_exclude_is_checked_only_when_it_is_given(project: Path) -> None:
    settings(project, 'extend-exclude = ["gen*"]\n')
    (project / "generated").mkdir()
    (project / "generated" / "lost.py").write_text(LOST)
    assert codes(project, "--select=ASL4", ".") == ["ASL401"]
    assert codes(project, "--select=ASL4", "generated") == ["ASL401"]
    assert codes(project, "--select=ASL4", "generated/lost.py") == ["ASL401"]


def test_each_project_has_its_own_settings(project: Path) -> None:
    for name, ignored in (("one", "ASL4"), ("two", "ASL1")):
        (project / name).mkdir()
        (project / name / "async-lint.toml").write_text(f'ignore = ["{ignored}"]\n')
        (project / name / "both.py").write_text(FLOATING + "\n\n" + LOST)
    found = lines(here(project, "--select=ASL", "one", "two"))
    assert [(Path(line.path).parent.name, line.code) for line in found] == [("one", "ASL101"), ("two", "ASL401")]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_wrong_settings_end_flake8_with_a_sentence(project: Path, jobs: str) -> None:
    settings(project, 'selekt = ["ASL1"]\n')
    done = flake8(project, "--select=ASL", f"--jobs={jobs}")
    assert done.returncode == 1
    assert "pyproject.toml: unknown key `selekt`; did you mean `select`?" in done.stdout
    assert "Traceback" not in done.stdout


@pytest.mark.parametrize("asked", [".", "lost.py"])
def test_wrong_settings_are_refused_before_there_are_workers(
    project: Path, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(project, 'selekt = ["ASL1"]\n')
    monkeypatch.chdir(project)
    options = argparse.Namespace(select=["ASL"], extend_select=None, filenames=[asked])
    with pytest.raises(ExecutionError, match="unknown key `selekt`"):
        Plugin.parse_options(options)


def test_wrong_settings_do_not_matter_when_no_rule_is_selected(project: Path) -> None:
    settings(project, "selekt = []\n")
    assert codes(project, "--select=E9") == []


@pytest.fixture
def _raise_without_cause_off(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    rules = tuple(replace(rule, default=rule.code != "ASL401") for rule in registry.RULES)
    monkeypatch.setattr(registry, "RULES", rules)
    yield
    Plugin.options = Plugin.projects = None


@pytest.mark.usefixtures("_raise_without_cause_off")
@pytest.mark.parametrize(
    ("selected", "config", "found"),
    [
        ({"select": ["ASL"]}, "", False),
        ({"select": ["ASL"], "ignore": []}, "", False),
        ({"extended_default_select": ["ASL"]}, "", False),
        ({"select": ["ASL4"]}, "", True),
        ({"select": ["ASL"], "extend_select": ["ASL401"]}, "", True),
        ({"select": ["ASL"]}, 'extend-select = ["raise-without-cause"]\n', True),
        ({"extended_default_select": ["ASL"]}, 'extend-select = ["ASL4"]\n', True),
        ({"select": ["ASL"]}, 'select = ["ASL"]\n', False),
        ({"select": ["ASL1"]}, 'extend-select = ["ASL4"]\n', False),
    ],
)
def test_a_rule_that_is_off_wants_to_be_named_more_narrowly_than_asl(
    project: Path, selected: dict[str, list[str]], config: str, found: bool
) -> None:
    settings(project, config)
    names = ("select", "ignore", "extend_select", "extend_ignore", "extended_default_select", "extended_default_ignore")
    options = argparse.Namespace(**dict.fromkeys(names), filenames=[])
    options.extended_default_select = options.extended_default_ignore = []
    vars(options).update(selected)
    Plugin.parse_options(options)
    plugin = Plugin(ast.parse(LOST), str(project / "lost.py"), LOST.splitlines(keepends=True))
    assert [text.split()[0] for _, _, text, _ in plugin.run()] == (["ASL401"] if found else [])


@pytest.mark.parametrize(
    "text",
    ['python = "x\\u0000y"', 'exclude = ["[z-a]"]', 'src = ["/nope/*"]', "default-timeout = -5", 'python = "/nope"'],
)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_settings_that_cannot_be_used_are_an_error_without_a_traceback(project: Path, text: str, jobs: str) -> None:
    settings(project, text)
    done = run(FLAKE8, "--isolated", "--select=ASL", f"--jobs={jobs}", ".", folder=project)
    written = (done.stdout + done.stderr).decode()
    assert done.returncode == 1
    assert "Traceback" not in written
    assert f"async-lint: {project}/pyproject.toml: `{text.partition(' ')[0]}`" in written


def test_a_folder_without_a_marker_is_one_project_as_on_the_command_line(tmp_path: Path) -> None:
    for name in ("lib", "scripts"):
        (tmp_path / name).mkdir()
    (tmp_path / "lib" / "client.py").write_text("async def send() -> None: ...\n")
    (tmp_path / "scripts" / "main.py").write_text("import lib.client\n\nlib.client.send()\n")
    assert [each.code for each in lines(here(tmp_path, "--select=ASL", "."))] == ["ASL101"]
