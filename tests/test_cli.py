"""The command line: flags, streams and exit codes."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import pytest

from async_lint import __version__
from async_lint.cli import main
from async_lint.files.ports import Disk, Entry
from async_lint.registry import RULES
from tests import warm_process

ROOT = Path(__file__).parent.parent
CAUSELESS = "try:\n    import_it()\nexcept ImportError as error:\n    raise RuntimeError\n"
CAUSED = CAUSELESS.replace("raise RuntimeError", "raise RuntimeError from error")
VERBOSE = "try:\n    import_it()\nexcept ImportError as error:\n    raise error\nexcept Exception:\n    json = None\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


class Done:
    """What the real command did."""

    def __init__(self, *arguments: str, stdin: str = "", environ: Mapping[str, str] | None = None) -> None:
        done = warm_process.run(
            "async_lint", *arguments, environ={**os.environ, **(environ or {})}, stdin=stdin.encode()
        )
        self.code, self.out, self.err = done.returncode, done.stdout.decode(), done.stderr.decode()


def files(**texts: str) -> None:
    for name, text in texts.items():
        Path(f"{name}.py").write_text(text)


def test_version_is_told_without_importing_anything_slow(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"async-lint {__version__}\n"
    script = (
        "import sys; from async_lint.cli import main; main(['--version']);"
        "print(*{'argparse', 'ast', 'importlib.metadata', 'libcst', 'pathspec'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == f"async-lint {__version__}\n\n"


def test_version_among_other_flags(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quiet", "-V"]) == 0
    assert capsys.readouterr().out == f"async-lint {__version__}\n"


def test_nothing_found(capsys: pytest.CaptureFixture[str]) -> None:
    files(a=CAUSED)
    assert main([]) == 0
    assert capsys.readouterr() == ("No problems found.\n", "")


def test_something_found(capsys: pytest.CaptureFixture[str]) -> None:
    files(a=CAUSELESS)
    assert main(["a.py"]) == 1
    out, err = capsys.readouterr()
    assert out.startswith("a.py:4:5: ASL401 [raise-without-cause] ")
    assert "\n4 |     raise RuntimeError\n  |     ^" in out
    assert out.endswith("\n\nFound 1 problem (1 fixable with --fix).\n")
    assert err == ""


def test_exit_zero(capsys: pytest.CaptureFixture[str]) -> None:
    files(a=CAUSELESS)
    assert main(["--exit-zero"]) == 0
    assert "ASL401" in capsys.readouterr().out
    assert main(["--exit-zero", "missing.py"]) == 2


def test_quiet_prints_findings_only(capsys: pytest.CaptureFixture[str]) -> None:
    files(a=CAUSELESS)
    assert main(["--quiet", "--output-format", "concise"]) == 1
    out, _ = capsys.readouterr()
    assert out.startswith("a.py:4:5: ASL401 ")
    assert out.count("\n") == 1


def test_json_and_github_have_no_closing_line(capsys: pytest.CaptureFixture[str]) -> None:
    files(a=CAUSELESS)
    assert main(["--output-format", "json"]) == 1
    [found] = json.loads(capsys.readouterr().out)
    assert (found["filename"], found["code"], found["location"]) == ("a.py", "ASL401", {"row": 4, "column": 5})
    assert main(["--output-format", "github"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("::warning file=a.py,line=4,col=5,")
    assert out.count("\n") == 1


def test_statistics(capsys: pytest.CaptureFixture[str]) -> None:
    files(a=CAUSELESS + CAUSELESS + VERBOSE)
    assert main(["--statistics"]) == 1
    assert capsys.readouterr().out == (
        "2  ASL401  [*] raise-without-cause\n1  ASL402  [*] verbose-reraise\nFound 3 problems (3 fixable with --fix).\n"
    )


def test_select_ignore_and_their_extensions(capsys: pytest.CaptureFixture[str]) -> None:
    files(a=CAUSELESS + VERBOSE)

    def codes(*flags: str) -> list[str]:
        main([*flags, "--output-format", "json"])
        return [each["code"] for each in json.loads(capsys.readouterr().out)]

    assert codes() == ["ASL401", "ASL402"]
    assert codes("--select", "ASL401") == ["ASL401"]
    assert codes("--select", "ASL101,verbose-reraise") == ["ASL402"]
    assert codes("--ignore", "ASL4", "--extend-select", "ASL402") == ["ASL402"]
    assert codes("--extend-ignore", "ASL401", "--extend-ignore", "ASL402") == []
    Path("async-lint.toml").write_text('ignore = ["ASL4"]\n')
    assert codes() == []
    assert codes("--select", "ASL4") == ["ASL401", "ASL402"]
    assert codes("--isolated") == ["ASL401", "ASL402"]


def test_config_names_the_settings(capsys: pytest.CaptureFixture[str]) -> None:
    files(a=CAUSELESS + VERBOSE)
    Path("async-lint.toml").write_text('ignore = ["ASL4"]\n')
    Path("other.toml").write_text('[tool.async-lint]\nselect = ["ASL402"]\n')
    assert main(["--config", "other.toml", "--output-format", "concise"]) == 1
    assert capsys.readouterr().out.startswith("a.py:8:5: ASL402 ")
    assert main(["--config", "missing.toml"]) == 2
    assert "--config: missing.toml is not a file" in capsys.readouterr().err


def test_fix(capsys: pytest.CaptureFixture[str]) -> None:
    files(a=CAUSELESS)
    assert main(["--fix"]) == 0
    assert Path("a.py").read_text() == CAUSED
    assert capsys.readouterr().out == "Fixed 1 problem, none left.\n  1 ASL401 raise-without-cause\n"


def test_fix_tells_how_many_of_each_rule(capsys: pytest.CaptureFixture[str]) -> None:
    files(a=CAUSELESS, b=CAUSELESS, c=CAUSELESS + VERBOSE)
    main(["--fix", "--output-format", "concise"])
    assert capsys.readouterr().out.splitlines()[-2:] == ["  3 ASL401 raise-without-cause", "  1 ASL402 verbose-reraise"]
    main(["--fix", "--quiet"])
    assert capsys.readouterr().out == ""


def test_fix_says_why_a_hard_link_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    files(a=CAUSELESS)
    os.link("a.py", "b")
    assert main(["--fix"]) == 2
    err = capsys.readouterr().err
    assert err == "async-lint: error: a.py: not written: the file has 2 hard links, which a replacement would part\n"
    assert Path("b").read_text() == CAUSELESS


@pytest.mark.parametrize(("flags", "kept"), [(["--fix"], False), ([], True), (["--diff"], True)])
def test_fix_removes_what_a_killed_one_left(flags: list[str], kept: bool) -> None:
    Path("folder").mkdir()
    Path("folder/a.py").write_text(CAUSED)
    Path("a.py").symlink_to("folder/a.py")
    left = Path("folder/.a.py.abcdefgh.async-lint.tmp")
    left.touch()
    os.utime(left, (0, 0))
    main([*flags, "a.py"])
    assert left.exists() is kept


def test_exit_non_zero_on_fix() -> None:
    files(a=CAUSELESS)
    assert main(["--fix", "--exit-non-zero-on-fix"]) == 1
    assert main(["--fix", "--exit-non-zero-on-fix"]) == 0


def test_diff_shows_what_fix_would_write() -> None:
    files(a=CAUSELESS, b=CAUSED)
    done = Done("--diff")
    assert done.code == 1
    assert done.out == (
        "--- a.py\n+++ a.py\n@@ -1,4 +1,4 @@\n try:\n     import_it()\n except ImportError as error:\n"
        "-    raise RuntimeError\n+    raise RuntimeError from error\n"
    )
    assert done.err == "Would fix 1 problem in 1 file.\n  1 ASL401 raise-without-cause\n"
    assert Path("a.py").read_text() == CAUSELESS


@pytest.mark.parametrize(
    ("environ", "coloured"), [({"FORCE_COLOR": "1"}, True), ({}, False), ({"NO_COLOR": "1"}, False)]
)
def test_diff_in_colour(environ: dict[str, str], coloured: bool) -> None:
    files(a=CAUSELESS)
    lines = Done("--diff", "a.py", environ=environ).out.splitlines()
    assert ("\x1b[32m+    raise RuntimeError from error\x1b[0m" in lines) is coloured
    assert ("+    raise RuntimeError from error" in lines) is not coloured


def test_diff_without_a_change() -> None:
    files(a=CAUSED)
    done = Done("--diff", "--quiet")
    assert (done.code, done.out, done.err) == (0, "", "")
    assert Done("--diff").err == "No fixes to make.\n"


def test_diff_tells_of_files_that_nobody_can_judge() -> None:
    files(a="x = (\n")
    done = Done("--diff", "--quiet")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("a.py:1:5: ASL900 ")


def test_standard_input() -> None:
    done = Done("-", "--output-format", "concise", "--quiet", stdin=CAUSELESS)
    assert done.code == 1
    assert done.out.startswith("-:4:5: ASL401 ")


def test_standard_input_under_a_name_sees_the_project() -> None:
    Path("client.py").write_text("async def send() -> None: ...\n")
    Path("async-lint.toml").write_text('[per-file-ignores]\n"quiet.py" = ["ASL101"]\n')
    text = "import client\n\nclient.send()\n"
    done = Done("-", "--stdin-filename", "app.py", "--output-format", "concise", stdin=text)
    assert done.code == 1
    assert done.out.startswith("app.py:3:1: ASL101 ")
    assert Done("-", "--stdin-filename", "quiet.py", stdin=text).code == 0


def test_a_folder_without_a_marker_is_one_project() -> None:
    Path("lib").mkdir()
    Path("lib/client.py").write_text("async def send() -> None: ...\n")
    Path("scripts").mkdir()
    Path("scripts/main.py").write_text("import lib.client\n\nlib.client.send()\n")
    assert Done(".", "--output-format", "concise").out.startswith("scripts/main.py:3:1: ASL101 ")


def test_standard_input_fixed() -> None:
    files(a="untouched = 1\n")
    done = Done("-", "--fix", "--stdin-filename", "a.py", stdin=CAUSELESS)
    assert (done.code, done.out, done.err) == (
        0,
        CAUSED,
        "Fixed 1 problem, none left.\n  1 ASL401 raise-without-cause\n",
    )
    assert Path("a.py").read_text() == "untouched = 1\n"


@pytest.mark.parametrize("text", [CAUSED, "x = (\n", ""])
def test_standard_input_that_cannot_be_fixed_comes_out_as_it_went_in(text: str) -> None:
    assert Done("-", "--fix", stdin=text).out == text


def test_show_suppressed(capsys: pytest.CaptureFixture[str]) -> None:
    files(a=CAUSELESS.replace("RuntimeError\n", "RuntimeError  # noqa\n"))
    assert main(["--show-suppressed", "--quiet"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("a.py:4:5: ASL401 ")
    assert out.endswith("(suppressed: noqa on line 4)\n")


def test_list_rules(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list-rules"]) == 0
    header, *lines = capsys.readouterr().out.splitlines()
    assert header.split() == ["code", "name", "default", "fix", "summary"]
    assert [line.split()[:2] for line in lines] == [[rule.code, rule.name] for rule in RULES]
    assert main(["--list-rules", "--output-format", "json"]) == 0
    assert [each["code"] for each in json.loads(capsys.readouterr().out)] == [rule.code for rule in RULES]


@pytest.mark.parametrize("word", ["ASL900", "asl900", "unreadable-file"])
def test_explain_prints_the_page(capsys: pytest.CaptureFixture[str], word: str) -> None:
    assert main(["--explain", word]) == 0
    assert capsys.readouterr().out == (ROOT / "docs" / "rules" / "unreadable-file.md").read_text()


def test_explain_prints_no_picture(capsys: pytest.CaptureFixture[str]) -> None:
    assert "\n![" in (ROOT / "docs" / "rules" / "await-in-loop.md").read_text("utf-8")
    assert main(["--explain", "await-in-loop"]) == 0
    out = capsys.readouterr().out
    assert ".svg" not in out
    assert "or a fifth of one.\n\nRun everything at once" in out


def test_explain_an_unknown_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--explain", "unreadable-fil"]) == 2
    sentence = "--explain names no rule: `unreadable-fil`; did you mean `unreadable-file`?"
    assert capsys.readouterr().err == f"async-lint: error: {sentence}\n"


@pytest.mark.parametrize(
    ("flags", "titles"),
    [
        (["--explain", "ASL401,unreadable-file"], ["raise-without-cause (ASL401)", "unreadable-file (ASL900)"]),
        (["--explain", "ASL900", "--explain", "ASL401"], ["unreadable-file (ASL900)", "raise-without-cause (ASL401)"]),
        (["--explain", "ASL4"], [f"{rule.name} ({rule.code})" for rule in RULES if rule.code.startswith("ASL4")]),
        (["--explain", "ASL40,ASL401,ALL"], None),
    ],
)
def test_explain_several(capsys: pytest.CaptureFixture[str], flags: list[str], titles: list[str] | None) -> None:
    assert main(flags) == 0
    shown = [line[2:] for line in capsys.readouterr().out.splitlines() if re.fullmatch(r"# .* \(ASL\d+\)", line)]
    if titles is None:
        assert sorted(shown) == sorted(f"{rule.name} ({rule.code})" for rule in RULES)
    else:
        assert shown == titles


def test_show_settings(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    Path("one").mkdir()
    Path("one/async-lint.toml").write_text('select = ["ASL101"]\ntarget-version = "3.12"\n')
    assert main(["--show-settings", "one", "one"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"# project {folder}/one\n# settings from {folder}/one/async-lint.toml\n")
    assert 'select = ["ASL101", "ASL900"]\n' in out
    assert 'target-version = "3.12"\n' in out
    assert out.count("# project") == 1


def test_python_names_the_environment(capsys: pytest.CaptureFixture[str]) -> None:
    packages = Path("env/lib/python3.11/site-packages")
    packages.mkdir(parents=True)
    (packages / "remote.py").write_text("async def send() -> None: ...\n")
    files(app="import remote\n\nremote.send()\n")
    assert main(["app.py"]) == 0
    assert main(["app.py", "--python", "env"]) == 1
    assert "ASL101" in capsys.readouterr().out
    assert main(["app.py", "--python", "missing"]) == 2
    assert "missing does not exist" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--bogus"], "unrecognized arguments: --bogus"),
        (["--jobs", "0"], "--jobs: must be a number from 1 up, or `auto`, not '0'"),
        (["--jobs", "many"], "--jobs: must be a number from 1 up, or `auto`, not 'many'"),
        (["--select", ""], "--select: must name a rule, as in ASL101, and is empty"),
        (["--ignore", ","], "--ignore: must name a rule, as in ASL101, and is empty"),
        (["--config", ""], "--config: must be a path, and is empty"),
        (["--config", "."], "--config: . is not a file"),
        (["--isolated", "--config", "a.toml"], "--isolated and --config exclude each other"),
        (["--python", ""], "--python: must be a path, and is empty"),
        (["--python", "/nope"], "--python: /nope does not exist"),
        (["--python", "/bin/sh"], "--python: /bin/sh is no Python interpreter by its name"),
        ([""], "a PATH is empty"),
        (["--diff", "--statistics"], "--diff prints changes and no findings"),
        (["--diff", "--output-format", "json"], "--diff prints changes and no findings"),
        (["--show-settings", "nope"], "--show-settings: nope: no such file or directory"),
        (["--explain-call", "a.py:" + "9" * 5000], "must be a file and a line from 1 up"),
        (["--explain-call", "a.ipynb:1"], "a line of a notebook cannot be explained"),
        (["--explain-loop", "a.ipynb:1"], "a line of a notebook cannot be explained"),
        (["--select", "ASL8"], "--select names no rule: `ASL8`"),
        (["--extend-ignore", "E501"], "--extend-ignore names no rule: `E501`"),
        (["-", "a.py"], "`-` stands alone"),
        (["--stdin-filename", "a.py"], "--stdin-filename wants `-`"),
        (["--fix", "--diff"], "--fix and --diff exclude each other"),
        (["--output-format", "xml"], "invalid choice: 'xml'"),
    ],
)
def test_wrong_usage(capsys: pytest.CaptureFixture[str], flags: list[str], message: str) -> None:
    assert main(flags) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    assert "Exit codes: 0 nothing found, 1 something found" in out
    assert "--no-cache" in out
    assert "--cache-dir PATH" in out


def test_jobs(capsys: pytest.CaptureFixture[str]) -> None:
    files(app="x = 1\n")
    for jobs in ("1", "2", "auto"):
        assert main(["app.py", "--jobs", jobs]) == 0
        assert capsys.readouterr() == ("No problems found.\n", "")


def test_nothing_to_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["."]) == 0
    assert capsys.readouterr().err == "async-lint: warning: no Python files to check\n"


@pytest.mark.parametrize(
    ("environ", "coloured"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
)
def test_colour(environ: dict[str, str], coloured: bool) -> None:
    files(a=CAUSELESS)
    assert ("\x1b[" in Done("a.py", environ=environ).out) is coloured


def test_colour_on_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    files(a=CAUSELESS)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    main(["a.py"])
    assert "\x1b[" in capsys.readouterr().out
    monkeypatch.setenv("TERM", "dumb")
    main(["a.py"])
    assert "\x1b[" not in capsys.readouterr().out


def test_output_that_the_terminal_cannot_encode() -> None:
    Path("日本.py").write_text(CAUSELESS)
    # Python reads it as it starts.
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "async_lint", "--output-format", "concise"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout.startswith("\\u65e5\\u672c.py:4:5: ASL401 ")


# Every way to standard output, and those whose flags send something to standard error.
SPEAKING = [
    *(["a.py", "--output-format", name] for name in ("full", "concise", "json", "github")),
    *(["--statistics"], ["--diff"], ["--show-settings"], ["--list-rules"], ["--explain", "ASL101"]),
    *(["--explain-call", "a.py:5"], ["--help"], ["--version"], ["--quiet", "--version"]),
]
COMPLAINING = [["missing.py"], ["--diff", "a.py"], ["--bogus"], ["--select", "ASL8"]]


class Ended:
    """How the real command ended with its standard output, or error, in `target`."""

    def __init__(self, flags: list[str], target: int, stream: str) -> None:
        out, err = (target if each == stream else None for each in ("stdout", "stderr"))
        done = warm_process.run("async_lint", *flags, stdout=out, stderr=err)
        self.code, self.err = done.returncode, done.stderr.decode()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize(
    ("flags", "stream"), [*((each, "stdout") for each in SPEAKING), *((each, "stderr") for each in COMPLAINING)]
)
def test_a_full_disk(flags: list[str], stream: str) -> None:
    files(a=CAUSELESS + "print()\n")
    with open("/dev/full", "wb") as full:
        ended = Ended(flags, full.fileno(), stream)
    said = "async-lint: error: the output cannot be written: No space left on device\n"
    assert ended.code == 2
    assert ended.err.endswith(said if stream == "stdout" else "")
    assert "Traceback" not in ended.err


@pytest.mark.skipif(os.name != "posix", reason="needs SIGPIPE")
@pytest.mark.parametrize(
    ("flags", "stream"),
    [
        *((flags, "stdout") for flags in (["a.py"], ["--diff"], ["--help"], ["--version"])),
        *((flags, "stderr") for flags in (["missing.py"], ["--bogus"])),
    ],
)
def test_a_reader_that_has_gone(flags: list[str], stream: str) -> None:
    files(a=CAUSELESS + "print()\n")
    reader, writer = os.pipe()
    os.close(reader)
    ended = Ended(flags, writer, stream)
    os.close(writer)
    assert ended.code == -signal.SIGPIPE
    assert "Traceback" not in ended.err
    assert "Exception ignored" not in ended.err


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
@pytest.mark.parametrize(("closed", "code"), [(">&-", 2), ("2>&-", 1), (">&- 2>&-", 2)])
def test_streams_that_are_closed(closed: str, code: int) -> None:
    files(a=CAUSELESS)
    command = ["sh", "-c", f"{sys.executable} -m async_lint a.py {closed}"]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert done.stderr == ("async-lint: error: standard output is closed\n" if closed == ">&-" else "")
    assert "Traceback" not in done.stdout


def test_a_current_directory_that_is_gone() -> None:
    Path("gone").mkdir()
    command = ["sh", "-c", f"cd gone && rmdir ../gone && {sys.executable} -m async_lint"]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("async-lint: error: the current directory does not exist any more\n")


def test_a_defect_of_our_own_is_no_finding(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("async_lint.fresh_run.run", fail)
    assert main(["."]) == 2
    err = capsys.readouterr().err
    assert err.startswith("async-lint: error: internal error; please report it\nTraceback ")
    assert err.endswith("RuntimeError: broken\n")


def test_a_reader_that_goes_away() -> None:
    files(a=CAUSELESS * 600)  # far more is told of them than a pipe holds
    command = f"{sys.executable} -m async_lint a.py 2>errors | head -1"
    command += "; echo ${PIPESTATUS[0]}"
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["bash", "-c", command], env=environ, capture_output=True, text=True, check=True)
    assert done.stdout.endswith("\n141\n")
    assert Path("errors").read_text() == ""


LOOP = """\
import asyncio

