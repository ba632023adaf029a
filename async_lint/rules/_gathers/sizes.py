"""How many items an iterable has: a number that the code gives, or one that grows with what it is given."""

import ast
import re
from collections.abc import Iterable, Sequence

from async_lint.inference.face import Binding, Frame, How, ModuleView, Site, body_of, last_name, words
from async_lint.rules._gathers.works import above, is_named
from async_lint.rules._tasks.function_tree import function_around, tree_of

_DEEP = 6
_SAME_SIZE = frozenset({"copy", "dict", "enumerate", "frozenset", "iter", "list", "reversed", "set", "sorted", "tuple"})
_VIEWS = frozenset({"copy", "items", "keys", "values"})
_FILES = ("os.listdir", "os.scandir", "glob.glob", "pathlib.Path.glob", "pathlib.Path.rglob", "pathlib.Path.iterdir")
# What is called so is a part of bounded size; an argument of such a name bounds what is asked for.
_PARTS = frozenset({"batch", "batched", "batches", "chunk", "chunked", "chunks", "page", "sample", "window", "shard"})
_BOUNDS = frozenset({"count", "first", "k", "limit", "max", "maximum", "n", "num", "number", "page", "size", "top"})
_DISPLAYS = (ast.List, ast.Tuple, ast.Set)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_FIXED = re.compile(r"\b[Tt]uple\[(?!.*\.\.\.)|\bLiteral\[|\bNamedTuple\b")


class Sizes:
    """Asked of iterables, wherever they stand."""

    def __init__(self, view: ModuleView) -> None:
        self._view = view

    def grows_with(self, node: ast.expr, frame: Frame, depth: int = _DEEP) -> ast.expr | None:
        """Return the expression that decides how many items there are; None where they are few, or nobody knows."""
        if depth == 0:
            return None
        match node:
            case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
                starred = (item.value for item in items if isinstance(item, ast.Starred))
                return self._first(starred, frame, depth)
            case ast.Name():
                return self._name(node, frame, depth)
            # What a service answers with grows as its data does.
            case ast.Await(value=ast.Call() as call):
                return None if _is_bounded_request(call) else node
            case ast.Call():
                return self._call(node, frame, depth)
            case ast.IfExp(body=first, orelse=second):
                return self._first([first, second], frame, depth)
            case ast.BoolOp(values=values):
                return self._first(values, frame, depth)
            case ast.BinOp(op=ast.Add() | ast.BitOr(), left=left, right=right):
                return self._first([left, right], frame, depth)
            # A difference, or an intersection, has no more than its left side.
            case ast.BinOp(op=ast.Sub() | ast.BitAnd(), left=left):
                return self.grows_with(left, frame, depth - 1)
            # `items[1:]` has a few less.
            case ast.Subscript(value=value, slice=ast.Slice(upper=None)):
                return self.grows_with(value, frame, depth - 1)
        if isinstance(node, _COMPREHENSIONS):
            return self._first((generator.iter for generator in node.generators), frame, depth)
        return None

    def _first(self, nodes: Iterable[ast.expr], frame: Frame, depth: int) -> ast.expr | None:
        grown = (self.grows_with(node, frame, depth - 1) for node in nodes)
        return next((node for node in grown if node is not None), None)

    def _call(self, call: ast.Call, frame: Frame, depth: int) -> ast.expr | None:
        match call:
            case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in _SAME_SIZE:
                return self.grows_with(first, frame, depth - 1)
            case ast.Call(func=ast.Name(id="filter"), args=[_, items]):
                return self.grows_with(items, frame, depth - 1)
            case ast.Call(func=ast.Name(id="zip"), args=[first, *rest]):
                # It ends with the shortest.
                grown = [self.grows_with(item, frame, depth - 1) for item in (first, *rest)]
                return grown[0] if None not in grown else None
            case ast.Call(func=ast.Name(id="range"), args=[ast.Call(func=ast.Name(id="len"), args=[items])]):
                return self.grows_with(items, frame, depth - 1)
            case ast.Call(func=ast.Attribute(value=value, attr=attr), args=[]) if attr in _VIEWS:
                return self.grows_with(value, frame, depth - 1)
        if last_name(call.func) in {name.rpartition(".")[2] for name in _FILES}:
            listed = is_named(self._view.names.name_of(call.func, frame), _FILES, self._view)
            return call if listed else None
        if _is_bounded_request(call):
            return None
        for result, inner in self._view.project.results(Site(call, frame)) or ():
            if self.grows_with(result, inner, depth - 1) is not None:
                return call
        return None

    def _name(self, node: ast.Name, frame: Frame, depth: int) -> ast.expr | None:
        if _is_part(node.id):
            return None
        scope: Frame | None = frame
        while scope is not None:
            if scope.node is not None and node.id in bound_by(scope.node):
                # An item of something: how large items are, nothing tells.
                return None
            if scope.function is not None:
                bindings = body_of(scope.function).table.get(node.id, ())
                if bindings:
                    return self._bound(node, bindings, scope, depth)
            scope = scope.parent
        return None

    def _bound(self, node: ast.Name, bindings: Sequence[Binding], scope: Frame, depth: int) -> ast.expr | None:
        for binding in bindings:
            # `a, b = f()`: of a part nothing is known.
            if binding.path:
                continue
            if binding.how is How.PARAMETER:
                if _is_collection(node.id, scope):
                    return node
            elif binding.how in (How.ASSIGN, How.DECLARE, How.AUGMENTED) and binding.value is not None:
                if self.grows_with(binding.value, scope, depth - 1) is not None:
                    return node
        return node if self._is_filled(node.id, scope, depth) else None

    def _is_filled(self, name: str, scope: Frame, depth: int) -> bool:
        """Whether a loop over what grows adds to a local."""
        function = function_around(scope)
        if function is None:
            return False
        tree = tree_of(function, tuple(body_of(function).statements))
        for place in tree.names.get(name, ()):
            match tree.parents.get(id(place)):
                case ast.Attribute(attr="append" | "add" | "extend" | "update"):
                    for outer in above(place, tree):
                        if isinstance(outer, ast.For) and self.grows_with(outer.iter, scope, depth - 1) is not None:
                            return True
        return False


