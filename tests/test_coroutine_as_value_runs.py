"""What ASL102 and ASL103 say of a coroutine is what the interpreter does with one."""

import asyncio
import importlib
import inspect
import io
import re
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from async_lint.rules._coroutine_uses.takers import Taker, takers
from tests.harness import lint

RAISES = re.compile(r"which raises (\w+)")
HEADER = """
import io, itertools, json, logging, collections
async def f(*given): ran.append(given); return 1
async def agen(): yield 1
class Stream:
    def __aiter__(self): return self
    async def __aenter__(self): return self
async def main(ran, items, error):
"""
STATEMENTS = [
    "return f()[0]",
    "return f().name",
    "f().name = 3",
    "return f()()",
    "return f() + 1",
    "return 2 ** f()",
    "items += f()",
    "return -f()",
    "return f() < 3",
    "return 3 >= f()",
    "return max(f(), 3)",
    "return 3 in f()",
    "a, b = f()",
    "print(*f())",
    "print(**f())",
    "return {**f()}",
    "return [*f()]",
    "return [each for each in f()]",
    "for each in f(): pass",
    "async for each in f(): pass",
    "for each in agen(): pass",
    "for each in Stream(): pass",
    "return [each for each in Stream()]",
    "return sorted(list(f(each) for each in [1, 2]))",
    "raise f()",
    "raise error from f()",
    "row = f(); return row.name",
]
ALWAYS_TRUE = [
    "return 'yes' if f() else 'no'",
    "return 'yes' if not (not f()) else 'no'",
    "return 'yes' if any(f(each) for each in [1]) else 'no'",
    "return 'yes' if all([f(each) for each in [1]]) else 'no'",
    "assert f(); return 'yes'",
    "if f(): return 'yes'",
    "while f(): return 'yes'",
    "return ('no', 'yes')[bool(f())]",
    "return [each for each in ['yes'] if f()][0]",
]
TEXTS = ["return f'{f()}'", "return f'{f()!r}'", "return '%s' % f()", "return '{}'.format(f())", "return str(f())"]


@pytest.fixture(autouse=True)
def _coroutines_may_be_lost() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        yield


def program(statement: str) -> str:
    return HEADER + "".join(f"    {each}\n" for each in statement.split("; "))


def message(statement: str, rule: str = "ASL103") -> str:
    found = lint({"program.py": program(statement)}, [rule]).diagnostics
    assert [each.code for each in found] == [rule]
    return found[0].message


def run(statement: str) -> Any:
    """Run the statement; return what it returns, or raises, and whether a body ran."""
    scope: dict[str, Any] = {}
    ran: list[Any] = []
    exec(program(statement).replace("ran.append", "RAN.append"), scope)
    scope["RAN"] = ran
    try:
        result = asyncio.run(scope["main"](ran, [], ValueError()))
    except Exception as error:
        # Without its frames, for a cycle with them would keep the coroutine until some later collection.
        result = error.with_traceback(None)
    assert ran == []
    return result


@pytest.mark.parametrize("statement", STATEMENTS)
def test_an_error_that_is_named_is_raised(statement: str) -> None:
    named = RAISES.search(message(statement))
    assert named is not None
    assert type(run(statement)).__name__ == named[1]


@pytest.mark.parametrize("statement", ALWAYS_TRUE)
def test_a_coroutine_is_always_true(statement: str) -> None:
    assert "a coroutine is always true" in message(statement)
    assert run(statement) == "yes"


@pytest.mark.parametrize("statement", TEXTS)
def test_a_text_holds_the_coroutine_object(statement: str) -> None:
    assert "`<coroutine object ...>`" in message(statement)
    assert re.search("<coroutine object f at 0x[0-9a-f]+>", run(statement))


def test_a_coroutine_equals_and_is_nothing_but_itself() -> None:
    assert "equals nothing but itself" in message("return f() == 1")
    assert run("return f() == 1") is False
    assert "is nothing but itself" in message("return f() is None")
    assert run("return f() is None") is False
    assert "never found" in message("return f() in [1]")
    assert run("return f() in [1]") is False


def test_a_coroutine_fits_no_pattern_of_its_result() -> None:
    statement = "match f():\n        case 1: return 'one'\n        case _: return 'other'"
    assert "fits no pattern" in message(statement)
    assert run(statement) == "other"


@pytest.mark.parametrize("statement", ["with f(): pass", "async with f(): pass"])
def test_a_coroutine_is_no_context_manager(statement: str) -> None:
    assert "it is no context manager" in message(statement)
    # Before Python 3.11 it was an AttributeError.
    assert type(run(statement)) is (TypeError if sys.version_info >= (3, 11) else AttributeError)


def test_an_asynchronous_context_manager_is_no_plain_one() -> None:
    assert "has `__aenter__` and no `__enter__`" in message("with Stream(): pass")
    assert type(run("with Stream(): pass")) is (TypeError if sys.version_info >= (3, 11) else AttributeError)


