"""The entry: one file under check, and what its calls return."""

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from async_lint.inference.answers import raised_exceptions
from async_lint.inference.answers.answer_builder import answer, by_specification, gives_back, written
from async_lint.inference.answers.plain_callees import PlainCallees
from async_lint.inference.answers.result_ownership import gives_coroutine
from async_lint.inference.callables import argument_usage, declared
from async_lint.inference.callables.forwarding import Forward, Forwarding
from async_lint.inference.calls import decorators
from async_lint.inference.effects.effect import Effect, Loop
from async_lint.inference.effects.effects import Effects
from async_lint.inference.effects.library_effects import LibraryEffects
from async_lint.inference.evaluator.evaluator import ExpressionEvaluator
from async_lint.inference.kinds import kinds
from async_lint.inference.modules import walk
from async_lint.inference.modules.library import Library
from async_lint.inference.modules.summary import detach
from async_lint.inference.names import origins
from async_lint.inference.names.aliases import is_given, last_word
from async_lint.inference.names.origins import Site
from async_lint.inference.project import definitions, project
from async_lint.inference.project.constructed import may_be_called_by_others
from async_lint.inference.project.convention import AT_LEAST, Convention, Usage, by_usage, usages, works_at_once
from async_lint.inference.project.dynamic_parameters import DynamicParameters
from async_lint.inference.project.heirs import ProjectHeirs
from async_lint.inference.project.name_prefilter import NamePrefilter
from async_lint.inference.project.overridden import is_overridden
from async_lint.inference.project.project import Caller, Project
from async_lint.inference.project.synchronised import is_synchronised
from async_lint.inference.project.unread_attributes import is_never_read
from async_lint.inference.project.usage import ProjectUsage
from async_lint.inference.proofs.missing_protocol import Lack, MissingProtocols
from async_lint.inference.questions.arguments import NO_ARGUMENTS
from async_lint.inference.syntax.binding import Function, Module, last_name
from async_lint.inference.types.answer import Answer, Kind
from async_lint.inference.types.describe import describe
from async_lint.inference.types.scope import Unit
from async_lint.inference.types.values import (
    AsyncGenerator,
    ClassType,
    Coroutine,
    External,
    Frame,
    FunctionType,
    OverloadedType,
    Type,
    Unknown,
)

_AWAITING = re.compile(r"await [^\n]*")
_WORD = re.compile(r"\w+")


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
            library, known, lambda asking: ProjectHeirs(asking, known), lambda asking: DynamicParameters(asking, known)
        )
        self.heirs = self.evaluator.heirs
        self.effects = Effects(self.evaluator, LibraryEffects(self.evaluator), self.heirs)
        self.lacking = MissingProtocols(self.evaluator, self.heirs, self.project)
        usage = ProjectUsage(self.evaluator, self.project)
        self.convention = Convention(self.evaluator, self.project, usage)
        self.prefilter = NamePrefilter(self.project, usage)
        self.forwarding = Forwarding(self.evaluator, self.heirs, self.prefilter)
        self.plain = PlainCallees(self.evaluator)

    def module(self, path: Path, tree: ast.Module, text: str) -> "ModuleView":
        """Open the file under check; `path` is absolute, `tree` and `text` are its own."""
        return ModuleView(self, self.library.live(path, tree, text), tree)


