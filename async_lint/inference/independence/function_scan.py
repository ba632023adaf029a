"""One function read for what orders its calls: locks, paces, what it sets, what it calls.

What matters is whether something is *shared*, that is, whether another call of the function has it, too: the receiver
is, unless it belongs to the item; so are globals, and whatever stands behind the attributes of an item's own
attributes (`self.hub.lock`). The function's own names are not.
"""

import ast

from async_lint.inference.independence.conditions import is_choice, is_expected, tested_for_nothing, true_by_default
from async_lint.inference.independence.handed_work import handed, is_hand_off
from async_lint.inference.independence.late_fill import filled_late, refuses_a_second, takes_a_free_name
from async_lint.inference.independence.locks import entered, for_readers, is_guard, is_lock
from async_lint.inference.independence.scanned import Called, Holder, Known, Scan, Waits
from async_lint.inference.independence.words import names_any, those, verb, words, writes_by_query
from async_lint.inference.modules.summary import body_of
from async_lint.inference.syntax.binding import Function, dotted, last_name, parameters
from async_lint.inference.syntax.nodes import children, descendants
from async_lint.inference.syntax.notes import cited

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_WAITS = (ast.Await, ast.AsyncFor, ast.AsyncWith)
_WAITING = frozenset({"gather", "shield", "wait", "wait_for"})
# A context belongs to the task that enters it: task groups and cancel scopes must be left by the same one.
_ENTERING = frozenset({"__aenter__", "__aexit__", "enter_async_context", "push_async_exit"})
# A sleep in one of these is a retry, or a pause that most calls do not take.
_SOMETIMES = (ast.ExceptHandler, ast.For, ast.If, ast.While)
# What makes a task go on, or come to its end in its own time: to wait for it then is to wait for what was begun.
_SIGNALS = frozenset({"close", "set", "stop", "terminate"})
_HOOKS = frozenset({"callback", "callbacks", "handler", "hook", "hooks", "listener"})
# What is done with a hook itself, which calls none.
_KEEPING = frozenset({"add", "build", "clear", "configure", "create", "discard", "get", "has", "make", "register"}) | {
    *("remove", "set", "unregister")
}
_PUTTING = frozenset({"insert", "put", "save", "set", "store", "update", "upsert"})
_OF_PEOPLE = frozenset({"confirm", "input", "prompt_async"})
_IN_ORDER = frozenset({"append", "appendleft", "extend", "insert"})
_ANSWERED = frozenset({"read", "readexactly", "readline", "readuntil", "receive", "recv"})
_CHANGING = frozenset({"add", "append", "clear", "extend", "insert", "pop", "remove", "set", "update"})


def scan(function: Function, holder: Holder, in_thread: bool, known: Known) -> Scan:
    """Read a function. `holder` says whose its receiver is; `in_thread`: a thread calls it."""
    for decorator in function.node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if not those("pacing").isdisjoint(words(last_name(called))):
            return Scan(turns=f"`{ast.unparse(called)}` decorates `{function.qualname}`", waits=Waits.SURELY)
    reading = _Reading(function, holder, in_thread, known)
    for statement in body_of(function).statements:
        # A function that it defines is read where it is called.
        if not isinstance(statement, _SCOPES):
            reading.read(statement, paced=True)
    reading.look_for_late_fill()
    return reading.result()


