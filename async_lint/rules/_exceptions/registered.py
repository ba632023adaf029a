"""Exceptions that the project has a web framework answer: it registers a handler that shows their text alone."""

import ast
from collections.abc import Iterable, Iterator

from async_lint.context import Context, Facts
from async_lint.inference.face import Frame, Lineage, ModuleView, ProjectView, Site, argument, body_of
from async_lint.rules._exceptions.handed_on import given_to_readers
from async_lint.rules._exceptions.text_alone import ends_there

_FRAMEWORKS = frozenset({"fastapi", "flask", "litestar", "quart", "sanic", "starlette"})
# FastAPI and Starlette; Flask and Quart; Sanic, whose word is that of every logger.
_DECORATORS = {"exception_handler": "exception_handler(", "errorhandler": "errorhandler(", "exception": "sanic"}
_METHODS = ("add_exception_handler", "register_error_handler")
_TABLE = "exception_handlers"
_APPLICATIONS = ("FastAPI", "Starlette", "Litestar", "Router")
# What the files hold that are looked into for each of these.
_MENTIONS = (tuple(_DECORATORS.values()), tuple(f"{name}(" for name in _METHODS), (f"{_TABLE}=",))


def is_registered(cls: Lineage, context: Context | Facts) -> bool:
    """Whether the project registers a handler for a class, or for a base of it that is not built in.

    That handler raises nothing, and looks at no more than the text and the attributes. The class's own one counts
    before those of its bases, which have to be of that kind all.
    """
    registered = context.view.once(_registered)
    if cls.own in registered:
        return registered[cls.own]
    # ValueError and its like are raised for many reasons, and most are no answer.
    found = [registered[name] for name in cls.names if name in registered and not name.startswith("builtins.")]
    return bool(found) and all(found)


def _registered(view: ModuleView) -> dict[str, bool]:
    """Return the exceptions that a handler is registered for, and whether it shows their text alone.

    Those are the whole project's, and this file's: it may be no file of the project, or one of too many.
    """
    everywhere, here = view.everywhere.once(_in_project), _answered(view, _handlers(view, elsewhere=False))
    return everywhere | {name: answers and everywhere.get(name, True) for name, answers in here.items()}


def _in_project(view: ProjectView) -> dict[str, bool]:
    return _answered(view, _handlers(view, elsewhere=True))


def _answered(view: ProjectView, handlers: Iterable[tuple[ast.expr, Frame, bool]]) -> dict[str, bool]:
    registered: dict[str, bool] = {}
    for cls, frame, answers in handlers:
        for lineage in view.exceptions.classes_of(cls, frame):
            if lineage.own is not None and not lineage.own.startswith("builtins."):
                registered[lineage.own] = answers and registered.get(lineage.own, True)
    return registered


def _handlers(view: ProjectView, elsewhere: bool) -> Iterator[tuple[ast.expr, Frame, bool]]:
    """Yield what handlers are registered for, its frame, and whether the handler shows of it the text alone.

    They are those in the file under check, if there is one, and with `elsewhere` those in the project.
    """
    decorators, methods, tables = _MENTIONS if elsewhere else ((), (), ())
    for site, inner in view.project.decorated_among(tuple(_DECORATORS), decorators):
        if site.node.args and _may_be_of_framework(site, view):
            for cls in site.node.args:
                yield cls, site.frame, _answers(inner, view)
    for site in view.project.calls_among(_METHODS, methods):
        if len(site.node.args) == 2 and _may_be_of_framework(site, view):
            yield site.node.args[0], site.frame, _answers_with(site.node.args[1], site.frame, view)
    for site in view.project.calls_among(_APPLICATIONS, tables):
        table = argument(site.node, _TABLE, -1)
        if isinstance(table, ast.Dict) and _may_be_of_framework(site, view):
            for key, value in zip(table.keys, table.values, strict=True):
                if key is not None:
                    yield key, site.frame, _answers_with(value, site.frame, view)


def _may_be_of_framework(site: Site, view: ProjectView) -> bool:
    """Whether what registers a handler is a framework's, for all that is known."""
    name = view.names.name_of(site.node.func, site.frame)
    return name is None or name.partition(".")[0] in _FRAMEWORKS


def _answers_with(handler: ast.expr, frame: Frame, view: ProjectView) -> bool:
    found = view.project.body(handler, frame)
    return found is not None and _answers(found[1], view)


def _answers(frame: Frame, view: ProjectView) -> bool:
    """Whether a function that is given an exception, as its last argument, shows nobody more than the text."""
    function = frame.function
    if function is None:
        return False
    body = body_of(function).statements
    parameters = [*function.node.args.posonlyargs, *function.node.args.args]
    name = parameters[-1].arg if parameters else None
    return ends_there(body, name, given_to_readers(body, name, frame, view))
