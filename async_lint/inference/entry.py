"""The door for who opens files: a project's inference, what it is made of, and the way to an answer in words."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from itertools import product, starmap
from pathlib import Path

from async_lint.inference.answers.plain_callees import PlainCallees
from async_lint.inference.blocking.paths import BlockingPaths
from async_lint.inference.blocking.table import Wanted, blockers
from async_lint.inference.blocking.words import BlockingWords
from async_lint.inference.callables.forwarding import Forwarding
from async_lint.inference.changed_facts import ChangedFacts, Texts
from async_lint.inference.effects.effects import Effects
from async_lint.inference.effects.library_effects import LibraryEffects
from async_lint.inference.evaluator.evaluator import ExpressionEvaluator
from async_lint.inference.independence.verdict import Tier
from async_lint.inference.modules.library import Library
from async_lint.inference.modules.pins import Pins
from async_lint.inference.project.convention import Convention
from async_lint.inference.project.dynamic_parameters import DynamicParameters
from async_lint.inference.project.heirs import ProjectHeirs
from async_lint.inference.project.name_prefilter import NamePrefilter
from async_lint.inference.project.project import Project
from async_lint.inference.project.project_names import ProjectNames, names_of_text
from async_lint.inference.project.usage import ProjectUsage
from async_lint.inference.proofs.missing_protocol import MissingProtocols
from async_lint.inference.questions.asking import Asking
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.notes import NOTES, Node
from async_lint.inference.types.values import Frame
from async_lint.inference.uses import Uses, resting_on, together, uses_of, uses_of_text
from async_lint.inference.view.blocking import BlockingQuestions
from async_lint.inference.view.calls import CallQuestions
from async_lint.inference.view.effects import EffectQuestions
from async_lint.inference.view.exceptions import ExceptionQuestions
from async_lint.inference.view.local_usage import LocalUsage
from async_lint.inference.view.module_view import ModuleView
from async_lint.inference.view.names import NameQuestions
from async_lint.inference.view.project import ProjectQuestions
from async_lint.inference.view.project_view import ProjectView
from async_lint.inference.view.uses import UseQuestions

__all__ = [
    "NOTES",
    "Inference",
    "Library",
    "Node",
    "Pins",
    "Project",
    "ProjectNames",
    "Texts",
    "Uses",
    "explained",
    "explained_loops",
    "names_of_text",
    "together",
    "uses_of",
    "uses_of_text",
]


class Inference:
    """What the calls of one project return. `project` is asked who calls a function."""

    def __init__(
        self,
        library: Library,
        project: Project | None = None,
        evaluator: type[ExpressionEvaluator] = ExpressionEvaluator,
    ) -> None:
        known = project or Project()
        self.library = library
        self.project = known
        self.evaluator = evaluator(
            library, known, self._looking_for_heirs, lambda asking: DynamicParameters(asking, known)
        )
        self._asking = Asking(self.evaluator)
        self.effects = Effects(self._asking, LibraryEffects(self._asking), self.evaluator.heirs)
        self._missing = MissingProtocols(self.evaluator, self.evaluator.heirs, known)
        self._usage = ProjectUsage(self.evaluator, known)
        self._convention = Convention(self.evaluator, known, self._usage)
        self._prefilter = NamePrefilter(known, self._usage)
        self._forwarding = Forwarding(self.evaluator, self.evaluator.heirs, self._prefilter)
        self._plain_callees = PlainCallees(self.evaluator)
        # The words of short calls are in both: they decide only what is worth a look.
        self._blocking_words = tuple(BlockingWords(known, blockers(Wanted(files, True))) for files in (False, True))
        self._blocking_paths = {
            wanted: BlockingPaths(self._asking, self._blocking_words[wanted.files], blockers(wanted))
            for wanted in starmap(Wanted, product((False, True), repeat=3))
        }
        self._everywhere = ProjectView(
            NameQuestions(self._asking, None, self._prefilter, self.evaluator.canonical),
            ExceptionQuestions(self._asking),
            ProjectQuestions(self._asking, None, known, self.evaluator.heirs),
        )

    def prepare(self) -> None:
        """Work out what questions about any file rest on."""
        self.project.prepare()
        self._prefilter.prepare()
        self._heirs.prepare()

    def _takes_long(self, call: ast.Call, frame: Frame) -> bool:
        """Whether a call is known to keep its thread for more than a moment."""
        return self._blocking_paths[Wanted()].of_call(call, frame) is not None

    def _looking_for_heirs(self, asking: Evaluator) -> ProjectHeirs:
        self._heirs = ProjectHeirs(asking, self.project)
        return self._heirs

    def names(self) -> ProjectNames:
        """Return what was learnt of the project's names."""
        (imported, leading), (_, leading_to_files) = (words.known() for words in self._blocking_words)
        blocking = ProjectNames(imported=imported, leading=leading, leading_to_files=leading_to_files)
        return self._prefilter.known().or_else(self._usage.known()).or_else(blocking)

    def resting_on(self, parts: Iterable[str], names: ProjectNames, texts: Mapping[str, Texts]) -> set[str]:
        """Return the files whose checks rest on what is otherwise now that some files have other texts.

        `parts` are texts of uses, as earlier runs noted them. `names` is what those have learnt of the project's names;
        what of it still holds need not be learnt again.
        """
        facts = ChangedFacts(texts, names)
        kept = facts.kept_names()
        self._prefilter.know(kept)
        self._usage.know(kept)
        for words, leading in zip(self._blocking_words, (kept.leading, kept.leading_to_files), strict=True):
            words.know(kept.imported, leading)
        facts.now = self._names_again(names)
        return resting_on(parts, facts.is_changed, texts.keys())

    def _names_again(self, names: ProjectNames) -> ProjectNames:
        """Learn what an earlier run had learnt."""
        if names.plain is not None:
            _ = self._prefilter.annotated
        for words, leading in zip(self._blocking_words, (names.leading, names.leading_to_files), strict=True):
            if leading is not None:
                _ = words.leading
        return self.names()

    def module(self, path: Path, tree: ast.Module, text: str) -> ModuleView:
        """Open the file under check; `path` is absolute, `tree` and `text` are its own."""
        module = self.library.live(path, tree, text)
        asking, prefilter, heirs = self._asking, self._prefilter, self.evaluator.heirs
        usage = LocalUsage(module, tree)
        return ModuleView(
            module,
            tree,
            CallQuestions(asking, module, usage, self._convention, prefilter, self._plain_callees),
            NameQuestions(asking, module, prefilter, self.evaluator.canonical),
            ExceptionQuestions(asking),
            ProjectQuestions(asking, module, self.project, heirs),
            UseQuestions(asking, heirs, self._forwarding, self._missing),
            EffectQuestions(asking, self.effects, self._takes_long),
            BlockingQuestions(self._blocking_paths),
            self._everywhere,
        )


