"""Could awaits that stand one after another run together? Gates first, then a ground for each await.

A *gate* is what orders the iterations whatever they call: `gates` reads the loop's own code, `carried` what flows
from one iteration to a later one through names, `shared_state` what flows through attributes and containers. Behind
the gates, each await needs a *ground* (`grounds`). What a callee does is looked at for *vetoes* (`vetoes`), not for a
proof: what could not be followed is unknown, which is neither.

    for page in pages:                   no gate is shut
        await page.load()                item: `page` is the item
        seen.append(page.name)           a collection that is only added to
                                         -> shown, by one ground

    for name in names:
        if name in self.done: continue
        await self.fetch(name)
        self.done.add(name)              gate: `self.done` is both read and changed by each
"""

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from async_lint.inference.effects.effect import Touch
from async_lint.inference.effects.effects import Effects
from async_lint.inference.independence import at_terminal, gates
from async_lint.inference.independence.carried import bound_names, carries, collections, in_closures
from async_lint.inference.independence.changed_by_method import changed_by_method
from async_lint.inference.independence.closings import only_closes
from async_lint.inference.independence.declared_elsewhere import declared_elsewhere
from async_lint.inference.independence.found_earlier import found_earlier
from async_lint.inference.independence.grounds import Grounds
from async_lint.inference.independence.handed_work import handed
from async_lint.inference.independence.item_counts import one_at_most
from async_lint.inference.independence.iteration import Loop, Statement, body, body_around, inside, iterables
from async_lint.inference.independence.judged_runs import JudgedRuns
from async_lint.inference.independence.one_item import is_rare, looked_up
from async_lint.inference.independence.provenance import Iteration, loop_iteration
from async_lint.inference.independence.resources import Resources, TakesLong
from async_lint.inference.independence.run_vetoes import RunVetoes
from async_lint.inference.independence.runs import Run
from async_lint.inference.independence.scanned import Waits
from async_lint.inference.independence.shared_state import order_in_state
from async_lint.inference.independence.verdict import (
    Awaited,
    Gate,
    Ground,
    Kind,
    NoGroundError,
    Tier,
    Verdict,
    against,
    tier_of,
)
from async_lint.inference.independence.vetoes import Vetoes
from async_lint.inference.independence.words import asks
from async_lint.inference.modules import walk
from async_lint.inference.modules.summary import body_of
from async_lint.inference.project.above import above
from async_lint.inference.project.copied import is_copied
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import last_name
from async_lint.inference.types.scope import Unit
from async_lint.inference.types.values import Frame

# What concerns one item may have begun when another fails, though perhaps it was not meant to.
_MAY_FAIL = frozenset({Kind.HAND_OFF, Kind.ITEM, Kind.KEYED, Kind.READ, Kind.REMOVE})


