"""What `knowledge/consumers.toml` claims is what happens: each claim is run on this interpreter and looked at.

A proof quotes what it proves, so that a row cannot say something else without a test that fails.
"""

import asyncio
import collections
import contextlib
import functools
import gc
import inspect
import itertools
import multiprocessing.pool
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from pkgutil import resolve_name
from types import CoroutineType
from typing import Any, NamedTuple

import pytest

from async_lint.rules._callbacks.consumers import Consumer, entries

pytestmark = pytest.mark.usefixtures("only_new_garbage")

ENTRIES = [*entries("consumer"), *entries("hook"), *entries("waiter")]


class Proof(NamedTuple):
    """`run` gets the name of a callable of a row, and fails unless what the row `says` of it happens."""

    run: Callable[[str], None]
    says: tuple[str, ...]


PROOFS: dict[str, Proof] = {}
RAN: list[object] = []
NEVER_AWAITED: list[str] = []


async def _work(*arguments: object) -> None:
    """What is handed over. Its body never runs, whatever the consumer."""
    RAN.append(arguments)


# What no type checker would let pass.
work: Any = _work


def key(entry: Consumer) -> str:
    """Name an entry: several of one name differ in their receivers, or are parameters of one function."""
    name = " of ".join([entry.names[0], *entry.receivers])
    is_one_of_several = sum(each.names == entry.names and each.receivers == entry.receivers for each in ENTRIES) > 1
    return f"{name}, {entry.keyword}" if is_one_of_several else name


def proves(*keys: str, says: str | tuple[str, ...]) -> Callable[[Callable[[str], None]], Callable[[str], None]]:
    def register(run: Callable[[str], None]) -> Callable[[str], None]:
        for each in keys:
            assert each not in PROOFS
            PROOFS[each] = Proof(run, (says,) if isinstance(says, str) else says)
        return run

    return register


def last(name: str) -> str:
    return name.rpartition(".")[2]


def is_coroutine(value: object) -> bool:
    return isinstance(value, CoroutineType)


