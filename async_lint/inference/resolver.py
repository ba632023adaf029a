"""The entry: one file under check, and what its calls return."""

import ast
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from async_lint.inference import asgi, declared, kinds, origins, project, walk
from async_lint.inference.answer import UNKNOWN, Answer, Evidence, Kind
from async_lint.inference.arguments import NO_ARGUMENTS, of_call
from async_lint.inference.binding import Function, Module
from async_lint.inference.convention import AT_LEAST, Convention, Usage, by_usage, usages
from async_lint.inference.describe import describe
from async_lint.inference.effects import Effect, Effects, Loop
from async_lint.inference.evaluator import Evaluator
from async_lint.inference.fresh import hands_on
from async_lint.inference.given import Given
from async_lint.inference.glance import Glance
from async_lint.inference.heirs import Heirs
from async_lint.inference.lacking import Lack, Lacking
from async_lint.inference.leaves import Leaves
from async_lint.inference.library import Library
from async_lint.inference.origins import Site
from async_lint.inference.overloads import candidates
from async_lint.inference.overridden import is_overridden
from async_lint.inference.project import Caller, Project
from async_lint.inference.project_usage import ProjectUsage
from async_lint.inference.scope import Frame, Unit, definition_scope
from async_lint.inference.summary import detach
from async_lint.inference.types import (
    Callable,
    ClassType,
    Coroutine,
    External,
    FunctionType,
    Instance,
    OverloadedType,
    SpecialForm,
    Type,
    TypeVariable,
    options,
)

# The special methods that the language itself awaits, whoever defines them.
AWAITED = frozenset({"__aenter__", "__aexit__", "__anext__"})