class Independence:
    """Answers for loops and for statements in a row, and keeps what it said of the file under check."""

    def __init__(self, ask: Callable[[], Evaluator], effects: Effects, takes_long: TakesLong) -> None:
        self._ask = ask
        self._effects = effects
        resources = Resources(effects.library_effects, takes_long)
        self._vetoes = Vetoes(ask, resources)
        self._grounds = Grounds(ask, resources, self._vetoes)
        self._runs = JudgedRuns(ask, effects, self._grounds, self._vetoes, RunVetoes(ask, resources))
        self._known: dict[Loop, Verdict] = {}

    def forget(self) -> None:
        self._known.clear()
        self._runs.forget()

    def of_loop(self, loop: Loop, frame: Frame, in_tests: bool) -> Verdict:
        """Return whether the iterations of a loop need one another; `frame` is that of the loop.

        Those of test code are taken to, unless it is `in_tests` that somebody wants to look.
        """
        if is_copied(self._ask().library, frame.module.path):
            return against("the file was copied from another project, as its folder says", Gate.COPY)
        if not in_tests and gates.is_test(frame):
            return against("it is test code, where order is often the point", Gate.TEST)
        verdict = self._known.get(loop)
        if verdict is None:
            verdict = self._judge(loop, frame)
            if verdict.tier is Tier.SHOWN and is_rare(loop, loop_iteration(loop)):
                verdict = replace(verdict, tier=Tier.PLAUSIBLE, unproved="few of the items come to what it awaits")
            if verdict.tier is Tier.SHOWN and only_closes(verdict.awaited):
                verdict = replace(verdict, tier=Tier.PLAUSIBLE, unproved="it only closes things, which is a moment")
            if verdict.tier is Tier.SHOWN and (pieces := gates.in_pieces(loop)):
                verdict = replace(verdict, tier=Tier.PLAUSIBLE, unproved=pieces)
            runs_over = iterables(loop)
            if verdict.tier is not Tier.NONE and len(runs_over) == 1:
                verdict = replace(verdict, items=gates.number_of_items(runs_over[0]))
            self._known[loop] = verdict
        return verdict

    def of_block(self, block: Sequence[ast.stmt], frame: Frame, in_tests: bool) -> tuple[Run, ...]:
        """Return the runs of a block (see `runs`), and whether their awaits need one another."""
        if is_copied(self._ask().library, frame.module.path) or (not in_tests and gates.is_test(frame)):
            return ()
        return self._runs.of_block(block, frame)

    def _judge(self, loop: Loop, frame: Frame) -> Verdict:
        nodes = body(loop)
        if not any(isinstance(node, ast.Await | ast.AsyncWith | ast.AsyncFor) for node, _ in inside(nodes)):
            return against("nothing is awaited in it", Gate.AWAIT)
        if gates.replays(frame.module):
            return against("the module uses an SDK that runs its code again, in order", Gate.REPLAY)
        around = above(loop, frame)
        if around is None:
            return against("it stands in no function", Gate.FUNCTION)
        # What reads the loop's own code comes first: what asks inference costs most.
        last = _last_await(nodes)
        reason = gates.obstacle(loop, around, frame, last) or at_terminal.obstacle(self._ask(), nodes, frame, last)
        if reason:
            return against(reason, Gate.ORDER)
        iteration = loop_iteration(loop)
        only = looked_up(loop, iteration, frame)
        if only:
            return against(f"only one item is meant, by `{only}`", Gate.ORDER)
        collected: frozenset[str] = frozenset()
        if isinstance(loop, Statement):
            function = body_around(around)
            collected = collections(loop, last)
            outer = next(iter(sorted(bound_names(loop) & _outward(frame))), "")
            if outer:
                return against(f"it binds `{outer}` of another scope", Gate.NAMES)
            # What is defined behind the loop, and behind those around it, cannot be called while it runs.
            outermost = next((node for node in around if isinstance(node, Statement | ast.AsyncFor)), loop)
            name = in_closures(collected, function, before=(outermost.end_lineno or 0) + 1)
            if name:
                return against(f"`{name}` is read by a function that may be called meanwhile", Gate.NAMES)
            name = carries(loop, function, collected, last)
            if name:
                clause = "is bound by one iteration and read by a later one, or behind the loop"
                return against(f"`{name}` {clause}", Gate.NAMES)
            name = found_earlier(loop, function, last)
            if name:
                return against(f"what is found in `{name}`, an earlier iteration has put there", Gate.STATE)
        reason = order_in_state(nodes, iteration, last, collected)
        if reason:
            return against(reason, Gate.STATE)
        reason = gates.another_loop(self._ask())
        if reason:
            return against(reason, Gate.LOOP)
        verdict = self._by_grounds(loop, frame, iteration)
        over = iterables(loop)
        # To read who gives the items is dear, and most loops are refused before.
        if verdict.tier is not Tier.NONE and len(over) == 1 and one_at_most(self._ask(), over[0], frame):
            return against("there is one item at most", Gate.ORDER)
        if verdict.tier is not Tier.NONE and (reason := changed_by_method(self._ask(), nodes, iteration, frame)):
            return against(reason, Gate.STATE)
        reason = declared_elsewhere(self._ask(), verdict.awaited, frame) if verdict.tier is not Tier.NONE else ""
        if reason:
            return against(reason, Gate.ORDER)
        if any(ground.kind is Kind.HAND_OFF and ground.little for ground in verdict.grounds):
            return replace(verdict, unproved="nothing long was found that a thread waits for")
        followed = any(ground.kind is Kind.FOLLOWED for ground in verdict.grounds)
        if (verdict.tier is Tier.PLAUSIBLE or followed) and not isinstance(loop, ast.While):
            # What speaks for it may still be proved: everything that it calls was read, and changes nothing shared.
            effect = self._effects.of_loop(loop, frame, collected)
            waits = effect.waits and self._is_sure_to_wait(verdict.awaited)
            if effect.touch is Touch.READS and waits and effect.grounds:
                proved = tuple(Ground(Kind.FOLLOWED, text, Tier.SHOWN) for text in effect.grounds)
                return Verdict(Tier.SHOWN, proved, awaited=verdict.awaited)
            if verdict.tier is Tier.PLAUSIBLE:
                return replace(verdict, unproved=effect.reason or "nothing was found that it really waits for")
        return verdict

    def _is_sure_to_wait(self, awaited: Sequence[Awaited]) -> bool:
        """Whether no condition keeps the functions that are awaited from what they wait for."""
        read = (step.followed for step in awaited if step.followed)
        return all(self._vetoes.of(functions, own=False).waits is Waits.SURELY for functions in read)

    def _by_grounds(self, loop: Loop, frame: Frame, iteration: Iteration) -> Verdict:
        verdict = self._of_all(list(_awaited(loop, frame)), iteration)
        raises = any(isinstance(node, ast.Raise) for node, _ in inside(body(loop)))
        if raises and gates.asks_for_leave(loop, [step.node for step in verdict.awaited]):
            return against("the first that is refused ends it, so the later ones are not asked", Gate.FAILURE)
        if not raises or all(map(_only_asks, verdict.awaited)):
            return verdict
        if not all(ground.kind in _MAY_FAIL for ground in verdict.grounds):
            return against("what it raises keeps the later ones from starting", Gate.FAILURE, verdict.awaited)
        return replace(verdict, tier=min(verdict.tier, Tier.PLAUSIBLE))

    def _of_all(self, awaited: Sequence[tuple[ast.expr, Frame]], iteration: Iteration) -> Verdict:
        grounds: list[Ground] = []
        way: list[Awaited] = []
        for value, frame in awaited:
            # Vetoes are kept, but `--explain-loop` shows what was read for each await.
            self._vetoes.followed.clear()
            try:
                ground = self._grounds.of(value, frame, iteration)
            except NoGroundError as error:
                refused = Awaited(value, None, tuple(self._vetoes.followed))
                return against(str(error), Gate.GROUND, (*way, refused))
            grounds.append(ground)
            way.append(Awaited(value, ground, tuple(self._vetoes.followed)))
        if not grounds:
            return against("nothing is awaited in it", Gate.AWAIT)
        if iteration.repeats:
            same = _all_the_same(awaited, way, iteration)
            # A question may get another answer in what stands around it: `with acting_as(user):`.
            if same and not (iteration.is_looked_at and all(ground.kind is Kind.READ for ground in grounds)):
                return against(same, Gate.GROUND, tuple(way))
            if same:
                grounds = [replace(ground, tier=Tier.PLAUSIBLE) for ground in grounds]
                way = [replace(step, ground=ground) for step, ground in zip(way, grounds, strict=True)]
        return Verdict(tier_of(grounds), tuple(dict.fromkeys(grounds)), awaited=tuple(way))


