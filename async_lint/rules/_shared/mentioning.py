"""The statements of a function that can matter to what becomes of one name, found without a walk for each name."""

from collections.abc import Iterator

import libcst as cst

from async_lint.trees.walk import children

LOOK_AT_ALL = frozenset({"locals", "vars", "eval", "exec", "dir"})
_LEAVING = (cst.Return, cst.Raise, cst.Break, cst.Continue)

# What holds statements one after another; those on one line may be as many.
Block = cst.IndentedBlock | cst.SimpleStatementLine | cst.SimpleStatementSuite

# The statements of a block by their index, by the block.
_Statements = dict[int, dict[int, cst.CSTNode]]


class Mentioning:
    """Made once for a function, however many values of it are followed."""

    def __init__(self, function: cst.FunctionDef) -> None:
        self._by_name: dict[str, _Statements] = {}
        self._steering: _Statements = {}
        self._above: list[tuple[int, int, cst.CSTNode]] = []
        self._enter(function.body)

    def statements(self, block: Block, name: str) -> Iterator[cst.CSTNode]:
        """Yield the statements of a block in which `name` stands, or that may leave it or look at every name."""
        statements = self._by_name.get(name, {}).get(id(block), {}) | self._steering.get(id(block), {})
        for index in sorted(statements):
            yield statements[index]

    def _enter(self, node: cst.CSTNode) -> None:
        if isinstance(node, cst.Name):
            self._note(self._by_name.setdefault(node.value, {}))
            if node.value in LOOK_AT_ALL:
                self._note(self._steering)
        elif isinstance(node, _LEAVING) or (isinstance(node, cst.While) and is_endless(node)):
            self._note(self._steering)
        if isinstance(node, Block):
            for index, statement in enumerate(node.body):
                self._above.append((id(node), index, statement))
                self._enter(statement)
                self._above.pop()
        else:
            for child in children(node):
                self._enter(child)

    def _note(self, statements: _Statements) -> None:
        for block, index, statement in reversed(self._above):
            known = statements.setdefault(block, {})
            if index in known:
                return  # and so are those around it
            known[index] = statement


def is_endless(loop: cst.While) -> bool:
    """Whether it is written `while True:`."""
    return isinstance(loop.test, cst.Name) and loop.test.value == "True"
