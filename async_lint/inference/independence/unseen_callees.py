"""What is said of a call whose callee has no body in the project, or one that nobody can tell from others."""

import ast
from collections.abc import Callable

from async_lint.inference.effects.interprocedural import is_followed
from async_lint.inference.independence.callees import (
    awaited_namesakes,
    definitions,
    is_defined,
    is_handed_and_kept,
    is_stored,
)
from async_lint.inference.independence.elements import asks_element
from async_lint.inference.independence.handed_work import is_hand_off
from async_lint.inference.independence.one_thread import works_in_one_thread
from async_lint.inference.independence.resources import Resources
from async_lint.inference.independence.scanned import Called, Waits
from async_lint.inference.independence.seen import Functions
from async_lint.inference.independence.threads import only_hands_off
from async_lint.inference.independence.words import names_any, thing, those, verb
from async_lint.inference.modules.summary import body_of
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function, last_name, parameters
from async_lint.inference.types.values import External, Frame, FunctionType, Unknown

_MANY = 40  # methods of one name: of more, nobody knows anything


class UnseenCallees:
    def __init__(self, ask: Callable[[], Evaluator], resources: Resources) -> None:
        self._ask = ask
        self._resources = resources

    def namesakes(self, called: Called, frame: Frame) -> Functions:
        """Return the methods of the project that the unknown receiver of an awaited call may have; none if too many."""
        callee = called.callee
        if not isinstance(callee, ast.Attribute) or not isinstance(self._ask().evaluate(callee.value, frame), Unknown):
            return ()
        known = awaited_namesakes(self._ask(), callee.attr)
        return known if len(known) <= _MANY else ()

    def waits(self, called: Called, frame: Frame) -> Waits:
        """Return whether an awaited call waits: that of a library waits for something."""
        entry = self._resources.entry(self._ask(), called.callee, frame)
        if entry is not None and entry.passive:
            return Waits.NEVER
        if (entry is not None and entry.brief) or asks_element(self._ask(), called.callee, frame):
            return Waits.PERHAPS
        if works_in_one_thread(self._ask(), called.callee, frame):
            return Waits.SELDOM
        if called.iterated and self._tries_again(called.callee, frame):
            return Waits.SELDOM
        most = self._of_callee(called.callee, frame)
        # What an unknown library gives may be there already.
        return min(most, Waits.PERHAPS) if called.iterated and entry is None else most

    def _tries_again(self, callee: ast.expr, frame: Frame) -> bool:
        """Whether it gives one attempt after another: it waits where one has failed."""
        evaluator = self._ask()
        return evaluator.qualified_name(evaluator.evaluate(callee, frame)) in those("retrying")

    def changes(self, called: Called, inner: Functions, frame: Frame) -> bool:
        """Whether a call may change what is shared. `inner` are the functions that it is known to mean."""
        if not inner and not called.awaited and self._acts(called, frame):
            return True
        return self._leaves_a_change(called, inner, frame)

    def _acts(self, called: Called, frame: Frame) -> bool:
        """Whether a call is made for what it does, and nobody knows what that is."""
        if not called.discarded or names_any(called.callee, "logs"):
            return False
        of = self._ask().evaluate(called.callee, frame)
        unknown = isinstance(of, External) and not of.instance
        return unknown and self._resources.entry(self._ask(), called.callee, frame) is None

    def _leaves_a_change(self, called: Called, inner: Functions, frame: Frame) -> bool:
        """Whether a thread is left a method of an object, which may change that."""
        work = called.method
        if work is None or not (is_hand_off(called.callee) or (inner and all(map(only_hands_off, inner)))):
            return False
        # Who opens a connection changes nothing that is there.
        if verb(work.attr) in those("removing") | those("beginning") or not self._resources.may_change(
            self._ask(), work, frame
        ):
            return False
        # Of several, which depend on a setting, nobody knows which.
        return len(definitions(self._ask(), work, frame)) != 1

    def _of_callee(self, callee: ast.expr, frame: Frame) -> Waits:
        """Return what is said of a callee without a body in the project: that of a library waits for something."""
        if last_name(callee) in those("computing"):
            return Waits.NEVER
        if is_hand_off(callee):
            return Waits.SURELY
        of = self._ask().evaluate(callee, frame)
        if isinstance(of, FunctionType):
            return Waits.PERHAPS if is_followed(of.function.module) else Waits.SURELY
        # What was handed over and kept often has nothing to wait for: a converter, a key function.
        scope = frame.enclosing_function()
        function = scope.function if scope is not None else None
        if isinstance(callee, ast.Name) and function is not None and callee.id in body_of(function).table:
            return Waits.SELDOM
        if is_handed_and_kept(self._ask(), callee, frame):
            return Waits.SELDOM
        if isinstance(of, External):
            # A module of the project's own may be one that cannot be read.
            own = of.name.partition(".")[0] == frame.module.name.partition(".")[0]
            return Waits.PERHAPS if own else Waits.SURELY
        if not isinstance(of, Unknown):
            return Waits.SURELY
        if isinstance(callee, ast.Name) and _is_given_around(callee.id, function):
            # A decorator's `function`, which is read where it is decorated, or what was handed over.
            return Waits.SELDOM
        if not isinstance(callee, ast.Attribute):
            return Waits.PERHAPS
        if puts_into_queue(callee):
            return Waits.SELDOM
        if is_stored(self._ask(), callee.attr) and not awaited_namesakes(self._ask(), callee.attr):
            return Waits.SELDOM
        # What has a name that the project gives to none of its methods is a library's.
        return Waits.PERHAPS if is_defined(self._ask(), callee.attr) else Waits.SURELY


def puts_into_queue(callee: ast.expr) -> bool:
    """Whether it puts something into a queue, by its name: there is room in most."""
    return isinstance(callee, ast.Attribute) and callee.attr == "put" and thing(callee.value) == "queue"


def _is_given_around(name: str, function: Function | None) -> bool:
    """Whether a function around the one that uses it was given what has that name."""
    around = function.outer if function is not None else None
    while around is not None:
        if any(parameter.arg == name for parameter in parameters(around.node.args)):
            return True
        around = around.outer
    return False