def run(code: str) -> "subprocess.CompletedProcess[str]":
    """Run a program of its own, which calls its callable `work`."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "program.py")
        file.write_text(code)
        command = [sys.executable, "-W", "always", str(file)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if "RuntimeWarning: coroutine 'work' was never awaited" in done.stderr:
        NEVER_AWAITED.append(done.stderr)
    return done


# -- the proofs of ASL301 ----------------------------------------------------------------------------------------------


@proves("builtins.map", "itertools.starmap", says="creates one coroutine for each item and runs none of them")
def creates_one_for_each_item(name: str) -> None:
    made = list(resolve_name(name)(work, [(1,), (2,)]))
    assert len(made) == 2
    assert all(map(is_coroutine, made))


@proves(
    "builtins.filter", "itertools.takewhile", says="tests the coroutine itself, which is always true, so every item"
)
def lets_every_item_pass(name: str) -> None:
    assert list(resolve_name(name)(work, [0, 0])) == [0, 0]


@proves("itertools.filterfalse", says="tests the coroutine itself, which is always true, so no item passes")
@proves("itertools.dropwhile", says="tests the coroutine itself, which is always true, so every item is dropped")
def lets_no_item_pass(name: str) -> None:
    assert list(resolve_name(name)(work, [0, 0])) == []


@proves("itertools.groupby", says="of which no two are equal, so each item is a group of its own")
def makes_a_group_of_each_item(name: str) -> None:
    assert [list(group) for _, group in itertools.groupby([1, 1], work)] == [[1], [1]]


@proves("itertools.accumulate", "functools.reduce", says="hands the coroutine, not its result, to the next call")
def hands_the_coroutine_to_the_next_call(name: str) -> None:
    given = []

    def look(first: object, second: object) -> object:
        given.append(first)
        return work()

    made = resolve_name(name)(*([[1, 2, 3], look] if name == "itertools.accumulate" else [look, [1, 2, 3]]))
    results = list(made) if name == "itertools.accumulate" else [made]
    assert is_coroutine(given[1])
    assert is_coroutine(results[-1])


@proves(
    "builtins.sorted",
    "builtins.min",
    "builtins.max",
    "builtins.list.sort",
    says="compares the coroutines themselves, which is a TypeError",
)
@proves(
    "heapq.merge", "heapq.nlargest", "heapq.nsmallest", says="compares the coroutines themselves, which is a TypeError"
)
def compares_the_coroutines(name: str) -> None:
    arguments: dict[str, list[object]] = {
        "heapq.merge": [[1], [2]],
        "heapq.nlargest": [1, [1, 2]],
        "heapq.nsmallest": [1, [1, 2]],
    }
    with pytest.raises(TypeError, match="between instances of 'coroutine' and 'coroutine'"):
        list(resolve_name(name)(*arguments.get(name, [[2, 1]]), key=work))


@proves("functools.cmp_to_key", says="the coroutine itself is compared with 0, which is a TypeError")
def compares_the_coroutine_with_0(name: str) -> None:
    with pytest.raises(TypeError, match="between instances of 'coroutine' and 'int'"):
        sorted([2, 1], key=functools.cmp_to_key(work))


@proves(
    "bisect.bisect", says="the coroutine itself is compared with the value that is searched for, which is a TypeError"
)
def compares_the_coroutine_with_the_value(name: str) -> None:
    with pytest.raises(TypeError, match="'coroutine'"):
        resolve_name(name)([1, 2], 1, key=work)


@proves("bisect.insort", says="the coroutines themselves are compared, which is a TypeError")
def compares_the_coroutines_of_both(name: str) -> None:
    with pytest.raises(TypeError, match="between instances of 'coroutine' and 'coroutine'"):
        resolve_name(name)([1, 2], 1, key=work)


@proves("re.sub", "re.Pattern.sub", says="the coroutine itself is put into the text, which is a TypeError")
def puts_the_coroutine_into_the_text(name: str) -> None:
    replace = resolve_name(name) if "Pattern" not in name else getattr(re.compile("a"), last(name))
    with pytest.raises(TypeError, match="expected str instance, coroutine found"):
        replace(*([work, "bab"] if "Pattern" in name else ["a", work, "bab"]))


@proves("collections.defaultdict", says="stores the coroutine itself under each missing key")
def stores_the_coroutine(name: str) -> None:
    found: dict[str, object] = collections.defaultdict(work)
    assert is_coroutine(found["key"])
    assert found["key"] is found["key"]


@proves("builtins.iter", says="no coroutine equals the sentinel, so the iteration never ends")
def never_ends(name: str) -> None:
    assert len(list(itertools.islice(iter(work, None), 100))) == 100


# -- the proofs of ASL302: threads and processes -----------------------------------------------------------------------


@proves("concurrent.futures.Executor.submit", says="becomes the future's result and is never run")
@proves("concurrent.futures.Executor.map", says="which come back as the results and are never run")
@proves(
    "multiprocessing.pool.Pool.apply of multiprocessing.pool.ThreadPool",
    "multiprocessing.pool.Pool.apply_async of multiprocessing.pool.ThreadPool",
    says="the coroutine, which comes back as the result and is never run",
)
@proves(
    "multiprocessing.pool.Pool.map of multiprocessing.pool.ThreadPool",
    says="the coroutines, which come back as the results and are never run",
)
def gives_the_coroutine_as_the_result(name: str) -> None:
    pool = multiprocessing.pool.ThreadPool(1) if "multiprocessing" in name else ThreadPoolExecutor(1)
    with pool:
        several = last(name).startswith(("map", "starmap", "imap"))
        result = getattr(pool, last(name))(work, *([[(1,)]] if several else []))
        result = getattr(result, "get", getattr(result, "result", lambda: result))()
        assert is_coroutine(next(iter(result)) if several else result)


PROCESSES = """
import concurrent.futures, multiprocessing.pool
async def work(*arguments): print("the body ran")
if __name__ == "__main__":
    with {pool} as pool:
        try:
            result = pool.{method}(work, *{arguments})
            result = getattr(result, "get", getattr(result, "result", lambda: list(result)))()
        except Exception as error:
            print(type(error).__name__, "coroutine" in str(error))
        # A worker that is ended at once does not get to say what it lost.
        getattr(pool, "close", int)()
        getattr(pool, "join", int)()
