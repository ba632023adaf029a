"""What a scope binds: every way a name, a class attribute or an instance attribute gets a value.

A table maps a name to its bindings in source order. The expressions stay `ast` nodes: nothing is evaluated here.
"""

import ast
import bisect
import re
import sys
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from async_lint.inference.syntax.notes import NOTES, Fact
from async_lint.inference.syntax.reparsing import body_at, put_back, with_body

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
if sys.version_info >= (3, 11):
    Try = ast.Try | ast.TryStar
else:
    Try = ast.Try

# Places of one function that bind a name, or fill what it names: where there are more, a program wrote it, as data.
MANY = 200
# What ends a line for Python's tokenizer; `str.splitlines` knows others, such as form feeds.
_LINE_ENDS = re.compile("\r\n|\r|\n")


class How(Enum):
    """How a binding gets its value."""

    PARAMETER = "parameter"
    ASSIGN = "assign"
    AUGMENTED = "augmented"
    DECLARE = "declare"  # an annotation, with or without a value
    ITERATE = "for"
    ASYNC_ITERATE = "async for"
    ENTER = "with"
    ASYNC_ENTER = "async with"
    EXCEPT = "except"
    IMPORT = "import"
    IMPORT_FROM = "from import"
    FUNCTION = "def"
    CLASS = "class"
    ALIAS = "type"  # `type X = ...`
    PATTERN = "case"  # bound by a match pattern: value unknown
    DELETE = "del"


class Binding(NamedTuple):
    """One way a name gets its value.

    `value` is the expression on the other side; `path` leads into it where the target is unpacked (an index a
    level, counted from the end after a starred target, None for the starred one itself). `certain` is false below
    an `if`, a loop or a `try`. `module` and `name` are of imports: absolute module, and the name in it or "".
    """

    how: How
    node: ast.AST
    value: ast.expr | None = None
    annotation: ast.expr | None = None
    path: tuple[int | None, ...] = ()
    certain: bool = True
    module: str = ""
    name: str = ""
    definition: "Function | Class | None" = None


Table = dict[str, list[Binding]]
# Bindings that functions further in make, each with its function.
Foreign = dict[str, list[tuple["Function", Binding]]]


@dataclass(slots=True, eq=False)
class Function:
    """A function definition. `body` is worked out when it is first asked for (see `summary.body_of`).

    `node` may be a header, without a body, as long as nobody has asked for the whole; `kept` is what is left of it when
    the tree is given up.
    """

    node: FunctionNode
    kept: FunctionNode
    module: "Module"
    qualname: str
    owner: "Class | None"  # the class whose body defines it
    outer: "Function | None"  # the function whose body defines it
    is_generator: bool
    last_line: int
    body: "Body | None" = None
    scope: object = None  # inference's frame for it, dropped with `body`: what the frame keeps goes by its nodes

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def is_async(self) -> bool:
        return type(self.node) is ast.AsyncFunctionDef

    @property
    def full_name(self) -> str:
        return f"{self.module.name}.{self.qualname}"

    def whole(self) -> FunctionNode:
        """Return the node, for who looks into the body and not at the header alone."""
        self.module.note(Fact.BODY, self.node.lineno)
        if not self.node.body:
            self.node = with_body(self.node, self._parsed_again())
        return self.node

    def _parsed_again(self) -> list[ast.stmt]:
        place = self.node.lineno, self.node.col_offset
        body = body_at(place, self.module.read_lines(self.node.lineno, self.last_line), self.module.raw)
        attributes = self.owner.attributes.values() if self.owner is not None else ()
        set_here = (binding.node for bindings in attributes for function, binding in bindings if function is self)
        # Who asks of an assignment to an attribute where it stands has the one that its class holds.
        put_back({(node.lineno, node.col_offset): node for node in set_here if isinstance(node, ast.stmt)}, body)
        return body


@dataclass(slots=True, eq=False)
class Class:
    """A class definition: what its body binds, and what its methods assign to attributes of `self`."""

    node: ast.ClassDef  # the header, without a body
    module: "Module"
    qualname: str
    outer: "Function | Class | None"
    table: Table
    attributes: "dict[str, list[tuple[Function, Binding]]]"
    scope: object = None  # inference's frame for its body

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def full_name(self) -> str:
        return f"{self.module.name}.{self.qualname}"

    def has_coroutine_functions(self) -> bool:
        """Whether the body of the class defines one."""
        definitions = (binding.definition for bindings in self.table.values() for binding in bindings)
        return any(isinstance(one, Function) and one.is_async for one in definitions)


@dataclass(slots=True, eq=False)
class Body:
    """What a function's body binds and gives back."""

    statements: list[ast.stmt]
    table: Table
    returns: list[ast.expr | None]
    outward: set[str]  # declared global or nonlocal
    module_names: set[str]  # declared global
    inner: "Foreign"  # what functions inside it bind with `nonlocal`
    stores: Table  # what it assigns to attributes, by dotted name: `self.client`
    walruses: frozenset[str]  # the names that `:=` binds
    tested: frozenset[str]  # the names in what its `if`, `while`, `assert` and `match` statements ask
    filling: dict[str, list[ast.stmt]] | None = None  # what may fill its containers, once it was asked for

    def lines_of(self, name: str) -> list[int]:
        """Return the lines on which the body binds a name or, where it is dotted, the attribute or its root."""
        bindings = self.table.get(name.partition(".")[0], [])
        return [getattr(binding.node, "lineno", 0) for binding in [*bindings, *self.stores.get(name, ())]]


