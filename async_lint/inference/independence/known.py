"""What is known of the expressions in one function: whether they serve one or several, or are tasks that run."""

import ast
from collections.abc import Callable

from async_lint.inference.independence import at_terminal, thread_work
from async_lint.inference.independence.callees import definitions, gives_nothing, is_handed_over, makes
from async_lint.inference.independence.comprehended import frame_within
from async_lint.inference.independence.held_within import held_within, keeps_pace_within
from async_lint.inference.independence.late_fill_by_method import filled_late_by_method
from async_lint.inference.independence.missing_methods import is_missing
from async_lint.inference.independence.paced_answers import paces_next
from async_lint.inference.independence.posting import posts
from async_lint.inference.independence.resources import Resources
from async_lint.inference.independence.scanned import Holder, Waits
from async_lint.inference.independence.shared_pace import keeps_shared_pace
from async_lint.inference.independence.sharing import Sharing
from async_lint.inference.independence.spent_budget import spent_late
from async_lint.inference.independence.threads import has_one_thread
from async_lint.inference.independence.unread_chains import unread_root
from async_lint.inference.independence.words import writes_by_query
from async_lint.inference.independence.written_texts import written
from async_lint.inference.kinds import kinds
from async_lint.inference.modules.summary import body_of
from async_lint.inference.names import origins
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function, How
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.answer import Kind
from async_lint.inference.types.scope import function_scope
from async_lint.inference.types.values import Frame


class Known:
    """Asked of expressions that stand in the function."""

    def __init__(self, ask: Callable[[], Evaluator], resources: Resources, function: Function) -> None:
        self._ask = ask
        self._resources = resources
        self._function = function

    @property
    def _frame(self) -> Frame:
        # It lives as long as the function's body, which may be read again meanwhile.
        return function_scope(self._function)

    def is_exclusive(self, node: ast.expr) -> bool:
        """Whether it serves one at a time."""
        return self._resources.is_exclusive(self._ask(), node, self._frame, "exclusive-within")

    def serves_several(self, node: ast.expr) -> bool | None:
        """Whether it serves several at once; None where nobody knows."""
        return self._resources.serves_several(self._ask(), node, self._frame)

    def may_be_common(self, node: ast.expr) -> bool:
        """Whether it serves one at a time, and who has it was given it."""
        exclusive = self._resources.is_exclusive(self._ask(), node, self._frame)
        return exclusive and origins.origins(self._ask(), node, self._frame) is None

    def is_entered_anew(self, manager: ast.expr) -> bool:
        """Whether several may be in a context manager at once."""
        return self._resources.is_entered_anew(self._ask(), manager, self._frame)

    def is_kept(self, callee: ast.expr) -> bool:
        """Whether what is called was handed over."""
        return is_handed_over(self._ask(), callee, self._frame)

    def is_kept_by_each(self, callee: ast.expr) -> bool:
        """Whether what is called, perhaps in a comprehension, was handed over."""
        return is_handed_over(self._ask(), callee, frame_within(callee, self._function))

    def is_new(self, node: ast.expr) -> bool:
        """Whether it is a name for an object that the function makes, which no other call of it has."""
        if not isinstance(node, ast.Name):
            return False
        evaluator = self._ask()
        bound = body_of(self._function).table.get(node.id, ())
        made = [one.value for one in bound if one.how is How.ASSIGN and not one.path]
        calls = [call for call in made if isinstance(call, ast.Call)]
        return bool(calls) and len(calls) == len(bound) and all(makes(evaluator, call, self._frame) for call in calls)

    def is_of_project(self, callee: ast.expr) -> bool:
        """Whether what is called was found in the project, so that it is read, too."""
        return bool(definitions(self._ask(), callee, self._frame))

    def leaves_contexts(self, callee: ast.expr) -> bool:
        """Whether it closes a stack of contexts that were entered."""
        return self._resources.leaves_contexts(self._ask(), callee, self._frame)

    def posts(self, call: ast.Call) -> bool:
        """Whether it is a request over HTTP that does something anew each time it is made."""
        return posts(self._ask(), self._resources, call, self._frame)

    def asks_person(self, callee: ast.expr) -> bool:
        """Whether a call waits until a person has answered at the terminal."""
        return at_terminal.asks_person(self._ask(), callee, self._frame)

    def is_live_display(self, shown: ast.expr) -> bool:
        """Whether it is what draws on the screen again and again, from when it is entered or started."""
        return at_terminal.is_live_display(self._ask(), shown, self._frame)

    def fails(self, call: ast.Call) -> bool:
        """Whether nobody can wait for it: a library's plain function without a result, or a method that is missing."""
        return gives_nothing(self._ask(), call, self._frame) or is_missing(self._ask(), call.func, self._frame)

    def runs_already(self, node: ast.expr) -> bool:
        """Whether what is awaited is a task, or are several, that go on whoever waits."""
        node = node.value if isinstance(node, ast.Starred) else node
        evaluator = self._ask()
        of = evaluator.evaluate(node, self._frame)
        return Kind.TASK in (kinds.kind(evaluator, of), kinds.kind(evaluator, evaluator.element(of, False)))

    def keeps_pace(self, sleep: ast.Call, sharing: Sharing) -> bool:
        """Whether a sleep takes as long as something says that all calls share, or an answer that is given back."""
        return keeps_shared_pace(self._ask(), sleep, sharing) or paces_next(sleep, sharing.function)

    def unread_root(self, work: ast.expr) -> ast.expr | None:
        """Return what a chain of calls begins with that ends in work for a thread, if nobody has read what it does."""
        return unread_root(self._ask(), self._resources, work, self._frame)

    def is_writing_query(self, argument: ast.expr) -> bool:
        """Whether what a call is given is a constant of the module, and the text of a query that writes."""
        texts = written(argument, self._frame) if isinstance(argument, ast.Name) else ()
        return any(writes_by_query(part) for text in texts for part in descendants(text))

    def writes_by_query(self, work: ast.expr) -> bool:
        """Whether a thread is left a function with a query that writes."""
        return thread_work.writes_by_query(self._ask(), work, self._frame)

    def waits_for(self, work: ast.expr) -> Waits:
        """Return what is gained by leaving some work to a thread."""
        return thread_work.waits_for(self._ask(), self._resources, work, self._frame)

    def filled_late_by_method(self) -> tuple[str, ast.Await] | None:
        """Return what the function tests, and a method of the same object sets when it has waited."""
        return filled_late_by_method(self._ask(), self._function)

    def spent_late(self) -> ast.Attribute | None:
        """Return what the function compares with a limit, and adds to when it has waited."""
        return spent_late(self._ask(), self._function)

    def has_one_thread(self, executor: ast.expr) -> bool:
        """Whether it is an executor that was made with one thread."""
        return has_one_thread(self._ask(), executor, self._frame)

    def held_within(self, manager: ast.Call) -> str:
        """Return the lock that a context manager of the project holds while somebody is in it; empty if it has none."""
        return held_within(self._ask(), manager, self._frame)

    def keeps_pace_within(self, manager: ast.Call, holder: Holder) -> bool:
        """Whether a context manager of the project keeps a pace. `holder` says whose its receiver is."""
        return keeps_pace_within(self._ask(), manager, self._frame, holder)