"""


@proves(
    "concurrent.futures.Executor.submit of concurrent.futures.ProcessPoolExecutor",
    says="the process creates the coroutine and cannot send it back, so the future fails with a TypeError",
)
@proves(
    "concurrent.futures.Executor.map of concurrent.futures.ProcessPoolExecutor",
    says="the process creates the coroutines and cannot send them back, which is a TypeError",
)
@proves(
    "multiprocessing.pool.Pool.apply of multiprocessing.pool.Pool",
    says="the process creates the coroutine and cannot send it back, which is a MaybeEncodingError",
)
def cannot_send_the_coroutine_back(name: str) -> None:
    arguments = [[(1,)]] if last(name).startswith(("map", "starmap", "imap")) else []
    is_pool = "multiprocessing" in name
    pool = "multiprocessing.pool.Pool(1)" if is_pool else "concurrent.futures.ProcessPoolExecutor(1)"
    done = run(PROCESSES.format(pool=pool, method=last(name), arguments=arguments))
    assert done.stdout.split() == ["MaybeEncodingError" if is_pool else "TypeError", "True"], done.stderr


@proves(
    "asyncio.AbstractEventLoop.run_in_executor",
    "asyncio.to_thread",
    says="only creates the coroutine, which comes back as the result and is never run",
)
def gives_the_coroutine_as_the_awaited_result(name: str) -> None:
    async def main() -> object:
        if name == "asyncio.to_thread":
            return await asyncio.to_thread(work)
        return await asyncio.get_running_loop().run_in_executor(None, work)

    made = asyncio.run(main())
    assert is_coroutine(made)


@proves("threading.Thread", "threading.Timer", says="creates the coroutine, drops it and ends")
def the_thread_ends(name: str) -> None:
    thread = threading.Thread(target=work) if last(name) == "Thread" else threading.Timer(0, work)
    thread.start()
    thread.join(10)
    assert not thread.is_alive()


@proves("multiprocessing.Process", says="the process creates the coroutine, drops it and ends with exit code 0")
def the_process_ends_with_0(name: str) -> None:
    code = "import multiprocessing\nasync def work(): print('the body ran')\nif __name__ == '__main__':\n"
    code += " p = multiprocessing.Process(target=work); p.start(); p.join(); print(p.exitcode)"
    assert run(code).stdout.split() == ["0"]


# -- the proofs of ASL302: the event loop ------------------------------------------------------------------------------


def in_a_loop(body: Callable[[asyncio.AbstractEventLoop], object], debug: bool) -> list[object]:
    """Run `body` and what it scheduled; return what was reported to the loop."""
    reported: list[object] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda loop, context: reported.append(context))
        body(loop)
        await asyncio.sleep(0.02)

    asyncio.run(main(), debug=debug)
    return reported


def is_silent_except_in_debug_mode(hand: Callable[[asyncio.AbstractEventLoop, Callable[..., Any]], object]) -> None:
    assert in_a_loop(lambda loop: hand(loop, work), debug=False) == []
    assert in_a_loop(lambda loop: hand(loop, functools.partial(work, 1)), debug=False) == []
    for marked in (work, functools.partial(work, 1)):
        with pytest.raises(TypeError, match="coroutines cannot be used"):
            # The loop has ended before `marked` is anything else.
            in_a_loop(lambda loop: hand(loop, marked), debug=True)  # noqa: B023
    for debug in (False, True):
        assert in_a_loop(lambda loop: hand(loop, lambda *arguments: work()), debug=debug) == []
        assert in_a_loop(lambda loop: hand(loop, Asynchronous()), debug=debug) == []


SILENT_EXCEPT_IN_DEBUG_MODE = (
    "drops the coroutine in silence; only in debug mode is it a TypeError",
    "drops the coroutine in silence, in debug mode too",
)


class Asynchronous:
    async def __call__(self, *arguments: object) -> None:
        RAN.append(arguments)


@proves(
    "asyncio.AbstractEventLoop.call_soon",
    "asyncio.AbstractEventLoop.call_soon_threadsafe",
    says=SILENT_EXCEPT_IN_DEBUG_MODE,
)
def drops_it_soon(name: str) -> None:
    is_silent_except_in_debug_mode(lambda loop, given: getattr(loop, last(name))(given))


@proves("asyncio.AbstractEventLoop.call_later", "asyncio.AbstractEventLoop.call_at", says=SILENT_EXCEPT_IN_DEBUG_MODE)
def drops_it_later(name: str) -> None:
    is_silent_except_in_debug_mode(lambda loop, given: getattr(loop, last(name))(0, given))


@proves(
    "asyncio.Future.add_done_callback",
    says=("drops the coroutine when the future is done; only in debug mode is it a TypeError", "in debug mode too"),
)
def drops_it_when_the_future_is_done(name: str) -> None:
    def hand(loop: asyncio.AbstractEventLoop, given: Callable[..., Any]) -> None:
        future = loop.create_future()
        future.add_done_callback(given)
        future.set_result(None)

    is_silent_except_in_debug_mode(hand)


@proves(
    "asyncio.AbstractEventLoop.add_signal_handler",
    says=("raises a TypeError", "the loop drops the coroutine at each signal"),
)
def refuses_a_coroutine_function_and_drops_a_coroutine(name: str) -> None:
    def hand(given: Callable[..., Any]) -> Callable[[asyncio.AbstractEventLoop], None]:
        def body(loop: asyncio.AbstractEventLoop) -> None:
            loop.add_signal_handler(signal.SIGUSR1, given)
            os.kill(os.getpid(), signal.SIGUSR1)

        return body

    for debug in (False, True):
        with pytest.raises(TypeError, match="coroutines cannot be used with add_signal_handler"):
            in_a_loop(hand(work), debug)
        assert in_a_loop(hand(lambda: work()), debug) == []


@proves("asyncio.AbstractEventLoop.add_reader", says="the loop drops the coroutine each time that the file is ready")
def drops_it_when_the_file_is_ready(name: str) -> None:
    def body(loop: asyncio.AbstractEventLoop) -> None:
        reader, writer = os.pipe()
        os.write(writer, b"ready")
        file = reader if last(name) == "add_reader" else writer
        getattr(loop, last(name))(file, work)
        loop.call_later(0.01, getattr(loop, last(name).replace("add", "remove")), file)

    for debug in (False, True):
        assert in_a_loop(body, debug) == []


@proves(
    "asyncio.AbstractEventLoop.set_exception_handler",
    says="the loop drops the coroutine, and with it every error that it was to report",
)
def reports_nothing(name: str) -> None:
    def body(loop: asyncio.AbstractEventLoop) -> None:
        loop.set_exception_handler(work)
        loop.call_exception_handler({"message": "an error"})

    assert in_a_loop(body, debug=True) == []


@proves("concurrent.futures.Future.add_done_callback", says="the coroutine is dropped when the future is done")
def drops_it_when_the_work_is_done(name: str) -> None:
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(len, "")
        future.add_done_callback(work)
        assert future.result() == 0


# -- the proofs of ASL302: the process and its objects -----------------------------------------------------------------


@proves("signal.signal", says="the coroutine is dropped at each signal")
def drops_it_at_each_signal(name: str) -> None:
    before = signal.signal(signal.SIGUSR1, work)
    try:
        os.kill(os.getpid(), signal.SIGUSR1)
    finally:
        signal.signal(signal.SIGUSR1, before)


@proves("atexit.register", says="the coroutine is created and dropped at exit")
def drops_it_at_exit(name: str) -> None:
    done = run("import atexit\n@atexit.register\nasync def work(): print('the body ran')")
    assert (done.returncode, done.stdout) == (0, "")


@proves("sys.excepthook", says="the interpreter drops the coroutine, and the exception is not reported")
def does_not_report_the_exception(name: str) -> None:
    programs = {
        "sys.excepthook": "1 / 0",
        "threading.excepthook": "t = threading.Thread(target=lambda: 1 / 0); t.start(); t.join()",
        "sys.unraisablehook": "class Fails:\n def __del__(self): 1 / 0\nFails()",
    }
    head = "import sys, threading\nasync def work(*arguments): print('the body ran')\n"
    assert "ZeroDivisionError" in run(head + programs[name]).stderr
    done = run(f"{head}{name} = work\n{programs[name]}")
    assert "ZeroDivisionError" not in done.stderr
    assert done.stdout == ""


@proves("weakref.finalize", "weakref.ref", says="the coroutine is created and dropped when the object dies")
def drops_it_when_the_object_dies(name: str) -> None:
    thing = Asynchronous()
    kept = resolve_name(name)(thing, work)
    del thing
    gc.collect()
    assert not getattr(kept, "alive", False)


@proves("contextlib.ExitStack.callback", says="the stack drops the coroutine when it closes")
def drops_it_when_the_stack_closes(name: str) -> None:
    with contextlib.ExitStack() as stack:
        stack.callback(work)

    async def main() -> None:
        async with contextlib.AsyncExitStack() as stack:
            stack.callback(work)

    asyncio.run(main())


@proves("contextlib.ExitStack.push", says="the stack takes the coroutine for a true result and swallows the exception")
def swallows_the_exception(name: str) -> None:
    with contextlib.ExitStack() as stack:
        stack.push(work)
        raise ValueError


@proves("asyncio.wait", says="from Python 3.11 on `asyncio.wait` raises a TypeError")
def refuses_coroutines_from_3_11_on(name: str) -> None:
    async def main() -> object:
        return await asyncio.wait([work()])

    if sys.version_info < (3, 11):
        pytest.skip("makes tasks of them, with a DeprecationWarning")
    with pytest.raises(TypeError, match="Passing coroutines is forbidden"):
        asyncio.run(main())


# -- the proofs of ASL303 to ASL305 -----------------------------------------------------------------------------------


@proves("functools.cache", says="gives every caller the same coroutine, and the second await of it raises RuntimeError")
@proves("functools.cached_property", says="keeps one coroutine, and the second await of it raises RuntimeError")
def can_be_awaited_once(name: str) -> None:
    async def answer(*arguments: object) -> int:
        return 1

    class Client:
        cached = resolve_name(name)(answer)

    Client.cached.__set_name__(Client, "cached") if last(name) == "cached_property" else None
    client = Client()

    async def main() -> None:
        for _ in range(2):
            assert await (client.cached if last(name) == "cached_property" else client.cached()) == 1

    with pytest.raises(RuntimeError, match="cannot reuse already awaited coroutine"):
        asyncio.run(main())


@proves("contextlib.asynccontextmanager", says="entering it with `async with` raises TypeError")
def cannot_be_entered(name: str) -> None:
    async def enter() -> None:
        async with contextlib.asynccontextmanager(work)():
            pass

    with pytest.raises(TypeError, match="async iterator"):
        asyncio.run(enter())


@proves("builtins.property, fset", says="an assignment to the property drops the coroutine")
def drops_it_when_the_property_is_set(name: str) -> None:
    class Client:
        value = property(len, work)

    Client().value = 1


@proves("builtins.property, fdel", says="deleting the property drops the coroutine")
def drops_it_when_the_property_is_deleted(name: str) -> None:
    class Client:
        value = property(len, None, work)

    del Client().value


# -- the tests ---------------------------------------------------------------------------------------------------------


def test_every_row_has_a_proof_of_its_own() -> None:
    keys = list(map(key, ENTRIES))
    assert sorted(keys) == sorted(set(keys))
    assert sorted(PROOFS) == sorted(keys)


@pytest.mark.parametrize("entry", ENTRIES, ids=key)
def test_the_proof_is_of_what_the_row_says(entry: Consumer) -> None:
    proof = PROOFS[key(entry)]
    sentences = [each.format(object="coroutine") for each in (entry.happens, entry.unmarked) if each is not None]
    assert len(sentences) == len(proof.says)
    assert all(said in sentence for said, sentence in zip(proof.says, sentences, strict=True))


CLAIMS = [pytest.param(entry, name, id=f"{key(entry)}-{name}") for entry in ENTRIES for name in entry.names]


@pytest.mark.parametrize(("entry", "name"), CLAIMS)
def test_what_is_claimed_happens(entry: Consumer, name: str) -> None:
    RAN.clear()
    NEVER_AWAITED.clear()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        PROOFS[key(entry)].run(name)
        gc.collect()
    NEVER_AWAITED.extend(str(each.message) for each in caught if "'_work' was never awaited" in str(each.message))
    assert RAN == []
    # A coroutine was made and lost; that of a cache is awaited once.
    assert NEVER_AWAITED or entry.rule == "ASL303"


@pytest.mark.parametrize(("entry", "name"), CLAIMS)
def test_the_parameter_is_where_the_table_says(entry: Consumer, name: str) -> None:
    function = resolve_name(name)
    assert callable(function)
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except ValueError:  # some functions written in C do not tell
        return
    if "." in getattr(function, "__qualname__", "") and parameters[0].name == "self":
        parameters = parameters[1:]
    if entry.keyword is not None and not any(each.kind is each.VAR_KEYWORD for each in parameters):
        assert entry.keyword in [each.name for each in parameters if each.kind is not each.POSITIONAL_ONLY]
    if entry.position is not None and entry.keyword is not None:
        parameter = parameters[entry.position]
        assert parameter.name == entry.keyword or parameter.kind is parameter.VAR_POSITIONAL
