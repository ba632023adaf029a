"""What a rule may ask: triggers of the `ast` node they look at, checks of the libcst node they visit."""

import ast
import re
from collections.abc import Callable, Mapping, Sequence

import libcst as cst

from async_lint.files.source import Source
from async_lint.inference.face import UNKNOWN, Answer, Forward, Frame, ModuleView
from async_lint.model import Edit, OptionValue, Position, Span
from async_lint.trees.bridge import Bridge, Counterpart
from async_lint.trees.scopes import awaits, function_around
from async_lint.trees.tree import Slice
from async_lint.trees.walk import path_to

_NEWLINES = re.compile(r"\r\n?|\n")


class Facts:
    """What a trigger may ask. `frame` is that of the node it looks at."""

    __slots__ = ("_call", "_callee", "_forwards", "_view", "_word", "frame", "settings", "source", "target_version")

    frame: Frame

    def __init__(
        self, settings: Mapping[str, OptionValue], target_version: tuple[int, int], source: Source, view: ModuleView
    ) -> None:
        self.settings = settings
        self.target_version = target_version
        self.source = source
        self._view = view
        # What was asked for last: each rule asks for it.
        self._callee: ast.expr | None = None
        self._word = ""
        self._call: ast.Call | None = None
        self._forwards: tuple[Forward, ...] = ()

    @property
    def view(self) -> ModuleView:
        """What inference says of the module, for questions about nodes of another frame."""
        return self._view

    def kind_of(self, call: ast.Call) -> Answer:
        """Return what a call returns."""
        return self._view.calls.kind_of(call, self.frame)

    def is_plain(self, call: ast.Call) -> bool:
        """Whether the callee's name alone tells that the call gives nothing to await; far cheaper than `kind_of`."""
        return self._view.calls.is_plain(call, self.frame)

    def returns(self, expression: ast.expr) -> Answer:
        """Return what calling the value of an expression would return."""
        return self._view.calls.returns(expression, self.frame)

    def name_of(self, expression: ast.expr) -> str | None:
        """Return the qualified name of what an expression denotes, or of its class.

        It is the name of the definition where that is found: compare it by `is_called`, or with `canonical`.
        """
        return self._view.names.name_of(expression, self.frame)

    def is_called(self, call: ast.Call, *names: str) -> bool:
        """Whether a call is of one of the public names, wherever they are defined: `asyncio.sleep`; cheap for others.

        What an attribute of another name holds (`self.pause = asyncio.sleep`) is not recognised.
        """
        # The last word first: the full name is a question to inference, and most calls are of something else.
        candidates = _with_word(names, self.last_word(call.func))
        return bool(candidates) and _is_one(self.name_of(call.func), candidates, self.canonical)

    def last_word(self, callee: ast.expr) -> str:
        """Return what a callee is called where it comes from, without what stands before the last dot; cheap."""
        if callee is not self._callee:
            self._callee, self._word = callee, self._view.names.last_word(callee, self.frame)
        return self._word

    def forwards(self, call: ast.Call, mentions: re.Pattern[str]) -> tuple[Forward, ...]:
        """Return what a call gives to functions of the project that only hand it on (see `UseQuestions.forwards`)."""
        if call is not self._call:
            self._call, self._forwards = call, ()
            if (call.args or call.keywords) and self._view.names.is_defined(self.last_word(call.func)):
                self._forwards = self._view.uses.forwards(call, self.frame, mentions)
        return self._forwards

    def receiver_of(self, call: ast.Call) -> str | None:
        """Return the qualified name of the class of `x` in `x.m()`."""
        return self._view.names.receiver_of(call, self.frame)

    def by_convention(self, call: ast.Call) -> str | None:
        """Return what the project's usage says for a call that should be awaited; None when it says nothing."""
        return self._view.calls.by_convention(call, self.frame)

    def canonical(self, name: str) -> str:
        """Return the name under which a public name is defined: `asyncio.tasks.sleep` for `asyncio.sleep`."""
        return self._view.names.canonical(name)


