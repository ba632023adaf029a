"""A published package as stub entries: what inference finds in its source, written down as names, kinds and types."""

import ast
from collections.abc import Iterable, Iterator
from typing import Any

from async_lint.inference.answer import Kind
from async_lint.inference.binding import Binding, Class, Function, How, Module
from async_lint.inference.evaluator import Evaluator
from async_lint.inference.kinds import LAZY, kind
from async_lint.inference.members import in_class
from async_lint.inference.scope import class_scope
from async_lint.inference.types import (
    Alias,
    AsyncGenerator,
    Callable,
    ClassMethod,
    ClassType,
    Coroutine,
    External,
    FunctionType,
    Instance,
    LambdaType,
    Literal,
    ModuleType,
    NoneType,
    OverloadedType,
    PropertyType,
    SpecialForm,
    StaticMethod,
    TupleType,
    Type,
    TypeVariable,
    Union,
    Unknown,
)

# Methods that inference asks for by itself.
DUNDERS = frozenset(
    {
        "__init__", "__new__", "__call__", "__await__", "__enter__", "__exit__", "__aenter__", "__aexit__",
        "__iter__", "__next__", "__aiter__", "__anext__", "__getitem__", "__getattr__", "__get__",
        "__set__", "__class_getitem__",
    }
)  # fmt: skip
# What a class's source does not say in its annotations.
OVERRIDES = {
    # A command of a pipeline is queued: it gives the pipeline, or, while a key is watched, an awaitable.
    "redis.asyncio.client.Pipeline": ["_is_async_client: None"],
    "redis.asyncio.cluster.ClusterPipeline": ["_is_async_client: None"],
}
_LONGEST = 400  # characters of a type: a longer one is a table, not a fact


