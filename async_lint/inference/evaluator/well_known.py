"""Classes of the standard library that inference itself speaks of."""

from async_lint.inference.modules.library import Library
from async_lint.inference.questions.questions import Questions
from async_lint.inference.syntax.binding import Class
from async_lint.inference.syntax.notes import NOTES, Memo
from async_lint.inference.types.values import UNKNOWN, Instance, Type


class WellKnown(Questions):
    """What `builtins.list` and its like are, looked up once each."""

    def __init__(self, library: Library) -> None:
        super().__init__()
        self.library = library
        self._stdlib: Memo[tuple[str, str], Class | None] = Memo()

    def stdlib_class(self, module: str, name: str) -> Class | None:
        return NOTES.kept(self._stdlib, (module, name), lambda: self._stdlib_class(module, name))

    def _stdlib_class(self, module: str, name: str) -> Class | None:
        source = self.library.module(module)
        bindings = source.lookup(name) if source is not None else None
        definition = bindings[-1].definition if bindings else None
        return definition if isinstance(definition, Class) else None

    def builtin_class(self, name: str) -> Class | None:
        return self.stdlib_class("builtins", name)

    def builtin(self, name: str, *args: Type) -> Type:
        cls = self.builtin_class(name)
        return Instance(cls, args) if cls is not None else UNKNOWN

    def typing(self, name: str, *args: Type) -> Type:
        cls = self.stdlib_class("typing", name)
        return Instance(cls, args) if cls is not None else UNKNOWN
