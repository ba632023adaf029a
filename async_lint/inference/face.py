"""All that rules, and who runs them, see of inference: `ModuleView` answers, the rest is what it speaks of."""

from async_lint.inference.answers.raised_exceptions import Lineage, Raised
from async_lint.inference.blocking.paths import Path as BlockingPath
from async_lint.inference.blocking.table import Wanted
from async_lint.inference.callables.argument_usage import ArgumentUse
from async_lint.inference.callables.callable_usage import ASKING, CallableUse, Result
from async_lint.inference.callables.declared import Declared
from async_lint.inference.callables.forwarding import Forward
from async_lint.inference.effects.effect import Touch
from async_lint.inference.independence.carried import outlives
from async_lint.inference.independence.gates import is_test
from async_lint.inference.independence.iteration import Loop, body_around, inside
from async_lint.inference.independence.runs import Run, Step
from async_lint.inference.independence.verdict import Ground, Tier, Verdict
from async_lint.inference.independence.words import words
from async_lint.inference.modules.summary import body_of
from async_lint.inference.names.origins import Site
from async_lint.inference.proofs.missing_protocol import Lack
from async_lint.inference.questions.arguments import argument
from async_lint.inference.syntax.binding import Binding, Function, How, Try, dotted, last_name, parameters
from async_lint.inference.syntax.control import SUPPRESSING, leaves, suppresses
from async_lint.inference.syntax.flow import reaching
from async_lint.inference.syntax.nodes import blocks, children, descendants
from async_lint.inference.syntax.notes import cited
from async_lint.inference.syntax.yields import has_yield
from async_lint.inference.types.answer import UNKNOWN, Answer, Kind
from async_lint.inference.types.scope import Unit
from async_lint.inference.types.values import Comprehension, Frame
from async_lint.inference.view.module_view import ModuleView
from async_lint.inference.view.project_view import ProjectView

__all__ = [  # noqa: RUF022 - in groups of what belongs together, not by the alphabet
    # Whom to ask, and where: every question is about a node and the frame that its names are looked up in.
    "ModuleView",
    "ProjectView",
    "Frame",
    "Unit",
    "Site",
    # What a call gives, and why that is believed.
    "Answer",
    "Kind",
    "UNKNOWN",
    # What other questions are answered with.
    "ArgumentUse",
    "BlockingPath",
    "Wanted",
    "CallableUse",
    "Declared",
    "Forward",
    "Lack",
    "Lineage",
    "Raised",
    "Result",
    "Touch",
    "ASKING",
    # A function as it is written: its body, what binds a name in it, which binding reaches a use.
    "Binding",
    "Function",
    "How",
    "Try",
    "body_of",
    "has_yield",
    "parameters",
    "reaching",
    # Whether awaits in a row could run together; what one iteration of a loop runs, and what of it is read behind.
    "Ground",
    "Loop",
    "Run",
    "Step",
    "Tier",
    "Verdict",
    "body_around",
    "inside",
    "is_test",
    "outlives",
    "words",
    # How a message calls a line.
    "cited",
    # Plain syntax: the nodes below one, in the order of the text, dotted names and their last word, what managers are
    # called that end an exception, whether control leaves a block, and what a call gives a parameter.
    "SUPPRESSING",
    "argument",
    "Comprehension",
    "blocks",
    "children",
    "descendants",
    "dotted",
    "last_name",
    "leaves",
    "suppresses",
]
