"""Exceptions that a pydantic validator answers with: an entry of a ValidationError, which shows their text alone."""

import ast
from collections.abc import Sequence
from itertools import pairwise

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Frame, ModuleView, ProjectView, Raised, Site

_LIBRARY = "pydantic"
_DECORATORS = frozenset({"field_validator", "model_validator", "root_validator", "validator"})
_MARKS = ("AfterValidator", "BeforeValidator", "PlainValidator", "WrapValidator")
# Of any other class, pydantic-core lets an exception through as it is.
_ANSWERS = frozenset({"builtins.AssertionError", "builtins.ValueError"})
_OWN_ANSWERS = frozenset({"PydanticCustomError", "PydanticKnownError"})
# By this key of a model's configuration the exceptions stay in sight.
_KEEPS_CAUSES = "validation_error_cause"


def is_of_validator(raised: cst.BaseExpression, made: Sequence[Raised], context: Context) -> bool:
    """Whether `raise raised` leaves a pydantic validator as what it answers with, be it by a private function of it."""
    counterpart = context.counterpart(raised)
    if counterpart is None or counterpart.frame.function is None or not all(map(_is_answer, made)):
        return False
    if any(isinstance(around, cst.Try) and below is around.body for around, below in pairwise(context.ancestors)):
        return False
    view, frame = context.view, counterpart.frame
    if not _validates(frame, view) and not _helps_validators(frame, view):
        return False
    return _KEEPS_CAUSES not in context.source.text and not view.project.mentions(_KEEPS_CAUSES)


def _is_answer(new: Raised) -> bool:
    names = new.lineage.names | new.lineage.missing
    return not _ANSWERS.isdisjoint(names) or any(
        name.startswith(f"{_LIBRARY}_core.") and name.rpartition(".")[2] in _OWN_ANSWERS for name in names
    )


def _validates(frame: Frame, view: ModuleView) -> bool:
    function = frame.function
    if function is None or function.is_async:
        return False
    outside = frame.parent or frame
    if any(_is_of_library(decorator, _DECORATORS, outside, view) for decorator in function.node.decorator_list):
        return True
    if function.owner is not None or function.outer is not None:
        return False
    is_marked = function.full_name in view.everywhere.once(_in_project) | view.once(_in_file)
    # Who calls it as well may see the cause.
    return is_marked and not view.project.callers(frame)


def _is_of_library(callee: ast.expr, words: Sequence[str] | frozenset[str], frame: Frame, view: ProjectView) -> bool:
    name = view.names.name_of(callee.func if isinstance(callee, ast.Call) else callee, frame)
    return name is not None and name.partition(".")[0] == _LIBRARY and name.rpartition(".")[2] in words


def _in_project(view: ProjectView) -> frozenset[str]:
    return _marked(view, [f"{mark}(" for mark in _MARKS])


def _in_file(view: ModuleView) -> frozenset[str]:
    return _marked(view, ())


def _marked(view: ProjectView, mentions: Sequence[str]) -> frozenset[str]:
    """Return the functions that an `AfterValidator` and the like is given, here and where a file holds a mention."""
    found = set()
    for site in view.project.calls_among(_MARKS, mentions):
        given = site.node.args or [keyword.value for keyword in site.node.keywords if keyword.arg == "func"]
        if given and _is_of_library(site.node, _MARKS, site.frame, view):
            body = view.project.body(given[0], site.frame)
            if body is not None and body[1].function is not None:
                found.add(body[1].function.full_name)
    return frozenset(found)


def _helps_validators(frame: Frame, view: ModuleView) -> bool:
    function = frame.function
    if function is None or function.is_async or not function.name.startswith("_") or function.name.startswith("__"):
        return False
    callers = view.project.callers(frame)
    return bool(callers) and all(
        caller.proved and _validates(caller.site.frame, view) and not _is_in_try(caller.site, view)
        for caller in callers
    )


def _is_in_try(site: Site, view: ModuleView) -> bool:
    return any(isinstance(around, ast.Try) for around in view.project.above(site.node, site.frame) or ())
