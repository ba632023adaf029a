"""Whether what is awaited was cancelled on purpose: then the CancelledError is the child's own."""

import ast
from collections.abc import Iterable, Iterator, Sequence

from async_lint.inference.face import Frame, ModuleView, Site, children, descendants, last_name
from async_lint.rules._exceptions.cancellation import waits
from async_lint.rules._exceptions.going_on import texts_of

_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef
_CANCEL = "cancel"
# What awaits the tasks that it is handed.
_WAITING = frozenset({"wait_for", "wait", "gather", "shield", "as_completed"})


def is_cancelled_child(
    body: Sequence[ast.AST], function: ast.AST, frame: Frame, view: ModuleView, tree: ast.AST
) -> bool:
    """Whether what `body` awaits is cancelled in the function, by a helper it calls, elsewhere, or by its callers."""
    awaited = [operand_of(wait) for wait in waits(body)]
    names = _objects(awaited)
    if not names.isdisjoint(_cancelled_in(function)):
        return True
    held = frozenset(name for wait in waits(body) for name in _held(wait))
    attributes = (name for name in _tied(held, function) if name.startswith("."))
    if any(_is_cancelled_elsewhere(name, tree, view) for name in attributes):
        return True
    if any(_helps(call, frame, view) for operand in awaited for call in _calls(operand)):
        return True
    if any(_helps(call, frame, view) for call in _sources(held, function)):
        return True
    helpers = (
        call for call in _calls(function) if not names.isdisjoint(_objects([*call.args, *map(_value, call.keywords)]))
    )
    return any(_helps(call, frame, view) for call in helpers) or _is_cancelled_by_callers(held, function, frame, view)


def operand_of(wait: ast.AST) -> ast.AST:
    """Return what is awaited, or iterated over; of an `async with` the statement itself."""
    match wait:
        case ast.Await(value=value):
            return value
        case ast.AsyncFor(iter=iterable) | ast.comprehension(iter=iterable):
            return iterable
    return wait


def _held(wait: ast.AST) -> Iterator[str]:
    """Yield the names of the tasks and futures that are awaited, be it through `wait_for` or `gather`."""
    if isinstance(wait, ast.Await):
        yield from _tasks_in(wait.value)


def _tasks_in(value: ast.AST) -> Iterator[str]:
    match value:
        case ast.Name(id=name):
            yield name
        case ast.Attribute(attr=name):
            yield f".{name}"
        case ast.Subscript(value=inner) | ast.Starred(value=inner):
            yield from _tasks_in(inner)
        case ast.Call(func=callee, args=parts) if last_name(callee) in _WAITING:
            for part in parts:
                yield from _tasks_in(part)
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            for part in parts:
                yield from _tasks_in(part)


def _cancelled_in(function: ast.AST) -> frozenset[str]:
    """Return the names in a function, nested ones included, that are cancelled, or tied to what is."""
    receivers = (
        node.value for node in descendants(function) if isinstance(node, ast.Attribute) and node.attr == _CANCEL
    )
    return _tied(_objects(list(receivers)), function)


def _tied(names: frozenset[str], function: ast.AST) -> frozenset[str]:
    """Return names with those that bindings tie to them: what a value comes from, and what it is put in."""
    links = [link for node in descendants(function) for link in _links(node)] if names else []
    size = -1
    while len(names) > size:
        size = len(names)
        names = names.union(*(link for link in links if not names.isdisjoint(link)))
    return names


def _links(node: ast.AST) -> Iterator[frozenset[str]]:
    """Yield the names that a binding ties together: `for task in tasks`, `task = self._task`."""
    match node:
        case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
            yield _objects([target, value])
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield _objects([target, value])
        case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
            yield _objects([target, value])
        # `tasks.append(task)`
        case ast.Call(func=ast.Attribute(value=value, attr="append" | "add"), args=args):
            yield _objects([value, *args])


def _sources(held: frozenset[str], function: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls that gave what has one of the names: `for task in self.cancel_all()`."""
    for node in descendants(function):
        match node:
            case (
                ast.For(target=ast.Name(id=name), iter=ast.Call() as call)
                | ast.comprehension(target=ast.Name(id=name), iter=ast.Call() as call)
                | ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call)
            ) if name in held:
                yield call


def _objects(nodes: Sequence[ast.AST]) -> frozenset[str]:
    """Return the names and attributes in nodes, those of the methods that are called left out."""
    callees = {id(node.func) for root in nodes for node in descendants(root) if isinstance(node, ast.Call)}
    objects = (node for root in nodes for node in descendants(root) if id(node) not in callees)
    return texts_of(objects)


def _is_cancelled_elsewhere(attribute: str, tree: ast.AST, view: ModuleView) -> bool:
    """Whether another function of the module, or a call in another file, cancels what such an attribute holds."""
    functions = (node for node in descendants(tree) if isinstance(node, _FUNCTIONS))
    if any(attribute in _cancelled_in(function) for function in functions):
        return True
    return any(
        isinstance(site.node.func, ast.Attribute) and attribute in _objects([site.node.func.value])
        for site in view.project.calls_among([_CANCEL], [f"{attribute}.{_CANCEL}("])
    )


def _is_cancelled_by_callers(held: frozenset[str], function: ast.AST, frame: Frame, view: ModuleView) -> bool:
    """Whether a parameter is awaited that callers cancel, or that nobody in the project gives."""
    if not isinstance(function, _FUNCTIONS):
        return False
    arguments = function.args
    parameters = {one.arg for one in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]} - {"self", "cls"}
    if parameters.isdisjoint(held):
        return False
    callers = view.project.callers(frame)
    return not callers or any(_cancels(caller.site, view) for caller in callers)


def _cancels(site: Site, view: ModuleView) -> bool:
    above = view.project.above(site.node, site.frame)
    names = _objects([*site.node.args, *map(_value, site.node.keywords)])
    return above is not None and not names.isdisjoint(_cancelled_in(above[0]))


def _helps(call: ast.Call, frame: Frame, view: ModuleView) -> bool:
    """Whether what is called cancels something: a function of the project by its body, another by its name."""
    inside = view.project.inside(call.func, frame)
    if not inside:
        return _CANCEL in last_name(call.func).lower()
    return any(isinstance(node, ast.Attribute) and node.attr == _CANCEL for node, _ in inside) and (
        view.project.is_of_project(inside[0][1])
    )


def _calls(node: ast.AST) -> Iterable[ast.Call]:
    return (below for below in [node, *_below(node)] if isinstance(below, ast.Call))


def _below(node: ast.AST) -> Iterator[ast.AST]:
    for child in children(node):
        yield child
        yield from _below(child)


def _value(keyword: ast.keyword) -> ast.expr:
    return keyword.value
