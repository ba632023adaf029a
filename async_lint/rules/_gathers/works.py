"""What a `gather` runs: each call that makes one of its awaitables, through tasks, comprehensions and local lists."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from async_lint.inference.face import Answer, Frame, How, Kind, ModuleView, body_of, last_name
from async_lint.rules._tasks.function_tree import Tree, function_around, tree_of
from async_lint.rules._tasks.scheduling import scheduler

# These take one collection of awaitables.
_OF_ONE = frozenset({"wait", "as_completed"})
_COLLECTIONS = frozenset({"list", "set", "tuple"})
# The awaitable is their first argument, and they let its error out.
_AROUND = ("asyncio.wait_for", "asyncio.shield")
_THREADS = {"to_thread": 0, "run_in_executor": 1}
_ADDING = {"add": False, "append": False, "extend": True, "update": True}


@dataclass(frozen=True, slots=True)
class Work:
    """One call whose awaitable is run together with others.

    `callee` is what runs, in a thread where `threaded`; `over` are the iterables that multiply it, the outermost
    first; `through` are the locals that hold it on its way.
    """

    callee: ast.expr
    call: ast.Call
    frame: Frame
    over: tuple[tuple[ast.expr, Frame], ...] = ()
    through: tuple[str, ...] = ()
    threaded: bool = False


@dataclass(frozen=True, slots=True)
class Works:
    """Follows what is given to one call."""

    gather: ast.Call
    view: ModuleView
    tree: Tree | None = field(init=False)
    frame: Frame

    def __post_init__(self) -> None:
        function = function_around(self.frame)
        tree = None if function is None else tree_of(function, tuple(body_of(function).statements))
        object.__setattr__(self, "tree", tree)

    def __iter__(self) -> Iterator[Work]:
        if last_name(self.gather.func) in _OF_ONE:
            for collection in self.gather.args[:1]:
                yield from self._many(collection, _Way(self.frame))
            return
        for argument in self.gather.args:
            yield from self._part(argument, _Way(self.frame))

    def _part(self, node: ast.expr, way: "_Way") -> Iterator[Work]:
        if isinstance(node, ast.Starred):
            yield from self._many(node.value, way)
        else:
            yield from self._one(node, way)

    def _one(self, node: ast.expr, way: "_Way") -> Iterator[Work]:
        match node:
            case ast.Call():
                yield from self._made(node, way)
            case ast.IfExp(body=first, orelse=second):
                yield from self._one(first, way)
                yield from self._one(second, way)
            case ast.Name(id=name) if (value := self._bound(name, way)) is not None:
                yield from self._one(value, way.through(name))

    def _made(self, call: ast.Call, way: "_Way") -> Iterator[Work]:
        word = last_name(call.func)
        answer = self.view.calls.kind_of(call, way.frame)
        by = scheduler(answer.name, self.view.names.canonical)
        if word in _THREADS and (by is not None or is_named(answer.name, ["asyncio.to_thread"], self.view)):
            if len(call.args) > _THREADS[word]:
                yield way.work(call.args[_THREADS[word]], call, threaded=True)
        elif by is not None and by.several:
            # A `gather` in a `gather` is looked at by itself.
            return
        elif by is not None or is_named(answer.name, _AROUND, self.view):
            for inner in call.args[:1]:
                yield from self._one(inner, way)
        elif answer.kind is not Kind.TASK:  # of which somebody else may see the error
            yield way.work(call.func, call)

    def _many(self, node: ast.expr, way: "_Way") -> Iterator[Work]:
        match node:
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                yield from self._one(node.elt, way.into(node))
            case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
                for part in parts:
                    yield from self._part(part, way)
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                yield from self._many(left, way)
                yield from self._many(right, way)
            case ast.Call(func=ast.Name(id=name), args=[inner]) if name in _COLLECTIONS:
                yield from self._many(inner, way)
            case ast.Call(func=ast.Name(id="map"), args=[callee, items]):
                yield way.times(items).work(callee, node)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="values"), args=[]):
                value = self._bound(name, way)
                if isinstance(value, ast.DictComp):
                    yield from self._one(value.value, way.through(name).into(value))
            case ast.Name(id=name) if (value := self._bound(name, way)) is not None:
                yield from self._many(value, way.through(name))
                yield from self._added(name, way.through(name))

    def _bound(self, name: str, way: "_Way") -> ast.expr | None:
        """Return what a local is bound to when that is done in one place."""
        function = function_around(way.frame)
        if function is None or name in way.names:
            return None
        body = body_of(function)
        bindings = [binding for binding in body.table.get(name, ()) if binding.how is not How.AUGMENTED]
        if len(bindings) != 1 or name in body.outward or bindings[0].path:
            return None
        return bindings[0].value if bindings[0].how in (How.ASSIGN, How.DECLARE) else None

    def _added(self, name: str, way: "_Way") -> Iterator[Work]:
        if self.tree is None:
            return
        for node in self.tree.names.get(name, ()):
            match self.tree.parents[id(node)]:
                case ast.Attribute(attr=attr) as method if attr in _ADDING:
                    call = self.tree.parents[id(method)]
                    if isinstance(call, ast.Call) and call.func is method and len(call.args) == 1:
                        repeated = self._repeated(call, way)
                        if repeated is not None:
                            fill = self._many if _ADDING[attr] else self._one
                            yield from fill(call.args[0], repeated)
                case ast.AugAssign(value=value) as statement:
                    repeated = self._repeated(statement, way)
                    if repeated is not None:
                        yield from self._many(value, repeated)

    def _repeated(self, node: ast.AST, way: "_Way") -> "_Way | None":
        """Return the way to what is added at a node, with the loops around it that the `gather` stands behind."""
        assert self.tree is not None
        around = {id(outer) for outer in above(self.gather, self.tree)}
        for outer in reversed([place for place in above(node, self.tree) if id(place) not in around]):
            match outer:
                case ast.For(iter=iterable):
                    way = way.times(iterable)
                # How often these run, no iterable says.
                case ast.While() | ast.AsyncFor() | ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                    return None
                case ast.comprehension() | ast.ListComp() | ast.GeneratorExp():
                    return None
        return way


@dataclass(frozen=True, slots=True)
class _Way:
    """How a `gather` gets at something."""

    frame: Frame
    over: tuple[tuple[ast.expr, Frame], ...] = ()
    names: tuple[str, ...] = ()

    def through(self, name: str) -> "_Way":
        return _Way(self.frame, self.over, (*self.names, name))

    def times(self, iterable: ast.expr) -> "_Way":
        return _Way(self.frame, (*self.over, (iterable, self.frame)), self.names)

    def into(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> "_Way":
        inner = Frame(self.frame.module, self.frame, node=node)
        first, *rest = (generator.iter for generator in node.generators)
        over = [(first, self.frame), *((iterable, inner) for iterable in rest)]
        return _Way(inner, (*self.over, *over), self.names)

    def work(self, callee: ast.expr, call: ast.Call, threaded: bool = False) -> Work:
        return Work(callee, call, self.frame, self.over, self.names, threaded)


def above(node: ast.AST, tree: Tree) -> list[ast.AST]:
    """Return the nodes above one in the body of its function, the nearest first."""
    nodes: list[ast.AST] = []
    outer = tree.parents.get(id(node))
    while outer is not None:
        nodes.append(outer)
        outer = tree.parents.get(id(outer))
    return nodes


def answer_of(callee: ast.expr, call: ast.Call, frame: Frame, view: ModuleView) -> Answer:
    """Return what a callee gives: in `call`, or to what the call hands it to."""
    return view.calls.kind_of(call, frame) if call.func is callee else view.calls.returns(callee, frame)


def is_named(name: str | None, public: Sequence[str], view: ModuleView) -> bool:
    """Whether a qualified name is one of the public names, or where one of them is defined."""
    return name is not None and any(name in (public_name, view.names.canonical(public_name)) for public_name in public)