def bound_by(node: ast.AST) -> set[str]:
    """Return the names that a lambda or a comprehension binds."""
    if isinstance(node, ast.Lambda):
        return {argument.arg for argument in ast.walk(node.args) if isinstance(argument, ast.arg)}
    targets = [generator.target for generator in getattr(node, "generators", ())]
    return {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}


def _is_part(name: str) -> bool:
    return not _PARTS.isdisjoint(words(name))


def _is_bounded_request(call: ast.Call) -> bool:
    """Whether a call's name or arguments say that it gives a part, or no more than so many."""
    if _is_part(last_name(call.func)):
        return True
    named = [keyword.arg or "" for keyword in call.keywords] + [last_name(argument) for argument in call.args]
    return any(not _BOUNDS.isdisjoint(words(name)) for name in named)


def _is_collection(name: str, scope: Frame) -> bool:
    """Whether a parameter takes any number of items: not `*names`, whose callers write them down one by one."""
    assert scope.function is not None
    arguments = scope.function.node.args
    plain = [*arguments.posonlyargs, *arguments.args]
    defaults = dict(zip(reversed([argument.arg for argument in plain]), reversed(arguments.defaults), strict=False))
    defaults |= {
        argument.arg: value
        for argument, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if value
    }
    for argument in (*plain, *arguments.kwonlyargs):
        if argument.arg == name:
            annotation = ast.unparse(argument.annotation) if argument.annotation is not None else ""
            display = defaults.get(name)
            # A default that is written out shows what is given as a rule.
            return _FIXED.search(annotation) is None and not (isinstance(display, _DISPLAYS) and display.elts)
    return False
