"""What does one run of a body change that another run of it could see? Followed through the project.

A *run* is one call of a function, or one iteration of a loop. Its *effect* is what it does to what other runs share: it
only READS, it WRITES, or that is UNKNOWN, which counts as the worst. To change what is the run's own is no effect;
whose a value is decides `ownership.py`. Requests to a remote service are not counted.

    for user in users:                      `of_loop`: what does one iteration do?
        page = await self.fetch(user)       `follow`: the body of `fetch`, for these arguments, at depth 1
        pages.append(page)                  allowed: the rule said that `pages` may be added to

    async def fetch(self, user):
        self.count += 1                     WRITES: "`self.count` is assigned to (pages.py:12)", and the reading ends
        return await self.client.get(user)  else: READS, and waits for `Client.get`, if the tables say that it may

`Reading` goes through a body and stops at the first thing that is more than reading. The effect of a function is kept
by what it is given: `render(row)` may change a `row` that the caller has made, and not one that others have. Functions
that call one another are taken to do nothing on the way back: what the cycle does is what the rest of it does.
"""

import ast
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Hashable, Mapping
from functools import lru_cache

from async_lint.inference.effects.effect import Effect, Loop, StopReadingError, Touch
from async_lint.inference.effects.library_effects import Change, LibraryEffects
from async_lint.inference.effects.ownership import SHARED, Held, Owner, Run, weakest
from async_lint.inference.effects.reading import Reading
from async_lint.inference.modules.summary import body_of
from async_lint.inference.questions.asking import Asking
from async_lint.inference.questions.evaluator import Subclasses
from async_lint.inference.syntax.binding import Binding, Body, Function, How, Table, parameters
from async_lint.inference.syntax.notes import NOTES, Memo
from async_lint.inference.syntax.targets import targets
from async_lint.inference.types.scope import definition_scope, function_scope
from async_lint.inference.types.values import Frame, FunctionType, Type

_DEPTH = 8  # functions that call one another
_FUNCTIONS = 120  # functions that one question may read


class Effects:
    """The effects of functions, worked out once each."""

    def __init__(self, asking: Asking, library_effects: LibraryEffects, heirs: Subclasses) -> None:
        self.asking = asking
        self.evaluator = asking.evaluator
        self.library_effects = library_effects
        self.heirs = heirs
        self._memo: Memo[Hashable, Effect] = Memo()
        self._active: dict[object, int] = {}
        self._assumed = _DEPTH  # the outermost function whose effect was taken for granted while it was worked out
        self._left = _FUNCTIONS

    def of_loop(self, loop: Loop, frame: Frame, collections: Collection[str]) -> Effect:
        """Return what one iteration does; it may add to the `collections`, by name. `frame` is that of the loop."""
        self._left = _FUNCTIONS
        run, nodes = _iteration(self, loop, frame, collections)
        return self._read(run, nodes, frame.function, 0)

    def of_callee(self, callee: Type) -> Effect:
        """Return what calling it does, whatever it is given."""
        library_effect = self.library_effects.of(callee)
        if library_effect is not None and library_effect.change is Change.NOTHING:
            return Effect(Touch.READS)
        if not isinstance(callee, FunctionType) or not callee.function.module.path:
            return Effect(Touch.UNKNOWN, "it is no function of the project")
        self._left = _FUNCTIONS
        return self.follow(callee.function, callee.frame, {}, {}, 1)

    def follow(
        self,
        function: Function,
        parent: Frame | None,
        given: Mapping[str, Held],
        known: Mapping[str, Type],
        depth: int,
    ) -> Effect:
        """Return what one call does. `given` says whose the arguments are, `known` what they are, by parameter."""
        key = (function, parent, tuple(sorted(given.items())), tuple(known.items()))
        effect = self._memo.get(key)
        if effect is not None:
            NOTES.reuse(self._memo, key)
            return effect
        at = self._active.get(key)
        if at is not None:
            # What a cycle does is what the rest of it does.
            self._assumed = min(self._assumed, at)
            return Effect(Touch.READS, result=Owner.WHOLE)
        self._left -= 1
        if depth > _DEPTH or self._left < 0:
            return Effect(Touch.UNKNOWN, f"`{function.qualname}` calls too much to be followed")
        self._active[key] = depth
        try:
            with NOTES.working(self._memo, key):
                effect = self._of_call(function, parent, given, known, depth)
        finally:
            del self._active[key]
        # An effect that rests on what was assumed of a function further out is true only inside that cycle.
        if self._assumed >= depth:
            self._assumed = _DEPTH
            # The key has the identity of a closure's frame, which another frame may have later.
            if parent is None:
                self._memo[key] = effect
        return effect

    def _of_call(
        self,
        function: Function,
        parent: Frame | None,
        given: Mapping[str, Held],
        known: Mapping[str, Type],
        depth: int,
    ) -> Effect:
        body = body_of(function)
        if known or parent is not None:
            frame = Frame(function.module, parent or definition_scope(function), function=function, arguments=known)
        else:
            frame = function_scope(function)
        # A parameter's binding has no value and would count as shared, whatever the caller gives.
        table: Table = {
            name: [binding for binding in bindings if binding.how is not How.PARAMETER]
            for name, bindings in body.table.items()
        }
        # Where nothing is known of an argument, others have it too.
        shared = {parameter.arg: SHARED for parameter in parameters(function.node.args)}
        run = Run(self.evaluator, self.library_effects, frame, shared | dict(given), table)
        effect = self._read(run, body.statements, function, depth)
        if effect.touch is not Touch.READS:
            return effect
        returned = weakest([run.held(value, frame) for value in body.returns if value is not None])
        return Effect(Touch.READS, waits=effect.waits, result=returned.owner)

    def _read(self, run: Run, nodes: "list[ast.stmt] | list[ast.AST]", function: Function | None, depth: int) -> Effect:
        outward = body_of(function).outward if function is not None else set()
        reading = Reading(self, run, outward, depth)
        try:
            for node in nodes:
                reading.visit(node, run.frame)
        except StopReadingError as stop:
            return Effect(stop.touch, stop.reason)
        except RecursionError:
            return Effect(Touch.UNKNOWN, "the code is nested too deeply")
        return Effect(Touch.READS, waits=reading.waits, grounds=tuple(dict.fromkeys(reading.grounds)))