def explained(
    library: Library,
    project: Project,
    path: Path,
    tree: ast.Module,
    text: str,
    line: int,
    byte_column: int | None = None,
) -> Iterator[str]:
    """Yield lines of text about the calls on a line of a file, or about the one whose callee stands at a column.

    Nothing where none is. `path` is absolute. What the library has read may not have been asked about otherwise.
    """
    # Only `--explain-call` wants these.
    from async_lint.inference.explain import ExplainingEvaluator
    from async_lint.inference.explanation import explain

    inference = Inference(library, project, ExplainingEvaluator)
    assert isinstance(inference.evaluator, ExplainingEvaluator)
    return explain(inference.module(path, tree, text), inference.evaluator, line, byte_column)


def explained_loops(
    view: ModuleView, tree: ast.Module, line: int, reported: Mapping[Tier, str], tests: str
) -> tuple[list[str], list[int]]:
    """Return lines of text about the loops on a line of a file, and the lines that any loop begins on.

    `reported` says what becomes of a verdict of a tier; `tests`, what has test code looked at, empty where it is.
    """
    # Only `--explain-loop` wants these.
    from async_lint.inference.loop_explanation import explain_loops, lines_of_loops

    return list(explain_loops(view, line, reported, tests)), lines_of_loops(tree)
