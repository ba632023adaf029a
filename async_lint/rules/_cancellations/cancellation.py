"""What keeps a cancellation from going on: the handlers and managers that catch it, and the awaits that it comes to."""

import ast
import builtins
from collections.abc import Iterator, Sequence
from enum import Enum

from async_lint.inference.face import Frame, How, Lineage, ModuleView, body_of, children

_ASYNCIO = "asyncio.CancelledError"
_TRIO = "trio.Cancelled"
_ASKED = "anyio.get_cancelled_exc_class"
_ROOT = "builtins.BaseException"
SUPPRESS = "contextlib.suppress"
_STOPS = frozenset({"builtins.KeyboardInterrupt", "builtins.SystemExit"})
# What a handler most often names, where the name is nothing else.
_OTHERS = {name for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, Exception)}
_SCOPES = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda


class Caught(Enum):
    """How a handler comes to catch a cancellation."""

    NAMED = "the cancellation of asyncio by its name"
    LEVEL = "the cancellation of anyio or trio by its name"
    WITH_ALL = "whatever is raised"


def catches(caught: ast.expr | None, frame: Frame, view: ModuleView) -> Caught | None:
    """Return how `except caught` catches a cancellation, None where it does not, or nothing tells."""
    if caught is None:
        return Caught.WITH_ALL
    if isinstance(caught, ast.Tuple):
        # In the order of `Caught`: who names a cancellation beside other exceptions has thought of it.
        kinds = [catches(element, frame, view) for element in caught.elts]
        return next((kind for kind in Caught if kind in kinds), None)
    if _is_asked(caught, frame, view):
        return Caught.LEVEL
    known = () if _is_bound(caught, frame) else view.exceptions.classes_of(caught, frame)
    kinds = [_kind(lineage.own, view) for lineage in known]
    return next((kind for kind in Caught if kind in kinds), None)


def catches_no_error(caught: ast.expr | None, frame: Frame, view: ModuleView) -> bool:
    """Whether `except caught` is for cancellations alone."""
    if isinstance(caught, ast.Tuple):
        return bool(caught.elts) and all(catches_no_error(element, frame, view) for element in caught.elts)
    known = view.exceptions.classes_of(caught, frame) if caught is not None else ()
    named = catches(caught, frame, view) in (Caught.NAMED, Caught.LEVEL)
    return named and all(is_cancellation(lineage, view) for lineage in known)


def _is_bound(caught: ast.expr | None, frame: Frame, depth: int = 4) -> bool:
    """Whether an expression is known by an annotation: the class itself may be any below that of the annotation.

    That is what a function gives, a parameter, and an attribute of an object, which is a parameter itself.
    """
    if isinstance(caught, ast.Tuple):
        return False
    root = caught
    while isinstance(root, ast.Attribute):
        root = root.value
    if not isinstance(root, ast.Name) or depth == 0:
        return True
    scope = frame.enclosing_function()
    function = scope.function if scope is not None else None
    while function is not None:
        bindings = body_of(function).table.get(root.id, ())
        if any(binding.how is How.PARAMETER for binding in bindings):
            return True
        if bindings:
            assigned = (binding.value for binding in bindings if binding.how in (How.ASSIGN, How.DECLARE))
            return any(_is_bound(value, frame, depth - 1) for value in assigned)
        function = function.outer
    return False


def may_catch(handler: ast.ExceptHandler) -> bool:
    """Whether a handler may catch a cancellation, as far as its words tell; cheap."""
    if handler.type is None:
        return True
    classes = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(not isinstance(one, ast.Name) or one.id not in _OTHERS for one in classes)


def _kind(name: str | None, view: ModuleView) -> Caught | None:
    if name == _ROOT:
        return Caught.WITH_ALL
    if name is None:
        return None
    if name in (_ASYNCIO, view.names.canonical(_ASYNCIO)):
        return Caught.NAMED
    return Caught.LEVEL if name in (_TRIO, view.names.canonical(_TRIO)) else None


def _is_asked(caught: ast.expr, frame: Frame, view: ModuleView) -> bool:
    """Whether it is what `anyio.get_cancelled_exc_class()` gave, there or where the name was bound."""
    if isinstance(caught, ast.Call):
        return view.names.name_of(caught.func, frame) in (_ASKED, view.names.canonical(_ASKED))
    if not isinstance(caught, ast.Name) or view.exceptions.classes_of(caught, frame):
        return False
    made = view.project.origins(caught, frame)
    return bool(made) and all(
        isinstance(site.node, ast.Call) and _is_asked(site.node, site.frame, view) for site in made or ()
    )


def stops_the_program(caught: ast.expr | None, frame: Frame, view: ModuleView) -> bool:
    """Whether the handler is for Ctrl-C as well: it ends the program."""
    # Alone, `except KeyboardInterrupt` catches no cancellation, and `BaseException` does not speak of Ctrl-C.
    if not isinstance(caught, ast.Tuple):
        return False
    names = {lineage.own for element in caught.elts for lineage in view.exceptions.classes_of(element, frame)}
    return not _STOPS.isdisjoint(names)


def is_suppress(manager: ast.expr, frame: Frame, view: ModuleView) -> bool:
    return isinstance(manager, ast.Call) and view.names.name_of(manager.func, frame) == SUPPRESS


def suppressed(manager: ast.Call, frame: Frame, view: ModuleView) -> Caught | None:
    """Return how a call of `suppress` keeps back a cancellation."""
    kinds = [catches(argument, frame, view) for argument in manager.args if not isinstance(argument, ast.Starred)]
    return next((kind for kind in Caught if kind in kinds), None)


def holds_cancellation(classes: ast.expr, frame: Frame, view: ModuleView) -> bool | None:
    """Whether a CancelledError is an instance of `classes`, None where nothing tells."""
    known = view.exceptions.classes_of(classes, frame)
    if not known:
        return True if catches(classes, frame, view) else None
    if any(_kind(lineage.own, view) for lineage in known):
        return True
    return None if any(lineage.own is None for lineage in known) else False


def is_cancellation(lineage: Lineage, view: ModuleView) -> bool:
    """Whether an instance of the class is a cancellation: an heir of CancelledError goes on as one."""
    # Where a library is not installed, its class is among the missing ones.
    return any(_kind(name, view) in (Caught.NAMED, Caught.LEVEL) for name in lineage.names | lineage.missing)


def waits(nodes: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """Yield where the function's own code may be cancelled: at an `await`, an `async for`, an `async with`."""
    for node in nodes:
        if isinstance(node, _SCOPES):
            continue
        if isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith) or (
            isinstance(node, ast.comprehension) and node.is_async
        ):
            yield node
        # The first iterable of a generator expression alone is worked out on the spot.
        below = [node.generators[0].iter] if isinstance(node, ast.GeneratorExp) else children(node)
        yield from waits(below)


def own_nodes(nodes: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """Yield the nodes and what is below them, but for what nested functions and classes hold."""
    for node in nodes:
        yield node
        if not isinstance(node, _SCOPES):
            yield from own_nodes(children(node))
