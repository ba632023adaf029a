"""What a function does with a resource that it has opened: where it closes it, and whether it lets go of it."""

import ast

from async_lint.inference.face import Frame, Kind, ModuleView, body_of
from async_lint.rules._resources.hold import Hold
from async_lint.rules._resources.opened import PASSING, is_called
from async_lint.rules._resources.table import Closable
from async_lint.rules._resources.unfailing import broad_in, lets_no_error_out
from async_lint.rules._shared.parameter_for import parameter_for
from async_lint.rules._tasks.function_tree import Tree, tree_of

_DEEP = 3
_EXITS = frozenset({"__aexit__", "__exit__"})
_ENTRIES = frozenset({"__aenter__", "__enter__"})
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_TOGETHER = (*PASSING, "asyncio.gather")
# They only look at what they are given.
_LOOKING = frozenset({"bool", "callable", "hasattr", "id", "isinstance", "len", "print", "repr", "str", "type"})
_SEES_LOCALS = frozenset({"locals", "vars", "eval", "exec"})


class Uses:
    """The uses of one local, or of a resource without a name.

    `closings` are the nodes that close it, `handed` those from which on something else may hold it, `asked` and
    `started` the calls of its methods, `unfailing` those of `asked` that end in no error while it is open. `is_seen` is
    false where the function may get at it in other ways.
    """

    def __init__(self, closable: Closable, tree: Tree, frame: Frame, view: ModuleView, depth: int = _DEEP) -> None:
        self.closings: dict[int, ast.AST] = {}
        self.handed: dict[int, ast.AST] = {}
        self.asked: dict[int, ast.AST] = {}
        self.started: dict[int, ast.AST] = {}
        self.unfailing: set[int] = set()
        self._closable = closable
        self._tree = tree
        self._frame = frame
        self._view = view
        self._depth = depth
        self._named: set[tuple[str, Hold]] = set()
        self._name = ""
        self.is_seen = True

    def let_go_of(self, name: str) -> bool:
        """Whether what is called `name` may be somebody else's to close."""
        self._name = name
        self.is_seen = _SEES_LOCALS.isdisjoint(self._tree.names)
        return self._leaves(name, Hold.OWN) or not self.is_seen

    def lets_go(self, value: ast.expr) -> bool:
        """Whether a resource without a name may be somebody else's to close."""
        return self._escapes(value, Hold.OWN)

    def _leaves(self, name: str, hold: Hold) -> bool:
        if (name, hold) in self._named:
            return False
        self._named.add((name, hold))
        gone = False
        for node in self._tree.names.get(name, ()):
            scope = self._scope(node)
            if scope is not None or (isinstance(node.ctx, ast.Load) and self._escapes(node, hold)):
                self.handed[id(scope or node)] = scope or node
                gone = True
        return gone

    def _scope(self, node: ast.AST) -> ast.AST | None:
        """Return the outermost function or class inside the function that a node stands in."""
        scope = None
        above = self._tree.parents.get(id(node))
        while above is not None and above is not self._tree.function:
            scope = above if isinstance(above, _SCOPES) else scope
            above = self._tree.parents.get(id(above))
        return scope

    def _escapes(self, node: ast.expr, hold: Hold) -> bool:
        parent = self._tree.parents[id(node)]
        match parent:
            case ast.Attribute():
                return self._of_attribute(parent, hold)
            case ast.Await() if hold is Hold.RESULT:
                return False
            case ast.Await() | ast.BoolOp():
                return self._escapes(parent, hold)
            case ast.Starred() | ast.List() | ast.Tuple() | ast.Set() | ast.ListComp() | ast.SetComp():
                # `for each in (reader, writer): each.close()`
                return hold is Hold.OWN or self._escapes(parent, hold)
            case ast.GeneratorExp():
                return hold is Hold.OWN or self._escapes(parent, hold)
            case ast.IfExp(test=test):
                return test is not node and self._escapes(parent, hold)
            case ast.Subscript(slice=index):
                return index is not node and self._escapes(parent, Hold.RESULT if hold is Hold.OWN else hold)
            case ast.withitem():
                if hold is Hold.OWN:
                    self._close(self._tree.parents[id(parent)])
                return False
            case ast.AsyncFor() | ast.comprehension(is_async=1):
                if hold is Hold.OWN:
                    self.asked[id(node)] = node
                return False
            case ast.For() | ast.comprehension():
                # What it holds may be more of what works through the resource.
                return hold is Hold.KEPT
            case ast.Expr() | ast.Compare() | ast.UnaryOp() | ast.FormattedValue():
                return False
            case ast.If() | ast.While() | ast.Assert() | ast.Match():
                return False
            case ast.keyword():
                call = self._tree.parents[id(parent)]
                return not isinstance(call, ast.Call) or self._is_taken(call, node, hold)
            case ast.Call():
                return self._is_taken(parent, node, hold)
            case ast.Assign(targets=targets) if hold is not Hold.OWN:
                return self._is_kept(targets, hold)
            case ast.AnnAssign(target=target) | ast.NamedExpr(target=target) if hold is not Hold.OWN:
                return self._is_kept([target], hold)
        return True

    def _close(self, node: ast.AST) -> None:
        self.closings[id(node)] = node

    def _of_attribute(self, attribute: ast.Attribute, hold: Hold) -> bool:
        word = attribute.attr
        call = self._tree.parents[id(attribute)]
        called = isinstance(call, ast.Call) and call.func is attribute
        through = self._closable.through if hold is Hold.PART else ()
        if hold in (Hold.OWN, Hold.PART) and (word in self._closable.closes or word in through or word in _EXITS):
            self._close(call)
            return not called
        if not isinstance(call, ast.Call) or not called:
            return self._escapes(attribute, Hold.PART if hold is Hold.OWN else hold)
        if word in _ENTRIES:
            return self._escapes(call, hold)
        if hold is Hold.OWN and word in self._closable.tells:
            return False
        if hold is Hold.OWN:
            # Where it could not be opened, there is nothing to close.
            (self.started if word in self._closable.starts else self.asked)[id(call)] = call
            if word in self._closable.sends:
                self.unfailing.add(id(call))
        if hold in (Hold.OWN, Hold.KEPT) and word in self._closable.keeps:
            return self._escapes(call, Hold.KEPT)
        # What a synchronous method gives has nothing more to do with it.
        plain = self._view.calls.kind_of(call, self._frame).kind is Kind.VALUE
        return not plain and self._escapes(call, Hold.RESULT)

    def _is_kept(self, targets: list[ast.expr], hold: Hold) -> bool:
        """Whether what a statement binds to some targets goes on to where nobody sees it."""
        leaves = [leaf for target in targets for leaf in _leaves(target)]
        return any(not isinstance(leaf, ast.Name) or self._leaves(leaf.id, hold) for leaf in leaves)

    def _is_taken(self, call: ast.Call, argument: ast.expr, hold: Hold) -> bool:
        """Whether a call may keep what it is given, or close it."""
        if self._is_of_resource(call):
            return False
        takers = self._closable.takers
        if hold is Hold.OWN and takers and is_called(call, takers, self._frame, self._view):
            self._close(call)
            return False
        if hold is not Hold.OWN and is_called(call, _TOGETHER, self._frame, self._view):
            return self._escapes(call, hold)
        name = self._view.names.name_of(call.func, self._frame) or ""
        if (name.startswith("builtins.") and name[9:] in _LOOKING) or name.startswith("logging.Logger."):
            return False
        return hold is not Hold.OWN or self._is_kept_by_callee(call, argument)

    def _is_of_resource(self, call: ast.Call) -> bool:
        """Whether a call is of a method of the resource: `pool.release(connection)`."""
        callee = call.func
        return (
            isinstance(callee, ast.Attribute) and isinstance(callee.value, ast.Name) and callee.value.id == self._name
        )

    def _is_kept_by_callee(self, call: ast.Call, argument: ast.expr) -> bool:
        found = self._view.project.body(call.func, self._frame) if self._depth else None
        if found is None or found[1].function is None:
            return True
        inner, function = found[1], found[1].function
        name = parameter_for(call, argument, function)
        if name is None or function.is_generator:
            return True
        tree = tree_of(function, tuple(body_of(function).statements))
        uses = Uses(self._closable, tree, inner, self._view, self._depth - 1)
        if uses.let_go_of(name):
            return True
        if uses.closings:
            self._close(call)
        elif function.is_async:
            self.asked[id(call)] = call
            if lets_no_error_out(found[0], broad_in(inner, self._view)):
                self.unfailing.add(id(call))
            return self._escapes(call, Hold.RESULT)
        return False


def _leaves(target: ast.expr) -> list[ast.expr]:
    if isinstance(target, ast.Tuple | ast.List):
        return [leaf for element in target.elts for leaf in _leaves(element)]
    return [target.value] if isinstance(target, ast.Starred) else [target]
