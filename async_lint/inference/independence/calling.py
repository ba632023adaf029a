"""What a function calls: what by its name orders the calls or stores something, and what is to be followed."""

import ast

from async_lint.inference.independence.at_terminal import DRAWS
from async_lint.inference.independence.clauses import Clauses
from async_lint.inference.independence.given_arguments import given_values
from async_lint.inference.independence.handed_work import called_by, handed, is_hand_off, shares_threads
from async_lint.inference.independence.known import Known
from async_lint.inference.independence.scanned import Called, Holder, Waits
from async_lint.inference.independence.screen_lines import writes_into_line
from async_lint.inference.independence.sharing import Sharing
from async_lint.inference.independence.unheard import unheard
from async_lint.inference.independence.waiting import Waiting, is_zero
from async_lint.inference.independence.words import names_any, those, verb, words
from async_lint.inference.syntax.binding import dotted, last_name

# A context belongs to the task that enters it: task groups and cancel scopes must be left by the same one.
_ENTERING = frozenset({"__aenter__", "__aexit__", "enter_async_context", "push_async_exit"})
_OF_PEOPLE = frozenset({"confirm", "input", "prompt_async"})
_HOOKS = frozenset({"callback", "callbacks", "handler", "hook", "hooks", "listener"})
# What is done with a hook itself, which calls none.
_KEEPING = frozenset({"add", "build", "clear", "configure", "create", "discard", "get", "has", "make", "register"}) | {
    *("remove", "set", "unregister")
}
_PUTTING = frozenset({"insert", "put", "save", "set", "store", "update", "upsert"})
_IN_ORDER = frozenset({"append", "appendleft", "extend", "insert"})
_ANSWERED = frozenset({"read", "readexactly", "readline", "readuntil", "receive", "recv"})
_COMING = frozenset({"receive", "recv"})
_CHANGING = frozenset({"add", "append", "clear", "extend", "insert", "pop", "remove", "set", "update"})


