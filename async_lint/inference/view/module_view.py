"""One file under check: its nodes, and what may be asked of them."""

import ast
from collections.abc import Iterator

from async_lint.inference.modules import walk
from async_lint.inference.modules.summary import detach
from async_lint.inference.syntax.binding import Module
from async_lint.inference.types.scope import Unit
from async_lint.inference.types.values import Frame
from async_lint.inference.view.blocking import BlockingQuestions
from async_lint.inference.view.calls import CallQuestions
from async_lint.inference.view.effects import EffectQuestions
from async_lint.inference.view.exceptions import ExceptionQuestions
from async_lint.inference.view.names import NameQuestions
from async_lint.inference.view.project import ProjectQuestions
from async_lint.inference.view.project_view import ProjectView
from async_lint.inference.view.uses import UseQuestions


class ModuleView(ProjectView):
    """One file under check. `close` gives its tree's memory back.

    calls       what a call gives: a coroutine, a task, a value
    names       what a name or an expression denotes
    exceptions  which exceptions a `raise` or an `except` means
    project     who made a value, who calls a function, who overrides it, in the whole project
    uses        whether a coroutine, or what is awaited, fits where it stands
    effects     what a loop or a function changes that others see
    blocking    what keeps its thread, and so the event loop

    `everywhere` is the whole project, without a file under check: what is worked out once there holds for the run.
    """

    def __init__(
        self,
        module: Module,
        tree: ast.Module,
        calls: CallQuestions,
        names: NameQuestions,
        exceptions: ExceptionQuestions,
        project: ProjectQuestions,
        uses: UseQuestions,
        effects: EffectQuestions,
        blocking: BlockingQuestions,
        everywhere: ProjectView,
    ) -> None:
        super().__init__(names, exceptions, project)
        self._module = module
        self._tree = tree
        self.calls = calls
        self.uses = uses
        self.effects = effects
        self.blocking = blocking
        self.everywhere = everywhere

    def close(self) -> None:
        detach(self._module)
        self.calls.forget()
        self.uses.forget()
        self.effects.forget()

    def units(self) -> Iterator[Unit]:
        return walk.units(self._module, self._tree)

    def walk(self, unit: Unit, leaves: bool = True) -> Iterator[tuple[ast.AST, Frame]]:
        """Yield every node of the unit with the frame of its names; names and constants on demand."""
        return walk.nodes(unit, leaves)
