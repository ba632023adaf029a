"""What a name is at the top level of a module: defined there, imported, or brought by a star."""

from collections.abc import Hashable

from async_lint.inference.evaluator import annotations
from async_lint.inference.names import names
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.questions.questions import Questions
from async_lint.inference.syntax.binding import Module
from async_lint.inference.syntax.notes import NOTES, Memo
from async_lint.inference.types.scope import module_scope
from async_lint.inference.types.unions import join
from async_lint.inference.types.values import NONE, UNKNOWN, External, ModuleType, Type, unknown


class ModuleMembers:
    """The members of modules, worked out once each; the evaluator is asked, its questions are the same."""

    def __init__(self, evaluator: Evaluator, questions: Questions) -> None:
        self._evaluator = evaluator
        self._questions = questions
        self._library = evaluator.library
        self._builtins = evaluator.library.module("builtins")
        self._memo: Memo[Hashable, Type] = Memo()
        self._globals: Memo[Hashable, Type] = Memo()

    def global_type(self, module: Module, name: str, place: tuple[int, int] | None = None) -> Type:
        """Return what a name is at a module's top level, or in the builtins."""
        if place is None:
            return self._questions.settled((module, name), lambda: self._global_type(module, name, None), self._globals)
        return self._global_type(module, name, place)

    def _global_type(self, module: Module, name: str, place: tuple[int, int] | None) -> Type:
        member = self.module_member(module, name, place)
        if member is None and self._builtins is not None and module is not self._builtins:
            member = self.module_member(self._builtins, name)
        return member if member is not None else unknown(f"`{name}` is not defined anywhere that was found")

    def module_member(self, module: Module, name: str, place: tuple[int, int] | None = None) -> Type | None:
        special = annotations.special_form(self._evaluator, module.name, name)
        if special is not None:
            return special
        bindings = module.lookup(name)
        if bindings:
            # The path too: every folder of tests may have a `conftest`.
            key = ("member", module.name, module.path, name)
            if len(bindings) == 1 and (known := self._memo.get(key)) is not None:
                NOTES.reuse(self._memo, key)
                return known
            scope = module_scope(module)
            if (place is not None and len(bindings) > 1) or any(
                self._questions.is_active(binding) for binding in bindings
            ):
                return names.with_foreign(
                    self._evaluator, module.inner, name, bindings, names.bound(self._evaluator, bindings, scope, place)
                )
            return self._questions.guarded(
                key,
                lambda: names.with_foreign(
                    self._evaluator, module.inner, name, bindings, names.bound(self._evaluator, bindings, scope)
                ),
                self._memo,
            )
        if name in module.inner:
            return names.with_foreign(self._evaluator, module.inner, name, (), NONE)
        maybe: list[Type] = []
        for star in reversed(module.stars):  # the last one wins
            source = self._library.module(star, module.root)
            if source is not None and source is not module and self._exports(source, name):
                mark = ("star", module.name, module.path, star, name)
                if self._questions.cycles.is_open(mark):
                    continue
                self._questions.cycles.open(mark)
                try:
                    member = self.module_member(source, name)
                finally:
                    self._questions.cycles.close(mark)
                if member is not None:
                    maybe.append(member)
                    if star not in module.maybe_stars:
                        break
        return join(maybe) if maybe else None

    def _exports(self, module: Module, name: str) -> bool:
        return name in module.exports if module.exports is not None else not name.startswith("_")

    def import_from(self, module: str, name: str, importer: Module) -> Type:
        source = self._library.module(module, importer.root)
        if source is None:
            # A package without a module of its own may be known by its submodules alone: `discord.ext`.
            submodule = f"{module}.{name}"
            known = self._library.module(submodule, importer.root) is not None
            return ModuleType(submodule, importer.root) if known else External(submodule)
        if source is importer or source.path == importer.path != "":
            # `from . import part`, in the package itself; or what the module defines, imported in one of its functions.
            submodule = f"{module}.{name}"
            if self._library.module(submodule, importer.root) is not None:
                return ModuleType(submodule, importer.root)
            return self.module_member(importer, name) or UNKNOWN
        return self.module_attribute(source.name if not source.path else module, importer.root, name, source)

    def module_attribute(self, module: str, root: str, name: str, source: Module | None = None) -> Type:
        source = source or self._library.module(module, root)
        if source is None:
            return External(f"{module}.{name}")
        # As with `from package import name`: what the package binds comes before a submodule of that name.
        member = self.module_member(source, name)
        if member is not None:
            return member
        if self._library.module(f"{module}.{name}", root) is not None:
            return ModuleType(f"{module}.{name}", root)
        if source.lookup("__getattr__"):
            return unknown(f"`{module}.__getattr__` decides what `{name}` is")
        return External(f"{module}.{name}")

    def named(self, name: str) -> Type:
        """Return what a public dotted name stands for."""
        parts = name.split(".")
        # The longest module first: `asyncio.tasks` before `asyncio`.
        for split in range(len(parts) - 1, 0, -1):
            module = ".".join(parts[:split])
            if self._library.module(module) is not None:
                value: Type = ModuleType(module)
                for part in parts[split:]:
                    value = self._evaluator.attribute(value, part)
                return value
        return unknown(f"`{name}` was not found")
