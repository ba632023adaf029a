"""What an expression can be. Plain frozen values; a means to a kind, not a type system."""

import ast
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from async_lint.inference.syntax.binding import Class, Function, Module
from async_lint.inference.syntax.notes import Memo

Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing is known. `reason` is a clause for `--explain-call`; two unknowns are equal whatever their reasons."""

    reason: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class External:
    """Something of a module that was not found: its qualified name as imports and constructors tell."""

    name: str
    instance: bool = False


@dataclass(frozen=True, slots=True)
class NoneType:
    """None."""


@dataclass(frozen=True, slots=True)
class ModuleType:
    name: str
    importer: str = ""  # the import root that its submodules are searched in first


@dataclass(frozen=True, slots=True)
class ClassType:
    """The class itself; `args` are its type arguments where it was subscripted."""

    cls: Class
    args: "tuple[Type, ...]" = ()


@dataclass(frozen=True, slots=True)
class ClassOf:
    """`type[T]`: the class of what a type variable stands for."""

    of: "TypeVariable"


@dataclass(frozen=True, slots=True)
class Instance:
    cls: Class
    args: "tuple[Type, ...]" = ()


@dataclass(frozen=True, slots=True)
class TupleType:
    """A tuple of known length."""

    items: "tuple[Type, ...]"


@dataclass(frozen=True, slots=True)
class FunctionType:
    """A function; `bound` is the receiver of a bound method, `frame` the scope a nested function closes over."""

    function: Function
    bound: "Type | None" = None
    frame: "Frame | None" = None


@dataclass(frozen=True, slots=True)
class LambdaType:
    node: ast.Lambda
    frame: "Frame"


@dataclass(frozen=True, slots=True)
class OverloadedType:
    """The overloads of a function, and the function itself where its source is there."""

    items: "tuple[FunctionType, ...]"
    implementation: "FunctionType | None" = None


@dataclass(frozen=True, slots=True)
class Callable:
    """Something that is known by what calling it returns (`Callable[..., T]`).

    `function` is what it stands for, where a decorator made it: `@asynccontextmanager`. `parameters` are those of
    `Callable[[A, B], T]`; they do not tell two of them apart.
    """

    result: "Type"
    function: Function | None = field(default=None, compare=False)
    parameters: "tuple[Type, ...]" = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class PartialType:
    """`functools.partial(function, ...)`."""

    function: "Type"


@dataclass(frozen=True, slots=True)
class PropertyType:
    getter: "Type"


@dataclass(frozen=True, slots=True)
class StaticMethod:
    function: "Type"


@dataclass(frozen=True, slots=True)
class ClassMethod:
    function: "Type"


@dataclass(frozen=True, slots=True)
class SuperType:
    cls: Class
    receiver: "Type"


@dataclass(frozen=True, slots=True)
class Coroutine:
    """What calling a coroutine function returns. `result` is what awaiting it gives."""

    result: "Type"
    function: Function | None = None


@dataclass(frozen=True, slots=True)
class AsyncGenerator:
    item: "Type"
    function: Function | None = None


@dataclass(frozen=True, slots=True)
class TypeVariable:
    name: str
    bound: "Type | None" = None


@dataclass(frozen=True, slots=True)
class SpecialForm:
    """A name of `typing` that is no class: `Optional`, `Callable`, `Self`."""

    name: str


@dataclass(frozen=True, slots=True)
class Alias:
    """A type written as a value: `Handler = Callable[[], Awaitable[T]]`, with the variables it stands open in."""

    target: "Type"
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Literal:
    """A string or number whose value is known; `type` is its class's instance."""

    value: str | int  # or a bool, which is an int
    type: "Type"


@dataclass(frozen=True, slots=True)
class Union:
    items: "tuple[Type, ...]"


Type = (
    Unknown
    | External
    | NoneType
    | ModuleType
    | ClassType
    | ClassOf
    | Instance
    | TupleType
    | FunctionType
    | LambdaType
    | OverloadedType
    | Callable
    | PartialType
    | PropertyType
    | StaticMethod
    | ClassMethod
    | SuperType
    | Coroutine
    | AsyncGenerator
    | TypeVariable
    | SpecialForm
    | Alias
    | Literal
    | Union
)

UNKNOWN = Unknown()
NONE = NoneType()
IDENTITY = SpecialForm("identity")  # what `functools.wraps(...)` gives: a decorator that changes nothing
NOTHING_YET = Unknown("nothing says what an empty container will hold")  # known by identity


def unknown(reason: str) -> Unknown:
    return Unknown(reason)


class Frame:
    """Where names are looked up: a module's, a class's, a function's, a lambda's or a comprehension's scope.

    `arguments` maps parameters to types where a caller's are known. `variables` are the type parameters of
    `def f[T]`, between the definition and what it stands in. `memo` keeps what expressions of a live tree are, by
    node.
    """

    __slots__ = ("arguments", "cls", "function", "memo", "module", "node", "parent", "variables")

    def __init__(
        self,
        module: Module,
        parent: "Frame | None" = None,
        *,
        function: Function | None = None,
        cls: Class | None = None,
        node: ast.Lambda | Comprehension | None = None,
        arguments: Mapping[str, "Type"] | None = None,
        variables: Mapping[str, ast.AST] | None = None,
    ) -> None:
        self.module = module
        self.parent = parent
        self.function = function
        self.cls = cls
        self.node = node
        self.arguments = arguments
        self.variables = variables
        self.memo: Memo[Hashable, Type] = Memo()

    def enclosing_function(self) -> "Frame | None":
        """Return the nearest frame of a `def`, through lambdas and comprehensions, not through classes."""
        frame: Frame | None = self
        while frame is not None and frame.function is None:
            # A class body runs in no function: an `await` there is an error, whatever stands around it.
            if frame.cls is not None:
                return None
            frame = frame.parent
        return frame

    def method(self) -> "Frame | None":
        """Return the nearest frame of a function that a class body defines: the one whose `self` is meant."""
        # A function nested in a method closes over the method's `self`.
        frame: Frame | None = self
        while frame is not None and (frame.function is None or frame.function.owner is None):
            frame = frame.parent
        return frame
