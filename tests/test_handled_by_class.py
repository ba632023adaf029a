"""A handler that goes on speaks for a class of a few files, one that exits for a class that is everywhere."""

import pytest

from tests.harness import lint

_ERRORS = "class ShopError(Exception):\n    pass\n"
_RAISING = """\
from errors import ShopError

__all__ = ["load"]


def load(table, name):
    try:
        return table.load(name)
    except ValueError as err:
        raise ShopError(name)
"""
_HANDLING = """\
import sys

from errors import ShopError
from module0 import load

try:
    load({{}}, "order")
except ShopError as err:
    print(err)
{exit}
"""


@pytest.mark.parametrize(
    ("modules", "leaving", "reported"),
    [(3, "", False), (20, "", True), (20, "    sys.exit(1)", False)],
)
def test_how_many_files_name_the_class_decides_what_its_handler_has_to_do(
    modules: int, leaving: str, reported: bool
) -> None:
    texts = {f"module{number}.py": _RAISING for number in range(modules)}
    texts |= {"errors.py": _ERRORS, "main.py": _HANDLING.format(exit=leaving)}
    found = lint(texts, ["ASL401"]).diagnostics
    assert len(found) == (modules if reported else 0)