@pytest.mark.parametrize("statement", ["r = f()", "_ = f()", "r = f(); r = 3; return r", "t = [f(1), f(2)]; t = 3"])
def test_the_body_of_a_forgotten_coroutine_never_runs(statement: str) -> None:
    found = lint({"program.py": program(statement)}, ["ASL102"]).diagnostics
    assert found
    assert all("the body never runs" in each.message for each in found)
    run(statement)  # looks whether a body ran


RECEIVERS: dict[str, object] = {"str": "{}", "bytes": b",", "list": [], "set": set(), "deque": None, "Logger": None}
BEFORE = {"map": (print,), "filter": (print,), "log": (20,)}
AFTER = {"divmod": (1,), "pow": (1,), "dump": (io.StringIO(),)}
# With more arguments they do something else with them.
TAKING_MORE = ("builtins.min", "builtins.max", "builtins.str", "builtins.iter")
CALLS = sorted(
    {(name, each.least): (each, name) for some in takers().values() for each in some for name in each.names}.values(),
    key=lambda call: (call[1], call[0].least),
)
NAMES = [f"{name} of {taker.least}" if taker.least else name for taker, name in CALLS]


def called(
    taker: Taker, name: str, value: Any, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> Any:
    """Call the function of that name with a value; return what it says, prints or logs, or what it raises."""
    function = resolve(name)
    word = name.rpartition(".")[2]
    try:
        with caplog.at_level(1):
            result = function(*BEFORE.get(word, ()), value, *AFTER.get(word, ()), *[1] * (taker.least - 1))
        if name == "itertools.chain":
            list(result)  # it is lazy
    except Exception as error:
        return error
    return result if isinstance(result, str | bool) else capsys.readouterr().out + caplog.text


def resolve(name: str) -> Any:
    parts = name.split(".")
    found: Any = importlib.import_module(parts[0])
    for part in parts[1:]:
        if part in ("Logger", "deque"):
            found = found.getLogger("test") if part == "Logger" else found.deque()
        elif part in RECEIVERS and part != parts[-1]:
            found = RECEIVERS[part]
        else:
            found = getattr(found, part)
    return found


def holds(claim: str, result: Any) -> bool:
    """Whether what was observed is what the table claims."""
    named = RAISES.search(claim)
    if named is not None:
        return type(result).__name__ == named[1]
    if "always true" in claim:
        return result is True
    return "<coroutine object" in claim and "<coroutine object f at" in str(result)


async def f() -> int:
    return 1


@pytest.mark.parametrize(("taker", "name"), CALLS, ids=NAMES)
def test_callables_do_with_a_coroutine_what_their_table_says(
    taker: Taker, name: str, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    coroutine = f()
    assert holds(taker.one, called(taker, name, coroutine, capsys, caplog))
    coroutine.close()


MANY = [(taker, name) for taker, name in CALLS if taker.items is not None]


@pytest.mark.parametrize(("taker", "name"), MANY, ids=[name for _, name in MANY])
def test_callables_do_with_several_coroutines_what_their_table_says(
    taker: Taker, name: str, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    coroutines = [f(), f()]
    assert taker.items is not None
    assert holds(taker.items, called(taker, name, coroutines, capsys, caplog))
    for each in coroutines:
        each.close()


COUNTED = [(name, taker.most) for taker, name in CALLS if taker.most is not None]


@pytest.mark.parametrize(("name", "most"), COUNTED, ids=[name for name, _ in COUNTED])
def test_of_more_arguments_than_it_takes_a_callable_complains_before_it_uses_one(name: str, most: int) -> None:
    coroutines = [f() for _ in range(most + 1)]
    program = f"async def f(): ...\n\nCALLED({', '.join(['f()'] * (most + 1))})\n"
    if name.startswith("builtins.") and name.count(".") == 1:
        found = lint({"a.py": program.replace("CALLED", name.removeprefix("builtins."))}, ["ASL103"]).diagnostics
        assert all("is compared" in each.message for each in found)
    if name not in TAKING_MORE:
        with pytest.raises(TypeError, match=r"argument|expected"):
            resolve(name)(*coroutines)
    for each in coroutines:
        each.close()


@pytest.mark.parametrize("name", sorted({name for taker, name in CALLS if taker.eager}), ids=str)
def test_what_is_called_eager_uses_an_iterable_up_at_once(name: str) -> None:
    items = iter([b"a", b"b"] if "bytes" in name else ["a", "b"] if "join" in name else [1, 2])
    resolve(name)(items)
    # `any` stops at the first that is true.
    assert list(items) in ([], [2])


def test_the_callables_of_the_table_are_there() -> None:
    assert all(callable(resolve(name)) for _, name in CALLS)
    assert not any(inspect.iscoroutinefunction(resolve(name)) for _, name in CALLS)
