"""A project that runs on Python 2 has no `raise ... from`, but for files that Python 2 cannot read."""

import pytest

from tests.harness import lint

_PLAIN = """\
def load(path):
    try:
        return open(path).read()
    except OSError:
        raise RuntimeError("cannot be read")
"""
_PYTHON_2 = "[options]\npython_requires = >=2.7\n"


@pytest.mark.parametrize(
    ("requires", "settings", "reported"),
    [
        (_PYTHON_2, "", False),
        ("[options]\npython_requires = >=3.6\n", "", True),
        (_PYTHON_2, 'target-version = "3.8"', True),
        ("", 'target-version = "2.7"', False),
    ],
)
def test_the_oldest_python_decides(requires: str, settings: str, reported: bool) -> None:
    found = lint({"setup.cfg": requires, "load.py": _PLAIN}, ["ASL401"], settings).diagnostics
    assert [each.span.start.line for each in found] == ([5] if reported else [])


@pytest.mark.parametrize(
    "newer",
    [
        "TITLE = f'{1}'",
        "size: int = 1",
        "def read(path: str):\n    return path",
        "def read(path) -> None:\n    pass",
        "def read(*, path):\n    return path",
        "async def read():\n    pass",
        "class Read(metaclass=type):\n    pass",
        "def fail(err):\n    raise ValueError() from err",
        "def items(it):\n    yield from it",
    ],
)
def test_what_python_2_cannot_read_is_reported(newer: str) -> None:
    texts = {"setup.cfg": _PYTHON_2, "load.py": f"{_PLAIN}\n\n{newer}\n", "other.py": _PLAIN}
    assert [each.path for each in lint(texts, ["ASL401"]).diagnostics] == ["load.py"]