class _Reading:
    def __init__(self, function: Function, holder: Holder, in_thread: bool, known: Known) -> None:
        self._function = function
        self._known = known
        self._holder = holder
        self._own = holder is Holder.OWN
        self._signals = False
        self._in_thread = in_thread
        given = [parameter.arg for parameter in parameters(function.node.args)]
        static = any(last_name(decorator) == "staticmethod" for decorator in function.node.decorator_list)
        self._receiver = given[0] if function.owner is not None and given and not static else ""
        self._given = set(given) - {self._receiver}
        self._by_default = set(true_by_default(function.node.args))
        body = body_of(function)
        self._local = set(body.table) - body.outward
        self._outward = body.outward
        self._lazy: set[str] = set()
        self._awaited: set[ast.expr] = set()
        self._discarded: set[ast.expr] = set()
        self._iterated: set[ast.expr] = set()
        self._veto = self._turns = self._first_hand = self._sends = self._delivers = self._shares = self._fills = ""
        self._written: set[str] = set()
        self._puts = False
        self._waits = self._free = Waits.NEVER
        self._lock = ""
        self._locks = 0  # exclusive locks around what is read
        self._changes: set[str] = set()
        self._calls: list[Called] = []
        self._branches = 0  # conditions and handlers around what is read

    def result(self) -> Scan:
        calls = tuple(self._calls)
        changes = frozenset(self._changes)
        return Scan(
            self._veto,
            self._turns,
            self._first_hand,
            self._sends,
            self._shares,
            self._puts,
            self._waits,
            self._free,
            self._lock,
            self._delivers,
            self._fills,
            changes,
            calls,
        )

    def read(self, node: ast.AST, paced: bool) -> None:
        locks = 0
        match node:
            case ast.With(items=items) | ast.AsyncWith(items=items):
                locks = self._enter(node, items)
            case ast.AsyncFor(iter=value) | ast.comprehension(is_async=1, iter=value):
                self._iterated.add(value)
                self._wait_for(value)
            case ast.Assign(targets=targets):
                for target in targets:
                    self._store(target, node.value)
            case ast.AugAssign(target=target):
                self._change(target)
            case ast.While() if takes_a_free_name(node):
                self._object("takes a name that no file has yet", node)
            case ast.If(test=test):
                self._lazy |= set(tested_for_nothing(test))
            case ast.Await(value=value):
                self._await(value)
            case ast.Call():
                self._call(node, paced)
            case ast.Expr(value=ast.Call() as call):
                self._discarded.add(call)
            case ast.Expr(value=ast.Constant()):
                # A text that stands alone says what the function does.
                return
            case ast.Constant() if writes_by_query(node):
                self._first_hand = self._first_hand or self._clause("has a query that writes", node)
        within = paced and not isinstance(node, _SOMETIMES)
        decides = is_choice(node) and not is_expected(node, self._by_default)
        self._locks += locks
        for child in children(node):
            if not isinstance(child, _SCOPES):
                branch = decides and child is not getattr(node, "test", None)
                self._branches += branch
                self.read(child, within)
                self._branches -= branch
        self._locks -= locks

    def look_for_late_fill(self) -> None:
        # Where nothing waits, nobody comes in between.
        if not self._function.is_async:
            return
        statements = body_of(self._function).statements
        going_on = refuses_a_second(statements, self._is_shared)
        if going_on is not None:
            self._object(f"refuses a second call while `{dotted(going_on)}` has the first", going_on)
        late = filled_late(statements, self._is_shared)
        # A lock around it is a turn already.
        if late is not None and not self._turns:
            place = late.value if isinstance(late, ast.Subscript) else late
            says = self._clause(f"looks at `{dotted(place)}`, waits and sets it", late)
            if isinstance(late, ast.Attribute):
                self._shares = self._shares or says
            else:
                self._fills = says

    def _clause(self, what: str, node: ast.AST) -> str:
        place = cited(self._function.module.path, getattr(node, "lineno", 0))
        return f"`{self._function.qualname}` {what} ({place})"

    def _object(self, what: str, node: ast.AST) -> None:
        self._veto = self._veto or self._clause(what, node)

    def _turn(self, what: str, node: ast.AST) -> None:
        self._turns = self._turns or self._clause(what, node)

    def _is_shared(self, node: ast.expr) -> bool:
        name = dotted(node)
        first, _, rest = name.partition(".")
        if first == self._receiver:
            return bool(name) and (not self._own or "." in rest)
        return bool(name) and first not in self._local

    def _enter(self, node: ast.With | ast.AsyncWith, items: list[ast.withitem]) -> int:
        """Take note of what is entered, and return how many locks are held then that let in one at a time."""
        locks = 0
        held = self._in_thread or any(isinstance(part, _WAITS) for line in node.body for part in descendants(line))
        for item in items:
            guards = [manager for manager in entered(item.context_expr, self._function) if self._guards(manager)]
            # Who holds a lock for a moment, without waiting in there, keeps nobody up, and waits for nobody.
            for manager in guards:
                if held and self._is_shared(manager):
                    self._turn(f"enters `{ast.unparse(manager)}`", manager)
                    if self._holder is Holder.SHARED and is_lock(manager):
                        locks += 1
                        self._lock = self._lock or self._clause(f"enters `{ast.unparse(manager)}`", manager)
            if isinstance(node, ast.AsyncWith) and not guards:
                self._enter_what_is_kept(item.context_expr)
                self._wait_for(item.context_expr)
            elif isinstance(node, ast.AsyncWith) and held and not all(map(self._is_own_lock, guards)):
                self._locks += locks
                self._suspend(Waits.PERHAPS)
                self._locks -= locks
        return locks

    def _is_own_lock(self, manager: ast.Name | ast.Attribute) -> bool:
        """Whether it is a lock that the item made for itself: no other iteration comes to it."""
        return self._own and self._is_part(manager) and not self._known.may_be_common(manager, self._function)

    def _enter_what_is_kept(self, manager: ast.expr) -> None:
        """Object to one and the same context manager for all, which the first that leaves it may close."""
        if isinstance(manager, ast.Attribute) and self._is_shared(manager) and not for_readers(manager):
            if not self._known.is_entered_anew(manager, self._function):
                self._object(f"enters `{ast.unparse(manager)}`, as the others do", manager)

    def _guards(self, manager: ast.Name | ast.Attribute) -> bool:
        return not for_readers(manager) and (is_guard(manager) or self._known.is_exclusive(manager, self._function))

    def _store(self, target: ast.expr, value: ast.expr) -> None:
        self._change(target)
        # A flag that is set or reset comes out the same, whoever does it last.
        if isinstance(value, ast.Constant):
            return
        if isinstance(target, ast.Name) and target.id in self._outward:
            # A counter, or what is made once: nobody comes in between, where nothing waits.
            alone = not self._function.is_async and not self._in_thread and self._looks_at(target.id)
            if alone or target.id in self._lazy:
                return
            self._object(f"sets `{target.id}`", target)
        elif isinstance(target, ast.Attribute) and self._is_shared(target) and dotted(target) not in self._lazy:
            if dotted(target).partition(".")[0] == self._receiver:
                self._first_hand = self._first_hand or self._clause(f"sets `{dotted(target)}`", target)
            else:
                self._object(f"sets `{dotted(target)}`", target)

    def _looks_at(self, name: str) -> bool:
        parts = descendants(self._function.whole())
        return any(isinstance(part, ast.Name) and part.id == name and isinstance(part.ctx, ast.Load) for part in parts)

    def _change(self, target: ast.expr) -> None:
        if isinstance(target, ast.Attribute | ast.Subscript):
            self._changes |= {dotted(target.value).partition(".")[0]} & self._given

    def _await(self, value: ast.expr) -> None:
        if not isinstance(value, ast.Call):
            self._wait_for_work(value)
        elif last_name(value.func) in _WAITING and value.args:
            self._wait_for_work(value.args[0])
        # That only lets others run.
        elif not (last_name(value.func) == "sleep" and _is_zero(value)):
            self._wait_for(value)

    def _wait_for_work(self, value: ast.expr) -> None:
        if self._signals or not self._known.runs_already(value, self._function):
            self._suspend(Waits.PERHAPS)

    def _wait_for(self, value: ast.expr) -> None:
        match value:
            case ast.Call(func=func) if is_hand_off(func) and self._of_work(value) is not Waits.SURELY:
                self._suspend(self._of_work(value))
            case ast.Call(func=ast.Name() | ast.Attribute()):
                # Whether that one waits is seen where the call is followed.
                self._awaited.add(value)
            case ast.Call(func=ast.Call(func=func)) if is_hand_off(func):
                self._suspend(Waits.SURELY)
            case _:
                self._suspend(Waits.PERHAPS)

    def _of_work(self, hand_off: ast.Call) -> Waits:
        work = handed(hand_off)
        return self._known.waits_for(work, self._function) if work is not None else Waits.SURELY

    def _suspend(self, waits: Waits) -> None:
        waits = min(waits, Waits.SELDOM) if self._branches else waits
        self._waits = max(self._waits, waits)
        if not self._locks:
            self._free = max(self._free, waits)

    def _call(self, node: ast.Call, paced: bool) -> None:
        func, name = node.func, last_name(node.func)
        awaited = node in self._awaited
        if name in _ENTERING:
            self._object("enters a context, which belongs to the task that does", node)
        elif name == "aclose" and isinstance(func, ast.Attribute) and self._known.is_stack(func.value, self._function):
            self._object("leaves contexts, which belong to the task that entered them", node)
        elif awaited and name in _OF_PEOPLE:
            self._object(f"asks somebody by `{ast.unparse(func)}`", node)
        elif name == "current_task":
            self._turn("goes by the task that it runs in", node)
        elif name == "sync_to_async" and not shares_threads(node):
            self._turn("leaves the work to the one thread that all of it has", node)
        elif name == "sleep" and paced and not _is_zero(node):
            self._turn("keeps a pace", node)
        if isinstance(func, ast.Attribute):
            self._method(node, func, awaited)
        elif isinstance(func, ast.Name) and func.id in self._given and not awaited:
            self._puts = True
        elif isinstance(func, ast.Name) and func.id in self._given:
            self._shares = self._shares or self._clause(f"calls `{func.id}`, which it is given", node)
        if isinstance(func, ast.Name | ast.Attribute) and (dotted(func) or awaited):
            always, locked = not self._branches, self._locks > 0
            holder, discarded = self._holder_of(dotted(func)), node in self._discarded
            given = handed(node) or (node.args[0] if node.args else None)
            method = given if awaited and isinstance(given, ast.Attribute) else None
            iterated = node in self._iterated
            self._calls.append(Called(func, holder, awaited, always, locked, discarded, iterated, method))

    def _holder_of(self, callee: str) -> Holder:
        first, _, rest = callee.partition(".")
        # Of what a call or a subscript gives, nobody knows whose it is.
        if not callee or (first == self._receiver and "." in rest):
            return min(self._holder, Holder.BEHIND)
        return self._holder if first == self._receiver and rest else Holder.SHARED

    def _method(self, node: ast.Call, func: ast.Attribute, awaited: bool) -> None:
        holder, does = func.value, verb(func.attr)
        self._signals = self._signals or does in _SIGNALS
        if does in _CHANGING:
            self._changes |= {dotted(holder).partition(".")[0]} & self._given
        # What it opens to write to may be what the others write to.
        self._puts = self._puts or (awaited and does == "write")
        if not self._is_shared(func):
            return
        # A hook of the item's own is called for that item alone.
        if not self._own and does not in _KEEPING and not _HOOKS.isdisjoint(words(func.attr)):
            self._object(f"calls `{ast.unparse(func)}`", node)
        if awaited and self._own and self._is_part(holder) and self._known.may_be_common(holder, self._function):
            self._shares = self._shares or self._clause(f"uses `{ast.unparse(holder)}`, which it was given", node)
        if not self._is_shared(holder):
            return
        self._puts = self._puts or (awaited and does in _PUTTING) or func.attr in _IN_ORDER
        # Who does not enter it gives it back elsewhere, in an order of its own.
        if func.attr == "acquire" and names_any(holder, "guards"):
            self._object(f"acquires `{ast.unparse(holder)}`", node)
        if awaited and self._holder is Holder.SHARED and self._known.is_exclusive(holder, self._function):
            # By its class, it may refuse a second call; by its name, it may have several of what it is called after.
            refuses = self._known.serves_several(holder, self._function) is False
            (self._object if refuses else self._turn)(f"uses `{ast.unparse(holder)}`", node)
        if awaited and does in those("sending") | {"write"} and not self._known.serves_several(holder, self._function):
            self._sends = self._sends or self._clause(f"calls `{ast.unparse(func)}`", node)
            self._delivers = self._delivers or ("" if self._branches else self._sends)
            self._written.add(dotted(holder))
        elif awaited and does in _ANSWERED and dotted(holder) in self._written:
            self._turn(f"reads the answer of `{ast.unparse(holder)}`", node)

    def _is_part(self, holder: ast.expr) -> bool:
        first, _, rest = dotted(holder).partition(".")
        return first == self._receiver and bool(rest) and "." not in rest


def shares_threads(call: ast.Call) -> bool:
    """Whether asgiref is told that any thread will do: by default, all that it is given is done by one."""
    return any(
        keyword.arg == "thread_sensitive" and isinstance(keyword.value, ast.Constant) and not keyword.value.value
        for keyword in call.keywords
    )


def _is_zero(node: ast.Call) -> bool:
    return bool(node.args) and isinstance(node.args[0], ast.Constant) and not node.args[0].value