class Inference:
    """What the calls of one project return. `project` is asked who calls a function."""

    def __init__(self, library: Library, project: Project | None = None, evaluator: Evaluator | None = None) -> None:
        self.library = library
        self.project = project or Project()
        self.evaluator = evaluator or Evaluator(library)
        self.evaluator.project = self.project
        self.heirs = self.evaluator.heirs = Heirs(self.evaluator, self.project)
        self.evaluator.given = Given(self.evaluator, self.heirs, self.project)
        self.effects = Effects(self.evaluator, Leaves(self.evaluator), self.heirs)
        self.lacking = Lacking(self.evaluator, self.heirs, self.project)
        usage = ProjectUsage(self.evaluator, self.project)
        self.convention = Convention(self.evaluator, self.project, usage)
        self.glance = Glance(self.project, usage)

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
        self._lacking = inference.lacking
        self._convention = inference.convention
        self._heirs = inference.heirs
        self._glance = inference.glance
        self._usages: dict[ast.AST, dict[str, Usage]] = {}
        self._answers: dict[tuple[int, int], Answer] = {}
        self._canonical = inference.evaluator.canonical

    def close(self) -> None:
        detach(self._module)
        self._answers.clear()
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
            self._evaluator.fresh()
            callee = self._evaluator.evaluate(call.func, frame)
            result = self._evaluator.evaluate(call, frame)
            known = self._answer(callee, result)
            if known.kind is Kind.AWAITABLE and isinstance(callee, ClassType):
                # An object that may be awaited and is of use without it: a client that connects.
                known = replace(known, kind=Kind.UNKNOWN, doubt="the object is of use without being awaited")
            if known.kind is Kind.UNKNOWN and (by_name := _by_specification(call)) is not None:
                known = Answer(Kind.AWAITABLE, known.name, known.label or ast.unparse(call.func)[:60], by_name)
            elif known.kind not in (Kind.UNKNOWN, Kind.VALUE) and self._hands_on(call, callee, result, frame):
                doubt = "it may give back what lives elsewhere: an argument, an attribute, its own receiver"
                known = replace(known, kind=Kind.UNKNOWN, doubt=doubt)
            self._answers[key] = known
        return known

    def is_overridden(self, call: ast.Call, frame: Frame) -> bool:
        """Whether a subclass in the project has a plain function where the callee is a coroutine function."""
        self._evaluator.fresh()
        return is_overridden(self._evaluator, self._heirs, self._evaluator.evaluate(call.func, frame))

    def is_plain(self, call: ast.Call) -> bool:
        """Whether the callee's name alone tells that the call gives nothing to await; sure but for aliases."""
        return self._glance.is_plain(call, self._module)

    def is_asynchronous(self, call: ast.Call) -> bool:
        """Whether no plain function of the callee's name is known; cheap."""
        return self._glance.is_asynchronous(call, self._module)

    def by_convention(self, call: ast.Call, frame: Frame) -> str | None:
        """Return what the project's usage says for a call that should be awaited; None when it says nothing."""
        function = frame.enclosing_function()
        if function is None or function.function is None or not function.function.is_async:
            return None  # nothing there can await; a twin of an asynchronous method may stand there
        self._evaluator.fresh()
        return (
            self._by_usage_here(call, frame)
            or self._convention.by_project(call, frame)
            or self._convention.by_name(call, frame, self._module)
        )

    def _by_usage_here(self, call: ast.Call, frame: Frame) -> str | None:
        callee = ast.unparse(call.func)
        if self._module.text.count(f"await {callee}(") < AT_LEAST:
            return None
        scope: Frame | None = frame
        while scope is not None and scope.cls is None:
            scope = scope.parent
        holder: ast.AST = scope.cls.node if scope is not None and scope.cls is not None else self._tree
        if holder not in self._usages:
            self._usages[holder] = usages(holder)
        where = f"`{holder.name}`" if isinstance(holder, ast.ClassDef) else "this module"
        return by_usage(call, self._usages[holder].get(callee), where)

    def returns(self, callee: ast.expr, frame: Frame) -> Answer:
        """Return what calling `callee` would return, whatever the arguments."""
        self._evaluator.fresh()
        found = self._evaluator.evaluate(callee, frame)
        return self._answer(found, self._evaluator.call(found, NO_ARGUMENTS))

    def name_of(self, expression: ast.expr, frame: Frame) -> str | None:
        """Return the qualified name of the function, class or module it denotes, or of the class of the instance."""
        self._evaluator.fresh()
        return describe(self._evaluator.evaluate(expression, frame)).name

    def receiver_of(self, call: ast.Call, frame: Frame) -> str | None:
        """Return the qualified name of the class of `x` in `x.m()`."""
        return self.name_of(call.func.value, frame) if isinstance(call.func, ast.Attribute) else None

    def canonical(self, name: str) -> str:
        """Return the name under which a public name is defined (`asyncio.sleep`: `asyncio.tasks.sleep`), or itself."""
        known = self._canonical.get(name)
        if known is None:
            self._evaluator.fresh()
            known = self._canonical[name] = self._evaluator.defined_name(name) or name
        return known

    def origins(self, expression: ast.expr, frame: Frame) -> tuple[Site, ...] | None:
        """Return the calls that made a value, through names, attributes, `await`, `with`; None unless all are seen."""
        self._evaluator.fresh()
        return origins.origins(self._evaluator, expression, frame)

    def results(self, site: Site) -> tuple[tuple[ast.expr, Frame], ...] | None:
        """Return the expressions that the called function returns or yields; None unless its body is in sight."""
        self._evaluator.fresh()
        return origins.results(self._evaluator, site)

    def default(self, name: str, parameter: str) -> ast.expr | None:
        """Return the default of a parameter of the function or class behind a public name, if it was found."""
        self._evaluator.fresh()
        return origins.default(self._evaluator, self._evaluator.named(name), parameter)

    def above(self, node: ast.AST, frame: Frame) -> tuple[ast.AST, ...] | None:
        """Return the nodes above one, from the function around it down; None outside functions."""
        return project.above(node, frame)

    def callers(self, frame: Frame) -> list[Caller]:
        """Return the calls in the project that may be calls of the function that a frame belongs to."""
        scope = frame.enclosing_function()
        if scope is None or scope.function is None:
            return []
        self._evaluator.fresh()
        return list(project.callers(self._evaluator, self._project, scope.function))

    def calls_of(self, names: Sequence[str]) -> list[Site]:
        """Return the calls in the project whose callee's last word is that of one of these public names."""
        return list(project.calls_of(self._evaluator, self._project, names, self._module))

    def effect(self, loop: Loop, frame: Frame, collections: Collection[str] = ()) -> Effect:
        """Return what one iteration of a loop does to what all share; `collections` are names that it may add to."""
        return self._effects.of_loop(loop, frame, collections)

    def effect_of(self, callee: ast.expr, frame: Frame) -> Effect:
        """Return what calling a function of the project does, whatever it is given."""
        self._evaluator.fresh()
        return self._effects.of_callee(self._evaluator.evaluate(callee, frame))

    def lacking(self, expression: ast.expr, frame: Frame, method: str) -> Lack | None:
        """Return what shows that a value has no `__await__`, `__aenter__` or `__aiter__`; None where nothing does."""
        self._evaluator.fresh()
        return self._lacking.of(expression, frame, method)

    def source_of(self, expression: ast.expr, frame: Frame) -> str:
        """Return the lines that define the function or class that an expression denotes; none where not found."""
        self._evaluator.fresh()
        definition = describe(self._evaluator.evaluate(expression, frame)).definition
        if definition is None or not definition.module.path:
            return ""
        last = definition.last_line if isinstance(definition, Function) else definition.node.end_lineno
        return "\n".join(definition.module.text.split("\n")[definition.node.lineno - 1 : last])

    def parameter_declared(self, call: ast.Call, argument: ast.expr, frame: Frame) -> declared.Declared | None:
        """Return what the parameter that an argument is for is declared, when a coroutine can be no such thing."""
        self._evaluator.fresh()
        return declared.of_parameter(self._evaluator, call, argument, frame)

    def target_declared(self, target: ast.expr, annotation: ast.expr | None, frame: Frame) -> declared.Declared | None:
        """Return what an attribute or an annotated variable is declared, when a coroutine can be no such thing."""
        self._evaluator.fresh()
        if annotation is not None:
            return declared.of_annotation(self._evaluator, ast.unparse(target), annotation, frame)
        return declared.of_target(self._evaluator, target, frame)

    def rules_out(self, classes: ast.expr, frame: Frame) -> bool:
        """Whether nothing that `isinstance` finds to be one of these classes is a coroutine."""
        self._evaluator.fresh()
        return declared.rules_out(self._evaluator, classes, frame)

    def promised(self, frame: Frame) -> Kind | None:
        """Return what the annotation of the function that a frame belongs to says of its result.

        None where that is nothing: no annotation, `Any`, a class that was not found.
        """
        scope = frame.enclosing_function()
        if scope is None or scope.function is None or scope.function.node.returns is None:
            return None
        self._evaluator.fresh()
        written = self._evaluator.evaluate(scope.function.node.returns, definition_scope(scope.function))
        if isinstance(written, External) or written == SpecialForm("Any"):
            return None
        promised = self._evaluator.declared_return(scope.function)
        if isinstance(promised, TypeVariable) and promised.bound is not None:
            promised = promised.bound
        return kinds.kind(self._evaluator, promised)

    def _hands_on(self, call: ast.Call, callee: Type, result: Type, frame: Frame) -> bool:
        """Whether the call made nothing: it gives back an argument, an item of a container, or its own receiver."""
        evaluate = self._evaluator.evaluate
        if isinstance(callee, FunctionType) and callee.function.is_async:
            return False
        if isinstance(call.func, ast.Call) and isinstance(callee, Callable):
            # `app.get("/")(handler)`: a decorator by hand, which frameworks annotate as if it were the handler.
            if any(isinstance(evaluate(each, frame), FunctionType) for each in call.args):
                return True
        meant: Sequence[Type] = (callee,)
        if isinstance(callee, OverloadedType):
            meant = candidates(self._evaluator, callee.items, of_call(call, frame))
        for each in meant:
            if isinstance(each, FunctionType):
                if hands_on(self._evaluator, each.function):
                    return True
                bound = each.bound.cls if isinstance(each.bound, Instance) else None
                if any(isinstance(one, Instance) and one.cls is bound for one in options(result)):
                    return True
                if each.function.node.returns is not None and not each.function.is_async:
                    declared = self._evaluator.declared_return(each.function)
                    if any(isinstance(one, TypeVariable) for one in options(declared)):
                        return True
        return any(evaluate(each, frame) == result for each in [*call.args, *(each.value for each in call.keywords)])

    def _answer(self, callee: Type, result: Type) -> Answer:
        about = describe(callee)
        kind = kinds.kind(self._evaluator, result)
        if about.name is None and kind in (Kind.UNKNOWN, Kind.VALUE):
            return UNKNOWN if kind is Kind.UNKNOWN else Answer(kind)
        definition = about.definition
        if isinstance(result, Coroutine) and result.function is not None and not isinstance(definition, Function):
            definition = result.function
        if isinstance(callee, Instance) and self._evaluator.defines(callee.cls, "__call__"):
            about = describe(self._evaluator.attribute(callee, "__call__"))
            definition = about.definition
        evidence = None
        if definition is not None:
            evidence = Evidence(
                _claim(kind, definition),
                _place(definition.module),
                definition.node.lineno if definition.module.path else 0,
            )
        return Answer(kind, about.name, about.label, evidence)


def _by_specification(call: ast.Call) -> Evidence | None:
    """Return why a call gives an awaitable whoever is called, or None."""
    if isinstance(call.func, ast.Attribute) and call.func.attr in AWAITED:
        return Evidence("returns an awaitable", "PEP 492", 0)
    if asgi.is_call(call):
        return Evidence("is called as an application, which returns an awaitable", "ASGI 3", 0)
    return None


def _place(module: Module) -> str:
    return module.path or module.name


def _claim(kind: Kind, definition: object) -> str:
    made_async = isinstance(definition, Function) and definition.is_async
    match kind:
        case Kind.COROUTINE:
            return "is a coroutine function" if made_async else "returns a coroutine"
        case Kind.AWAITABLE:
            return "returns an awaitable"
        case Kind.ASYNC_GENERATOR:
            return "is an async generator function" if made_async else "returns an async generator"
        case Kind.ASYNC_CONTEXT:
            return "returns an asynchronous context manager"
        case Kind.TASK:
            return "returns a task or future"
    return "is defined"