class ModuleView:
    """One file under check. `close` gives its tree's memory back."""

    def __init__(self, inference: Inference, module: Module, tree: ast.Module) -> None:
        self._evaluator = inference.evaluator
        self._module = module
        self._tree = tree
        self._project = inference.project
        self._effects = inference.effects
        self._missing = inference.lacking
        self._convention = inference.convention
        self._heirs = inference.heirs
        self._prefilter = inference.prefilter
        self._forwarding = inference.forwarding
        self._plain_callees = inference.plain
        self._forwards: dict[int, tuple[Forward, ...]] = {}
        self._plain: dict[int, bool] = {}
        self._awaited: frozenset[str] | None = None
        self._usages: dict[ast.AST, dict[str, Usage]] = {}
        self._often: dict[str, bool] = {}
        self._answers: dict[tuple[int, int], Answer] = {}
        self._canonical = inference.evaluator.canonical

    def close(self) -> None:
        detach(self._module)
        self._answers.clear()
        self._forwards.clear()
        self._plain.clear()
        self._usages.clear()

    def units(self) -> Iterator[Unit]:
        return walk.units(self._module, self._tree)

    def walk(self, unit: Unit, leaves: bool = True) -> Iterator[tuple[ast.AST, Frame]]:
        """Yield every node of the unit with the frame of its names; names and constants on demand."""
        return walk.nodes(unit, leaves)

    def kind_of(self, call: ast.Call, frame: Frame) -> Answer:
        """Return what a call returns, and why."""
        key = (id(call), id(frame))
        known = self._answers.get(key)
        if known is None:
            self._evaluator.reset_budget()
            callee = self._evaluator.evaluate(call.func, frame)
            plain = self._plain_callees.answer(callee, call, frame)
            if plain is not None:
                return self._kept(key, plain, frame)
            result = callee if isinstance(callee, Unknown | External) else self._evaluator.evaluate(call, frame)
            known = answer(self._evaluator, callee, result)
            if known.label is None and known.kind not in (Kind.UNKNOWN, Kind.VALUE):
                # Behind a decorator, what it wraps has a name; an annotated callable has what it is called here.
                inner = describe(result).label if isinstance(result, Coroutine | AsyncGenerator) else None
                known = replace(known, label=inner or written(call.func))
            if known.kind is Kind.AWAITABLE and isinstance(callee, ClassType):
                # An object that may be awaited and is of use without it: a client that connects.
                doubt = "the object is of use without being awaited"
                known = replace(known, kind=Kind.UNKNOWN, doubt=doubt, mere=False)
            known = self._without_doubt(known, call, callee, result, frame)
            return self._kept(key, known, frame)
        return known

    def _kept(self, key: tuple[int, int], known: Answer, frame: Frame) -> Answer:
        """Keep an answer by the identity of its call, which lasts as long as the file under check alone."""
        if frame.module is self._module:
            self._answers[key] = known
        return known

    def _without_doubt(self, known: Answer, call: ast.Call, callee: Type, result: Type, frame: Frame) -> Answer:
        if known.kind is Kind.UNKNOWN and (by_name := by_specification(call)) is not None:
            return Answer(Kind.AWAITABLE, known.name, known.label or written(call.func), by_name)
        if known.kind in (Kind.UNKNOWN, Kind.VALUE) or not gives_back(self._evaluator, call, callee, result, frame):
            return known
        doubt = "it may give back what lives elsewhere: an argument, an attribute, its own receiver"
        return replace(known, kind=Kind.UNKNOWN, doubt=doubt, mere=False)

    def is_overridden(self, call: ast.Call, frame: Frame) -> bool:
        """Whether the project has a plain function where the callee is a coroutine function: an heir's, a wrapper."""
        self._evaluator.reset_budget()
        callee = self._evaluator.evaluate(call.func, frame)
        if is_overridden(self._evaluator, self._heirs, callee):
            return True
        return is_synchronised(self._project, callee, frame)

    def gives_coroutine(self, call: ast.Call, frame: Frame) -> bool:
        """Whether awaiting the call gives a coroutine that was made for who awaits it."""
        if not self._prefilter.promises_awaitable(call):
            return False
        self._evaluator.reset_budget()
        return gives_coroutine(self._evaluator, self._evaluator.evaluate(call.func, frame))

    def is_plain(self, call: ast.Call, frame: Frame) -> bool:
        """Whether the callee's name alone tells that the call gives nothing to await; sure but for aliases."""
        known = self._plain.get(id(call))
        if known is None:
            known = self._plain[id(call)] = self._prefilter.is_plain(call, frame)
        return known

    def is_asynchronous(self, call: ast.Call) -> bool:
        """Whether no plain function of the callee's name is known; cheap."""
        return self._prefilter.is_asynchronous(call, self._module)

    def by_convention(self, call: ast.Call, frame: Frame) -> str | None:
        """Return what the project's usage says for a call that should be awaited; None when it says nothing."""
        function = frame.enclosing_function()
        if function is None or function.function is None or not function.function.is_async:
            # Nobody can await here, and an interface for both kinds of callers does the work at once.
            return None
        self._evaluator.reset_budget()
        found = self._by_usage_here(call, frame) or self._convention.by_project(call, frame)
        if found is None or works_at_once(self._evaluator.evaluate(call.func, frame)):
            return None
        # What is known to be of use unawaited is no coroutine, whatever is done with it elsewhere.
        return None if kinds.is_no_coroutine(self._evaluator, self._evaluator.evaluate(call, frame)) else found

    def _awaited_here(self) -> frozenset[str]:
        """The words on the lines of the module that await something."""
        if self._awaited is None:
            lines = _AWAITING.findall(self._module.text)
            self._awaited = frozenset(word for line in lines for word in _WORD.findall(line))
        return self._awaited

    def _by_usage_here(self, call: ast.Call, frame: Frame) -> str | None:
        if last_name(call.func) not in self._awaited_here():
            return None
        callee = ast.unparse(call.func)
        # A name may be called ten thousand times.
        if callee not in self._often:
            self._often[callee] = self._module.text.count(f"await {callee}(") >= AT_LEAST
        if not self._often[callee]:
            return None
        scope: Frame | None = frame
        while scope is not None and scope.cls is None:
            scope = scope.parent
        holder: ast.AST = scope.cls.node if scope is not None and scope.cls is not None else self._tree
        if holder not in self._usages:
            self._usages[holder] = usages(holder)
        where = f"`{holder.name}`" if isinstance(holder, ast.ClassDef) else "this module"
        return by_usage(call, self._usages[holder].get(callee), where)

    def kind_of_value(self, expression: ast.expr, frame: Frame, items: bool = False) -> Kind:
        """Return the kind of a value; `items`: of what iterating over it gives."""
        self._evaluator.reset_budget()
        found = self._evaluator.evaluate(expression, frame)
        return kinds.kind(self._evaluator, self._evaluator.element(found, False) if items else found)

    def returns(self, callee: ast.expr, frame: Frame) -> Answer:
        """Return what calling `callee` would return, whatever the arguments."""
        self._evaluator.reset_budget()
        found = self._evaluator.evaluate(callee, frame)
        return answer(self._evaluator, found, self._evaluator.call(found, NO_ARGUMENTS))

    def decorates(self, decorator: ast.expr, name: str, frame: Frame) -> Answer:
        """Return what calling the function `name` would return as one of its decorators gets it."""
        self._evaluator.reset_budget()
        found = decorators.below(self._evaluator, decorator, name, frame)
        return answer(self._evaluator, found, self._evaluator.call(found, NO_ARGUMENTS))

    def name_of(self, expression: ast.expr, frame: Frame) -> str | None:
        """Return the qualified name of the function, class or module it denotes, or of the class of the instance."""
        self._evaluator.reset_budget()
        return describe(self._evaluator.evaluate(expression, frame)).name

    def raised(self, expression: ast.expr, frame: Frame) -> tuple[raised_exceptions.Raised, ...]:
        """Return the new exceptions that `raise expression` may raise; empty unless it is sure to raise a new one."""
        self._evaluator.reset_budget()
        return raised_exceptions.raised(self._evaluator, expression, frame)

    def classes_of(self, expression: ast.expr, frame: Frame) -> tuple[raised_exceptions.Lineage, ...]:
        """Return the classes that an expression denotes, alone or in a tuple; empty unless all of them are known."""
        self._evaluator.reset_budget()
        return raised_exceptions.denoted(self._evaluator, expression, frame)

    def receiver_of(self, call: ast.Call, frame: Frame) -> str | None:
        """Return the qualified name of the class of `x` in `x.m()`, or in `m()` where `m` is bound to `x.m`."""
        if isinstance(call.func, ast.Attribute):
            return self.name_of(call.func.value, frame)
        self._evaluator.reset_budget()
        callee = self._evaluator.evaluate(call.func, frame) if isinstance(call.func, ast.Name) else None
        held = callee.items[0] if isinstance(callee, OverloadedType) else callee
        return describe(held.bound).name if isinstance(held, FunctionType) and held.bound is not None else None

    def last_word(self, callee: ast.expr, frame: Frame) -> str:
        """Return what a callee is called where it comes from, without what stands before the last dot; cheap."""
        return last_word(callee, frame)

    def is_defined(self, name: str) -> bool:
        """Whether the project has a function or a class of that name; cheap."""
        return self._prefilter.is_defined(name, self._module)

    def is_given(self, callable_: ast.expr, frame: Frame) -> bool:
        """Whether a callable is a parameter without annotation, or made around one: its callers know what it is."""
        return is_given(callable_, frame)

    def canonical(self, name: str) -> str:
        """Return the name under which a public name is defined (`asyncio.sleep`: `asyncio.tasks.sleep`), or itself."""
        known = self._canonical.get(name)
        if known is None:
            self._evaluator.reset_budget()
            known = self._canonical[name] = self._evaluator.defined_name(name) or name
        return known

    def origins(self, expression: ast.expr, frame: Frame) -> tuple[Site, ...] | None:
        """Return the calls that made a value, through names, attributes, `await`, `with`; None unless all are seen."""
        self._evaluator.reset_budget()
        return origins.origins(self._evaluator, expression, frame)

    def results(self, site: Site) -> tuple[tuple[ast.expr, Frame], ...] | None:
        """Return the expressions that the called function returns or yields; None unless its body is in sight."""
        self._evaluator.reset_budget()
        return origins.results(self._evaluator, site)

    def default(self, name: str, parameter: str) -> ast.expr | None:
        """Return the default of a parameter of the function or class behind a public name, if it was found."""
        self._evaluator.reset_budget()
        return origins.default(self._evaluator, self._evaluator.named(name), parameter)

    def above(self, node: ast.AST, frame: Frame) -> tuple[ast.AST, ...] | None:
        """Return the nodes above one, from the function around it down; None outside functions."""
        return project.above(node, frame)

    def callers(self, frame: Frame) -> list[Caller]:
        """Return the calls in the project that may be calls of the function that a frame belongs to."""
        scope = frame.enclosing_function()
        if scope is None or scope.function is None:
            return []
        self._evaluator.reset_budget()
        return list(project.callers(self._evaluator, self._project, scope.function))

    def calls_among(self, words: Sequence[str], mentions: Iterable[str]) -> Iterator[Site]:
        """Yield the calls of something called one of `words`, here and in the project's files that hold a mention."""
        return project.calls_among(self._evaluator, self._project, words, mentions, self._module)

    def inside(self, callee: ast.expr, frame: Frame) -> tuple[tuple[ast.AST, Frame], ...] | None:
        """Return what the function that a callee denotes, or its class's methods, hold; None unless all is in sight."""
        self._evaluator.reset_budget()
        return definitions.inside(self._evaluator, callee, frame)

    def body(self, callee: ast.expr, frame: Frame) -> tuple[list[ast.stmt], Frame] | None:
        """Return the statements of the undecorated function that a callee denotes, and their frame; None otherwise."""
        self._evaluator.reset_budget()
        return definitions.body(self._evaluator, callee, frame)

    def is_of_project(self, frame: Frame) -> bool:
        """Whether the module of a frame is one of the project's files."""
        path = frame.module.path
        return bool(path and self._project.text(Path(path)))

    def effect(self, loop: Loop, frame: Frame, collections: Collection[str] = ()) -> Effect:
        """Return what one iteration of a loop does to what all share; `collections` are names that it may add to."""
        return self._effects.of_loop(loop, frame, collections)

    def effect_of(self, callee: ast.expr, frame: Frame) -> Effect:
        """Return what calling a function of the project does, whatever it is given."""
        self._evaluator.reset_budget()
        return self._effects.of_callee(self._evaluator.evaluate(callee, frame))

    def lacking(self, expression: ast.expr, frame: Frame, method: str) -> Lack | None:
        """Return what shows that a value lacks a special method such as `__await__`; None where nothing does."""
        self._evaluator.reset_budget()
        return self._missing.of(expression, frame, method)

    def source_of(self, expression: ast.expr, frame: Frame) -> str:
        """Return the lines that define the function or class that an expression denotes; none where not found."""
        self._evaluator.reset_budget()
        definition = describe(self._evaluator.evaluate(expression, frame)).definition
        if definition is None or not definition.module.path:
            return ""
        last = definition.last_line if isinstance(definition, Function) else definition.node.end_lineno
        return definition.module.lines(definition.node.lineno, last or definition.node.lineno)

    def forwards(self, call: ast.Call, frame: Frame, mentions: re.Pattern[str]) -> tuple[Forward, ...]:
        """Return the asynchronous callables that a call gives to a function that only hands them on, or calls them.

        Those functions are looked into whose text has the pattern, which is the same for every question, or a call of
        the parameter.
        """
        known = self._forwards.get(id(call))
        if known is None:
            self._evaluator.reset_budget()
            known = self._forwards[id(call)] = tuple(self._forwarding.of(call, frame, mentions))
        return known

    def parameter_declared(self, call: ast.Call, argument: ast.expr, frame: Frame) -> declared.Declared | None:
        """Return what the parameter that an argument is for is declared, when a coroutine can be no such thing."""
        self._evaluator.reset_budget()
        return declared.of_parameter(self._evaluator, call, argument, frame)

    def argument_used(self, call: ast.Call, argument: ast.expr, frame: Frame) -> argument_usage.ArgumentUse | None:
        """Return what a function of the project does with an argument that a coroutine could not bear."""
        self._evaluator.reset_budget()
        return argument_usage.of_argument(self._evaluator, self._heirs, call, argument, frame)

    def target_declared(self, target: ast.expr, annotation: ast.expr | None, frame: Frame) -> declared.Declared | None:
        """Return what an attribute or an annotated variable is declared, when a coroutine can be no such thing."""
        self._evaluator.reset_budget()
        if annotation is not None:
            return declared.of_annotation(self._evaluator, ast.unparse(target), annotation, frame)
        return declared.of_target(self._evaluator, target, frame)

    def rules_out(self, classes: ast.expr, frame: Frame) -> bool:
        """Whether nothing that `isinstance` finds to be one of these classes is a coroutine."""
        self._evaluator.reset_budget()
        return declared.rules_out(self._evaluator, classes, frame)

    def is_never_read(self, attribute: ast.Attribute, frame: Frame) -> bool:
        """Whether nothing in the project reads an attribute that is set."""
        self._evaluator.reset_budget()
        return is_never_read(self._evaluator, self._project, attribute, frame)

    def may_be_called_by_others(self, method: str, frame: Frame) -> bool:
        """Whether not the interpreter alone calls that special method of the class whose body's frame it is."""
        if frame.cls is None:
            return False
        self._evaluator.reset_budget()
        return may_be_called_by_others(self._evaluator, self._heirs, frame.cls, method)

    def promises_awaitable(self, frame: Frame) -> bool:
        """Whether the function that a frame belongs to is annotated to return an awaitable."""
        scope = frame.enclosing_function()
        if scope is None or scope.function is None:
            return False
        self._evaluator.reset_budget()
        return declared.promises_awaitable(self._evaluator, scope.function)
