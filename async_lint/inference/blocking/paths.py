"""How a call leads to one that blocks: directly, or down the project's own plain functions.

    async def show(name):
        page = load(name)                a path of two hops: `load` and `fetch`, and `requests.get` at its end

    def load(name):                      what it calls for these arguments is worked out once
        return parse(fetch(name))

    def fetch(name, cached=False):
        if cached:                       known to be False there: the branch is not taken
            return open_cache(name)
        return requests.get(name)

The nearest blocking call is looked for, level by level. A callee that is not found, a generator, what stands behind a
decorator and a method that some heir overrides with something else lead nowhere: what they do is not known.
"""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from async_lint.inference.blocking.direct import Blocked, blocked
from async_lint.inference.blocking.steps import Known, steps
from async_lint.inference.blocking.table import Blockers
from async_lint.inference.blocking.words import BlockingWords
from async_lint.inference.calls.bodies import is_abstract
from async_lint.inference.modules.summary import body_of
from async_lint.inference.names.aliases import last_word
from async_lint.inference.project.definitions import is_itself
from async_lint.inference.questions.arguments import assigned, of_call
from async_lint.inference.questions.asking import Asking
from async_lint.inference.syntax.binding import Class, Function
from async_lint.inference.syntax.notes import NOTES, Memo
from async_lint.inference.types.scope import function_scope
from async_lint.inference.types.values import ClassType, Frame, FunctionType, Instance, StaticMethod, Type

_DEPTH = 6  # functions on the way
_FUNCTIONS = 60  # functions that one question may read


class Hop(NamedTuple):
    """A function on the way: what a message calls it, and where it is defined."""

    label: str
    path: str
    line: int


class Path(NamedTuple):
    """The functions on the way, the outermost first, and the call at the end with its place."""

    hops: tuple[Hop, ...]
    end: Blocked
    path: str
    line: int


class _Visit(NamedTuple):
    """A function, for what is known of its arguments. `receiver` is the class that a method was looked up in."""

    function: Function
    known: tuple[tuple[str, bool | None], ...]
    closure: Frame | None
    receiver: Class | None


class _Reading(NamedTuple):
    """What a function calls: the first call in it that blocks, with its line, and those of the project's."""

    end: tuple[Blocked, int] | None
    callees: tuple[_Visit, ...]


