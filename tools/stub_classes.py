"""Classes as stubs: bases, methods, and attributes with what inference finds in them."""

import ast
from collections.abc import Iterator

from async_lint.inference.kinds.kinds import LAZY, kind
from async_lint.inference.members.members import in_class
from async_lint.inference.syntax.binding import Class, How
from async_lint.inference.types.answer import Kind
from async_lint.inference.types.scope import class_scope
from async_lint.inference.types.values import (
    Callable,
    ClassMethod,
    ClassType,
    External,
    FunctionType,
    Instance,
    LambdaType,
    Literal,
    OverloadedType,
    PropertyType,
    SpecialForm,
    StaticMethod,
    Type,
    TypeVariable,
    Union,
)
from tools.stub_functions import functions
from tools.stub_types import StubTypes

# Methods that inference asks for by itself.
_DUNDERS = frozenset(
    {
        "__init__", "__new__", "__call__", "__await__", "__enter__", "__exit__", "__aenter__", "__aexit__",
        "__iter__", "__next__", "__aiter__", "__anext__", "__getitem__", "__getattr__", "__get__",
        "__set__", "__class_getitem__", "__or__", "__ror__",
    }
)  # fmt: skip
_FUNCTIONS = FunctionType | OverloadedType | PropertyType | StaticMethod | ClassMethod | LambdaType


def class_stub(types: StubTypes, cls: Class) -> ast.ClassDef:
    evaluator = types.evaluator
    body: list[ast.stmt] = []
    receiver = Instance(cls, tuple(TypeVariable(name) for name in evaluator.class_parameters(cls)))
    for name in dict.fromkeys([*cls.table, *cls.attributes]):
        private = name.startswith("_") and name not in _DUNDERS
        if not private or isinstance(evaluator.attribute(receiver, name), Literal):
            evaluator.reset_budget()
            body += _member(types, cls, receiver, name)
    if "__await__" in cls.table and kind(evaluator, receiver) is Kind.AWAITABLE:
        body += ast.parse(f"{LAZY}: bool").body
    made = ast.parse(f"class {cls.name}: pass").body[0]
    assert isinstance(made, ast.ClassDef)
    made.bases = [ast.parse(text, mode="eval").body for text in _bases(types, cls)]
    made.keywords = [ast.keyword(each.arg, each.value) for each in cls.node.keywords if each.arg == "total"]
    made.body = body or made.body
    return made


def _bases(types: StubTypes, cls: Class) -> Iterator[str]:
    scope = class_scope(cls)
    generic = False
    for node in cls.node.bases:
        found = types.evaluator.evaluate(node, scope.parent or scope)
        match found:
            case ClassType():
                yield types.reference(found.cls, found.args)
            case External(name):
                yield types.external(name)
            case SpecialForm("Generic" | "Protocol" as form):
                generic = True
                yield _generic(types, form, cls)
            case SpecialForm(form):
                yield f"{types.imported('typing')}.{form}"
            case _:
                yield "_a_base_that_was_not_found"
    if not generic and getattr(cls.node, "type_params", None):
        yield _generic(types, "Generic", cls)


def _generic(types: StubTypes, form: str, cls: Class) -> str:
    names = types.evaluator.class_parameters(cls)
    for name in names:
        types.need_variable(TypeVariable(name))
    # Inference knows a protocol by the last word of a base.
    base = f"{types.imported('typing')}.{form}"
    return f"{base}[{', '.join(names)}]" if names else base


def _member(types: StubTypes, cls: Class, receiver: Instance, name: str) -> Iterator[ast.stmt]:
    evaluator = types.evaluator
    if name in cls.table:
        nested = cls.table[name][-1].definition
        if isinstance(nested, Class):
            yield class_stub(types, nested)
            return
        found = _one_function(evaluator.class_attribute(cls, name))
        is_function = isinstance(found, _FUNCTIONS) or (
            isinstance(found, Callable) and cls.table[name][0].how is How.FUNCTION
        )
        if is_function and name not in cls.attributes:
            yield from functions(types, name, found)
            return
    own, *others = (base for base in evaluator.order(cls).bases)
    value = in_class(evaluator, receiver, own, name)
    inherited = any(name in each.cls.table or name in each.cls.attributes for each in others)
    text = types.render(value) if value is not None else types.any
    if text == types.any and not inherited:
        return
    if evaluator.is_enum(cls) and name in cls.table:
        yield from ast.parse(f"{name} = ...").body
    elif name.isidentifier():
        yield from ast.parse(f"{name}: {text}").body


def _one_function(found: Type) -> Type:
    """Of the definitions of an `if` and its `else`, take the last: their kinds agree where it matters."""
    if isinstance(found, Union) and all(isinstance(each, FunctionType | OverloadedType) for each in found.items):
        return found.items[-1]
    return found
