"""Whether iterations need one another, asked of inference itself: the reason against, or the grounds."""

import ast
import textwrap

import pytest

from async_lint.inference.entry import Inference, Library
from async_lint.inference.face import Tier, Verdict
from async_lint.inference.independence.iteration import Loop
from async_lint.inference.independence.runs import runs
from async_lint.inference.project.project import Project
from tests.inference.program import ROOT, Texts

HEAD = """
import asyncio
import subprocess
import httpx
import somewhere

client = httpx.AsyncClient()
cache = {}

async def load(name: str) -> str:
    return (await client.get(name)).text

"""


def verdict(body: str, parameters: str = "names: list[str]") -> Verdict:
    """Return the verdict on the first loop of a coroutine function with that body."""
    text = HEAD + f"async def main({parameters}):\n" + textwrap.indent(textwrap.dedent(body), "    ")
    path = ROOT / "main.py"
    texts = Texts({path: text})
    view = Inference(Library(texts, [ROOT]), Project(texts, lambda: [path])).module(path, ast.parse(text), text)
    for unit in view.units():
        for node, frame in view.walk(unit):
            if isinstance(node, Loop):
                return view.effects.iterations(node, frame)
    raise AssertionError("the program has no loop")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("for name in names: await load(name)", "read"),
        ("return [await load(name) for name in names]", "read"),
        ("return {name: await load(name) for name in names}", "read"),
        ("for name in names: await client.delete(name)", "remove"),
        ("for name in names: await asyncio.to_thread(subprocess.run, [name])", "hand-off"),
        ("for name in names: await somewhere.Page(name).load()", "item"),
        ("while names: await load(names.pop())", "read"),
    ],
)
def test_what_is_shown(body: str, kind: str) -> None:
    found = verdict(body)
    assert (found.tier, [ground.kind.value for ground in found.grounds], found.against) == (Tier.SHOWN, [kind], "")


@pytest.mark.parametrize(
    ("body", "against"),
    [
        ("for name in names: print(name)", "nothing is awaited in it"),
        ("for name in sorted(names): await load(name)", "`sorted` gives the items an order"),
        ("for name in ['a']: await load(name)", "there is only one item"),
        ("for name in names:\n    if await load(name): break", "it ends with the first that breaks"),
        ("for name in names:\n    if await load(name): return", "it ends with the first that returns"),
        ("for name in names:\n    await load(name)\nelse: pass", "the loop has an `else`"),
        ("for name in names:\n    await load(name)\n    await asyncio.sleep(1)", "`asyncio.sleep` keeps a pace"),
        ("async with somewhere.lock:\n    for name in names: await load(name)", "`somewhere.lock` is held around"),
        ("# in order\nfor name in names: await load(name)", "a comment says that the order is meant"),
        ("last = ''\nfor name in names: last = await load(name + last)", "`last` is bound by one iteration and read"),
        ("for name in names:\n    if name not in cache: cache[name] = await load(name)", "`cache` is both read and"),
        ("for name in names:\n    cache['last'] = name\n    await load(name)", "`cache['last']` keeps what the last"),
        ("while names: await load(names[0])", "nobody knows beforehand how often it runs"),
        ("for name in names: await load('status')", "`load` is called in the same way each time"),
        ("for name in names: await somewhere.send(name)", "nothing says that the order"),
        ("for name in names: await somewhere.session.get(name)", "`somewhere.session` serves one at a time"),
        ("for name in names: await asyncio.gather(load(name))", "`gather` runs several at once already"),
    ],
)
def test_the_first_reason_against(body: str, against: str) -> None:
    found = verdict(body)
    assert found.tier is Tier.NONE
    assert found.against.startswith(against)


def test_the_number_of_iterations_is_told_where_the_code_has_it() -> None:
    assert verdict("for name in ('a', 'b', 'c'): await load(name)").items == 3
    assert verdict("for name in names: await load(name)").items is None
    assert verdict("for name in (*names, 'c'): await load(name)").items is None


def test_of_several_grounds_the_weakest_counts() -> None:
    found = verdict("for name in names:\n    await load(name)\n    await somewhere.delete(name)")
    assert found.tier is Tier.PLAUSIBLE
    assert len(found.grounds) == 2


@pytest.mark.parametrize(
    ("block", "names"),
    [
        ("a = await f()\nb = await g()", [["a", "b"]]),
        ("a = await f()\nb = await g(a)", []),
        ("a = await f()\nb = await g()\nc = await h(b)\nd = await h(1)", [["a", "b"], ["c", "d"]]),
        ("a = await f()\nprint(a)\nb = await g()", []),
        ("a = await f()\nb = await g(await h())", []),
        ("a = await f()\na = await g()", []),
        ("a = await f(b)\nb = await g()", []),
    ],
)
def test_runs_of_statements_in_which_nothing_flows(block: str, names: list[list[str]]) -> None:
    assert [[step.place for step in run] for run in runs(ast.parse(block).body)] == names
