"""Programs made at random: a loop that awaits one item after another, in many shapes and surroundings."""

import re
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from random import Random
from types import SimpleNamespace
from typing import Any

from tests.virtual_time import Outcome, Service, run

HEADER = """
import asyncio
import contextlib

import httpx

KEPT: dict[int, str] = {}


async def load(client: httpx.AsyncClient, item: int) -> str:
    response = await client.get(f"/items/{item}")
    return response.text


async def keep(client: httpx.AsyncClient, item: int, kept: dict[int, str]) -> str:
    response = await client.get(f"/items/{item}")
    kept[item] = response.text
    return response.text


class Page:
    def __init__(self, client: httpx.AsyncClient, name: int) -> None:
        self.client = client
        self.name = name
        self.text = ""
        self.reads: list[str] = []

    async def load(self, more: int = 0) -> str:
        response = await self.client.get(f"/items/{self.name}")
        self.text = response.text
        self.reads.append(self.text)
        return f"{self.text}{more}"

    def __repr__(self) -> str:
        return f"page {self.name}"
"""
# Each waits once for the item `item`: a number, or a page with such a name.
_OF_NUMBERS = (
    "load(client, item)",
    "load(client, item)",
    "keep(client, item, KEPT)",
    "client.get(f'/items/{item}')",
    "client.get(f'/items/{item}', params=lambda: item)",
    "client.get(\n        f'/items/{item}',\n        params=(lambda: (item, shift)),\n    )",
)
_OF_PAGES = ("item.load()", "item.load(more=shift)", "load(client, item.name)", "item.load(max([1, item.name]))")
_NUMBER_TESTS = (
    "item",
    "item % 2",
    "item != shift",
    "item in (1, 2, 5) or shift",
    "not item",
    "item > 1 if shift else True",
)
_PAGE_TESTS = ("item.name", "item.name != shift", "item.client is client", "not item.name % 2")
# What stands around a comprehension: what comes before it, and whether it comes at all, is to stay.
_AROUND = ("{}", "{}", "len({})", "(shift, {})", "(client.note(), {})", "({}, client.note())", "{} if shift > 1 else 0")
_AROUND_LISTS = (*_AROUND, "{}[:2]", "sorted({}, key=str)", "[*{}, shift]", "shift > 1 and {}")
_TAKEN_NAMES = ("tasks", "semaphore", "group", "keys", "bounded", "run", "task", "key", "other")


@dataclass(frozen=True)
class Program:
    """`name` is its function, `text` what defines it, `numbers` are the items that it is given, as pages or not."""

    name: str
    text: str
    numbers: tuple[int, ...]
    pages: bool
    wrap: str
    latencies: dict[str, int]
    failing: frozenset[str] = frozenset()

    @property
    def distinct(self) -> bool:
        return len(set(self.numbers)) == len(self.numbers)


