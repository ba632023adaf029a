"""Handlers that catch whatever fails."""

import ast

from async_lint.inference.face import Frame, ModuleView

ALL_ERRORS = frozenset({"builtins.Exception", "builtins.BaseException"})


def catches_all_errors(caught: ast.expr | None, frame: Frame, view: ModuleView) -> bool:
    """Whether what a handler, or a `suppress`, names takes every error; None is a bare `except:`."""
    return caught is None or any(lineage.own in ALL_ERRORS for lineage in view.exceptions.classes_of(caught, frame))
