"""What pytest gives a test for a parameter: the value of the nearest fixture of that name."""

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

from async_lint.inference.kinds.kinds import is_protocol
from async_lint.inference.questions.arguments import NO_ARGUMENTS
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Class, Function, Module, last_name
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.scope import definition_scope
from async_lint.inference.types.unions import options
from async_lint.inference.types.values import AsyncGenerator, Coroutine, FunctionType, Instance, Type

# The fixtures of pytest's plugins for asyncio that go by the same name everywhere.
_EVENT_LOOPS = frozenset({"event_loop", "loop"})
_FIXTURE = re.compile(r"_?pytest\w*\.(?:\w+\.)*fixture")  # pytest's own, and those of its plugins for asyncio


def given(evaluator: Evaluator, function: Function, parameter: ast.arg) -> Type | None:
    """Return what a parameter of a test or of a fixture is; None when no fixture of that name was found."""
    # What pytest collects unless `python_functions` says otherwise; nothing else is given fixtures.
    if not function.name.startswith("test") and not any(_fixtures(evaluator, function)):
        return None
    if not _is_required(parameter, function.node.args):
        return None
    for fixture in _nearest(evaluator, function, parameter.arg):
        if fixture is not function:  # a fixture that extends the one it overrides
            return _value(evaluator, fixture)
    # The plugin's own: a project that has one of that name overrides it.
    if parameter.arg in _EVENT_LOOPS:
        return evaluator.returned(evaluator.named("asyncio.get_event_loop"), [], None)
    return None


def contradicts(evaluator: Evaluator, function: Function, parameter: ast.arg, annotated: Type) -> bool:
    """Whether a fixture gives a parameter something else than its annotation says: an instance of another class."""
    declared = options(annotated)
    if not declared or not all(isinstance(each, Instance) for each in declared):
        return False
    fixture = given(evaluator, function, parameter)
    return fixture is not None and not any(
        _may_be(evaluator, one, other) for one in declared for other in options(fixture)
    )


def _may_be(evaluator: Evaluator, declared: Type, found: Type) -> bool:
    """Whether a value that was found may be of a declared type; true unless the contrary is seen."""
    if not isinstance(declared, Instance) or not isinstance(found, Instance):
        return True
    # Any dict may be a `TypedDict`.
    if is_protocol(declared.cls) or evaluator.is_typed_dict(declared.cls):
        return True
    # A base that was not found may lead to a library's class; to one whose source is here it does not.
    if not declared.cls.module.path and evaluator.order(found.cls).missing:
        return True
    return evaluator.is_subclass(found.cls, declared.cls) or evaluator.is_subclass(declared.cls, found.cls)


def _is_required(parameter: ast.arg, among: ast.arguments) -> bool:
    plain = [*among.posonlyargs, *among.args]
    # pytest gives a parameter with a default nothing.
    required = plain[: len(plain) - len(among.defaults)]
    named = [arg for arg, value in zip(among.kwonlyargs, among.kw_defaults, strict=True) if value is None]
    return any(arg is parameter for arg in (*required, *named))


def _nearest(evaluator: Evaluator, function: Function, name: str) -> Iterator[Function]:
    """Yield the fixtures of a name as pytest looks for them: in the class, the module, the folders from here up."""
    if function.owner is not None:
        for base in evaluator.order(function.owner).bases:
            yield from _of_name(evaluator, base.cls, name)
    yield from _of_name(evaluator, function.module, name)
    for module in _conftests(evaluator, function.module):
        yield from _of_name(evaluator, module, name)


def _conftests(evaluator: Evaluator, module: Module) -> Iterator[Module]:
    folder = os.path.dirname(module.path)
    while evaluator.library.is_inside(folder):
        path = os.path.join(folder, "conftest.py")
        if path != module.path:
            conftest = evaluator.library.at(Path(path))
            if conftest is not None:
                yield conftest
                yield from _plugins(evaluator, conftest)
        folder = os.path.dirname(folder)


def _plugins(evaluator: Evaluator, conftest: Module) -> Iterator[Module]:
    """Yield the modules that a `conftest.py` names in `pytest_plugins`."""
    for binding in conftest.table.get("pytest_plugins", ()):
        for node in descendants(binding.value) if binding.value is not None else ():
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                plugin = evaluator.library.module(node.value, conftest.root)
                if plugin is not None:
                    yield plugin


def _of_name(evaluator: Evaluator, where: Class | Module, name: str) -> Iterator[Function]:
    for bindings in where.table.values():
        # Of several definitions the last one is there when pytest looks.
        for binding in reversed(bindings):
            definition = binding.definition
            if (
                isinstance(definition, Function)
                and definition.node.decorator_list
                and name in _fixtures(evaluator, definition)
            ):
                yield definition
    # pytest finds the fixtures that a module imports, too.
    if isinstance(where, Module):
        for module, there in _imports(where, name):
            source = evaluator.library.module(module, where.root)
            if source is not None and source is not where:
                yield from _of_name(evaluator, source, there)


def _imports(module: Module, name: str) -> Iterator[tuple[str, str]]:
    yield from ((binding.module, binding.name) for binding in module.table.get(name, ()) if binding.name)
    yield from ((star, name) for star in reversed(module.stars))


def _fixtures(evaluator: Evaluator, function: Function) -> Iterator[str]:
    """Yield the name that a function is a fixture under; nothing when it is none."""
    for node in function.node.decorator_list:
        target = node.func if isinstance(node, ast.Call) else node
        # Cheap, before the decorator is looked up.
        if last_name(target) != "fixture":
            continue
        if _FIXTURE.fullmatch(evaluator.qualified_name(evaluator.evaluate(target, definition_scope(function))) or ""):
            named = (keyword.value for keyword in getattr(node, "keywords", ()) if keyword.arg == "name")
            yield next((str(value.value) for value in named if isinstance(value, ast.Constant)), function.name)


def _value(evaluator: Evaluator, fixture: Function) -> Type:
    """Return what a fixture gives: what it yields, or its result, awaited if need be."""
    receiver = Instance(fixture.owner) if fixture.owner is not None else None
    result = evaluator.call(FunctionType(fixture, receiver), NO_ARGUMENTS)
    match result:
        case AsyncGenerator(item):
            return item
        # The plugins for asyncio run such a fixture and hand on what it returns.
        case Coroutine(awaited):
            return awaited
    return evaluator.element(result, False) if fixture.is_generator else result