import httpx


async def pages(client: httpx.AsyncClient, urls: list[str]) -> None:
    for url in urls:
        client.get(url)
"""


BY_RULE = "  1 ASL101 floating-coroutine\n  1 ASL201 await-in-loop\n  1 ASL401 raise-without-cause\n"


def test_what_a_fix_uncovers_is_counted_apart(capsys: pytest.CaptureFixture[str]) -> None:
    files(a=LOOP, b=CAUSELESS)
    assert main(["--unsafe-fixes"]) == 1
    assert "Found 2 problems (2 fixable with --fix)." in capsys.readouterr().out
    assert (
        Done("--diff", "--unsafe-fixes").err
        == f"Would fix 2 problems and 1 that the fixes uncovered in 2 files.\n{BY_RULE}"
    )
    assert main(["--fix", "--unsafe-fixes"]) == 0
    assert capsys.readouterr().out == f"Fixed 2 problems and 1 that the fixes uncovered, none left.\n{BY_RULE}"


@pytest.mark.parametrize("flags", [["--ignore", "ALL"], ["--select", "ALL", "--extend-ignore", "all"]])
def test_all_can_be_ignored_and_is_said_to_be(
    capsys: pytest.CaptureFixture[str], folder: Path, flags: list[str]
) -> None:
    files(a=CAUSELESS)
    assert main(flags) == 0
    assert capsys.readouterr().err == f"async-lint: warning: no rule is selected for {folder}\n"


def test_what_is_named_stands_over_all(capsys: pytest.CaptureFixture[str]) -> None:
    files(a=CAUSELESS + VERBOSE)
    assert main(["--ignore", "ALL", "--extend-select", "ASL402", "--output-format", "concise"]) == 1
    out, err = capsys.readouterr()
    assert out.count(": ASL402 ") == 1
    assert "ASL401" not in out
    assert err == ""


def test_show_settings_drives_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a\x1b[31m").mkdir()
    Path("a\x1b[31m/async-lint.toml").write_text('extend-exclude = ["\\u009b31m"]\n')
    assert main(["--show-settings", "a\x1b[31m"]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\x9b" not in out


class Watched(Disk):
    """The disk, and which paths were read or listed."""

    asked: ClassVar[set[Path]] = set()

    def read(self, path: Path) -> bytes:
        self.asked.add(path)
        return super().read(path)

    def list(self, path: Path) -> tuple[Entry, ...]:
        self.asked.add(path)
        return super().list(path)


PROGRAM = """\
from pkg.client import Client


