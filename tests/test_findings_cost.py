"""What a long function costs: twice the statements are twice the work, however many of them are loops or handlers."""

from cProfile import Profile

import pytest

from tests.harness import lint

HEAD = """
import asyncio
import time

async def work() -> int: ...

async def get(reader, number: int) -> int:
    await asyncio.sleep(0)
    return number

async def main(results) -> None:
"""
STATEMENTS = {
    "calls that block": "    if results:\n        time.sleep({i} + 1)\n",
    "loops that collect": (
        "    all_{i} = []\n    for each_{i} in range(9):\n        all_{i}.append(await asyncio.sleep(each_{i}, {i}))\n"
    ),
    "awaits in a row": (
        "    one_{i} = await get(results, {i})\n    two_{i} = await get(results, -{i})\n    print(one_{i}, two_{i})\n"
    ),
    "calls of a parameter's method": "    value_{i} = results.count([{i}], key={i})\n",
    "handlers that end a cancellation": (
        "    made_{i} = work()\n    try:\n        await made_{i}\n"
        "    except asyncio.CancelledError:\n        results.count(made_{i})\n"
    ),
}


def calls(statement: str, number: int) -> int:
    """Return how many calls of Python functions it takes to look at a function of so many statements."""
    program = HEAD + "".join(statement.replace("{i}", str(index)) for index in range(number))
    profile = Profile(builtins=False)  # it counts without a call of its own for each
    profile.enable()
    try:
        lint({"long.py": program}, ["ALL"])
    finally:
        profile.disable()
    return sum(entry.callcount for entry in profile.getstats())


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS.keys())
def test_cost_grows_with_the_length(statement: str) -> None:
    calls(statement, 1)
    # The counts are exact: what grows with the square shows in such steps.
    few, more, most = (calls(statement, number) for number in (150, 200, 250))
    assert most - more < 1.06 * (more - few)
