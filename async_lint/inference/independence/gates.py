"""What in a loop's own code says that its iterations have an order, whatever they call."""

import ast
import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from async_lint.inference.independence import order_comments, other_ways
from async_lint.inference.independence.carried import leaks
from async_lint.inference.independence.handed_work import called_by
from async_lint.inference.independence.held_around import held_by, held_where_awaited
from async_lint.inference.independence.iteration import (
    Loop,
    Statement,
    body,
    body_around,
    bound_in,
    inside,
    iterables,
    taken,
    targets,
)
from async_lint.inference.independence.order_words import ELSEWHERE
from async_lint.inference.independence.words import asks, names_any, those, words
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Module, dotted, last_name
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.values import Frame
from async_lint.knowledge.tables import table

# `range` counts tries, pages or rounds, of which a later one may depend on what an earlier one gave.
_ORDERED_ITEMS = frozenset({"as_completed", "range", "reversed", "sorted", "count", "repeat", "cycle"})
_BATCHES = frozenset({"batch", "batched", "batches"})
_CHUNKS = frozenset({"chunk", "chunked", "chunks"})
_GROUPS = frozenset({"create_task_group", "open_nursery", "TaskGroup"})
_STACKING = frozenset({"enter_context", "enter_async_context", "push_async_callback", "push_async_exit"})
_PRINTING = frozenset({"confirm", "echo", "input", "print", "prompt", "secho"})
_PACES = frozenset({"backoff", "cooldown", "delay", "limiter", "lock", "mutex", "pace", "ratelimit", "ratelimiter"}) | {
    *("semaphore", "sleep", "throttle", "throttler")
}
_CLOCKS = frozenset({"current_time", "monotonic", "perf_counter", "time"})
# A function or a flag of such a name says that the order is meant.
_IN_TURN = frozenset({"ordered", "retry", "sequential", "sequentially", "serial", "serially"})
_TESTS = re.compile(r"(?:stress_?)?tests?|testing|conftest|test_.*|.*_tests?")
# What a function gives back in order, it may well work on at once.
DESCRIBED_IN_TURN = (
    r"(?i)\b(?:sequential(?:ly)?|serially|one[ -](?:by[ -]one|at[ -]a[ -]time|after (?:the other|another))|"
    rf"in (?:a|the) fixed (?:\w+ )?order)\b|{ELSEWHERE}"
)


def obstacle(loop: Loop, around: Sequence[ast.AST], frame: Frame, last: tuple[int, int]) -> str:
    """Return the first thing that orders the iterations, as a clause; empty where nothing does.

    `around` are the nodes above the loop, the function first; `last` is where its last `await` ends.
    """
    own = _in_header(loop) or _of_worker(loop, around) or _in_body(loop, around, last)
    return own or _around([loop], around, frame) or other_ways.obstacle(loop, around)


def around_steps(steps: Sequence[ast.stmt], around: Sequence[ast.AST], frame: Frame) -> str:
    """Return what orders statements in a row, as a clause; empty where nothing does. `around` as in `obstacle`."""
    for node in (node for step in steps for node in descendants(step)):
        if _keeps_pace(node):
            return f"`{ast.unparse(node)}` keeps a pace or an order"
    return _around(steps, around, frame)


def is_test(frame: Frame) -> bool:
    """Whether the code is a test's, where order is often the point."""
    if any(_TESTS.fullmatch(part) for part in frame.module.name.split(".")):
        return True
    scope = frame.enclosing_function()
    function = scope.function if scope is not None else None
    while function is not None and not function.name.startswith("test_"):
        function = function.outer
    return function is not None


def asks_for_leave(loop: Loop, awaited: Sequence[ast.expr]) -> bool:
    """Whether what is iterated over, or awaited, is a hook or a person who may refuse, as its name says."""
    called = [node.func for value in awaited for node in descendants(value) if isinstance(node, ast.Call)]
    named = [name for node in [*iterables(loop), *targets(loop)] for name in _names(node)]
    return any(_has(name, those("permitting")) for name in [*named, *map(last_name, called)])


