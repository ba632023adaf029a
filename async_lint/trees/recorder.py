"""Where each libcst node stands in the sequence of its tree's tokens."""

from types import TracebackType

import libcst as cst
from libcst._nodes.internal import CodegenState

# The index of a node's first token, and of the first token after it.
Tokens = tuple[int, int]


class Recorder(CodegenState):
    """The code of a tree as tokens, and where each expression and statement stands among them.

    Writing the code again costs a third of parsing it, and `PositionProvider`, which does the same with a regular
    expression and two objects a token, more than parsing it. What only findings ask for is left to `Surroundings`.
    """

    def __init__(self, module: cst.Module) -> None:
        super().__init__(module.default_indent, module.default_newline)
        # Keyed by identity: the nodes' own hash is a Python function. The tree outlives its recorder.
        self.places: dict[int, Tokens] = {}
        self._recording: list[tuple[cst.CSTNode, int, cst.CSTNode | None, cst.CSTNode | None]] = []
        module._codegen(self)

    # Its own context manager: libcst's generator, one for each node, would be dearer than all the rest.
    def record_syntactic_position(  # type: ignore[override]
        self, node: cst.CSTNode, *, start_node: cst.CSTNode | None = None, end_node: cst.CSTNode | None = None
    ) -> "Recorder":
        self._recording.append((node, len(self.tokens), start_node, end_node))
        return self

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        node, start, start_node, end_node = self._recording.pop()
        end = len(self.tokens)
        if start_node is not None:
            start = self.places[id(start_node)][0]
        # An import's last name has no place of its own: the import ends where its tokens do.
        if end_node is not None and id(end_node) in self.places:
            end = self.places[id(end_node)][1]
        self.places[id(node)] = (start, end)


class Surroundings(CodegenState):
    """Where every node stands among the tokens, parentheses and all: with its whitespace and the lines before it."""

    def __init__(self, module: cst.Module) -> None:
        super().__init__(module.default_indent, module.default_newline)
        self.places: dict[int, Tokens] = {}
        self._open: list[int] = []
        module._codegen(self)

    def before_codegen(self, node: cst.CSTNode) -> None:
        self._open.append(len(self.tokens))

    def after_codegen(self, node: cst.CSTNode) -> None:
        self.places[id(node)] = (self._open.pop(), len(self.tokens))
