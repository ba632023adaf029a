"""One function read for what orders its calls: each part of it is shown to those who look for one thing.

entering    locks and other context managers
setting     what it sets that others see
calling     what it calls, and does by that
waiting     whether it is suspended
"""

import ast

from async_lint.inference.independence.calling import Calling
from async_lint.inference.independence.clauses import Clauses
from async_lint.inference.independence.conditions import (
    asks_for_kind,
    gives_back,
    is_choice,
    is_expected,
    true_by_default,
)
from async_lint.inference.independence.dated_files import names_file_by_second
from async_lint.inference.independence.entering import Entering
from async_lint.inference.independence.kept_answers import gives_what_is_kept
from async_lint.inference.independence.known import Known
from async_lint.inference.independence.late_fill import takes_a_free_name
from async_lint.inference.independence.pauses import pauses_between, pauses_in_collecting
from async_lint.inference.independence.scanned import Holder, Scan, Waits
from async_lint.inference.independence.setting import Setting
from async_lint.inference.independence.sharing import Sharing
from async_lint.inference.independence.waiting import Waiting
from async_lint.inference.independence.words import those, words, writes_by_query
from async_lint.inference.modules.summary import body_of
from async_lint.inference.syntax.binding import Function, last_name, parameters
from async_lint.inference.syntax.nodes import children

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
# A sleep in one of these is a retry, or a pause that most calls do not take.
_SOMETIMES = (ast.ExceptHandler, ast.For, ast.If, ast.While)


def scan(function: Function, holder: Holder, in_thread: bool, known: Known, told: frozenset[str]) -> Scan:
    """Read a function. `holder` says whose its receiver is; `in_thread`: a thread calls it.

    `told` are parameters whose defaults do not hold.
    """
    for decorator in function.node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if not those("pacing").isdisjoint(words(last_name(called))):
            return Scan(turns=f"`{ast.unparse(called)}` decorates `{function.qualname}`", waits=Waits.SURELY)
    sharing = Sharing(function, holder, in_thread)
    reading = _Reading(sharing, known, told)
    statements = body_of(function).statements
    for at, statement in enumerate(statements):
        # A function that it defines is read where it is called.
        if not isinstance(statement, _SCOPES):
            reading.read(statement, paced=True)
        if gives_what_is_kept(statement, statements[:at], sharing):
            reading.come_to_rarely()
        reading.part_with_kind(statement)
    return reading.result()


class _Reading:
    def __init__(self, sharing: Sharing, known: Known, told: frozenset[str]) -> None:
        self._parameters = frozenset(parameter.arg for parameter in parameters(sharing.function.node.args))
        self._by_default = frozenset(true_by_default(sharing.function.node.args)) - told
        self._function = sharing.function
        self._pauses: set[ast.Call] = set()
        self._clauses = Clauses(sharing.function)
        self._waiting = Waiting(known)
        self._entering = Entering(sharing, known, self._clauses, self._waiting)
        self._calling = Calling(sharing, known, self._clauses, self._waiting)
        self._setting = Setting(sharing, known, self._clauses)

    def result(self) -> Scan:
        self._setting.look_for_late_fill()
        return Scan(
            veto=self._clauses.veto,
            turns=self._clauses.turns,
            first_hand=self._clauses.first_hand,
            shares=self._clauses.shares,
            sends=self._calling.sends,
            delivers=self._calling.delivers,
            posts=self._calling.posts,
            puts=self._calling.puts,
            calls=tuple(self._calling.made),
            fills=self._setting.fills,
            changes=self._setting.changes | self._calling.changes,
            tells=self._calling.tells,
            waits=self._waiting.waits,
            free=self._waiting.free,
            lock=self._entering.lock,
        )

    def come_to_rarely(self) -> None:
        """Take note that most calls of the function do not come to what is read from here on."""
        self._waiting.branches += 1

    def part_with_kind(self, statement: ast.stmt) -> None:
        """Take note if things of one kind do not come to what is read from here on."""
        self._waiting.kinds += gives_back(statement, self._parameters)

    def read(self, node: ast.AST, paced: bool) -> None:
        """Read a node and what is below it; `paced`: no condition, loop or handler stands around it."""
        locks = 0
        self._waiting.read(node)
        self._setting.read(node)
        if isinstance(node, ast.For | ast.While):
            self._pauses |= set(pauses_in_collecting(node))
        match node:
            case ast.With() | ast.AsyncWith():
                locks = self._entering.read(node)
            case ast.While() if takes_a_free_name(node):
                self._clauses.object("takes a name that no file has yet", node)
            case ast.If(body=block):
                self._pauses |= set(pauses_between(block))
            case ast.JoinedStr() if names_file_by_second(node, self._function):
                self._clauses.turn("names a file by the time of day, to the second", node)
            case ast.Call():
                self._calling.read(node, paced or node in self._pauses)
            case ast.Expr(value=ast.Call() as call):
                self._calling.discard(call)
            case ast.Expr(value=ast.Await(value=ast.Call() as call)):
                self._calling.drop(call)
            case ast.Expr(value=ast.Constant()):
                # A text that stands alone says what the function does.
                return
            case ast.Constant() if writes_by_query(node):
                self._clauses.at_first_hand("has a query that writes", node)
        within = paced and not isinstance(node, _SOMETIMES)
        decides = is_choice(node) and not is_expected(node, self._by_default)
        of_kind = decides and asks_for_kind(node, self._parameters)
        comprehends = isinstance(node, _COMPREHENSIONS)
        self._waiting.locks += locks
        self._calling.comprehensions += comprehends
        for child in children(node):
            if not isinstance(child, _SCOPES):
                branch = decides and child is not getattr(node, "test", None)
                self._waiting.branches += branch and not of_kind
                self._waiting.kinds += branch and of_kind
                self.read(child, within)
                self._waiting.branches -= branch and not of_kind
                self._waiting.kinds -= branch and of_kind
        self._waiting.locks -= locks
        self._calling.comprehensions -= comprehends
