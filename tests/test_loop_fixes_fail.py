"""What changes where items fail, as the page of await-in-loop says it: measured on loops made at random."""

import asyncio
import sys
from dataclasses import replace
from functools import cache
from random import Random

import pytest

from tests.loop_programs import Program, Run, execute, make
from tests.test_loop_fixes_generated import changed, fixed

_NEEDS_GROUPS = pytest.mark.skipif(sys.version_info < (3, 11), reason="there is no TaskGroup")
_PROGRAMS = 120
_CANCELLED = """
async def program(client: httpx.AsyncClient, items, shift: int):
    return [await load(client, item) for item in items]
"""
_DEADLINE = """
async def within(client, items, shift):
    await asyncio.wait_for(program(client, items, shift), 3)
"""


@cache
def failures(way: str, bound: int | None) -> list[tuple[Program, Run, Run]]:
    """Return programs in which an item fails, as they ran before and after the fix."""
    random = Random(f"{way} {bound}")
    made = [make(random, f"program_{number}", failing=True) for number in range(_PROGRAMS)]
    before, after = fixed(made, way, bound)
    # An item that comes twice, or waits for nothing, is another story.
    programs = [
        program
        for program in made
        if program.distinct and len(program.latencies) == len(program.numbers) and changed(program, after)
    ]
    runs = list(zip(programs, execute(before, programs), execute(after, programs), strict=True))
    failed = [(program, one, other) for program, one, other in runs if one.service.paths("fail")]
    assert len(failed) > _PROGRAMS / 10
    return failed


def wanted(program: Program, after: Run) -> list[str]:
    """Return the requests that the loop would make if none failed, in the order of the items."""
    started = set(after.service.paths("start"))
    return [path for path in (f"/items/{number}" for number in program.numbers) if path in started]


def is_caught(program: Program) -> bool:
    return "except Exception" in program.text


def test_before_the_fix_nothing_behind_the_failure_is_started() -> None:
    for program, before, after in failures("gather", None):
        first = next(path for path in wanted(program, after) if path in program.failing)
        assert before.service.paths("start")[-1] == first
        assert before.service.paths("fail") == [first]
        if not is_caught(program):
            assert repr(before.outcome.error) == repr(LookupError(first))


def test_after_it_gather_has_started_all_raises_what_happens_first_and_leaves_the_others_running() -> None:
    for program, _, after in failures("gather", None):
        paths = wanted(program, after)
        failing = [path for path in paths if path in program.failing]
        first = min(program.latencies[path] for path in failing)
        assert sorted(after.service.paths("end")) == sorted(path for path in paths if path not in program.failing)
        assert sorted(after.service.paths("fail")) == sorted(failing)
        assert after.service.paths("cancel") == []
        assert after.outcome.seconds == first
        assert after.outcome.left >= sum(program.latencies[path] > first for path in paths)
        if not is_caught(program):
            assert isinstance(after.outcome.error, LookupError)
            assert program.latencies[after.outcome.error.args[0]] == first


@_NEEDS_GROUPS
@pytest.mark.parametrize("bound", [None, 2])
def test_after_it_a_group_cancels_the_others_and_raises_a_group(bound: int | None) -> None:
    for program, _, after in failures("taskgroup", bound):
        started, failed = after.service.paths("start"), after.service.paths("fail")
        assert after.outcome.left == 0
        assert sorted([*after.service.paths("end"), *failed, *after.service.paths("cancel")]) == sorted(started)
        times = {event.path: event.time for event in after.service.events if event.what in ("end", "cancel", "fail")}
        assert max(times.values()) == min(times[path] for path in failed)
        if is_caught(program):
            assert after.outcome.result == repr("failed")
        else:
            exceptions = getattr(after.outcome.error, "exceptions", ())
            assert sorted(map(repr, exceptions)) == sorted(repr(LookupError(path)) for path in failed)


@pytest.mark.parametrize("way", ["gather", pytest.param("taskgroup", marks=_NEEDS_GROUPS)])
@pytest.mark.parametrize("bound", [None, 2])
def test_who_catches_every_exception_gives_the_same(way: str, bound: int | None) -> None:
    caught = [(before, after) for program, before, after in failures(way, bound) if is_caught(program)]
    assert caught
    for before, after in caught:
        assert after.outcome.result == before.outcome.result == repr("failed")


@pytest.mark.parametrize("way", ["gather", pytest.param("taskgroup", marks=_NEEDS_GROUPS)])
def test_cancelling_the_caller_cancels_what_runs(way: str) -> None:
    program = Program("program", _CANCELLED, (1, 2, 3), False, "list", {f"/items/{number}": 5 for number in (1, 2, 3)})
    before, after = fixed([program], way, None)
    assert changed(program, after)

    def under_a_deadline(module: str) -> Run:
        (watched,) = execute(module + _DEADLINE, [replace(program, name="within")])
        return watched

    one, other = under_a_deadline(before), under_a_deadline(after)
    assert isinstance(one.outcome.error, asyncio.TimeoutError)
    assert isinstance(other.outcome.error, asyncio.TimeoutError)
    assert one.service.paths("cancel") == ["/items/1"]
    assert sorted(other.service.paths("cancel")) == ["/items/1", "/items/2", "/items/3"]
    assert one.outcome.left == other.outcome.left == 0
