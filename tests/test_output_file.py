"""`--output-file`: what was found, in a file as well."""

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from async_lint.arguments import parse
from async_lint.cli import main

ROOT = Path(__file__).parent.parent
CAUSELESS = "try:\n    import_it()\nexcept ImportError as error:\n    raise RuntimeError\n"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.py").write_text(CAUSELESS)


def test_findings_go_to_standard_output_and_to_files(capsys: pytest.CaptureFixture[str]) -> None:
    files = ["--output-file", "out.sarif", "--output-file", "gitlab:out.json", "--output-file", "out.xml"]
    assert main(["--output-format", "concise", *files, "a.py"]) == 1
    assert capsys.readouterr().out.startswith("a.py:4:5: ASL401 ")
    assert json.loads(Path("out.sarif").read_text())["runs"][0]["results"][0]["ruleId"] == "ASL401"
    assert json.loads(Path("out.json").read_text())[0]["check_name"] == "raise-without-cause"
    assert ElementTree.parse("out.xml").getroot().attrib["failures"] == "1"


def test_a_clean_run_replaces_the_report_of_the_one_before() -> None:
    Path("out.json").write_text("old")
    assert main(["--fix", "--output-file", "out.json", "a.py"]) == 0
    assert json.loads(Path("out.json").read_text()) == []
    assert sorted(os.listdir()) == ["a.py", "out.json"]


def test_an_error_of_the_run_is_in_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--output-file", "out.sarif", "missing.py"]) == 2
    (invocation,) = json.loads(Path("out.sarif").read_text())["runs"][0]["invocations"]
    said = [each["message"]["text"] for each in invocation["toolExecutionNotifications"]]
    assert said == ["missing.py: no such file or directory"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("none/out.json", "--output-file: none/out.json cannot be written: No such file or directory"),
        ("folder.json", "--output-file: folder.json cannot be written: Is a directory"),
    ],
)
def test_a_file_that_cannot_be_written(capsys: pytest.CaptureFixture[str], name: str, sentence: str) -> None:
    Path("folder.json").mkdir()
    assert main(["--output-file", name, "a.py"]) == 2
    out, err = capsys.readouterr()
    assert "ASL401" in out
    assert err == f"async-lint: error: {sentence}\n"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("a.sarif", ("sarif", "a.sarif")),
        ("a.sarif.json", ("sarif", "a.sarif.json")),
        ("A.JSON", ("json", "A.JSON")),
        ("build/a.xml", ("junit", "build/a.xml")),
        ("a.html", ("html", "a.html")),
        ("a.txt", ("concise", "a.txt")),
        ("gitlab:a.json", ("gitlab", "a.json")),
        ("sarif:report.out", ("sarif", "report.out")),
        ("C:/a.xml", ("junit", "C:/a.xml")),
    ],
)
def test_the_format_is_told_by_a_prefix_or_by_the_name(given: str, expected: tuple[str, str]) -> None:
    assert parse(["--output-file", given]).output_file == [expected]


@pytest.mark.parametrize("given", ["report", "report.out", "xml:a", ".json", "sarif:", ""])
def test_a_file_without_a_format(capsys: pytest.CaptureFixture[str], given: str) -> None:
    assert main(["--output-file", given, "a.py"]) == 2
    assert "no format is known by the name" in capsys.readouterr().err


def test_changes_are_no_findings(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--diff", "--output-file", "a.json", "a.py"]) == 2
    assert "--diff prints changes and no findings" in capsys.readouterr().err


def test_a_link_stays_one_and_a_mode_is_kept() -> None:
    Path("real.json").touch(mode=0o640)
    Path("out.json").symlink_to("real.json")
    assert main(["--output-file", "out.json", "a.py"]) == 1
    assert Path("out.json").is_symlink()
    assert Path("real.json").stat().st_mode & 0o777 == 0o640
    assert json.loads(Path("real.json").read_text())


def test_a_new_file_is_as_readable_as_any() -> None:
    before = os.umask(0o022)
    try:
        main(["--output-file", "out.json", "a.py"])
    finally:
        os.umask(before)
    assert Path("out.json").stat().st_mode & 0o777 == 0o644


def test_a_pipe_is_written_to() -> None:
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from async_lint.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", program, "--quiet", "--output-file", "json:/dev/stderr", "a.py"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert json.loads(done.stderr)[0]["code"] == "ASL401"
