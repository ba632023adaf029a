"""Modules of the bundled knowledge: each definition is parsed when it is first looked up."""

import ast
import sys
from collections.abc import Iterable
from functools import cache

from async_lint import knowledge
from async_lint.inference.syntax.binding import Binding, Module
from async_lint.inference.syntax.collector import Collector


class BundledModule(Module):
    """A module whose table fills as names are asked for."""

    __slots__ = ("_stub",)

    def __init__(self, name: str, stub: knowledge.Stub) -> None:
        super().__init__(name, "", stub.is_package, True, "", {})
        self._stub = stub
        self.is_library = name.partition(".")[0] not in sys.stdlib_module_names
        self.stars = list(stub.stars)
        self.exports = None if stub.exports is None else list(stub.exports)

    def lookup(self, name: str) -> list[Binding] | None:
        if name in self.table:
            return self.table[name]
        texts = self._stub.definitions.get(name)
        if texts is None:
            return None
        collector = Collector(self, "", None, None)
        for text in texts:
            collector.visit(_statements(text), True)
        bindings = collector.table.get(name, [])
        self.table[name] = bindings
        return bindings

    def names(self) -> Iterable[str]:
        return self._stub.definitions.keys()


@cache
def _statements(text: str) -> list[ast.stmt]:
    # Each project of a run has modules of its own; nobody writes to a tree, so that they share these.
    return ast.parse(text).body


def bundled_module(name: str) -> BundledModule | None:
    stub = knowledge.read(name)
    return None if stub is None else BundledModule(name, stub)
