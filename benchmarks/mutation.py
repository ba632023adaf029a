"""Awaited calls in real code, and edits of its text that keep track of where each of them lands."""

import ast
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

Function = ast.FunctionDef | ast.AsyncFunctionDef

_IMPORTS = b"import asyncio, concurrent.futures, functools; "


class Place(NamedTuple):
    """Offsets in bytes."""

    start: int
    end: int


class Edit(NamedTuple):
    """`text` in place of the bytes from `start` to `end`."""

    start: int
    end: int
    text: bytes


class Site(NamedTuple):
    """A call whose coroutine is awaited, or is made a task that gets a name; `node` is the `await` or the task's call.

    `above` are the nodes above `node`, from its function down; `owner` is what the function stands in.
    """

    node: ast.expr
    call: ast.Call
    statement: ast.stmt
    function: Function
    above: tuple[ast.AST, ...]
    owner: ast.AST


class Mutant(NamedTuple):
    """A lost await: `edits` of what stands at `place` make it."""

    way: str
    shape: str
    place: Place
    edits: tuple[Edit, ...]


class Code:
    """One file's text and tree. Raises SyntaxError or ValueError when it cannot be parsed."""

    def __init__(self, data: bytes) -> None:
        if b"\r" in data.replace(b"\r\n", b""):
            raise ValueError("a lone carriage return is a newline to Python, and none here")
        data.decode("utf-8")
        self.data = data
        self.tree = ast.parse(data)
        self.starts = [0]
        for line in data.split(b"\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)

    def place(self, node: ast.AST) -> Place:
        assert isinstance(node, ast.expr | ast.stmt)
        start = self.starts[node.lineno - 1] + node.col_offset
        return Place(start, self.starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0))

    def text(self, node: ast.AST) -> bytes:
        start, end = self.place(node)
        return self.data[start:end]

    def before(self, statement: ast.stmt) -> bytes:
        """Return what stands before a statement on its line: its indentation, if it is the first there."""
        return self.data[self.starts[statement.lineno - 1] : self.place(statement).start]

    @cached_property
    def imports(self) -> tuple[Edit, ...]:
        """The edit that imports, on the line of the module's first import, what mutants use; none if there is none."""
        for each in self.tree.body:
            if isinstance(each, ast.Import) or (isinstance(each, ast.ImportFrom) and each.module != "__future__"):
                start = self.place(each).start
                return (Edit(start, start, _IMPORTS),)
        return ()

    @cached_property
    def sites(self) -> list[Site]:
        return [site for owner, function in _functions(self.tree) for site in _sites(function, owner)]


def _functions(tree: ast.Module) -> Iterator[tuple[ast.AST, Function]]:
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, Function):
                yield node, child


def _sites(function: Function, owner: ast.AST) -> Iterator[Site]:
    def visit(node: ast.AST, above: tuple[ast.AST, ...], statement: ast.stmt) -> Iterator[Site]:
        call = _awaited(node, statement)
        if call is not None:
            assert isinstance(node, ast.expr)
            yield Site(node, call, statement, function, above, owner)
        # Before Python 3.12 the places of what stands in an f-string are wrong.
        if not isinstance(node, Function | ast.Lambda | ast.ClassDef | ast.JoinedStr):
            for child in ast.iter_child_nodes(node):
                yield from visit(child, (*above, node), child if isinstance(child, ast.stmt) else statement)

    for each in function.body:
        yield from visit(each, (function,), each)


def _awaited(node: ast.AST, statement: ast.stmt) -> ast.Call | None:
    match node:
        case ast.Await(value=ast.Call() as call):
            return call
        case ast.Call(func=ast.Attribute(attr="create_task" | "ensure_future"), args=[ast.Call() as call, *_]):
            bound = isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is node
            return call if bound else None
    return None


class Edited:
    """A file's text with edits, none of which overlap."""

    def __init__(self, code: Code, edits: Sequence[Edit]) -> None:
        self._code = code
        self._edits = sorted(set(edits))
        parts, last = [], 0
        for edit in self._edits:
            parts += [code.data[last : edit.start], edit.text]
            last = edit.end
        self.data = b"".join([*parts, code.data[last:]])

    def compiles(self) -> bool:
        try:
            compile(self.data, "mutant", "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            return False
        return True

    def lines(self, place: Place) -> range:
        """Return the lines of what stood at a place, or of what edits put there."""
        return range(self._line(place.start, False), self._line(place.end, True) + 1)

    def text(self, lines: range) -> str:
        """Return the lines as one, shortened."""
        return " ".join(b" ".join(self.data.split(b"\n")[lines.start - 1 : lines.stop - 1]).decode().split())[:200]

    def line(self, line: int) -> int:
        """Return where a line of the file has got to."""
        return self._line(self._code.starts[line - 1], False)

    def _line(self, at: int, behind: bool) -> int:
        """Return the line of an offset in the file, in front of or `behind` what an edit puts right there."""
        before = (each for each in self._edits if each.start < at or (behind and each.start == at))
        moved = at + sum(len(each.text) - (each.end - each.start) for each in before)
        return self.data.count(b"\n", 0, moved) + 1
