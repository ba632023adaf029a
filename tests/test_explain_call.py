"""`--explain-call`: what is believed of a call, and the step at which it ended unknown."""

import re
from pathlib import Path

import pytest

from async_lint.cli import main

CLIENT = """\
class Base:
    async def send(self) -> int:
        return 1

class Client(Base):
    def __getattr__(self, name): ...
"""
PROGRAMS = {
    "the module of an import": ("import gone\nclient = gone.Client()\nclient.send()", 3, "gone"),
    "a module that cannot be parsed": (
        "from broken import send\nsend()",
        2,
        "`broken.send`, which was not found: broken.py cannot be read (syntax error",
    ),
    "a parameter without annotation": ("def use(client):\n    client.send()", 2, "`client` has no annotation"),
    "a parameter annotated Any": (
        "from typing import Any\ndef use(client: Any):\n    client.send()",
        3,
        "it is annotated `Any`",
    ),
    "a decorator": (
        "import gone\n@gone.wrap\ndef send(): ...\nsend()",
        4,
        "the decorator `gone.wrap` decides what it is",
    ),
    "a base class": (
        "import gone\nclass Client(gone.Base): ...\nClient().send()",
        3,
        "perhaps in the base class `gone.Base`, which was not found",
    ),
    "__getattr__": ("from client import Client\nClient().other()", 2, "`Client.__getattr__` decides what `other` is"),
    "an empty list": (
        "def use():\n    clients = []\n    for client in clients:\n        client.send()",
        4,
        "will hold",
    ),
    "a function without a body": (
        "def make():\n    raise NotImplementedError\nmake().send()",
        3,
        "`make` has no body that says what it returns",
    ),
    "a value that lives elsewhere": (
        "class Job:\n    async def run(self): ...\n    def __init__(self):\n        self.it = self.run()\n"
        "    def get(self):\n        return self.it\nJob().get()",
        7,
        "it may give back what lives elsewhere",
    ),
    "a base class without type arguments": (
        "class Clients(dict): ...\ndef use(clients: Clients):\n    clients.get(1).send()",
        3,
        "`Clients` inherits `dict` without saying what it holds",
    ),
    "a dynamic name": (
        "class Client: ...\ndef use(name):\n    getattr(Client(), name)()",
        3,
        "`getattr` with a name that is not written out",
    ),
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("client.py").write_text(CLIENT)
    Path("broken.py").write_text("async def send(:\n")
    return tmp_path


def explain(text: str, line: int, capsys: pytest.CaptureFixture[str]) -> str:
    Path("app.py").write_text(text + "\n")
    assert main(["--explain-call", f"app.py:{line}"]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("program", PROGRAMS)
def test_it_says_where_knowledge_ended(program: str, capsys: pytest.CaptureFixture[str]) -> None:
    text, line, reason = PROGRAMS[program]
    said = explain(text, line, capsys)
    assert "nobody knows what" in said
    assert reason in said


def test_it_follows_imports_bases_and_annotations(capsys: pytest.CaptureFixture[str]) -> None:
    said = explain("from client import Client\n\ndef use(client: Client):\n    client.send()", 4, capsys)
    first, *steps = said.splitlines()
    assert first == "4:5: `client.send()` returns a coroutine: `Base.send` is a coroutine function"
    assert "parameter `client: Client` (app.py:3): instance of `client.Client`" in said
    assert "`send` of `Client`: found in `client.Base` (client.py:1)" in said
    assert "`Base.send` (client.py:2) is annotated `-> int`: instance of `int`" in said
    assert all(step.startswith("    ") for step in steps)


def test_every_call_of_the_line_has_its_own_part(capsys: pytest.CaptureFixture[str]) -> None:
    said = explain("from client import Client\nprint(Client().send(), len(''))", 2, capsys)
    assert re.findall(r"^2:\d+: `(\w+)\(", said, re.MULTILINE) == ["print", "Client", "Client", "len"]


def test_a_line_within_a_call_means_the_innermost_around_it(capsys: pytest.CaptureFixture[str]) -> None:
    said = explain("print(\n    len(\n        '',\n    ),\n)", 3, capsys)
    assert said.startswith("2:5: `len('')` returns nothing that could be awaited")


def test_the_settings_of_the_project_hold(capsys: pytest.CaptureFixture[str]) -> None:
    Path("library").mkdir()
    Path("library/far.py").write_text("async def send(): ...\n")
    Path("async-lint.toml").write_text('src = ["library"]\n')
    assert "returns a coroutine" in explain("import far\nfar.send()", 2, capsys)


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("none.py:1", "none.py cannot be read: No such file or directory"),
        ("client.py:1", "no call stands on line 1 of client.py"),
        ("broken.py:1", "broken.py:2: "),
        ("client.py", "must be a file and a line from 1 up, as in app.py:12, not 'client.py'"),
        ("client.py:0", "must be a file and a line from 1 up, as in app.py:12, not 'client.py:0'"),
    ],
)
def test_a_place_that_is_none_is_wrong_usage(place: str, reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("broken.py").write_text("pass\ndef\n")
    assert main(["--explain-call", place]) == 2
    assert reason in capsys.readouterr().err
