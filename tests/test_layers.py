"""The layers of the architecture hold, and the contract that says so has teeth."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# It needs a Python newer than the oldest that is supported.
pytest.importorskip("importlinter")

ROOT = Path(__file__).parent.parent


COMMAND = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command as run; run()"


def lint_imports(folder: Path) -> "subprocess.CompletedProcess[str]":
    # From the folder itself: the package that is installed may be another copy.
    command = [sys.executable, "-c", COMMAND, "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def copy(folder: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(ROOT / "async_lint", folder / "async_lint", ignore=shutil.ignore_patterns("__pycache__"))
    return folder / "async_lint"


def test_no_module_imports_what_stands_above_it() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


def test_an_import_upward_is_caught(tmp_path: Path) -> None:
    package = copy(tmp_path)
    with (package / "model.py").open("a") as model:
        model.write("\nimport async_lint.engine\n")
    done = lint_imports(tmp_path)
    assert done.returncode == 1, done.stdout
    assert "async_lint.model -> async_lint.engine" in done.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("inference/kinds/kinds.py", "from async_lint.inference.evaluator.evaluator import ExpressionEvaluator"),
        ("inference/effects/effect.py", "from async_lint.inference.effects.effects import Effects"),
        ("rules/_shared/names.py", "from async_lint.rules._tasks.scheduling import last_name"),
    ],
)
@pytest.mark.parametrize("where", ["if TYPE_CHECKING:\n    {}", "def later() -> None:\n    {}"])
def test_a_circle_is_caught_when_it_is_for_typing_or_in_a_function(
    module: str, line: str, where: str, tmp_path: Path
) -> None:
    with (copy(tmp_path) / module).open("a") as file:
        file.write(f"\n\nfrom typing import TYPE_CHECKING\n\n{where.format(line)}\n")
    done = lint_imports(tmp_path)
    assert done.returncode == 1, done.stdout
    assert "BROKEN" in done.stdout


def test_a_module_outside_the_layers_is_caught(tmp_path: Path) -> None:
    package = copy(tmp_path)
    (package / "stray.py").write_text("")
    done = lint_imports(tmp_path)
    assert done.returncode == 1, done.stdout
    assert "stray" in done.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("rules/missing_yield.py", "from async_lint.inference.syntax.binding import Function"),
        ("rules/missing_yield.py", "from async_lint.inference.entry import Inference"),
        ("trees/bridge.py", "from async_lint.inference.view.calls import CallQuestions"),
        ("projects.py", "from async_lint.inference.modules.library import Library"),
    ],
)
def test_a_way_into_inference_beside_its_doors_is_caught(module: str, line: str, tmp_path: Path) -> None:
    with (copy(tmp_path) / module).open("a") as file:
        file.write(f"\n\ndef later() -> None:\n    {line}\n")
    done = lint_imports(tmp_path)
    assert done.returncode == 1, done.stdout
    assert "Inference has two doors: one for rules, one for who opens files BROKEN" in done.stdout
