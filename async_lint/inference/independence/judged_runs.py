"""Whether the awaits of statements in a row need one another: gates, a ground for each, and what flows between them.

Unlike the iterations of a loop, the steps of a run are different things that somebody wrote down in an order. So each
must be seen to only ask: by its name, and by what was read of it.

    user = await self.users.get(key)          asks
    size = await asyncio.to_thread(measure)   asks, in a thread
    done = await self.users.save(user)        does something: its place in the row may be its meaning
"""

import ast
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from async_lint.inference.effects.effect import Touch
from async_lint.inference.effects.effects import Effects
from async_lint.inference.independence import answered_errors, gates, other_ways
from async_lint.inference.independence.asked_again import asks_again
from async_lint.inference.independence.callees import definitions
from async_lint.inference.independence.carried import in_closures
from async_lint.inference.independence.grounds import Grounds
from async_lint.inference.independence.handed_work import handed
from async_lint.inference.independence.iteration import body_around
from async_lint.inference.independence.provenance import Iteration
from async_lint.inference.independence.run_state import State, conflict, state_in, state_of
from async_lint.inference.independence.run_vetoes import RunVetoes
from async_lint.inference.independence.runs import Run, Step, runs
from async_lint.inference.independence.verdict import Gate, Ground, Kind, NoGroundError, Tier, Verdict, against
from async_lint.inference.independence.vetoes import Vetoes
from async_lint.inference.independence.words import does_more, those, verb, words
from async_lint.inference.modules.summary import body_of
from async_lint.inference.project.above import above
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function, last_name
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.syntax.notes import NOTES, Memo
from async_lint.inference.types.values import Frame

_NOTHING_VARIES = Iteration(None, ())
_ASKING = frozenset({Kind.HAND_OFF, Kind.READ})