def make(random: Random, name: str, failing: bool = False) -> Program:
    """Return a program; where it is to be `failing`, some of its items do."""
    pages = random.random() < 0.4
    numbers = [random.randrange(7) for _ in range(random.randrange(6))]
    if random.random() < 0.8:
        numbers = list(dict.fromkeys(numbers))
    latencies = {f"/items/{number}": random.randrange(10) for number in numbers if random.random() < 0.9}
    wrap = random.choice(["list", "list", "tuple", "iter", "generator"])
    annotation = {"list": f"list[{'Page' if pages else 'int'}]", "tuple": f"tuple[{'Page' if pages else 'int'}, ...]"}
    items = f"items: {annotation[wrap]}" if wrap in annotation and random.random() < 0.7 else "items"
    call = random.choice(_OF_PAGES if pages else _OF_NUMBERS)
    body = _shape(random, call, _PAGE_TESTS if pages else _NUMBER_TESTS)
    body = _surrounded(random, body)
    taken = random.choice(_TAKEN_NAMES)
    lines = [f"async def {name}(client: httpx.AsyncClient, {items}, shift: int, {taken}: int = 3) -> object:"]
    lines += ["    " + line if line else "" for line in "\n".join(body).split("\n")]
    text = "\n".join(lines)
    if random.random() < 0.2:
        text = re.sub(r"^( +)", lambda found: "\t" * (len(found[1]) // 4), text, flags=re.MULTILINE)
    failures = [f"/items/{number}" for number in numbers if random.random() < 0.4] if failing else []
    return Program(name, text, tuple(numbers), pages, wrap, latencies, frozenset(failures))


def _shape(random: Random, call: str, tests: Sequence[str]) -> list[str]:
    shapes = (
        _bare,
        _listed,
        _listed,
        _set,
        _dict,
        _list_comprehension,
        _set_comprehension,
        _dict_comprehension,
        _nested,
    )
    return random.choice(shapes)(random, call, tests)


def _loop(random: Random, tests: Sequence[str], inner: Sequence[str]) -> list[str]:
    """Return a loop with `inner` as its body, under conditions or not."""
    lines, indent = ["for item in items:"], "    "
    for _ in range(random.choice([0, 0, 0, 1, 1, 2])):
        test = random.choice(tests)
        if random.random() < 0.5:
            lines += [f"{indent}if {test}:", f"{indent}    continue"]
        else:
            lines.append(f"{indent}if {test}:")
            indent += "    "
    return lines + [indent + line.replace("\n", "\n" + indent) for line in inner]


def _ifs(random: Random, tests: Sequence[str]) -> str:
    chosen = [random.choice(tests) for _ in range(random.choice([0, 0, 1, 2]))]
    return "".join(f" if ({test})" if " if " in test else f" if {test}" for test in chosen)


def _bare(random: Random, call: str, tests: Sequence[str]) -> list[str]:
    return [*_loop(random, tests, [f"await {call}"]), "result = 'done'"]


def _listed(random: Random, call: str, tests: Sequence[str]) -> list[str]:
    start = random.choice(["result = []", "result: list[object] = []", "result = list()"])
    inner = random.choice([[f"result.append(await {call})"], [f"value = await {call}", "result.append(value)"]])
    return [start, *_loop(random, tests, inner)]


def _set(random: Random, call: str, tests: Sequence[str]) -> list[str]:
    return ["result = set()", *_loop(random, tests, [f"result.add(await {call})"])]


def _dict(random: Random, call: str, tests: Sequence[str]) -> list[str]:
    key = random.choice(["item", "item", "item", "item, shift", "str(item)", "getattr(item, 'text', item)"])
    inner = random.choice([[f"result[{key}] = await {call}"], [f"value = await {call}", f"result[{key}] = value"]])
    return ["result = {}", *_loop(random, tests, inner)]


def _list_comprehension(random: Random, call: str, tests: Sequence[str]) -> list[str]:
    comprehension = f"[await {call} for item in items{_ifs(random, tests)}]"
    return [f"result = {random.choice(_AROUND_LISTS).format(comprehension)}"]


def _set_comprehension(random: Random, call: str, tests: Sequence[str]) -> list[str]:
    return [f"result = {{await {call} for item in items{_ifs(random, tests)}}}"]


def _dict_comprehension(random: Random, call: str, tests: Sequence[str]) -> list[str]:
    key = random.choice(["item", "item", "(item, shift)", "str(item)", "getattr(item, 'text', item)"])
    comprehension = f"{{{key}: await {call} for item in items{_ifs(random, tests)}}}"
    return [f"result = {random.choice(_AROUND).format(comprehension)}"]


def _nested(random: Random, call: str, tests: Sequence[str]) -> list[str]:
    return [f"result = [await {call} for part in [items, ()] for item in part{_ifs(random, tests)}]"]


def _surrounded(random: Random, body: list[str]) -> list[str]:
    inner = ["    " + line.replace("\n", "\n    ") for line in body]
    end = ["return result"]
    return random.choice(
        [
            [*body, *end],
            [*body, *end],
            ["extra = [shift]", *body, "extra.append(result)", "return extra"],
            ["if shift >= 0:", *inner, "    return result", "return None"],
            ["try:", *inner, "    return result", "finally:", "    shift += 1"],
            ["try:", *inner, "    return result", "except Exception:", "    return 'failed'"],
            ["with contextlib.nullcontext():", *inner, *end],
            [
                "for turn in range(2):",
                *["    " + line for line in ["if turn:", *inner, "    return result"]],
                "return None",
            ],
        ]
    )


@dataclass(frozen=True)
class Run:
    outcome: Outcome
    service: Service
    private: tuple[object, ...]
    shared: dict[int, str]


def execute(text: str, programs: Sequence[Program]) -> list[Run]:
    """Run programs of one module text, each with a service and items of its own."""
    names: dict[str, Any] = {"httpx": SimpleNamespace(AsyncClient=Service)}
    exec(compile(text.replace("import httpx\n", ""), "program.py", "exec"), names)
    return [_run(names, program) for program in programs]


def _run(names: dict[str, Any], program: Program) -> Run:
    service = Service(program.latencies, program.failing)
    items: list[Any] = list(program.numbers)
    if program.pages:
        items = [names["Page"](service, number) for number in items]
    function: Callable[..., Coroutine[Any, Any, object]] = names[program.name]
    wraps: dict[str, Callable[[list[Any]], object]] = {
        "list": list,
        "tuple": tuple,
        "iter": iter,
        "generator": _generator,
    }
    outcome = run(lambda: function(service, wraps[program.wrap](items), 1))
    private = tuple((page.text, tuple(page.reads)) for page in items) if program.pages else ()
    shared = dict(names["KEPT"])
    names["KEPT"].clear()
    return Run(outcome._replace(result=repr(outcome.result)), service, private, shared)


def _generator(items: list[Any]) -> object:
    yield from items