def start(client: Client) -> None:
    client.send()
"""


@pytest.mark.parametrize("asked", [["pkg"], ["pkg/sub/mod.py"], ["pkg/sub"], ["alone.py"]])
def test_without_a_marker_no_neighbour_is_looked_through(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], asked: list[str]
) -> None:
    for name in ("pkg/sub", "neighbour/deeper", "src"):
        Path(name).mkdir(parents=True)
    for name in ("pkg", "pkg/sub", "neighbour", "neighbour/deeper"):
        Path(name, "__init__.py").touch()
    Path("pkg/client.py").write_text("class Client:\n    async def send(self) -> None: ...\n")
    Path("pkg/sub/mod.py").write_text(PROGRAM)
    Path("alone.py").write_text(PROGRAM)
    Path("beside.py").write_text("import pkg.client\n")
    for name in ("neighbour", "neighbour/deeper", "src"):
        Path(name, ".gitignore").write_text("[z-a].py\n")
        Path(name, "other.py").write_text(PROGRAM)
    monkeypatch.setattr("async_lint.files.ports.Disk", Watched)
    Watched.asked.clear()
    assert main([*asked, "--output-format", "concise"]) == 1
    assert ": ASL101 " in capsys.readouterr().out
    strangers = {folder / "neighbour", folder / "src"}
    assert not [path for path in Watched.asked if strangers & {path, *path.parents}]


def test_all_that_is_asked_for_is_looked_through() -> None:
    Path("part").mkdir()
    Path("part/a.py").write_text(CAUSELESS)
    Path("b.py").write_text(CAUSED)
    assert Done("b.py", ".", "--output-format", "concise").out.startswith("part/a.py:4:5: ASL401 ")


def test_what_benchmarks_give_to_every_linter_is_accepted() -> None:
    files(a=CAUSED)
    assert main(["--no-cache", "a.py"]) == 0
