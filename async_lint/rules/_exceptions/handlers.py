"""The handler around a `raise`, and the name of what it caught."""

import ast
import re
from collections.abc import Iterator, Sequence

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import descendants
from async_lint.model import Edit, Position
from async_lint.rule import Option
from async_lint.rules._shared.generated import is_generated
from async_lint.rules._shared.names import SCOPES, bindings

Handler = cst.ExceptHandler | cst.ExceptStarHandler

RAISE_SCOPE = Option(
    key="raise-scope",
    kind=str,
    default="all",
    help="where ASL401 to ASL403 look: in all code, or in async functions only",
    choices=("all", "async"),
)

# One more local would show in what these return.
_SEES_LOCALS = re.compile(r"(?<![\w.])(?:(?:locals|vars|dir)\s*\(\s*\)|(?:eval|exec)\s*\()")


def nodes_in(block: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    """Yield the statements of a block and all that is in them."""
    return (node for statement in block for node in descendants(statement))


def own_statements(handler: ast.ExceptHandler) -> Iterator[ast.stmt]:
    """Yield the statements that run while `handler` handles its exception, those of a `finally` in it left out."""
    waiting: list[ast.AST] = list(reversed(handler.body))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.stmt):
            yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            # A handler inside has an exception of its own to handle.
            for field in ("orelse", "cases", "body"):
                waiting += reversed(getattr(node, field, ()))


def in_raise_scope(context: Context) -> bool:
    """Whether the setting `raise-scope` admits the visited node, in a file that somebody maintains by hand."""
    if is_generated(context) or context.view.project.is_copied():
        return False
    if context.settings[RAISE_SCOPE.key] == "all":
        return True
    function = context.function()
    return isinstance(function, cst.FunctionDef) and function.asynchronous is not None


def closest_handler(context: Context) -> Handler | None:
    """Return the handler whose exception is the one being handled where the visited node stands.

    None in a `finally`, for there the exception that ended its `try` may be another one.
    """
    for ancestor in reversed(context.ancestors):
        if isinstance(ancestor, Handler):
            return ancestor
        if isinstance(ancestor, (*SCOPES, cst.Finally)):
            return None
    return None


def caught_name(handler: Handler) -> str | None:
    """Return the `err` of `except ... as err`."""
    bound = handler.name.name if handler.name else None
    return bound.value if isinstance(bound, cst.Name) else None


def names_of_caught(handler: Handler) -> frozenset[str]:
    """Return the names that stand for what `handler` caught, `last` of `last = err` among them."""
    caught = caught_name(handler)
    if caught is None:
        return frozenset()
    same = (one for one in bindings(handler.body) if isinstance(one.value, cst.Name) and one.value.value == caught)
    return frozenset({caught, *(one.name for one in same)})


def caught_label(handler: Handler, context: Context) -> str:
    """Return what a message calls the caught exception, with its line: a noun phrase."""
    line = context.span(handler).start.line
    if handler.type is None:
        return f"the exception caught by the bare `except:` on line {line}"
    return f"the `{written(handler.type, context)}` caught on line {line}"


def written(caught: cst.BaseExpression, context: Context) -> str:
    """Return what stands after `except`, on one line."""
    if isinstance(caught, cst.Tuple):
        return f"({', '.join(written(element.value, context) for element in caught.elements)})"
    return " ".join(context.code(caught).split())


def fresh_name(handler: Handler, context: Context) -> str | None:
    """Return a name for what `handler` catches that the code around it does not use; None where none may be bound.

    It depends on the handler alone, so that the fixes of two `raise` in one handler agree, and it is another one for
    a handler inside a handler.
    """
    around = context.ancestors
    function = next((ancestor for ancestor in around if isinstance(ancestor, cst.FunctionDef)), None)
    # A statement that is indented and in no function stands in a class: the name would be an attribute.
    if function is None and context.span(around[0]).start.column > 0:
        return None
    text = context.source.text if function is None else context.code(function)
    if _SEES_LOCALS.search(text):
        return None
    words = set(re.findall(r"[^\W\d]\w*", text))
    free = (name for name in _names() if name not in words)
    for outer in around[: around.index(handler)]:
        if isinstance(outer, Handler) and outer.name is None:
            next(free)
    return next(free)


def _names() -> Iterator[str]:
    yield from ("err", "error", "exc")
    number = 2
    while True:
        yield f"err_{number}"
        number += 1


def binding_edits(handler: Handler, name: str, context: Context) -> list[Edit]:
    """Return the edits that make `handler`, which binds no name yet, bind `name`."""
    # A bare `except:` catches just that.
    if handler.type is None:
        start = context.span(handler).start
        return [context.insert(Position(start.line, start.column + len("except")), f" BaseException as {name}")]
    span = context.outer_span(handler.type)
    # Python 3.14 takes `except A, B:` without parentheses, but not with an `as`.
    if isinstance(handler.type, cst.Tuple) and not handler.type.lpar:
        return [context.insert(span.start, "("), context.insert(span.end, f") as {name}")]
    return [context.insert(span.end, f" as {name}")]