def _iteration(effects: Effects, loop: Loop, frame: Frame, collections: Collection[str]) -> "tuple[Run, list[ast.AST]]":
    own = Held(Owner.ITSELF, True)
    given = dict.fromkeys(collections, Held(Owner.ITSELF))
    nodes: list[ast.AST]
    if isinstance(loop, ast.For):
        given |= {name: own for name, _ in targets(loop.target)}
        nodes = list(loop.body)
        table: Table = {}
        # Only what the body binds: a name bound before the loop is the same for all iterations.
        if frame.function is not None:
            lines, bound = _by_line(body_of(frame.function))
            first, last = loop.body[0].lineno, loop.body[-1].end_lineno or 0
            for name, binding in bound[bisect_left(lines, first) : bisect_right(lines, last)]:
                if name not in given and _within(binding, loop):
                    table.setdefault(name, []).append(binding)
        return Run(effects.evaluator, effects.library_effects, frame, given, table), nodes
    inner = Frame(frame.module, frame, node=loop)
    for index, generator in enumerate(loop.generators):
        last = index == len(loop.generators) - 1
        # An item of an outer loop is shared by all the items of an inner one.
        given |= {name: own if last else Held(Owner.SHARED, True) for name, _ in targets(generator.target)}
    nodes = [*(loop.key, loop.value)] if isinstance(loop, ast.DictComp) else [loop.elt]
    nodes += [test for generator in loop.generators for test in generator.ifs]
    # The first iterable is evaluated once, before any iteration.
    nodes += [generator.iter for generator in loop.generators[1:]]
    return Run(effects.evaluator, effects.library_effects, inner, given, {}), nodes


# A function is asked about for each of its loops.
@lru_cache(maxsize=1)
def _by_line(body: Body) -> tuple[list[int], list[tuple[str, Binding]]]:
    bound = [(name, binding) for name, bindings in body.table.items() for binding in bindings]
    bound.sort(key=lambda pair: getattr(pair[1].node, "lineno", 0))
    return [getattr(binding.node, "lineno", 0) for _, binding in bound], bound


def _within(binding: Binding, loop: ast.For) -> bool:
    node, first, last = binding.node, loop.body[0], loop.body[-1]
    place = (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))
    return (first.lineno, first.col_offset) <= place < (last.end_lineno or 0, last.end_col_offset or 0)
