"""Whether the iterations of a loop are shown to be independent, and what shows it."""

import ast
import re
from collections.abc import Sequence
from functools import cache, lru_cache

from async_lint.files.source import Source
from async_lint.inference.face import (
    Frame,
    Loop,
    ModuleView,
    Touch,
    awaits_one_by_one,
    body_around,
    carries,
    collections,
    descendants,
    words,
)
from async_lint.knowledge.tables import table

# Who enters one of these wants what is inside to happen alone, or in turn.
_TAKEN = frozenset({"atomic", "begin", "cursor", "limiter", "lock", "mutex", "pipeline", "savepoint", "semaphore"})
_TAKEN |= {"throttle", "throttler", "transaction"}
# A function or a flag of such a name says that the order is meant.
_IN_TURN = frozenset({"ordered", "poll", "retry", "sequence", "sequential", "sequentially", "serial", "serially"})
_TESTS = re.compile(r"tests?|conftest|test_.*|.*_tests?")
_SAYS_SO = re.compile(
    r"#.*\b(?:sequential|serial(?!i[sz])|one (?:by|at|after)|in (?:\w+ )?order|order matters|ordering|rate.?limit|"
    r"throttl|concurren|parallel|simultaneous|race condition|don'?t gather|at once)",
    re.IGNORECASE,
)


def shown(loop: Loop, frame: Frame, view: ModuleView, source: Source, in_tests: bool) -> tuple[str, ...]:
    """Return clauses that show that no iteration needs another; empty unless that is certain."""
    if not any("await" in line for line in source.lines[loop.lineno - 1 : loop.end_lineno]):
        return ()
    if not awaits_one_by_one(loop) or (not in_tests and _is_test(frame)) or _is_workflow(source.text):
        return ()
    around = view.project.above(loop, frame)
    if around is None or _is_meant(loop, around, source):
        return ()
    collected: frozenset[str] = frozenset()
    if isinstance(loop, ast.For):
        function = body_around(around)
        found = collections(loop, function)
        if found is None or carries(loop, function, found):
            return ()
        collected = found
    effect = view.effects.of_loop(loop, frame, collected)
    if effect.touch is not Touch.READS or not effect.waits:
        return ()
    return effect.grounds


def _is_test(frame: Frame) -> bool:
    if any(_TESTS.fullmatch(part) for part in frame.module.name.split(".")):
        return True
    scope = frame.enclosing_function()
    return scope is not None and scope.function is not None and scope.function.name.startswith("test_")


# A file is asked about for each of its loops.
@lru_cache(maxsize=1)
def _is_workflow(text: str) -> bool:
    """Whether the module uses an SDK that replays its code, and so forbids what is not in order."""
    return any(name in text and _imports(name).search(text) for name in table("resources")["workflows"])


@cache
def _imports(module: str) -> re.Pattern[str]:
    return re.compile(rf"^[ \t]*(?:from|import)[ \t]+{re.escape(module)}\b", re.MULTILINE)


def _is_meant(loop: Loop, around: Sequence[ast.AST], source: Source) -> bool:
    """Whether the code around the loop, or a comment, says that one after the other is meant."""
    for node in around:
        match node:
            case ast.AsyncFunctionDef(name=name) if not _IN_TURN.isdisjoint(words(name)):
                return True
            case ast.With(items=items) | ast.AsyncWith(items=items):
                if any(not _TAKEN.isdisjoint(_words_of(each.context_expr)) for each in items):
                    return True
            case ast.If(test=test) if not _IN_TURN.isdisjoint(_words_of(test)):
                return True
    first, last = loop.lineno - 1, loop.end_lineno or loop.lineno
    while first > 0 and source.lines[first - 1].lstrip().startswith("#"):
        first -= 1
    return any(_SAYS_SO.search(line) for line in source.lines[first:last])


def _words_of(node: ast.expr) -> set[str]:
    found: set[str] = set()
    for each in descendants(node):
        name = each.id if isinstance(each, ast.Name) else each.attr if isinstance(each, ast.Attribute) else ""
        found |= words(name)
    return found