def _only_asks(awaited: Awaited) -> bool:
    """Whether it does no harm that it has begun when another one fails."""
    kind, node = awaited.ground.kind if awaited.ground is not None else None, awaited.node
    if kind is not Kind.HAND_OFF or not isinstance(node, ast.Call):
        return kind is Kind.READ
    return asks(last_name(handed(node) or node.func))


def _outward(frame: Frame) -> set[str]:
    """Return the names that the function around declares global or nonlocal."""
    scope = frame.enclosing_function()
    return body_of(scope.function).outward if scope is not None and scope.function is not None else set()


def _all_the_same(awaited: Sequence[tuple[ast.expr, Frame]], way: Sequence[Awaited], iteration: Iteration) -> str:
    """Return what each iteration awaits in the same way, if that is no question, or if there is nothing else."""
    varies = [iteration.of(value).varies for value, _ in awaited]
    for (value, _), step, differs in zip(awaited, way, varies, strict=True):
        asks = step.ground is not None and step.ground.kind is Kind.READ
        if not differs and not (asks and any(varies)) and not _is_made(value):
            callee = value.func if isinstance(value, ast.Call) else value
            return f"`{ast.unparse(callee)}` is called in the same way each time"
    return ""


def _is_made(value: ast.expr) -> bool:
    """Whether each iteration makes its own: `async with Client() as client`."""
    return isinstance(value, ast.Call) and last_name(value.func)[:1].isupper()


def _last_await(nodes: Sequence[ast.AST]) -> tuple[int, int]:
    """Return where the last statement or expression ends in which an iteration may be suspended."""
    ends = [(0, 0)]
    for node, _ in inside(nodes):
        if isinstance(node, ast.Await | ast.AsyncWith | ast.AsyncFor):
            ends.append((node.end_lineno or 0, node.end_col_offset or 0))
    # A loop in the iteration comes back to what stands above its `await`.
    for node, _ in inside(nodes):
        if isinstance(node, ast.For | ast.While) and any(isinstance(part, ast.Await) for part, _ in inside([node])):
            ends.append((node.end_lineno or 0, node.end_col_offset or 0))
    return max(ends)


def _awaited(loop: Loop, frame: Frame) -> Iterator[tuple[ast.expr, Frame]]:
    """Yield what an iteration awaits, enters by `async with` or iterates over by `async for`, with its frame."""
    # `[f(x) for x in await found()]` awaits its first iterable once, before the iterations.
    first = iterables(loop)[0] if not isinstance(loop, Statement) else None
    for start in loop.body if isinstance(loop, Statement) else [ast.copy_location(ast.Expr(loop), loop)]:
        for node, inner in walk.nodes(Unit(start, frame)):
            if inner.enclosing_function() is not frame.enclosing_function():
                continue
            match node:
                case ast.Await(value=value) if node is not first:
                    yield value, inner
                case ast.AsyncFor(iter=value):
                    yield value, inner
                case ast.AsyncWith(items=items):
                    for item in items:
                        yield item.context_expr, inner
                case ast.comprehension(is_async=1, iter=value):
                    yield value, inner
