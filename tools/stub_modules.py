"""A published module as a stub: what inference finds in its source, written down as names, kinds and types."""

import ast

from async_lint.inference.evaluator.evaluator import ExpressionEvaluator
from async_lint.inference.syntax.binding import Binding, Class, Function, How, Module
from async_lint.inference.types.values import (
    Alias,
    Callable,
    ClassType,
    External,
    FunctionType,
    LambdaType,
    ModuleType,
    OverloadedType,
    SpecialForm,
    Type,
    TypeVariable,
    Unknown,
)
from tools.entries import Entry
from tools.stub_classes import class_stub
from tools.stub_functions import functions
from tools.stub_types import StubTypes


def module_entry(evaluator: ExpressionEvaluator, module: Module) -> Entry:
    types = StubTypes(evaluator, module)
    for name in list(module.names()):
        if not name.startswith("__") or name == "__getattr__":
            evaluator.reset_budget()
            found = evaluator.module_member(module, name)
            texts = _definition(types, name, found, module.lookup(name) or [])
            if texts:
                types.definitions[name] = texts
    return Entry(package=module.is_package, stars=module.stars, exports=module.exports, definitions=types.definitions)


def _definition(types: StubTypes, name: str, found: Type | None, own: list[Binding]) -> list[str]:
    match found:
        case None | Unknown():
            return ["def __getattr__(name): ..."] if name == "__getattr__" else []
        case ClassType(cls, ()) if cls.module is types.module and cls.qualname == name:
            return [ast.unparse(class_stub(types, cls))]
        case ClassType(Class() as other, ()) | FunctionType(Function() as other) if _is_elsewhere(types, other):
            return [f"from {other.module.name} import {other.qualname} as {name}"]
        case OverloadedType((first, *_)) if _is_elsewhere(types, first.function):
            return [f"from {first.function.module.name} import {first.function.qualname} as {name}"]
        case ModuleType(module):
            return [f"import {module}" if "." not in module and module == name else f"import {module} as {name}"]
        case External(dotted, False) if dotted.replace(".", "_").isidentifier():
            return [_import_of(name, dotted, own)]
        case TypeVariable():
            types.type_variable(name, found)
            return types.definitions[name]
        case SpecialForm(form):
            return [f"from typing import {form} as {name}"]
        case Alias(target):
            return [f"{name}: {types.special('TypeAlias')} = {types.render(target)}"]
        case FunctionType() | OverloadedType() | Callable() | LambdaType():
            if not name.startswith("_") or name == "__getattr__":
                return [ast.unparse(each) for each in functions(types, name, found)]
            return []
    text = types.any if name.startswith("_") else types.render(found)
    return [] if text == types.any else [f"{name}: {text}"]


def _is_elsewhere(types: StubTypes, definition: Class | Function) -> bool:
    return "." not in definition.qualname and definition.module is not types.module


def _import_of(name: str, dotted: str, own: list[Binding]) -> str:
    """Return the import of what was not found, as the module has it where it has one."""
    imported = next((each for each in own if each.how is How.IMPORT_FROM), None)
    if imported is not None:
        return f"from {imported.module} import {imported.name} as {name}"
    if own and own[0].how is How.IMPORT:
        return f"import {own[0].name}" if own[0].name else f"import {own[0].module} as {name}"
    module, _, last = dotted.rpartition(".")
    return f"from {module} import {last} as {name}"