class BlockingPaths:
    """The paths in one project, each function read once for what is known of its arguments."""

    def __init__(self, asking: Asking, words: BlockingWords, rows: Blockers) -> None:
        self._asking = asking
        self._rows = rows
        self._words = words
        self._readings: Memo[_Visit, _Reading] = Memo()
        self._found: Memo[_Visit, Path | None] = Memo()

    def may_lead(self, call: ast.Call, frame: Frame) -> bool:
        """Whether the name of a callee is worth a question; cheap."""
        word = last_word(call.func, frame)
        return (word in self._rows and self._words.has_library(word)) or word in self._words

    def of_call(self, call: ast.Call, frame: Frame) -> Path | None:
        """Return the way from a call to what blocks; None where none is known."""
        if not self.may_lead(call, frame):
            return None
        evaluator = self._asking.anew()
        callee = evaluator.evaluate(call.func, frame)
        own = blocked(evaluator, self._rows, call, frame, callee)
        if own is not None:
            return Path((), own, frame.module.path, call.lineno)
        visit = self._visit(callee, call, frame, ())
        return self._search(visit) if visit is not None else None

    def _search(self, start: _Visit) -> Path | None:
        # The frame of a closure may be another one's later.
        if start.closure is not None:
            return self._nearest(start)
        return NOTES.kept(self._found, start, lambda: self._nearest(start))

    def _nearest(self, start: _Visit) -> Path | None:
        level: list[tuple[_Visit, ...]] = [(start,)]
        seen = {start}
        for _ in range(_DEPTH):
            for way in level:
                end = self._reading(way[-1]).end
                if end is not None and self._is_sure(way, end[0]):
                    return Path(tuple(map(_hop, way)), end[0], way[-1].function.module.path, end[1])
            deeper: list[tuple[_Visit, ...]] = []
            for way in level:
                for callee in self._reading(way[-1]).callees:
                    if callee not in seen and len(seen) < _FUNCTIONS:
                        seen.add(callee)
                        deeper.append((*way, callee))
            level = deeper
        return None

    def _is_sure(self, way: tuple[_Visit, ...], end: Blocked) -> bool:
        """Whether each function on the way is the one that runs, and what it is for is worth a word."""
        # What takes a moment is done in a constructor once, and who starts a thread there means to wait for it.
        if (end.blocker.slight or end.blocker.ends) and any(visit.function.name == "__init__" for visit in way):
            return False
        # To find those that stand in for a method costs more than to follow it.
        return not any(
            visit.receiver is not None and self._is_replaced(visit.function, visit.receiver) for visit in way
        )

    def _is_replaced(self, function: Function, receiver: Class) -> bool:
        """Whether an heir of the project has something else in place of a method, or may."""
        heirs = self._asking.anew().heirs.of(receiver)
        if heirs is None:
            return True
        others = (binding.definition for heir in heirs for binding in heir.table.get(function.name, ()))
        return any(definition is not function for definition in others)

    def _reading(self, visit: _Visit) -> _Reading:
        if visit.closure is not None:
            return self._read(visit)
        return NOTES.kept(self._readings, visit, lambda: self._read(visit))

    def _read(self, visit: _Visit) -> _Reading:
        function = visit.function
        frame = function_scope(function)
        if visit.closure is not None:
            frame = Frame(function.module, visit.closure, function=function)
        callees: dict[_Visit, None] = {}
        for call, inner in steps(function, frame, dict(visit.known)):
            if not self.may_lead(call, inner):
                continue
            evaluator = self._asking.anew()
            callee = evaluator.evaluate(call.func, inner)
            own = blocked(evaluator, self._rows, call, inner, callee)
            if own is not None and not own.blocker.near:
                return _Reading((own, call.lineno), ())
            further = self._visit(callee, call, inner, visit.known)
            if further is not None:
                callees[further] = None
        return _Reading(None, tuple(callees))

    def _visit(
        self, callee: Type, call: ast.Call, frame: Frame, around: tuple[tuple[str, bool | None], ...]
    ) -> _Visit | None:
        """Return the function of the project that a call runs; None where that cannot be told."""
        evaluator = self._asking.evaluator
        made = callee.function if isinstance(callee, StaticMethod) else callee
        receiver: Class | None = None
        if isinstance(callee, ClassType):
            member = evaluator.class_member(callee.cls, "__init__")
            made = FunctionType(member.function, Instance(callee.cls)) if isinstance(member, FunctionType) else callee
        elif isinstance(made, FunctionType) and isinstance(made.bound, Instance) and not _is_by_super(call):
            receiver = made.bound.cls
        if not isinstance(made, FunctionType):
            return None
        function = made.function
        if is_abstract(function) and receiver is not None:
            function = self._implementation(function, receiver) or function
        if is_abstract(function) or not self._is_followed(function):
            return None
        known = _known(function, made, call, frame, dict(around))
        # Arguments that do not fit are a TypeError before anything blocks.
        return _Visit(function, known, made.frame, receiver) if known is not None else None

    def _implementation(self, function: Function, receiver: Class) -> Function | None:
        """Return the one method of the project that is there for an abstract one."""
        heirs = self._asking.evaluator.heirs.of(receiver) or ()
        bindings = [binding for heir in heirs for binding in heir.table.get(function.name, ())]
        definition = bindings[0].definition if len(bindings) == 1 else None
        return definition if isinstance(definition, Function) else None

    def _is_followed(self, function: Function) -> bool:
        module = function.module
        return (
            not function.is_async
            and bool(module.path)
            and "site-packages" not in module.path
            and is_itself(self._asking.evaluator, function)
        )


def _known(
    function: Function, made: FunctionType, call: ast.Call, frame: Frame, around: Known
) -> tuple[tuple[str, bool | None], ...] | None:
    """Return what a function knows of the arguments of a call; None where they do not fit it."""
    arguments = of_call(call, frame)
    node = function.node.args
    given = assigned(node, arguments, 0 if made.bound is None else 1)
    if given is None:
        return None
    values: dict[str, ast.expr | Type | None] = {} if arguments.open else dict(_defaults(node))
    values |= {parameter.arg: value for parameter, value in given.items()}
    known: dict[str, bool | None] = {}
    for name, value in values.items():
        match value:
            case ast.Constant(value=True | False | None as constant):
                known[name] = constant
            case ast.Name(id=passed) if passed in around and frame.function is not None:
                if len(body_of(frame.function).table.get(passed, ())) == 1:
                    known[name] = around[passed]
    return tuple(sorted(known.items()))


def _defaults(node: ast.arguments) -> Iterator[tuple[str, ast.expr]]:
    plain = [*node.posonlyargs, *node.args]
    for parameter, default in zip(reversed(plain), reversed(node.defaults), strict=False):
        yield parameter.arg, default
    for parameter, value in zip(node.kwonlyargs, node.kw_defaults, strict=True):
        if value is not None:
            yield parameter.arg, value


def _hop(visit: _Visit) -> Hop:
    function = visit.function
    label = function.owner.name if function.name == "__init__" and function.owner is not None else function.qualname
    return Hop(label.rpartition(".<locals>.")[2], function.module.path, function.node.lineno)


def _is_by_super(call: ast.Call) -> bool:
    match call.func:
        case ast.Attribute(value=ast.Call(func=ast.Name(id="super"))):
            return True
    return False
