"""Names and the fixes of loops: what another scope sees is not taken away, and new names are new."""

import pytest

from tests.harness import lint
from tests.loop_programs import HEADER

_GLOBAL = """
async def program(client: httpx.AsyncClient, items: list[int]) -> None:
    global item
    for item in items:
        await load(client, item)
"""
_NONLOCAL = """
def program(client: httpx.AsyncClient, items: list[int]):
    text = ""

    async def collect() -> list[str]:
        nonlocal text
        texts = []
        for item in items:
            text = await load(client, item)
            texts.append(text)
        return texts

    return collect, lambda: text
"""
_USED = """
semaphore = bounded = 1


async def program(client: httpx.AsyncClient, items: list[int]) -> None:
    for item in items:
        await load(client, item)
    print(semaphore, [bounded_2 for bounded_2 in range(bounded)])
"""
_IN_A_METHOD = """
class Reader:
    async def program(self, __client: httpx.AsyncClient, items: list[int]) -> None:
        for item in items:
            await load(__client, item)

        async def bounded() -> None:
            from package import semaphore
"""


@pytest.mark.parametrize("program", [_GLOBAL, _NONLOCAL], ids=["global", "nonlocal"])
def test_what_another_scope_sees_is_not_taken_away(program: str) -> None:
    outcome = lint({"program.py": HEADER + program}, ["ASL201", "ASL204"], fix=True, unsafe=True)
    assert outcome.texts["program.py"] == HEADER + program


@pytest.mark.parametrize(
    ("program", "names"),
    [(_USED, ["semaphore_2", "bounded_3"]), (_IN_A_METHOD, ["semaphore_2", "bounded_2"])],
    ids=["globals", "method"],
)
def test_new_names_are_new(program: str, names: list[str]) -> None:
    outcome = lint({"program.py": HEADER + program}, ["ASL201"], "max-concurrency = 2", fix=True, unsafe=True)
    text = outcome.texts["program.py"]
    assert f"{names[0]} = asyncio.Semaphore(2)" in text
    assert f"async def {names[1]}(item):" in text
