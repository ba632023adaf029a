"""Every row of `knowledge/consumers.toml` is found: by each name, position and keyword, with each kind of callable."""

from collections.abc import Iterator
from pkgutil import resolve_name

import pytest

from async_lint.rules._callbacks.consumers import Consumer, entries
from tests.harness import lint

HEAD = """\
import functools
import {module}


async def work(*arguments): ...


def begin(*arguments):
    return work(*arguments)


class Client:
    async def work(self, *arguments): ...

    async def __call__(self, *arguments): ...


def main({receiver}, client: Client):
    alias = work
    unmarked_alias = begin
"""
# What `inspect.iscoroutinefunction` is true of, which some consumers ask, and what it is not.
MARKED = ["work", "alias", "client.work", "functools.partial(work, 1)"]
UNMARKED = ["begin", "unmarked_alias", "lambda *arguments: work(*arguments)", "client"]

CALLS = [
    pytest.param(
        entry, name, by_keyword, id=f"{name} of {entry.receivers}, {entry.keyword if by_keyword else entry.position}"
    )
    for entry in entries("consumer")
    for name in entry.names
    for by_keyword in (False, True)
    if (entry.keyword if by_keyword else entry.position) is not None
]


def is_method(name: str) -> bool:
    return isinstance(resolve_name(name.rpartition(".")[0]), type)


def head(entry: Consumer, name: str) -> str:
    owner = name.rpartition(".")[0]
    if not is_method(name):
        return HEAD.format(module=owner, receiver="receiver")
    receiver = entry.receivers[0] if entry.receivers else owner
    return HEAD.format(module=receiver.rpartition(".")[0], receiver=f"receiver: {receiver}")


def callee(name: str) -> str:
    if is_method(name):
        return f"receiver.{name.rpartition('.')[2]}"
    return name.removeprefix("builtins.")


def calls(entry: Consumer, name: str, by_keyword: bool) -> Iterator[str]:
    for given in [*MARKED, *UNMARKED]:
        arguments = ["None"] * (0 if by_keyword else entry.position or 0)
        arguments += [f"{entry.keyword}={given}" if by_keyword else given]
        arguments += ["None"] * (entry.least - len(arguments))
        yield f"    {callee(name)}({', '.join(arguments)})\n"


@pytest.mark.parametrize(("entry", "name", "by_keyword"), CALLS)
def test_each_way_to_hand_it_over_is_found(entry: Consumer, name: str, by_keyword: bool) -> None:
    program = head(entry, name)
    first = program.count("\n") + 1
    program += "".join(calls(entry, name, by_keyword))
    found = {each.span.start.line - first: each.message for each in lint({"a.py": program}, [entry.rule]).diagnostics}
    assert sorted(found) == list(range(len(MARKED) + len(UNMARKED)))
    for index, message in found.items():
        claim = entry.happens if index < len(MARKED) or entry.unmarked is None else entry.unmarked
        assert message.endswith(f"; {claim.format(object='coroutine')}")


@pytest.mark.parametrize("name", [name for entry in entries("hook") for name in entry.names])
def test_each_hook_is_found(name: str) -> None:
    program = HEAD.format(module=name.rpartition(".")[0], receiver="receiver")
    program += "".join(f"    {name} = {given}\n" for given in [*MARKED, *UNMARKED])
    assert len(lint({"a.py": program}, ["ASL302"]).diagnostics) == len(MARKED) + len(UNMARKED)


@pytest.mark.parametrize("argument", ["[work()]", "{begin()}", "(alias(),)", "fs=[client.work()]"])
def test_what_waits_is_found(argument: str) -> None:
    program = HEAD.format(module="asyncio", receiver="receiver") + f"    asyncio.wait({argument})\n"
    assert len(lint({"a.py": program}, ["ASL302"]).diagnostics) == 1