class JudgedRuns:
    """Judges the runs of a block, once for each block."""

    def __init__(
        self, ask: Callable[[], Evaluator], effects: Effects, grounds: Grounds, vetoes: Vetoes, run_vetoes: RunVetoes
    ) -> None:
        self._ask = ask
        self._run_vetoes = run_vetoes
        self._effects = effects
        self._grounds = grounds
        self._vetoes = vetoes
        self._known: dict[ast.stmt, tuple[Run, ...]] = {}
        self._states: Memo[Function, State] = Memo()

    def forget(self) -> None:
        self._known.clear()

    def of_block(self, block: Sequence[ast.stmt], frame: Frame) -> tuple[Run, ...]:
        """Return the runs of a block; `frame` is that of its statements."""
        known = self._known.get(block[0])
        if known is None:
            judged = (run for steps in runs(block) for run in self._judge(steps, frame))
            known = self._known[block[0]] = tuple(judged)
        return known

    def _judge(self, steps: Sequence[Step], frame: Frame) -> Iterator[Run]:
        reason = self._obstacle(steps, frame)
        if reason:
            yield Run(tuple(steps), against(reason, Gate.ORDER))
            return
        reason = gates.another_loop(self._ask())
        if reason:
            yield Run(tuple(steps), against(reason, Gate.LOOP))
            return
        current: list[tuple[Step, Ground, State]] = []
        first = ""
        read = _read_in(frame)
        for step in steps:
            try:
                if isinstance(step.target, ast.Name) and step.target.id not in read:
                    raise NoGroundError(f"`{step.target.id}` is read nowhere, so the call is there for what it does")
                ground = self._ground(step, frame)
                state = state_of(step, map(self._state_in, self._run_by(step, frame)))
            except NoGroundError as error:
                first = first or str(error)
                # What stands above a step without a ground may still be a run, and so may what follows.
                yield from _shown(current)
                current = []
                continue
            name = next(filter(None, (conflict(state, earlier) for _, _, earlier in current)), "")
            reason = f"one of them sets `{name}`, which another one looks at" if name else ""
            again = (asks_again(self._ask(), step, earlier, frame) for earlier, _, _ in current)
            reason = reason or next(filter(None, again), "")
            if reason:
                first = first or reason
                yield from _shown(current)
                # Only beside those above it can it not stand: it begins a run of its own.
                current = []
            current.append((step, ground, state))
        yield from _shown(current)
        if first:
            yield Run(tuple(steps), against(first, Gate.GROUND))

    def _obstacle(self, steps: Sequence[Step], frame: Frame) -> str:
        """Return what orders the steps whatever they call, as a clause; empty where nothing does."""
        if gates.replays(frame.module):
            return "the module uses an SDK that runs its code again, in order"
        around = above(steps[0].statement, frame)
        if around is None:
            return "they stand in no function"
        calls = [ast.unparse(step.value) for step in steps]
        # Who asks the same twice wants to know what has changed in between.
        if len(set(calls)) < len(calls):
            return "one of them asks the same as another, and later"
        reason = gates.around_steps([step.statement for step in steps], around, frame)
        reason = reason or answered_errors.answered(self._ask(), steps[0].statement, around, frame)
        reason = reason or other_ways.decided_elsewhere(steps[0].statement, [step.value for step in steps], around)
        if reason:
            return reason
        bound = {step.target.id for step in steps if isinstance(step.target, ast.Name)}
        scope = frame.enclosing_function()
        if scope is not None and scope.function is not None and not bound.isdisjoint(body_of(scope.function).outward):
            return "one of them binds a name of another scope"
        # A function that stands further down cannot be called before all of them are there.
        name = in_closures(bound, body_around(around), before=steps[0].statement.lineno)
        return f"`{name}` is read by a function that may be called meanwhile" if name else ""

    def _ground(self, step: Step, frame: Frame) -> Ground:
        """Return the ground of a step that was seen to only ask. Raises NoGroundError."""
        ground = self._grounds.of(step.value, frame, _NOTHING_VARIES)
        work = list(_work(step.value))
        other = next((callee for callee in work if not _asks(callee)), None)
        if ground.tier is Tier.SHOWN and ground.kind in _ASKING and other is None:
            return ground
        # The name does not say that it only asks; all that it does was read, and changes nothing.
        if len(work) == 1:
            effect = self._effects.of_callee(self._ask().evaluate(work[0], frame))
            if effect.touch is Touch.READS and effect.waits:
                return Ground(Kind.FOLLOWED, f"`{ast.unparse(work[0])}` changes nothing", Tier.SHOWN)
        raise NoGroundError(f"nothing shows that `{ast.unparse(other or step.value.func)}` only asks")

    def _run_by(self, step: Step, frame: Frame) -> Iterator[Function]:
        """Yield the functions that a step runs, and those that they call. Raises NoGroundError."""
        for callee in _callees(step.value):
            called = definitions(self._ask(), callee, frame)
            # No receiver is a step's own: what it keeps, the other steps may see.
            for function in self._vetoes.of(called, False).functions:
                veto = self._run_vetoes.of(function, function in called)
                if veto:
                    raise NoGroundError(veto)
                yield function

    def _state_in(self, function: Function) -> State:
        return NOTES.kept(self._states, function, lambda: state_in(function))


def _asks(callee: ast.expr) -> bool:
    name = last_name(callee)
    # Without a word of what, it reads what comes next.
    if set(words(name)) <= {"a", "async", "read"}:
        return False
    return verb(name) in those("reading") and not does_more(name)


def _read_in(frame: Frame) -> frozenset[str]:
    """Return the names that the function around looks at."""
    scope = frame.enclosing_function()
    return _read_by(scope.function.whole()) if scope is not None and scope.function is not None else frozenset()


# Each of the runs of a function asks.
@lru_cache(maxsize=1)
def _read_by(function: ast.AST) -> frozenset[str]:
    nodes = descendants(function)
    return frozenset(node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))


def _shown(judged: Sequence[tuple[Step, Ground, State]]) -> Iterator[Run]:
    if len(judged) > 1:
        grounds = tuple(dict.fromkeys(ground for _, ground, _ in judged))
        yield Run(tuple(step for step, _, _ in judged), Verdict(Tier.SHOWN, grounds))


def _work(call: ast.Call) -> Iterator[ast.expr]:
    """Yield the callees whose names say what a call does: of one that only hands on, what it is given."""
    match handed(call):
        case None:
            yield call.func
        case ast.Call() as inner:
            yield from _work(inner)
        case ast.Lambda(body=body):
            yield from (node.func for node in descendants(body) if isinstance(node, ast.Call))
        case work:
            yield work


def _callees(call: ast.Call) -> Iterator[ast.expr]:
    """Yield what a step may call: in its arguments too, which are worked out earlier when all are gathered."""
    yield from (node.func for node in descendants(call) if isinstance(node, ast.Call))
    work = handed(call)
    if isinstance(work, ast.Name | ast.Attribute):
        yield work
