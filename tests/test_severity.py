"""Severity by rule: from the settings to every format and the exit code."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from async_lint import registry
from async_lint.cli import main
from async_lint.config import Config
from async_lint.config_error import ConfigError
from async_lint.model import Severity

LOST = "async def f() -> None: ...\n\n\nasync def g() -> None:\n    f()\n"
CAUSELESS = "try:\n    import_it()\nexcept ImportError as error:\n    raise RuntimeError\n"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.py").write_text(LOST)


def settings(text: str) -> None:
    Path("async-lint.toml").write_text(f"[severity]\n{text}\n")


@pytest.mark.parametrize(
    ("given", "severity"),
    [
        ({"ASL1": Severity.INFO}, Severity.INFO),
        ({"ASL101": Severity.ERROR, "ASL1": Severity.INFO}, Severity.ERROR),
        ({"ALL": Severity.ERROR, "asl1": Severity.INFO}, Severity.INFO),
        ({"ASL101": Severity.ERROR, "floating-coroutine": Severity.INFO}, Severity.INFO),
        ({"ASL2": Severity.INFO}, None),
    ],
)
def test_the_narrowest_selector_decides(given: dict[str, Severity], severity: "Severity | None") -> None:
    config = Config(Path("/x"), severity=tuple(given.items()))
    assert registry.severities(config).get("ASL101") is severity


def test_a_selector_of_no_rule_is_an_error() -> None:
    with pytest.raises(ConfigError, match="command line: `severity` names no rule: `E501`"):
        registry.severities(Config(Path("/x"), severity=(("E501", Severity.INFO),)))


@pytest.mark.parametrize(
    ("severity", "code", "level", "gitlab", "github"),
    [
        ("error", 1, "error", "critical", "::error "),
        ("warning", 1, "warning", "major", "::warning "),
        ("info", 0, "note", "info", "::notice "),
    ],
)
def test_every_format_tells_it(
    capsys: pytest.CaptureFixture[str], severity: str, code: int, level: str, gitlab: str, github: str
) -> None:
    settings(f'ASL1 = "{severity}"')
    assert main(["--output-format", "json"]) == code
    [found] = json.loads(capsys.readouterr().out)
    assert found["severity"] == severity
    main(["--output-format", "sarif"])
    [run] = json.loads(capsys.readouterr().out)["runs"]
    assert [result["level"] for result in run["results"]] == [level]
    assert run["invocations"] == [{"executionSuccessful": True}]
    main(["--output-format", "gitlab"])
    assert [each["severity"] for each in json.loads(capsys.readouterr().out)] == [gitlab]
    main(["--output-format", "github"])
    assert capsys.readouterr().out.startswith(github)
    main(["--output-format", "junit"])
    suites = ElementTree.fromstring(capsys.readouterr().out)
    failing = 0 if severity == "info" else 1
    assert (suites.attrib["tests"], suites.attrib["failures"], suites.attrib["errors"]) == ("1", str(failing), "0")
    assert len(suites.findall(".//failure")) == failing
    assert len(suites.findall(".//system-out")) == 1 - failing


def test_an_info_is_counted_and_fails_no_run(capsys: pytest.CaptureFixture[str]) -> None:
    settings('floating-coroutine = "info"')
    assert main([]) == 0
    assert "Found 1 problem (1 of severity info; 1 fixable with --fix)." in capsys.readouterr().out
    Path("b.py").write_text(CAUSELESS)
    assert main([]) == 1


def test_an_error_of_a_rule_is_no_unreadable_file(capsys: pytest.CaptureFixture[str]) -> None:
    settings('ASL1 = "error"')
    assert main(["--write-baseline", "baseline.json"]) == 0
    assert main(["--baseline", "baseline.json"]) == 0
    assert main(["--diff", "--quiet"]) == 1
    capsys.readouterr()
    assert main(["--add-noqa"]) == 0
    assert "ASL101" not in capsys.readouterr().err


def test_what_the_tool_says_itself_can_be_weighed_too(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.py").write_text("x = 1  # noqa: ASL101\n")
    Path("b.py").write_text("def f(:\n")
    settings('ASL901 = "info"\nASL900 = "warning"')
    main(["--extend-select", "ASL901", "--output-format", "json"])
    found = {each["code"]: each["severity"] for each in json.loads(capsys.readouterr().out)}
    assert found == {"ASL900": "warning", "ASL901": "info"}


def test_the_settings_in_force_show_it(capsys: pytest.CaptureFixture[str]) -> None:
    settings('ASL2 = "info"')
    assert main(["--show-settings"]) == 0
    assert 'severity = { "ASL2" = "info" }' in capsys.readouterr().out
