"""Whether what is awaited was cancelled on purpose: then the CancelledError is the child's own."""

import ast
from collections.abc import Iterable, Iterator, Sequence

from async_lint.inference.face import Frame, ModuleView, Site, children, descendants
from async_lint.rules._exceptions.cancellation import waits
from async_lint.rules._exceptions.going_on import texts

_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef
_CANCEL = "cancel"


def is_cancelled_child(body: Sequence[ast.AST], function: ast.AST, frame: Frame, view: ModuleView, tree: ast.AST) -> bool:
    """Whether what `body` awaits is cancelled in the function, by a helper it calls, elsewhere, or by its callers."""
    awaited = [_operand(wait) for wait in waits(body)]
    names = texts(awaited)
    if not names.isdisjoint(_cancelled_in(function)):
        return True
    held = frozenset(name for operand in awaited for name in _held(operand))
    if any(_is_cancelled_elsewhere(name, tree, frame, view) for name in held):
        return True
    if any(_helps(call, frame, view) for operand in awaited for call in _calls(operand)):
        return True
    helpers = (call for call in _calls(function) if not names.isdisjoint(texts([*call.args, *map(_value, call.keywords)])))
    return any(_helps(call, frame, view) for call in helpers) or _is_cancelled_by_callers(held, function, frame, view)


def _operand(wait: ast.AST) -> ast.AST:
    match wait:
        case ast.Await(value=value):
            return value
        case ast.AsyncFor(iter=iterable) | ast.comprehension(iter=iterable):
            return iterable
    return wait


def _held(operand: ast.AST) -> Iterator[str]:
    """Yield the names of the tasks and futures that are awaited, be it through `wait_for` or `gather`."""
    match operand:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            yield name
        case ast.Subscript(value=value) | ast.Starred(value=value):
            yield from _held(value)
        case ast.Call(args=args):
            for argument in args:
                yield from _held(argument)
        case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
            for element in elements:
                yield from _held(element)


def _cancelled_in(function: ast.AST) -> set[str]:
    """Return the names in a function, nested ones included, that are cancelled, or given to what is, or its source."""
    cancelled: set[str] = set()
    links: list[frozenset[str]] = []
    for node in descendants(function):
        if isinstance(node, ast.Attribute) and node.attr == _CANCEL:
            cancelled |= _all_names(node.value)
        else:
            links += [link for link in _links(node) if len(link) > 1]
    grown = bool(cancelled)
    while grown:
        size = len(cancelled)
        for link in links:
            if not cancelled.isdisjoint(link):
                cancelled |= link
        grown = len(cancelled) > size
    return cancelled


def _links(node: ast.AST) -> Iterator[frozenset[str]]:
    """Yield the names that a binding ties together: `for task in tasks`, `task = self._task`."""
    match node:
        case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
            yield _all_names(target, value)
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield _all_names(target, value)
        case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
            yield _all_names(target, value)
        # `tasks.append(task)`
        case ast.Call(func=ast.Attribute(value=value, attr="append" | "add"), args=args):
            yield _all_names(value, *args)


def _all_names(*nodes: ast.AST) -> frozenset[str]:
    return texts(nodes)


def _is_cancelled_elsewhere(name: str, tree: ast.AST, frame: Frame, view: ModuleView) -> bool:
    """Whether another function of the module, or a call in another file, cancels what has that name."""
    functions = (node for node in descendants(tree) if isinstance(node, _FUNCTIONS))
    if any(name in _cancelled_in(function) for function in functions):
        return True
    for site in view.project.calls_among([_CANCEL], [f"{name}.{_CANCEL}("]):
        if isinstance(site.node.func, ast.Attribute) and name in texts([site.node.func.value]):
            return True
    return False


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
    names = texts([*site.node.args, *map(_value, site.node.keywords)])
    return above is not None and not names.isdisjoint(_cancelled_in(above[0]))


def _helps(call: ast.Call, frame: Frame, view: ModuleView) -> bool:
    """Whether a function of the project cancels something, as its body says."""
    inside = view.project.inside(call.func, frame)
    return inside is not None and any(isinstance(node, ast.Attribute) and node.attr == _CANCEL for node, _ in inside)


def _calls(node: ast.AST) -> Iterable[ast.Call]:
    return (below for below in [node, *_below(node)] if isinstance(below, ast.Call))


def _below(node: ast.AST) -> Iterator[ast.AST]:
    for child in children(node):
        yield child
        yield from _below(child)


def _value(keyword: ast.keyword) -> ast.expr:
    return keyword.value
