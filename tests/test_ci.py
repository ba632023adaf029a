"""The set-ups for CI: their files have the right shape, and what they run works."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
CAUSELESS = "try:\n    import_it()\nexcept ImportError as error:\n    raise RuntimeError\n"


def test_the_action_has_the_shape_that_github_asks_for() -> None:
    assert ACTION["runs"]["using"] == "composite"
    assert {"name", "description", "inputs", "runs"} <= set(ACTION)
    for given in ACTION["inputs"].values():
        assert given["description"]
        assert isinstance(given["default"], str)
    for step in STEPS:
        assert ("uses" in step) != ("run" in step)
        assert "uses" in step or step["shell"] == "bash"


def test_what_the_action_refers_to_is_there() -> None:
    text = (ROOT / "action.yml").read_text("utf-8")
    assert set(re.findall(r"\binputs\.([\w-]+)", text)) == set(ACTION["inputs"])
    named = {step["id"] for step in STEPS if "id" in step}
    assert set(re.findall(r"\bsteps\.(\w+)\.outputs\.", text)) == named
    # What stands in a script would be run, whatever an input holds.
    assert [step for step in STEPS if "${{" in step.get("run", "")] == []


def test_the_page_lists_the_inputs() -> None:
    listed = dict(re.findall(r"^\| `([\w-]+)` \| (.*?) \|", PAGE, re.MULTILINE))
    assert set(listed) == set(ACTION["inputs"])
    assert listed["args"] == f"`{ACTION['inputs']['args']['default']}`"
    assert listed["python-version"] == f"`{ACTION['inputs']['python-version']['default']}`"


@pytest.mark.parametrize("block", BLOCKS)
def test_the_blocks_of_the_page_are_yaml_and_give_the_action_what_it_takes(block: str) -> None:
    document = yaml.safe_load(block)
    assert isinstance(document, dict)
    jobs = document.get("jobs", {"only": document}).values()
    for step in (step for job in jobs for step in job.get("steps", ())):
        if step["uses"] == "./async-lint":
            assert set(step["with"]) <= set(ACTION["inputs"])


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / name)
    for name in ("async_lint", "docs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_the_steps_of_the_action_run(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(CAUSELESS)
    output = tmp_path / "output"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environ |= {"PIP_NO_COMPILE": "1", "RUNNER_TEMP": str(tmp_path / "runner"), "GITHUB_OUTPUT": str(output)}

    def run(step: dict[str, Any], **given: str) -> "subprocess.CompletedProcess[str]":
        assert set(given) == set(step["env"])
        # As GitHub runs `shell: bash`.
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        return subprocess.run(command, cwd=tmp_path, env=environ | given, capture_output=True, text=True, check=False)

    _, install, check = STEPS
    installed = run(install, PYTHON=sys.executable, VERSION="", FOLDER=str(checkout))
    assert installed.returncode == 0, installed.stderr
    command = output.read_text().removeprefix("command=").strip()
    done = run(check, COMMAND=command, ARGS="--ignore ASL5 a.py")
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("::warning file=a.py,line=4,")
    assert run(check, COMMAND=command, ARGS="--output-format concise a.py").stdout.startswith("a.py:4:5: ASL401 ")


def test_the_job_of_gitlab_writes_its_report(tmp_path: Path) -> None:
    [job] = [document["async-lint"] for block in BLOCKS if "async-lint" in (document := yaml.safe_load(block))]
    _, command = job["script"]
    (tmp_path / "a.py").write_text(CAUSELESS)
    done = subprocess.run(
        [sys.executable, "-m", *command.replace("async-lint", "async_lint", 1).split()],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    [found] = json.loads((tmp_path / job["artifacts"]["reports"]["codequality"]).read_text())
    assert found["check_name"] == "raise-without-cause"


def test_the_hook_of_the_page_is_one_of_ours() -> None:
    hooks = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}
    [repository] = [document["repos"][0] for block in BLOCKS if "repos" in (document := yaml.safe_load(block))]
    assert {hook["id"] for hook in repository["hooks"]} <= hooks


def test_nox_knows_every_python_that_is_supported() -> None:
    script = "import json, noxfile; print(json.dumps([noxfile.PYTHONS, noxfile.QUICK]))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    pythons, quick = json.loads(done.stdout)
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    assert f'requires-python = ">={pythons[0]}"' in project
    assert set(re.findall(r'"Programming Language :: Python :: (3\.\d+)"', project)) <= set(pythons)
    assert [file for file in quick if not (ROOT / file).is_file()] == []
