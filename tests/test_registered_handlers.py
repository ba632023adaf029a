"""Registered exception handlers: what other files register decides of each file, also where it is worked out once."""

from pathlib import Path

import pytest

from async_lint.inference.face import ProjectView
from async_lint.rules._exceptions import registered
from tests.in_process import Told, lint, put

RAISING = """\
from errors import OrderError


def find(orders, number):
    try:
        return orders.load(number)
    except KeyError as error:
        raise OrderError(number)
"""
HANDLER = """\
from errors import OrderError
from fastapi import FastAPI

app = FastAPI()


@app.exception_handler(OrderError)
def refuse(request, error):
    return str(error)
"""
SETTINGS = '[tool.async-lint]\nselect = ["ASL401"]\nmissing-causes = "all"\n'
FILES = ("billing.py", "orders.py", "shipping.py")
PROGRAM = {
    "pyproject.toml": SETTINGS,
    "errors.py": "class OrderError(Exception):\n    pass\n",
    "app.py": HANDLER,
} | dict.fromkeys(FILES, RAISING)


@pytest.fixture(autouse=True)
def _program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    # Everything here is as young as the test: without this, its time would tell nothing, and its content be looked at.
    monkeypatch.setattr("async_lint.cache.trace._TICK", 0)
    put(PROGRAM)


def both() -> Told:
    """Return what a run with a cache tells, which is what one without tells."""
    told = lint("--jobs", "1", ".")
    assert told == lint("--jobs", "1", "--no-cache", ".")
    return told


def found_in(told: Told) -> list[str]:
    return [name for name in FILES if f"{name}:8:" in told.out]


@pytest.mark.parametrize(
    "changed",
    [
        HANDLER.replace("@app.exception_handler(OrderError)\n", ""),
        HANDLER.replace("return str(error)", "raise error"),
        HANDLER.replace("from fastapi", "from elsewhere"),
    ],
    ids=["no longer registered", "another body", "no framework's"],
)
def test_each_file_follows_what_another_one_registers(changed: str) -> None:
    assert found_in(both()) == []
    put({"app.py": changed})
    assert found_in(both()) == list(FILES)
    put({"app.py": HANDLER})
    assert found_in(both()) == []


def test_a_handler_that_is_new() -> None:
    put({"app.py": ""})
    assert found_in(both()) == list(FILES)
    put({"handlers.py": HANDLER})
    assert found_in(both()) == []


def test_a_file_that_was_checked_alone_follows_too() -> None:
    assert found_in(lint("orders.py")) == []
    assert found_in(both()) == []
    put({"app.py": ""})
    assert found_in(lint("orders.py")) == ["orders.py"]
    assert found_in(both()) == list(FILES)


def test_the_project_is_searched_once_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    searches: list[bool] = []
    handlers = registered._handlers

    def counted(view: ProjectView, elsewhere: bool) -> object:
        searches.append(elsewhere)
        return handlers(view, elsewhere)

    monkeypatch.setattr(registered, "_handlers", counted)
    assert found_in(lint("--jobs", "1", ".")) == []
    # Its own handlers are looked for in each file, too.
    assert sorted(searches) == [False, False, False, True]


def test_a_file_that_is_none_of_the_projects_has_its_own_handlers() -> None:
    put({"pyproject.toml": SETTINGS + 'exclude = ["alone.py"]\n', "app.py": ""})
    put({"alone.py": HANDLER + RAISING.partition("\n")[2]})
    told = lint("--no-cache", "alone.py", "orders.py")
    assert found_in(told) == ["orders.py"]
    assert "alone.py" not in told.out