def is_described_in_turn(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether the text of a function says that it does one after another."""
    return re.search(DESCRIBED_IN_TURN, ast.get_docstring(function, clean=False) or "") is not None


def another_loop(evaluator: Evaluator) -> str:
    """Return as a clause that most of the project is written for Twisted; empty where it is not.

    It looks at all of the project's texts, so what reads less comes first.
    """
    project = evaluator.project
    on_twisted = project.importers("twisted") if project is not None else 0
    if project is None or not on_twisted or on_twisted <= project.importers("asyncio"):
        return ""
    return "the project runs on Twisted, whose Deferreds no `gather` takes"


def replays(module: Module) -> bool:
    """Whether a module uses an SDK that runs its code again, and so forbids what is not in order."""
    # The SDK's own modules are what runs the others again.
    own = module.name.partition(".")[0]
    return own not in table("resources")["workflows"] and _imports_workflows(module.text)


# Asked for each loop of a module.
@lru_cache(maxsize=1)
def _imports_workflows(text: str) -> bool:
    return _imports_any(text, "workflows")


def in_one_thread(text: str) -> bool:
    """Whether a module uses a library that does its work in a single thread, however many calls wait for it."""
    return _imports_any(text, "one-thread")


def _imports_any(text: str, kind: str) -> bool:
    # A search for the bare word is cheap, and most modules have none.
    return any(name in text and _imports(name).search(text) for name in table("resources")[kind])


@cache
def _imports(module: str) -> re.Pattern[str]:
    return re.compile(rf"^[ \t]*(?:from|import)[ \t]+{re.escape(module)}\b", re.MULTILINE)


def _in_header(loop: Loop) -> str:
    if isinstance(loop, Statement):
        if loop.orelse:
            return "the loop has an `else`"
        if isinstance(loop, ast.While) and taken(loop) is None:
            return "nobody knows beforehand how often it runs"
    elif any(generator.is_async for generator in loop.generators):
        return "the items come one by one"
    for iterable in iterables(loop):
        if _cuts(iterable):
            continue
        called = [last_name(node.func) for node in descendants(iterable) if isinstance(node, ast.Call)]
        ordered = next((name for name in called if name in _ORDERED_ITEMS), "")
        if ordered:
            return f"`{ordered}` gives the items an order"
        if isinstance(iterable, ast.Subscript) and isinstance(iterable.slice, ast.Slice) and iterable.slice.step:
            return "the items are taken in an order of their own"
        if number_of_items(iterable) == 1:
            return "there is only one item"
    return ""


def _of_worker(loop: Loop, around: Sequence[ast.AST]) -> str:
    """Return as a clause that an endless loop does what others bring meanwhile; empty where the loop is another."""
    take = taken(loop) if isinstance(loop, ast.While) else None
    if take is None or not isinstance(take.func, ast.Attribute) or not isinstance(take.func.value, ast.Attribute):
        return ""
    endless = (node.test for node in around if isinstance(node, ast.While))
    if any(isinstance(test, ast.Constant) and test.value for test in endless):
        return f"a worker takes one after another of what is put into `{ast.unparse(take.func.value)}`"
    return ""


def in_pieces(loop: Loop) -> str:
    """Return as a clause that the items were put into batches; empty where they were not."""
    # A chunk may be a piece of a text; what makes chunks is named so by a function.
    named = [name for target in targets(loop) for name in _names(target)]
    made = [_called(iterable) for iterable in iterables(loop)]
    batches = any(_has(name, _BATCHES) for name in named + made) or any(_has(name, _CHUNKS) for name in made)
    if batches or any(map(_cuts, iterables(loop))):
        return "the items were put into batches, so that not all of them are worked on at once"
    return ""


def _cuts(iterable: ast.expr) -> bool:
    """Whether it gives the places where a collection is cut into pieces: `range(0, len(items), size)`."""
    match iterable:
        case ast.Call(func=ast.Name(id="range"), args=[ast.Constant(value=0), ast.Call(func=ast.Name(id="len")), _]):
            return True
    return False


def number_of_items(iterable: ast.expr) -> int | None:
    """Return how many items a literal has."""
    match iterable:
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            return None if any(isinstance(item, ast.Starred) for item in items) else len(items)
        case ast.Dict(keys=keys):
            return len(keys)
    return None


def _in_body(loop: Loop, around: Sequence[ast.AST], last: tuple[int, int]) -> str:
    for node, nested in inside(body(loop)):
        match node:
            case ast.Return():
                return "it ends with the first that returns"
            # A `break` in an inner loop ends that one alone; a `return` ends all, wherever it stands.
            case ast.Break() if not nested:
                return "it ends with the first that breaks"
            case ast.Yield() | ast.YieldFrom():
                return "it hands something to its caller between two items"
            case ast.Global() | ast.Nonlocal():
                return "it binds a name of another scope"
            case ast.NamedExpr(target=ast.Name(id=name)) if not isinstance(loop, Statement):
                if leaks(name, loop, body_around(around)):
                    return f"it binds `{name}` in the function"
            case ast.Call(func=func) if last_name(func) in _STACKING:
                return f"`{ast.unparse(func)}` is called in an order that is undone backwards"
            # Behind the last `await`, it can still be printed in order when all have been awaited.
            case ast.Call() if (node.lineno, node.col_offset) < last and (shown := _shown_by(node)) is not None:
                return f"`{ast.unparse(shown)}` writes what somebody reads in order"
            case ast.AsyncWith(items=items) if any(_called(item.context_expr) in _GROUPS for item in items):
                return "several run at once in it already"
            case ast.BinOp() if deadline := _of_rest(node, loop):
                return f"each takes what is left of `{deadline}`"
            case ast.Name() | ast.Attribute() if _keeps_pace(node):
                return f"`{ast.unparse(node)}` keeps a pace or an order"
    return ""


def _keeps_pace(node: ast.AST) -> bool:
    if not isinstance(node, ast.Name | ast.Attribute):
        return False
    name = last_name(node)
    # A class is what its last word says: `RateLimiter`, and not `SleepTracker`.
    return not _PACES.isdisjoint(words(name)[-1:] if name[:1].isupper() else words(name))


def _called(node: ast.expr) -> str:
    return last_name(node.func) if isinstance(node, ast.Call) else ""


def _around(nodes: Sequence[Loop | ast.stmt], around: Sequence[ast.AST], frame: Frame) -> str:
    """Return what orders a loop, or statements in a row, from outside, or in a comment."""
    scope = frame.enclosing_function()
    function = scope.function if scope is not None else None
    guard = next(filter(None, map(held_by, around)), None) or (held_where_awaited(function) if function else None)
    if guard is not None:
        return f"`{ast.unparse(guard)}` is held around it"
    for node in around:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                if _in_turn(name) or is_described_in_turn(node):
                    return f"`{name}` says that the order is meant"
            case ast.If(test=test) if any(map(_in_turn, _names(test))):
                return f"`{ast.unparse(test)}` says that the order is meant"
    if order_comments.say_so(nodes, around, frame.module):
        return "a comment says that the order is meant"
    return ""


def _of_rest(node: ast.BinOp, loop: Loop) -> str:
    """Return the deadline that an iteration takes the rest of, if it is one that all have: `deadline - monotonic()`."""
    match node:
        case ast.BinOp(left=ast.Name() | ast.Attribute() as left, op=ast.Sub(), right=ast.Call(func=func)):
            name = dotted(left)
            # To look through the loop is the dear part.
            return name if last_name(func) in _CLOCKS and name.partition(".")[0] not in bound_in(loop) else ""
    return ""


def _shown_by(call: ast.Call) -> ast.expr | None:
    return next((func for func in called_by(call) if _is_printed(func)), None)


def _is_printed(callee: ast.expr) -> bool:
    """Whether a call shows or asks something on a screen."""
    holder = callee.value if isinstance(callee, ast.Attribute) else None
    name = last_name(callee)
    shows = "progress" in words(name) and not name[:1].isupper() and not asks(name)
    return shows or name in _PRINTING or (holder is not None and names_any(holder, "screens"))


def _in_turn(name: str) -> bool:
    # `sequence` alone is the name of a collection, so it is none of the words; nor is that of the class of a dict.
    return name != "OrderedDict" and ("in_sequence" in name or not _IN_TURN.isdisjoint(words(name)))


def _has(name: str, some: frozenset[str]) -> bool:
    return not some.isdisjoint(words(name))


def _names(node: ast.expr) -> Iterable[str]:
    return filter(None, map(last_name, descendants(node)))
