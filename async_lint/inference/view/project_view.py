"""What may be asked of a project, whatever file is under check; answers that are worked out once."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from async_lint.inference.syntax.notes import NOTES, Memo
from async_lint.inference.view.exceptions import ExceptionQuestions
from async_lint.inference.view.names import NameQuestions
from async_lint.inference.view.project import ProjectQuestions

_View = TypeVar("_View", bound="ProjectView")
_Made = TypeVar("_Made")


class ProjectView:
    """The questions that need no file under check. It lives as long as the run."""

    def __init__(self, names: NameQuestions, exceptions: ExceptionQuestions, project: ProjectQuestions) -> None:
        self.names = names
        self.exceptions = exceptions
        self.project = project
        self._made: Memo[Callable[..., Any], Any] = Memo()

    def once(self: _View, make: Callable[[_View], _Made]) -> _Made:
        """Return `make(self)`, worked out once as long as the view lives.

        Whose check is given it again rests on all that it was drawn from, as a cache has to know. It should hold no
        nodes and frames: those of a file go when its check is done.
        """
        return cast(_Made, NOTES.kept(self._made, make, lambda: make(self)))
