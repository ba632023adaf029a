"""Exceptions that the project has a web framework answer: it registers a handler that shows their text alone."""

import ast
from collections.abc import Iterator

from async_lint.context import Context, Facts
from async_lint.files.source import Source
from async_lint.inference.face import Frame, Lineage, ModuleView, Site, argument, body_of
from async_lint.rules._exceptions.handed_on import given_to_readers
from async_lint.rules._exceptions.text_alone import ends_there

_FRAMEWORKS = frozenset({"fastapi", "flask", "litestar", "quart", "sanic", "starlette"})
# FastAPI and Starlette; Flask and Quart; Sanic, whose word is that of every logger.
_DECORATORS = {"exception_handler": "exception_handler(", "errorhandler": "errorhandler(", "exception": "sanic"}
_METHODS = ("add_exception_handler", "register_error_handler")
_TABLE = "exception_handlers"
_APPLICATIONS = ("FastAPI", "Starlette", "Litestar", "Router")


def is_registered(cls: Lineage, context: Context | Facts) -> bool:
    """Whether the project registers a handler for a class, or for a base of it that is not built in.

    That handler raises nothing, and looks at no more than the text and the attributes. The class's own one counts
    before those of its bases, which have to be of that kind all.
    """
    known = context.source.once(_known)
    if not known:
        known.append(_registered(context.view))
    registered = known[0]
    if cls.own in registered:
        return registered[cls.own]
    # ValueError and its like are raised for many reasons, and most are no answer.
    found = [registered[name] for name in cls.names if name in registered and not name.startswith("builtins.")]
    return bool(found) and all(found)


# `once` keeps it for each file.
def _known(source: Source) -> list[dict[str, bool]]:
    return []


def _registered(view: ModuleView) -> dict[str, bool]:
    """Return the project's exceptions that a handler is registered for, and whether that shows their text alone."""
    registered: dict[str, bool] = {}
    for cls, frame, answers in _handlers(view):
        for lineage in view.exceptions.classes_of(cls, frame):
            if lineage.own is not None and not lineage.own.startswith("builtins."):
                registered[lineage.own] = answers and registered.get(lineage.own, True)
    return registered


def _handlers(view: ModuleView) -> Iterator[tuple[ast.expr, Frame, bool]]:
    """Yield what handlers are registered for, its frame, and whether the handler shows of it the text alone."""
    for site, inner in view.project.decorated_among(tuple(_DECORATORS), _DECORATORS.values()):
        if site.node.args and _may_be_of_framework(site, view):
            for cls in site.node.args:
                yield cls, site.frame, _answers(inner, view)
    for site in view.project.calls_among(_METHODS, [f"{name}(" for name in _METHODS]):
        if len(site.node.args) == 2 and _may_be_of_framework(site, view):
            yield site.node.args[0], site.frame, _answers_with(site.node.args[1], site.frame, view)
    for site in view.project.calls_among(_APPLICATIONS, [f"{_TABLE}="]):
        table = argument(site.node, _TABLE, -1)
        if isinstance(table, ast.Dict) and _may_be_of_framework(site, view):
            for key, value in zip(table.keys, table.values, strict=True):
                if key is not None:
                    yield key, site.frame, _answers_with(value, site.frame, view)


def _may_be_of_framework(site: Site, view: ModuleView) -> bool:
    """Whether what registers a handler is a framework's, for all that is known."""
    name = view.names.name_of(site.node.func, site.frame)
    return name is None or name.partition(".")[0] in _FRAMEWORKS


def _answers_with(handler: ast.expr, frame: Frame, view: ModuleView) -> bool:
    found = view.project.body(handler, frame)
    return found is not None and _answers(found[1], view)


def _answers(frame: Frame, view: ModuleView) -> bool:
    """Whether a function that is given an exception, as its last argument, shows nobody more than the text."""
    function = frame.function
    if function is None:
        return False
    body = body_of(function).statements
    parameters = [*function.node.args.posonlyargs, *function.node.args.args]
    name = parameters[-1].arg if parameters else None
    return ends_there(body, name, given_to_readers(body, name, frame, view))
