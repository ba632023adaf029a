"""Loops made at random, run before and after the fix on an event loop with a clock of its own.

`ASYNC_LINT_PROGRAMS=20000 pytest tests/test_loop_fixes_generated.py` runs as many that were fixed; by default few are.
"""

import os
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import count
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.harness import is_applicable, lint
from tests.loop_programs import HEADER, Program, Run, execute, make

PROGRAMS = int(os.environ.get("ASYNC_LINT_PROGRAMS", "300"))
_AT_ONCE = 40
WAYS = ["gather", "taskgroup"] if sys.version_info >= (3, 11) else ["gather"]
BOUNDS = [None, 1, 2, 3]


def fixed(programs: Sequence[Program], way: str, bound: int | None) -> tuple[str, str]:
    """Return the module of the programs, and what the fixes make of it."""
    text = "\n\n".join([HEADER, *(program.text for program in programs), ""])
    options = [f'concurrency = "{way}"', 'target-version = "3.11"']
    if bound is not None:
        options.append(f"max-concurrency = {bound}")
    outcome = lint({"program.py": text}, ["ASL201", "ASL204"], "\n".join(options), fix=True, unsafe=True)
    # What is offered and cannot be applied would be left.
    assert not any(is_applicable(diagnostic) for diagnostic in outcome.diagnostics)
    return text, outcome.texts["program.py"]


def changed(program: Program, after: str) -> bool:
    return program.text not in after


def check(program: Program, before: Run, after: Run, bound: int | None) -> None:
    """What the page of the rule says stays, where no item fails."""
    assert (before.outcome.error, after.outcome.error) == (None, None)
    assert after.outcome.result == before.outcome.result
    assert after.private == before.private
    assert after.shared == before.shared
    requests = before.service.paths("start")
    assert sorted(after.service.paths("start")) == sorted(requests)
    assert sorted(after.service.paths("end")) == sorted(requests)
    assert _started_before_note(after) == _started_before_note(before)
    assert after.outcome.left == 0
    waits = [program.latencies.get(path, 0) for path in requests]
    assert before.service.most <= 1
    assert before.outcome.seconds == sum(waits)
    at_once = sum(path in program.latencies for path in requests)
    if bound is None:
        assert after.service.most >= min(at_once, 2)
        assert after.outcome.seconds == max(waits, default=0)
    else:
        assert min(at_once, bound, 2) <= after.service.most <= bound or not requests
        # As long as somebody waits for a place, all places are taken.
        assert after.outcome.seconds <= sum(waits) / bound + max(waits, default=0)


def _started_before_note(one: Run) -> int:
    """Return how many requests were made before the program did something else that can be seen; -1 for nothing."""
    events = [event.what for event in one.service.events if event.what in ("start", "note")]
    return events.index("note") if "note" in events else -1


def shown(program: Program, before: str, after: str) -> str:
    return f"{program}\n{before[len(HEADER) :]}\n=====\n{after[len(HEADER) :]}"


@pytest.mark.parametrize("way", WAYS)
@given(random=st.randoms(use_true_random=False), bound=st.sampled_from(BOUNDS))
@settings(max_examples=25, deadline=None, derandomize=True, database=None)
def test_a_program_gives_the_same(way: str, random: Random, bound: int | None) -> None:
    program = make(random, "program")
    before, after = fixed([program], way, bound)
    if changed(program, after):
        (one,), (other,) = execute(before, [program]), execute(after, [program])
        check(program, one, other, bound)


def test_many_programs_give_the_same() -> None:
    """The same, many to a module; each way and each bound has its share."""
    kinds: Counter[tuple[str, int | None]] = Counter()
    ways = [(way, bound) for way in WAYS for bound in BOUNDS]
    for seed in count():
        random = Random(seed)
        way, bound = ways[seed % len(ways)]
        programs = [make(random, f"program_{number}") for number in range(_AT_ONCE)]
        before, after = fixed(programs, way, bound)
        rewritten = [program for program in programs if changed(program, after)]
        pairs = zip(rewritten, execute(before, rewritten), execute(after, rewritten), strict=True)
        for program, one, other in pairs:
            try:
                check(program, one, other, bound)
            except AssertionError as error:
                alone, alone_after = fixed([program], way, bound)
                raise AssertionError(f"seed {seed}: {shown(program, alone, alone_after)}") from error
        kinds[way, bound] += len(rewritten)
        assert len(rewritten) > _AT_ONCE / 4, f"seed {seed}: hardly any loop is fixed"
        if seed >= len(ways) - 1 and kinds.total() >= PROGRAMS:
            break
    assert set(kinds) == set(ways)