@dataclass(slots=True, eq=False)
class Module:
    """One module's source as tables. Whoever makes it says whether `text` may be parsed again for a body."""

    name: str
    path: str  # empty for bundled knowledge
    is_package: bool
    is_stub: bool
    raw: str  # the text; who asks for `text` is noted
    table: Table
    stars: list[str] = field(default_factory=list)  # modules of `from m import *`, absolute
    root: str = ""  # the import root that the file was found under
    exports: list[str] | None = None  # `__all__` where it is a literal
    is_library: bool = False  # bundled, of a published package: the project may use another version of it
    tree: ast.Module | None = None  # what the functions are part of, while somebody checks it or is going to
    scope: object = None  # inference's frame for its top level
    _walrus_lines: list[int] = field(init=False)
    _starts: "array[int] | None" = None  # where the lines start, once somebody asked
    _with: dict[str, list[int]] = field(default_factory=dict)  # the lines with a word, once somebody asked
    functions: list[Function] = field(default_factory=list)  # those outside other functions, in source order
    inner: "Foreign" = field(default_factory=dict)  # what functions bind with `global`
    maybe_stars: set[str] = field(default_factory=set)  # stars below an `if` or a `try`
    outside: list[ast.stmt] | None = None  # what stands outside functions, once it was asked for

    def __post_init__(self) -> None:
        self._walrus_lines = self.read_lines_with(":=")

    @property
    def text(self) -> str:
        NOTES.add(Fact.TEXT, self.path)
        return self.raw

    def note(self, fact: Fact, line: int) -> None:
        """Note that something is read off the outermost function on a line, or off what stands outside."""
        if NOTES.current is not None:
            NOTES.add(fact, self.path, self.function_on(line))

    def function_on(self, line: int) -> int:
        """Return the number of the outermost function on a line, -1 outside of them."""
        at = bisect.bisect_right(self.functions, line, key=lambda function: function.node.lineno) - 1
        return at if at >= 0 and line <= self.functions[at].last_line else -1

    def has_walrus(self, node: "ast.stmt | FunctionNode") -> bool:
        """Whether there may be a `:=` among the lines of a statement: to look into expressions is dear."""
        return any_within(self._walrus_lines, node.lineno, node.end_lineno or node.lineno)

    def lines(self, first: int, last: int) -> str:
        """Return the text of some lines, counted from 1, as the file has them."""
        if NOTES.current is not None:
            # The header's are the interface's.
            for number in {self.function_on(line) for line in range(first, last + 1)}:
                NOTES.add(Fact.BODY, self.path, number)
        return self.read_lines(first, last)

    def read_lines(self, first: int, last: int) -> str:
        """Return the same, for who notes himself what he reads."""
        starts = self._line_starts()
        return self.raw[starts[first - 1] : starts[last] if last < len(starts) else None]

    def lines_with(self, word: str) -> list[int]:
        """Return the numbers of the lines that hold a word, each once for each time that it stands there."""
        NOTES.add(Fact.HOLDERS, self.path, word)
        return self.read_lines_with(word)

    def read_lines_with(self, word: str) -> list[int]:
        """Return the same, for what becomes part of the tables."""
        numbers = self._with.get(word)
        if numbers is None:
            numbers = self._with[word] = []
            at = self.raw.find(word)
            while at >= 0:
                numbers.append(self.line_of(at))
                at = self.raw.find(word, at + len(word))
        return numbers

    def line_of(self, offset: int) -> int:
        """Return the number of the line that a character of the text stands on."""
        return bisect.bisect_right(self._line_starts(), offset)

    def _line_starts(self) -> "array[int]":
        if self._starts is None:
            self._starts = array("l", [0])
            self._starts.extend(match.end() for match in _LINE_ENDS.finditer(self.raw))
        return self._starts

    def lookup(self, name: str) -> list[Binding] | None:
        return self.table.get(name)

    def names(self) -> Iterable[str]:
        return self.table.keys()


def any_within(lines: Sequence[int], first: int, last: int) -> bool:
    """Whether one of the lines, which are sorted, is from `first` to `last`."""
    at = bisect.bisect_left(lines, first)
    return at < len(lines) and lines[at] <= last


def parameters(arguments: ast.arguments) -> list[ast.arg]:
    """Return every parameter in order, the starred ones too."""
    ordered = [*arguments.posonlyargs, *arguments.args]
    if arguments.vararg:
        ordered.append(arguments.vararg)
    ordered += arguments.kwonlyargs
    if arguments.kwarg:
        ordered.append(arguments.kwarg)
    return ordered


def form(node: ast.expr) -> str:
    """Return the last word of a name of `typing`, which the bundled knowledge imports as `_t_Protocol`."""
    return last_name(node).removeprefix("_t_")


def last_name(node: ast.AST) -> str:
    """Return a name, or the last of a chain of attributes; else an empty string."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def dotted(node: ast.expr) -> str:
    """Return `a.b.c` for a chain of attributes on a name, else an empty string."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([node.id, *reversed(parts)])
