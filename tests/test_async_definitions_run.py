"""What ASL304 says of an `async def` is what happens: each claim is run on this interpreter."""

import asyncio
import copy
import gc
import operator
import os
import sys
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import CoroutineType
from typing import Any

import pytest

from async_lint.rules.async_special_method import SPECIAL

pytestmark = pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")

RAN: list[str] = []


def cls_with(name: str, base: type = object) -> Any:
    async def method(*arguments: object, **named: object) -> None:
        RAN.append(name)

    return type("Client", (base,), {name: method})


def made(name: str) -> Any:
    return cls_with(name)()


def enters(client: Any) -> object:
    client.__class__.__exit__ = lambda *arguments: None
    with client as entered:
        return entered


def swallows(client: Any) -> bool:
    client.__class__.__enter__ = lambda self: self
    with client:
        raise ValueError
    return True


def set_name(name: str) -> None:
    type("Owner", (), {"attribute": made(name)})


def subclass(name: str) -> None:
    type("Derived", (cls_with(name),), {})


def descriptor(name: str) -> Any:
    return type("Owner", (), {"attribute": made(name)})()


def with_state(name: str) -> Any:
    client = made(name)
    client.state = 1
    return client


def prepared(name: str) -> Any:
    async def prepare(*arguments: object) -> None:
        RAN.append(name)

    return type("Made", (type,), {name: classmethod(prepare)})


def changed_in_place(name: str) -> object:
    client = made(name)
    return getattr(operator, name)(client, 1)


def metaclass(name: str) -> Any:
    return cls_with(name, type)("Made", (), {})


# What the interpreter does with each, given the name.
FAILS: dict[str, Callable[[str], object]] = {
    "__init__": made,
    "__iter__": lambda name: iter(made(name)),
    "__aiter__": lambda name: asyncio.run(iterate(made(name))),
    "__await__": lambda name: asyncio.run(wait_for(made(name))),
    "__str__": lambda name: str(made(name)),
    "__repr__": lambda name: repr(made(name)),
    "__bytes__": lambda name: bytes(made(name)),
    "__format__": lambda name: f"{made(name)}",
    "__hash__": lambda name: hash(made(name)),
    "__bool__": lambda name: bool(made(name)),
    "__len__": lambda name: len(made(name)),
    "__int__": lambda name: int(made(name)),
    "__float__": lambda name: float(made(name)),
    "__complex__": lambda name: complex(made(name)),
    "__index__": lambda name: [][made(name) :],
    "__dir__": lambda name: dir(made(name)),
    "__sizeof__": lambda name: sys.getsizeof(made(name)),
    "__length_hint__": lambda name: operator.length_hint(made(name)),
    "__fspath__": lambda name: os.fspath(made(name)),
    "__reduce__": lambda name: copy.copy(made(name)),
    "__reduce_ex__": lambda name: copy.copy(made(name)),
    "__getstate__": lambda name: copy.copy(made(name)),
    "__prepare__": lambda name: types.new_class("Made", (), {"metaclass": prepared(name)}),
    "__mro_entries__": lambda name: types.resolve_bases((made(name),)),
}
TRUE: dict[str, Callable[[str], object]] = {
    "__contains__": lambda name: 1 in made(name),
    "__eq__": lambda name: made(name) == 1,
    "__ne__": lambda name: made(name) != 1,
    "__lt__": lambda name: made(name) < 1,
    "__le__": lambda name: made(name) <= 1,
    "__gt__": lambda name: made(name) > 1,
    "__ge__": lambda name: made(name) >= 1,
    "__instancecheck__": lambda name: isinstance(1, metaclass(name)),
    "__subclasscheck__": lambda name: issubclass(int, metaclass(name)),
    "__exit__": lambda name: swallows(made(name)),
}
DROPS: dict[str, Callable[[str], object]] = {
    "__init_subclass__": subclass,
    "__set_name__": set_name,
    "__post_init__": lambda name: dataclass(cls_with(name))(),
    "__del__": lambda name: made(name) and None,
    "__setattr__": lambda name: setattr(made(name), "a", 1),
    "__delattr__": lambda name: delattr(made(name), "a"),
    "__setitem__": lambda name: change_item(made(name)),
    "__delitem__": lambda name: delete_item(made(name)),
    "__set__": lambda name: setattr(descriptor(name), "attribute", 1),
    "__delete__": lambda name: delattr(descriptor(name), "attribute"),
    "__setstate__": lambda name: copy.copy(with_state(name)) and None,
}
GIVES: dict[str, Callable[[str], object]] = {
    "__next__": lambda name: next(made(name)),
    "__enter__": lambda name: enters(made(name)),
    **dict.fromkeys((name for name, says in SPECIAL.items() if "the assignment binds" in says), changed_in_place),
}


async def iterate(items: Any) -> None:
    async for _ in items:
        pass


async def wait_for(awaitable: Any) -> None:
    await awaitable


def change_item(items: Any) -> object:
    items["a"] = 1
    return None


def delete_item(items: Any) -> object:
    del items["a"]
    return None


@pytest.fixture(autouse=True)
def _nothing_ran(only_new_garbage: None) -> Iterator[None]:
    RAN.clear()
    yield
    gc.collect()
    assert RAN == []


def test_every_special_method_has_a_proof() -> None:
    assert sorted([*FAILS, *TRUE, *DROPS, *GIVES]) == sorted(SPECIAL)


@pytest.mark.parametrize("name", FAILS)
def test_raises_type_error(name: str) -> None:
    with pytest.raises(TypeError):
        FAILS[name](name)
    assert "TypeError" in SPECIAL[name]


@pytest.mark.parametrize("name", TRUE)
def test_is_always_true(name: str) -> None:
    assert TRUE[name](name)
    assert "true" in SPECIAL[name]


@pytest.mark.parametrize("name", DROPS)
def test_is_dropped(name: str) -> None:
    assert DROPS[name](name) is None or name == "__post_init__"
    assert "dropped" in SPECIAL[name]


@pytest.mark.parametrize("name", GIVES)
def test_gives_the_coroutine_itself(name: str) -> None:
    assert isinstance(GIVES[name](name), CoroutineType)
    assert "the {object} itself" in SPECIAL[name]


def test_iteration_over_coroutines_never_ends() -> None:
    class Numbers:
        def __iter__(self) -> Any:
            return self

        async def __next__(self) -> int:
            raise StopIteration

    iterator = iter(Numbers())
    assert all(isinstance(next(iterator), CoroutineType) for _ in range(100))