class Context:
    """What a check may ask of the node that it visits, and of any node of the same slice.

    `ancestors` are the nodes above the visited one, the outermost first; they are only those of the slice, which
    holds an outermost function or a statement outside functions.
    """

    def __init__(
        self,
        settings: Mapping[str, OptionValue],
        target_version: tuple[int, int],
        source: Source,
        slice: Slice,
        bridge: Bridge,
        view: ModuleView,
    ) -> None:
        self.settings = settings
        self.target_version = target_version
        self.source = source
        self.slice = slice
        self.ancestors: list[cst.CSTNode] = []
        self.node: cst.CSTNode = slice.module
        self._bridge = bridge
        self._view = view

    def parent(self) -> cst.CSTNode:
        """Return the node right above the visited one; the module for a statement of the slice itself."""
        return self.ancestors[-1] if self.ancestors else self.slice.module

    def ancestors_of(self, node: cst.CSTNode) -> Sequence[cst.CSTNode]:
        """Return the nodes above `node`, which is the visited one, one above it or one below it.

        Raises LookupError for another.
        """
        if node is self.node:
            return self.ancestors
        for index, ancestor in enumerate(self.ancestors):
            if ancestor is node:
                return self.ancestors[:index]
        below = path_to(node, self.node)
        if below is None:
            raise LookupError(f"{type(node).__name__} is not on the way to or below the visited node")
        return [*self.ancestors, *below[:-1]]

    def function(self, node: cst.CSTNode | None = None) -> cst.FunctionDef | cst.Lambda | None:
        """Return the function in whose body `node`, by default the visited one, stands."""
        node = self.node if node is None else node
        return function_around([*self.ancestors_of(node), node])

    def in_async_function(self, node: cst.CSTNode | None = None) -> bool:
        """Whether `await` could be put before `node`, by default the visited one, and stay what it is.

        False in a generator expression too: an `await` would make it an asynchronous generator.
        """
        node = self.node if node is None else node
        in_module = self.source.notebook is not None
        return awaits([*self.ancestors_of(node), node], self.target_version, in_module)

    def span(self, node: cst.CSTNode) -> Span:
        """Return the node's own place, without its parentheses, as `ast` has it."""
        return self.slice.span(node)

    def outer_span(self, node: cst.CSTNode) -> Span:
        """Return the node's place with its own parentheses."""
        return self.slice.outer_span(node)

    def code(self, node: cst.CSTNode) -> str:
        """Return the source text of the node with its own parentheses."""
        return self.source.slice(self.slice.outer_span(node))

    @property
    def view(self) -> ModuleView:
        """What inference says of the module, for questions about `ast` nodes (see `counterpart`)."""
        return self._view

    def counterpart(self, node: cst.BaseExpression) -> Counterpart | None:
        """Return the `ast` node of an expression and its frame; None where it is not certain."""
        return self._bridge.find(node)

    def frame_around(self, function: cst.FunctionDef) -> "Frame | None":
        """Return the frame that the definition of a function stands in; None where it is not certain."""
        return self._bridge.frame_around(function)

    def kind_of(self, call: cst.Call) -> Answer:
        """Return what a call returns."""
        counterpart = self._bridge.find(call)
        if counterpart is None or not isinstance(counterpart.node, ast.Call):
            return UNKNOWN
        return self._view.calls.kind_of(counterpart.node, counterpart.frame)

    def gives_coroutine(self, call: cst.Call) -> bool:
        """Whether awaiting the call gives a coroutine that was made for who awaits it."""
        counterpart = self._bridge.find(call)
        if counterpart is None or not isinstance(counterpart.node, ast.Call):
            return False
        return self._view.calls.gives_coroutine(counterpart.node, counterpart.frame)

    def returns(self, expression: cst.BaseExpression) -> Answer:
        """Return what calling the value of an expression would return."""
        counterpart = self._bridge.find(expression)
        return UNKNOWN if counterpart is None else self._view.calls.returns(counterpart.node, counterpart.frame)

    def name_of(self, expression: cst.BaseExpression) -> str | None:
        """Return the qualified name of what an expression denotes, or of its class."""
        counterpart = self._bridge.find(expression)
        return None if counterpart is None else self._view.names.name_of(counterpart.node, counterpart.frame)

    def is_called(self, call: cst.Call, *names: str) -> bool:
        """Whether a call is of one of the public names, as `Facts.is_called` has it."""
        candidates = _with_word(names, self.last_word(call.func))
        return bool(candidates) and _is_one(self.name_of(call.func), candidates, self.canonical)

    def last_word(self, callee: cst.BaseExpression) -> str:
        """Return what a callee is called where it comes from, without what stands before the last dot."""
        if isinstance(callee, cst.Attribute):
            return callee.attr.value
        counterpart = self._bridge.find(callee) if isinstance(callee, cst.Name) else None
        return "" if counterpart is None else self._view.names.last_word(counterpart.node, counterpart.frame)

    def receiver_of(self, call: cst.Call) -> str | None:
        """Return the qualified name of the class of `x` in `x.m()`."""
        counterpart = self._bridge.find(call)
        if counterpart is None or not isinstance(counterpart.node, ast.Call):
            return None
        return self._view.names.receiver_of(counterpart.node, counterpart.frame)

    def is_overridden(self, call: cst.Call) -> bool:
        """Whether the project has a plain function where the callee is a coroutine function."""
        counterpart = self._bridge.find(call)
        if counterpart is None or not isinstance(counterpart.node, ast.Call):
            return False
        return self._view.project.is_overridden(counterpart.node, counterpart.frame)

    def by_convention(self, call: cst.Call) -> str | None:
        """Return what the project's usage says for a call that should be awaited; None when it says nothing."""
        counterpart = self._bridge.find(call)
        if counterpart is None or not isinstance(counterpart.node, ast.Call):
            return None
        return self._view.calls.by_convention(counterpart.node, counterpart.frame)

    def canonical(self, name: str) -> str:
        """Return the name under which a public name is defined: `asyncio.tasks.sleep` for `asyncio.sleep`."""
        return self._view.names.canonical(name)

    def insert(self, position: Position, text: str) -> Edit:
        """Return the edit that puts `text` at a position, its newlines made those of the file."""
        return self.replace(Span(position, position), text)

    def replace(self, span: Span, text: str) -> Edit:
        """Return the edit that puts `text` in place of a span, its newlines made those of the file."""
        return Edit(span, _NEWLINES.sub(self.source.newline, text) if "\n" in text or "\r" in text else text)


def _with_word(names: Sequence[str], word: str) -> list[str]:
    return [name for name in names if name.rpartition(".")[2] == word]


def _is_one(name: str | None, public: Sequence[str], canonical: Callable[[str], str]) -> bool:
    # The name of what was found is where it is defined; of what was not, it is the public one.
    return name is not None and any(name in (public_name, canonical(public_name)) for public_name in public)