class Calling:
    """Reads the calls of a function. `sends`, `delivers`, `posts` and `puts` are those of `Scan`.

    `made` are the calls to be followed; `changes`, the parameters that a method changes; `tells`, those that something
    is sent to. `comprehensions` counts those that stand around the node that is read.
    """

    def __init__(self, sharing: Sharing, known: Known, clauses: Clauses, waiting: Waiting) -> None:
        self._sharing = sharing
        self._known = known
        self._clauses = clauses
        self._waiting = waiting
        self._discarded: set[ast.expr] = set()
        self._dropped: set[ast.expr] = set()
        self._unheard = unheard(sharing.function.whole())
        self._written: set[str] = set()
        self._asked: set[str] = set()
        self.sends = self.delivers = self.posts = ""
        self.puts = False
        self.changes: frozenset[str] = frozenset()
        self.tells: frozenset[str] = frozenset()
        self.made: list[Called] = []
        self.comprehensions = 0

    def discard(self, call: ast.Call) -> None:
        """Take note that nobody looks at the result of a call."""
        self._discarded.add(call)

    def drop(self, call: ast.Call) -> None:
        """Take note that nobody looks at what is waited for."""
        self._dropped.add(call)

    def read(self, node: ast.Call, paced: bool) -> None:
        """Take note of a call; `paced`: no condition, loop or handler stands around it."""
        func, awaited = node.func, node in self._waiting.awaited
        self._by_name(node, awaited, paced)
        if awaited and self._waiting.at_most() is Waits.SURELY and self._known.posts(node):
            self.posts = self.posts or self._clauses.of(f"posts by `{ast.unparse(func)}`", node)
        if awaited and any(map(self._known.is_writing_query, given_values(node))):
            self._clauses.at_first_hand("has a query that writes", node)
        if is_hand_off(func):
            self._leave_to_thread(node)
        if self._tells_each(node):
            self._clauses.object(f"calls `{ast.unparse(func)}` of each", node)
        if isinstance(func, ast.Attribute):
            self._method(node, func, awaited)
        elif isinstance(func, ast.Name) and func.id in self._sharing.given:
            if awaited:
                self._clauses.share(f"calls `{func.id}`, which it is given", node)
            else:
                self.puts = True
        # What a log does with what it is told concerns none of the others.
        is_log = not awaited and names_any(func, "logs")
        if isinstance(func, ast.Name | ast.Attribute) and (dotted(func) or awaited) and not is_log:
            holder = self._sharing.holder_of(dotted(func))
            if holder is Holder.SHARED and isinstance(func, ast.Attribute) and self._known.is_new(func.value):
                holder = Holder.OWN
            given = handed(node) or (node.args[0] if node.args else None)
            self.made.append(
                Called(
                    call=node,
                    callee=func,
                    holder=holder,
                    awaited=awaited,
                    at_most=self._waiting.at_most(),
                    locked=self._waiting.locks > 0,
                    discarded=node in self._discarded,
                    iterated=node in self._waiting.iterated,
                    method=given if awaited and isinstance(given, ast.Attribute) else None,
                    comprehended=self.comprehensions > 0,
                )
            )

    def _by_name(self, node: ast.Call, awaited: bool, paced: bool) -> None:
        func, name = node.func, last_name(node.func)
        if name in _ENTERING:
            self._clauses.object("enters a context, which belongs to the task that does", node)
        elif writes_into_line(node):
            self._clauses.object("writes a line on the screen piece by piece", node)
        elif self._known.leaves_contexts(func):
            self._clauses.object("leaves contexts, which belong to the task that entered them", node)
        elif asked := self._asked_by(node, awaited):
            self._clauses.object(f"asks somebody by `{asked}`", node)
        elif name == "start" and isinstance(func, ast.Attribute) and self._known.is_live_display(func.value):
            self._clauses.object(DRAWS, node)
        elif name == "current_task":
            self._clauses.turn("goes by the task that it runs in", node)
        elif name == "sync_to_async" and not shares_threads(node):
            self._clauses.turn("leaves the work to the one thread that all of it has", node)
        elif name == "sleep" and not is_zero(node):
            if paced or self._known.keeps_pace(node, self._sharing):
                self._clauses.turn("keeps a pace", node)

    def _asked_by(self, node: ast.Call, awaited: bool) -> str:
        """Return what asks a person, be it in a thread; empty where nothing does."""
        by_name = awaited and last_name(node.func) in _OF_PEOPLE
        asking = (func for func in called_by(node) if by_name or self._known.asks_person(func))
        return next(map(ast.unparse, asking), "")

    def _leave_to_thread(self, node: ast.Call) -> None:
        work = handed(node)
        if work is None:
            return
        if last_name(node.func) == "run_in_executor" and self._known.has_one_thread(node.args[0]):
            self._clauses.turn("leaves its work to the one thread of an executor", node)
        if self._known.writes_by_query(work):
            self._clauses.at_first_hand("has a query that writes", node)
        root = self._known.unread_root(work)
        if root is not None and (self._sharing.given_in(root) or self._sharing.is_shared(root)):
            self._clauses.share(f"has threads share `{ast.unparse(root)}`", node)

    def _method(self, node: ast.Call, func: ast.Attribute, awaited: bool) -> None:
        holder, does, sharing = func.value, verb(func.attr), self._sharing
        if does in _CHANGING:
            self.changes |= sharing.given_in(holder)
        if awaited and does in those("sending") and not self._known.serves_several(holder):
            self.tells |= sharing.given_in(holder)
        # What it opens to write to may be what the others write to.
        self.puts = self.puts or (awaited and does == "write")
        if awaited and sharing.is_each_of_shared(holder) and self._waiting.at_most() is Waits.SURELY:
            self._send(node, func)
        if not sharing.is_shared(func):
            return
        # A hook of the item's own is called for that item alone.
        if not sharing.is_own and self._is_hook(node, func):
            self._clauses.object(f"calls `{ast.unparse(func)}`", node)
        if awaited and sharing.is_own_part(holder) and self._known.may_be_common(holder):
            self._clauses.share(f"uses `{ast.unparse(holder)}`, which it was given", node)
        if sharing.is_shared(holder):
            self._of_shared(node, func, awaited)

    def _is_hook(self, node: ast.Call, func: ast.Attribute) -> bool:
        """Whether it calls somebody back, to tell something: by its name, or as what was handed over and is kept."""
        if verb(func.attr) not in _KEEPING and not _HOOKS.isdisjoint(words(func.attr)):
            return True
        return node in self._unheard and not names_any(func, "logs") and self._known.is_kept(func)

    def _tells_each(self, node: ast.Call) -> bool:
        """Whether it calls what was handed over and is kept with others of its kind, to tell all of them something."""
        if node not in self._unheard or self._sharing.is_own or names_any(node.func, "logs"):
            return False
        each = node.func.value if isinstance(node.func, ast.Attribute) else node.func
        return self._sharing.is_each_of_shared(each) and self._known.is_kept_by_each(node.func)

    def _of_shared(self, node: ast.Call, func: ast.Attribute, awaited: bool) -> None:
        holder, does = func.value, verb(func.attr)
        self.puts = self.puts or (awaited and does in _PUTTING) or func.attr in _IN_ORDER
        # Who does not enter it gives it back elsewhere, in an order of its own.
        if func.attr == "acquire" and names_any(holder, "guards"):
            self._clauses.object(f"acquires `{ast.unparse(holder)}`", node)
        if awaited and self._sharing.holder is Holder.SHARED and self._known.is_exclusive(holder):
            # By its class, it may refuse a second call; by its name, it may have several of what it is called after.
            refuses = self._known.serves_several(holder) is False
            (self._clauses.object if refuses else self._clauses.turn)(f"uses `{ast.unparse(holder)}`", node)
        if awaited and self._send(node, func):
            self._written.add(dotted(holder))
        elif awaited and does in _ANSWERED and dotted(holder) in self._written:
            self._clauses.turn(f"reads the answer of `{ast.unparse(holder)}`", node)
        elif awaited and does in _COMING and not (node.args or node.keywords) and dotted(holder) in self._asked:
            # Whose answer comes next, nobody says: it is told from others by no id.
            self._clauses.turn(f"takes what comes next from `{ast.unparse(holder)}`", node)
        if awaited:
            self._asked.add(dotted(holder))

    def _send(self, node: ast.Call, func: ast.Attribute) -> bool:
        """Take note of an awaited call if it sends something; whether it does so."""
        if verb(func.attr) not in those("sending") | {"write"} or self._known.serves_several(func.value):
            return False
        # What is sent to get an answer is asked; what the project's own method does for it is read.
        if node not in self._dropped and self._known.is_of_project(func):
            return False
        self.sends = self.sends or self._clauses.of(f"calls `{ast.unparse(func)}`", node)
        self.delivers = self.delivers or (self.sends if self._waiting.at_most() is Waits.SURELY else "")
        return True