class Writer:
    """Writes the definitions of one module; what it refers to elsewhere it imports under names of its own."""

    def __init__(self, evaluator: Evaluator, module: Module) -> None:
        self.evaluator = evaluator
        self.module = module
        self.definitions: dict[str, list[str]] = {}

    # -- modules -----------------------------------------------------------------------------------------------

    def write(self) -> dict[str, list[str]]:
        for name in list(self.module.names()):
            if name.startswith("__") and name != "__getattr__":
                continue
            self.evaluator.fresh()
            self.definition(name, self.evaluator.module_member(self.module, name))
        return self.definitions

    def definition(self, name: str, found: Type | None) -> None:
        own = self.module.lookup(name) or []
        match found:
            case None | Unknown():
                if name == "__getattr__":
                    self.definitions[name] = ["def __getattr__(name): ..."]
            case ClassType(cls, ()) if cls.module is self.module and cls.qualname == name:
                self.definitions[name] = [ast.unparse(self.class_(cls))]
            case ClassType(cls, ()) | FunctionType(Function() as cls) if (
                "<locals>" not in cls.qualname and "." not in cls.qualname and (cls.module is not self.module)
            ):
                self.definitions[name] = [f"from {cls.module.name} import {cls.qualname} as {name}"]
            case ModuleType(module):
                self.definitions[name] = [
                    f"import {module} as {name}" if "." in module or module != name else f"import {module}"
                ]
            case External(dotted, False) if dotted.replace(".", "_").isidentifier():
                imported = next((each for each in own if each.how is How.IMPORT_FROM), None)
                if imported is not None:
                    self.definitions[name] = [f"from {imported.module} import {imported.name} as {name}"]
                elif own and own[0].how is How.IMPORT:
                    self.definitions[name] = [
                        f"import {own[0].name or own[0].module}" + (f" as {name}" if not own[0].name else "")
                    ]
                else:
                    self.definitions[name] = [
                        f"from {dotted.rpartition('.')[0]} import {dotted.rpartition('.')[2]} as {name}"
                    ]
            case TypeVariable():
                self.type_variable(name, own)
            case SpecialForm(form):
                self.definitions[name] = [f"from typing import {form} as {name}"]
            case Alias(target):
                self.definitions[name] = [f"{name}: {self.special('TypeAlias')} = {self.type(target)}"]
            case FunctionType() | OverloadedType() | Callable() | LambdaType():
                if not name.startswith("_") or name == "__getattr__":
                    self.definitions[name] = [ast.unparse(each) for each in self.functions(name, found)]
            case _:
                if not name.startswith("_"):
                    self.annotated(name, found)

    def annotated(self, name: str, found: Type) -> None:
        text = self.type(found)
        if text != self.special("Any"):
            self.definitions[name] = [f"{name}: {text}"]

    def type_variable(self, name: str, own: Iterable[Binding]) -> None:
        self.definitions[name] = [f"from typing import TypeVar as _TypeVar\n{name} = _TypeVar({name!r})"]
        self.definitions.setdefault("_TypeVar", ["from typing import TypeVar as _TypeVar"])

    # -- classes -----------------------------------------------------------------------------------------------

    def class_(self, cls: Class) -> ast.ClassDef:
        body: list[ast.stmt] = []
        names = list(dict.fromkeys([*cls.table, *cls.attributes]))
        receiver = Instance(cls, tuple(TypeVariable(name) for name in self.evaluator.class_parameters(cls)))
        for name in names:
            if (
                name.startswith("_")
                and name not in DUNDERS
                and not isinstance(self.evaluator.attribute(receiver, name), Literal)
            ):
                continue
            self.evaluator.fresh()
            body += self.member(cls, receiver, name)
        body += [ast.parse(text).body[0] for text in OVERRIDES.get(cls.full_name, ())]
        if "__await__" in cls.table and kind(self.evaluator, receiver) is Kind.AWAITABLE:
            body += ast.parse(f"{LAZY}: bool").body
        bases = [ast.parse(text, mode="eval").body for text in self.bases(cls)]
        keywords = [ast.keyword(each.arg, each.value) for each in cls.node.keywords if each.arg == "total"]
        return ast.ClassDef(cls.name, bases, keywords, body or [ast.Pass()], [], type_params=[])

    def bases(self, cls: Class) -> Iterator[str]:
        scope = class_scope(cls)
        generic = False
        for node in cls.node.bases:
            found = self.evaluator.evaluate(node, scope.parent or scope)
            match found:
                case ClassType():
                    yield self.reference(found.cls, found.args)
                case External(name):
                    yield self.external(name)
                case SpecialForm("Generic" | "Protocol" as form):
                    generic = True
                    yield from self.generic(form, cls)
                case SpecialForm(form):
                    yield self.special(form)
                case _:
                    yield "_a_base_that_was_not_found"
        if not generic and getattr(cls.node, "type_params", None):
            yield from self.generic("Generic", cls)

    def generic(self, form: str, cls: Class) -> Iterator[str]:
        names = self.evaluator.class_parameters(cls)
        for name in names:
            self.need_variable(name)
        yield f"{self.special(form)}[{', '.join(names)}]" if names else self.special(form)

    def member(self, cls: Class, receiver: Instance, name: str) -> Iterator[ast.stmt]:
        if name in cls.table:
            nested = cls.table[name][-1].definition
            if isinstance(nested, Class):
                yield self.class_(nested)
                return
            found = self.evaluator.class_attribute(cls, name)
            if isinstance(found, Union) and all(
                isinstance(each, FunctionType | OverloadedType) for each in found.items
            ):
                found = found.items[-1]
            if isinstance(
                found, FunctionType | OverloadedType | PropertyType | StaticMethod | ClassMethod | LambdaType
            ) or (isinstance(found, Callable) and cls.table[name][0].how is How.FUNCTION):
                if name not in cls.attributes:
                    yield from self.functions(name, found)
                    return
        base = next(base for base in self.evaluator.order(cls).bases if base.cls is cls)
        value = in_class(self.evaluator, receiver, base, name)
        inherited = any(
            name in each.cls.table or name in each.cls.attributes for each in self.evaluator.order(cls).bases[1:]
        )
        text = self.type(value) if value is not None else self.special("Any")
        if text == self.special("Any") and not inherited:
            return
        if self.evaluator.is_enum(cls) and name in cls.table:
            yield from ast.parse(f"{name} = ...").body
        elif name.isidentifier():
            yield from ast.parse(f"{name}: {text}").body

    # -- functions ---------------------------------------------------------------------------------------------

    def functions(self, name: str, found: Type, decorators: tuple[str, ...] = ()) -> Iterator[ast.stmt]:
        match found:
            case FunctionType(function):
                yield self.function(name, function, decorators)
            case OverloadedType(items):
                for each in items:
                    yield self.function(name, each.function, (*decorators, self.special("overload")))
            case PropertyType(getter):
                yield from self.functions(name, getter, (*decorators, "property"))
            case StaticMethod(inner):
                yield from self.functions(
                    name, inner, decorators if name == "__new__" else (*decorators, "staticmethod")
                )
            case ClassMethod(inner):
                yield from self.functions(name, inner, (*decorators, "classmethod"))
            case Callable(result):
                yield from self.callable(name, result, decorators)
            case LambdaType():
                yield from self.callable(name, self.evaluator.returned(found, None, None), decorators)

    def callable(self, name: str, result: Type, decorators: tuple[str, ...]) -> Iterator[ast.stmt]:
        first = "" if not decorators or "staticmethod" in decorators else "self, "
        head = "".join(f"@{each}\n" for each in decorators)
        if isinstance(result, Coroutine):
            yield from ast.parse(
                f"{head}async def {name}({first}*args, **kwargs) -> {self.type(result.result)}: ..."
            ).body
        else:
            yield from ast.parse(f"{head}def {name}({first}*args, **kwargs) -> {self.type(result)}: ...").body

    def function(self, name: str, function: Function, decorators: tuple[str, ...]) -> ast.stmt:
        node = function.node
        arguments = self.arguments(function)
        is_async, result = self.result(function)
        made = (ast.AsyncFunctionDef if is_async else ast.FunctionDef)(
            name,
            arguments,
            [ast.Expr(ast.Constant(...))],
            [ast.parse(each, mode="eval").body for each in decorators],
            None,
            type_params=[],
        )
        text = self.type(result)
        if text != self.special("Any"):
            made.returns = ast.parse(text, mode="eval").body
        return ast.fix_missing_locations(ast.copy_location(made, node))

    def result(self, function: Function) -> tuple[bool, Type]:
        """Return whether the stub is an `async def`, and what its annotation says."""
        evaluator = self.evaluator
        declared = evaluator.declared_return(function) if function.node.returns is not None else Unknown()
        if function.is_generator:
            if not isinstance(declared, Unknown):
                return False, declared
            return False, evaluator.typing(
                "AsyncGenerator" if function.is_async else "Generator", Unknown(), Unknown(), Unknown()
            )
        if isinstance(declared, Unknown) and not function.module.is_stub:
            declared = evaluator.inferred_return(function)
            if function.node.returns is not None and not function.is_async and kind(evaluator, declared) is Kind.VALUE:
                declared = Unknown()
        return function.is_async, declared

    def arguments(self, function: Function) -> ast.arguments:
        given = function.node.args
        scope = self.evaluator.definition_frame(function)

        def bare(each: ast.arg) -> ast.arg:
            return ast.arg(each.arg, self.parameter(each, scope))

        return ast.arguments(
            [bare(each) for each in given.posonlyargs],
            [bare(each) for each in given.args],
            bare(given.vararg) if given.vararg else None,
            [bare(each) for each in given.kwonlyargs],
            [None if each is None else ast.Constant(...) for each in given.kw_defaults],
            bare(given.kwarg) if given.kwarg else None,
            [ast.Constant(...) for _ in given.defaults],
        )

    def parameter(self, each: ast.arg, scope: Any) -> ast.expr | None:
        """Keep the annotations that decide something: type variables, callables, literals."""
        if each.annotation is None:
            return None
        if each.arg == "self":
            # Overloads that tell receivers apart.
            return ast.parse(self.type(self.evaluator.annotation(each.annotation, scope)), mode="eval").body
        found = self.evaluator.annotation(each.annotation, scope)
        if _decides(found):
            return ast.parse(self.type(found), mode="eval").body
        return None

    # -- types -------------------------------------------------------------------------------------------------

    def type(self, found: Type) -> str:
        text = self._type(found)
        return text if len(text) <= _LONGEST else self.special("Any")

    def _type(self, found: Type) -> str:
        match found:
            case Instance(cls, args):
                return self.reference(cls, args)
            case NoneType():
                return "None"
            case Union(items):
                return " | ".join(dict.fromkeys(self._type(each) for each in items))
            case TupleType(items):
                return f"tuple[{', '.join(map(self._type, items)) or '()'}]"
            case Coroutine(result):
                return (
                    f"{self.special('Coroutine')}[{self.special('Any')}, {self.special('Any')}, {self._type(result)}]"
                )
            case AsyncGenerator(item):
                return f"{self.special('AsyncGenerator')}[{self._type(item)}, {self.special('Any')}]"
            case TypeVariable("Self"):
                return self.special("Self")
            case TypeVariable(name):
                self.need_variable(name)
                return name
            case Callable(result):
                return f"{self.special('Callable')}[..., {self._type(result)}]"
            case FunctionType() | OverloadedType() | LambdaType():
                return f"{self.special('Callable')}[..., {self._type(self.evaluator.returned(found, None, None))}]"
            case ClassType(cls, args):
                return f"type[{self.reference(cls, args)}]"
            case Literal(value):
                return (
                    f"{self.special('Literal')}[{value!r}]" if isinstance(value, str | int) else self._type(found.type)
                )
            case External(name, True):
                return self.external(name)
        return self.special("Any")

    def reference(self, cls: Class, args: tuple[Type, ...] = ()) -> str:
        if "<locals>" in cls.qualname:
            return self.special("Any")
        rendered = [self._type(each) for each in args]
        suffix = (
            f"[{', '.join(rendered)}]" if rendered and any(each != self.special("Any") for each in rendered) else ""
        )
        if cls.module is self.module:
            return cls.qualname + suffix
        if cls.module.name == "builtins" and cls.qualname not in (self.module.table or {}):
            return cls.qualname + suffix
        return f"{self.imported(cls.module.name)}.{cls.qualname}{suffix}"

    def external(self, name: str) -> str:
        module, _, last = name.rpartition(".")
        if not name.replace(".", "_").isidentifier():
            return self.special("Any")
        return f"{self.imported(module)}.{last}" if module else self.special("Any")

    def imported(self, module: str) -> str:
        alias = "_m_" + module.replace(".", "_")
        self.definitions.setdefault(alias, [f"import {module} as {alias}"])
        return alias

    def special(self, form: str) -> str:
        alias = f"_t_{form}"
        self.definitions.setdefault(alias, [f"from typing import {form} as {alias}"])
        return alias

    def need_variable(self, name: str) -> None:
        if name not in self.definitions:
            self.type_variable(name, ())


def _decides(found: Type) -> bool:
    match found:
        case TypeVariable() | Callable() | Coroutine() | Literal():
            return True
        case Instance(_, items) | ClassType(_, items) | TupleType(items) | Union(items):
            return any(_decides(each) for each in items)
    return False


def module_entry(evaluator: Evaluator, module: Module) -> dict[str, Any]:
    """Return the JSON value for one module of a package."""
    definitions = Writer(evaluator, module).write()
    return {
        "package": module.is_package,
        "stars": module.stars,
        "exports": module.exports,
        "definitions": definitions,
    }


def reachable(entries: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Drop the imports that nothing in their module refers to."""
    for entry in entries.values():
        definitions = entry["definitions"]
        used = "\n".join(
            text for name, texts in definitions.items() if not name.startswith(("_m_", "_t_")) for text in texts
        )
        for name in [each for each in definitions if each.startswith(("_m_", "_t_"))]:
            if name not in used:
                del definitions[name]
    return entries
