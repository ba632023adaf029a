"""Types as annotations of one module's stub. What they refer to elsewhere is imported under names of its own."""

from async_lint.inference.evaluator.evaluator import ExpressionEvaluator
from async_lint.inference.syntax.binding import Class, Module
from async_lint.inference.types.values import (
    AsyncGenerator,
    Callable,
    ClassType,
    Coroutine,
    External,
    FunctionType,
    Instance,
    LambdaType,
    Literal,
    NoneType,
    OverloadedType,
    TupleType,
    Type,
    TypeVariable,
    Union,
)

_LONGEST = 400  # characters of a type: a longer one is a table, not a fact
IMPORTED_MODULE = "_m_"
IMPORTED_FORM = "_t_"


class StubTypes:
    """Renders types. `definitions` are those of the module, each a name with its statements."""

    def __init__(self, evaluator: ExpressionEvaluator, module: Module) -> None:
        self.evaluator = evaluator
        self.module = module
        self.definitions: dict[str, list[str]] = {}
        self.any = self.special("Any")

    def render(self, found: Type) -> str:
        text = self._render(found)
        return text if len(text) <= _LONGEST else self.any

    def _render(self, found: Type) -> str:
        match found:
            case Instance(cls, args):
                return self.reference(cls, args)
            case NoneType():
                return "None"
            case Union(items):
                return " | ".join(dict.fromkeys(self._render(each) for each in items))
            case TupleType(items):
                return f"tuple[{', '.join(map(self._render, items)) or '()'}]"
            case Coroutine(result):
                return f"{self.special('Coroutine')}[{self.any}, {self.any}, {self._render(result)}]"
            case AsyncGenerator(item):
                return f"{self.special('AsyncGenerator')}[{self._render(item)}, {self.any}]"
            case TypeVariable("Self"):
                return self.special("Self")
            case TypeVariable():
                self.need_variable(found)
                return found.name
            case Callable(result):
                return f"{self.special('Callable')}[..., {self._render(result)}]"
            case FunctionType() | OverloadedType() | LambdaType():
                return f"{self.special('Callable')}[..., {self._render(self.evaluator.returned(found, None, None))}]"
            case ClassType(cls, args):
                return f"type[{self.reference(cls, args)}]"
            case Literal(value):
                return f"{self.special('Literal')}[{value!r}]"
            case External(name, True):
                return self.external(name)
        return self.any

    def reference(self, cls: Class, args: tuple[Type, ...] = ()) -> str:
        if "<locals>" in cls.qualname:
            return self.any
        rendered = [self._render(each) for each in args]
        suffix = f"[{', '.join(rendered)}]" if any(each != self.any for each in rendered) else ""
        if cls.module is self.module:
            return cls.qualname + suffix
        if cls.module.name == "builtins" and cls.qualname not in self.module.table:
            return cls.qualname + suffix
        return f"{self.imported(cls.module.name)}.{cls.qualname}{suffix}"

    def external(self, name: str) -> str:
        module, _, last = name.rpartition(".")
        if not name.replace(".", "_").isidentifier():
            return self.any
        return f"{self.imported(module)}.{last}" if module else self.any

    def imported(self, module: str) -> str:
        alias = IMPORTED_MODULE + module.replace(".", "_")
        self.definitions.setdefault(alias, [f"import {module} as {alias}"])
        return alias

    def special(self, form: str) -> str:
        alias = IMPORTED_FORM + form
        self.definitions.setdefault(alias, [f"from typing import {form} as {alias}"])
        return alias

    def need_variable(self, variable: TypeVariable) -> None:
        if variable.name not in self.definitions:
            self.type_variable(variable.name, variable)

    def type_variable(self, name: str, variable: TypeVariable) -> None:
        importing = "from typing import TypeVar as _TypeVar"
        self.definitions["_TypeVar"] = [importing]
        self.definitions[name] = [f"{importing}\n{name} = _TypeVar({variable.name!r})"]
        if variable.bound is not None:
            # Quoted: the bound may be defined with the help of the variable.
            bound = self.render(variable.bound)
            self.definitions[name] = [f"{importing}\n{name} = _TypeVar({variable.name!r}, bound={bound!r})"]
