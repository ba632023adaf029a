"""Where values come from and who calls, in the whole project: the questions of `view.project`."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from async_lint.inference.names import origins
from async_lint.inference.names.origins import Site
from async_lint.inference.project import definitions, searches, sources
from async_lint.inference.project.above import above, above_outside
from async_lint.inference.project.callers import Caller, callers
from async_lint.inference.project.constructed import may_be_called_by_others
from async_lint.inference.project.copied import is_copied
from async_lint.inference.project.decorated import decorated_among
from async_lint.inference.project.handed_on import handed_on
from async_lint.inference.project.joint_instances import may_be_both
from async_lint.inference.project.overridden import is_overridden
from async_lint.inference.project.project import Project
from async_lint.inference.project.sole_callers import callers_seen, is_for_others, is_published, sole_callers
from async_lint.inference.project.sources import Sources
from async_lint.inference.project.synchronised import is_synchronised
from async_lint.inference.project.unread_attributes import is_never_read
from async_lint.inference.project.unread_globals import may_be_read_elsewhere
from async_lint.inference.project.worked_out import is_worked_out
from async_lint.inference.questions.asking import Asking
from async_lint.inference.questions.evaluator import Subclasses
from async_lint.inference.syntax.binding import Module
from async_lint.inference.types.values import ClassType, Frame


class ProjectQuestions:
    """Asked of code in the file under check, if there is one, and of code that they led to."""

    def __init__(self, asking: Asking, module: Module | None, project: Project, heirs: Subclasses) -> None:
        self._asking = asking
        self._module = module
        self._project = project
        self._heirs = heirs

    def is_copied(self) -> bool:
        """Whether the file lies in a folder for other projects' code, such as `_vendor`."""
        return self._module is not None and is_copied(self._asking.evaluator.library, self._module.path)

    def origins(self, expression: ast.expr, frame: Frame) -> tuple[Site, ...] | None:
        """Return the calls that made a value, through names, attributes, `await`, `with`; None unless all are seen."""
        return origins.origins(self._asking.anew(), expression, frame)

    def constants(self, expression: ast.expr, frame: Frame) -> tuple[ast.Constant, ...] | None:
        """Return the literals that an expression may stand for, `None` too; None where it may be something else."""
        return origins.constants(self._asking.anew(), expression, frame)

    def sources(self, expression: ast.expr, frame: Frame) -> Sources:
        """Return what an expression stands for, one step back, through arguments and attributes too."""
        return sources.sources(self._asking.anew(), self._project, expression, frame)

    def results(self, site: Site) -> tuple[tuple[ast.expr, Frame], ...] | None:
        """Return the expressions that the called function returns or yields; None unless its body is in sight."""
        return origins.results(self._asking.anew(), site)

    def entered(self, site: Site) -> tuple[tuple[ast.expr, Frame], ...] | None:
        """Return the expressions that the called function yields, where `@asynccontextmanager` or its like made it."""
        return origins.entered(self._asking.anew(), site)

    def above(self, node: ast.AST, frame: Frame) -> tuple[ast.AST, ...] | None:
        """Return the nodes above one, from the function around it down; None outside functions."""
        return above(node, frame)

    def above_call(self, site: Site) -> tuple[ast.AST, ...] | None:
        """Return the same of a call, also of one outside functions; None where it stands in a decorator or the like."""
        if site.frame.enclosing_function() is not None:
            return above(site.node, site.frame)
        return above_outside(site.node, site.frame.module)

    def inside(self, callee: ast.expr, frame: Frame) -> tuple[tuple[ast.AST, Frame], ...] | None:
        """Return what the function that a callee denotes, or its class's methods, hold; None unless all is in sight."""
        return definitions.inside(self._asking.anew(), callee, frame)

    def callers(self, frame: Frame) -> list[Caller]:
        """Return the calls in the project that may be calls of the function that a frame belongs to."""
        scope = frame.enclosing_function()
        if scope is None or scope.function is None:
            return []
        return list(callers(self._asking.anew(), self._project, scope.function))

    def sole_callers(self, frame: Frame) -> list[Site] | None:
        """Return the calls of that function; None where others may call it, those aside whom it is handed to."""
        scope = frame.enclosing_function()
        if scope is None or scope.function is None:
            return None
        return sole_callers(self._asking.anew(), self._project, scope.function)

    def callers_seen(self, frame: Frame) -> list[Site] | None:
        """Return the same calls where others may call it as well; None where one in the project cannot be told."""
        scope = frame.enclosing_function()
        if scope is None or scope.function is None:
            return None
        return callers_seen(self._asking.anew(), self._project, scope.function)

    def is_for_others(self, frame: Frame) -> bool:
        """Whether that function, or its class, is there for who imports the package; cheap."""
        scope = frame.enclosing_function()
        return scope is not None and scope.function is not None and is_for_others(self._project, scope.function)

    def is_published(self, frame: Frame) -> bool:
        """Whether it is there for who imports the outermost package, not for the rest of that package alone; cheap."""
        scope = frame.enclosing_function()
        return scope is not None and scope.function is not None and is_published(self._project, scope.function)

    def handed_on(self, frame: Frame, offered: bool = False) -> list[tuple[ast.expr, Frame]] | None:
        """Return where the project names that function without calling it; None where that cannot be told.

        Where a package's own module names it, anybody may be handed it, unless it may be `offered` so.
        """
        scope = frame.enclosing_function()
        if scope is None or scope.function is None:
            return None
        return handed_on(self._asking.anew(), self._project, scope.function, offered)

    def calls_among(self, words: Sequence[str], mentions: Iterable[str]) -> Iterator[Site]:
        """Yield the calls of something called one of `words`, here and in the project's files that hold a mention."""
        return searches.calls_among(self._asking.anew(), self._project, words, mentions, self._module)

    def decorated_among(self, words: Sequence[str], mentions: Iterable[str]) -> Iterator[tuple[Site, Frame]]:
        """Yield the calls as decorators in the same way, each with the frame of the function that it decorates."""
        return decorated_among(self._asking.anew(), self._project, words, mentions, self._module)

    def mentions(self, *words: str) -> bool:
        """Whether one file of the project holds all of some words; cheap."""
        return bool(self._project.mentioning(*words))

    def files_with(self, word: str) -> int:
        """Return how many files of the project hold a word; cheap."""
        return len(self._project.mentioning(word))

    def handlers_among(self, word: str) -> list[tuple[ast.ExceptHandler, Frame]] | None:
        """Return the handlers here and in the project that name a class by a word; None where it is everywhere."""
        return searches.handlers_among(self._asking.anew(), self._project, word, self._module)

    def matches_among(self, word: str) -> list[tuple[ast.Match, Frame]] | None:
        """Return the `match` statements there that have a `case` of such a class; None where the word is everywhere."""
        return searches.matches_among(self._asking.anew(), self._project, word, self._module)

    def is_of_project(self, frame: Frame) -> bool:
        """Whether the module of a frame is one of the project's files."""
        path = frame.module.path
        return bool(path) and self._project.has(Path(path))

    def is_class_of_project(self, cls: ast.expr, frame: Frame) -> bool:
        """Whether an expression denotes a class that one of the project's files defines."""
        denoted = self._asking.anew().evaluate(cls, frame)
        return isinstance(denoted, ClassType) and self._project.has(Path(denoted.cls.module.path))

    def importers(self, library: str) -> int:
        """Return how many files of the project import a library."""
        return self._project.importers(library)

    def is_overridden(self, call: ast.Call, frame: Frame) -> bool:
        """Whether the project has a plain function where the callee is a coroutine function: an heir's, a wrapper."""
        evaluator = self._asking.anew()
        if is_overridden(evaluator, self._heirs, call, frame):
            return True
        return is_synchronised(self._project, evaluator.evaluate(call.func, frame), frame)

    def is_never_read(self, attribute: ast.Attribute, frame: Frame) -> bool:
        """Whether nothing in the project reads an attribute that is set."""
        return is_never_read(self._asking.anew(), self._project, attribute, frame)

    def may_be_read_elsewhere(self, name: str, frame: Frame) -> bool:
        """Whether another file of the project may read a global that the frame's module binds; by words, so cheap."""
        return may_be_read_elsewhere(self._project, name, frame.module)

    def is_worked_out(self, node: ast.Attribute | ast.Subscript, frame: Frame) -> bool:
        """Whether code of the project gives what is read: a property, a `__getattr__`, a `__getitem__`."""
        return is_worked_out(self._asking.anew(), self._project, node, frame, self._module)

    def body(self, callee: ast.expr, frame: Frame) -> tuple[list[ast.stmt], Frame] | None:
        """Return the statements of the undecorated function that a callee denotes, and their frame; None otherwise."""
        return definitions.body(self._asking.anew(), callee, frame)

    def bodies(self, callee: ast.expr, frame: Frame) -> tuple[tuple[list[ast.stmt], Frame], ...] | None:
        """Return the same, with the methods of the project that override it; None where one cannot be told."""
        return definitions.bodies(self._asking.anew(), self._heirs, callee, frame)

    def overriding(self, callee: ast.expr, frame: Frame) -> tuple[tuple[list[ast.stmt], Frame], ...] | None:
        """Return the same of the methods alone that override the one that a callee denotes: that may be abstract."""
        return definitions.overriding(self._asking.anew(), self._heirs, callee, frame)

    def bodies_named(self, name: str, frame: Frame) -> tuple[tuple[list[ast.stmt], Frame], ...] | None:
        """Return the bodies of the project's methods of that name; None where there is none, or one cannot be told."""
        return definitions.named(self._asking.anew(), self._project, name, frame.module)

    def may_be_called_by_others(self, method: str, frame: Frame) -> bool:
        """Whether not the interpreter alone calls that special method of the class whose body's frame it is."""
        if frame.cls is None:
            return False
        return may_be_called_by_others(self._asking.anew(), self._heirs, frame.cls, method)

    def may_be_both(self, first: ast.expr, second: ast.expr, frame: Frame) -> bool:
        """Whether an exception may be one that `first` denotes and one that `second` does: classes, or tuples of some.

        True unless the contrary is proved.
        """
        return may_be_both(self._asking.anew(), self._project, self._heirs, first, second, frame)
