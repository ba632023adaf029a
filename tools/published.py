"""Definitions in the source of published packages, found by their public names. Nothing is imported: `ast` alone."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

Function = ast.FunctionDef | ast.AsyncFunctionDef
_DEEP = 12  # steps of imports, aliases and base classes from a name to its definition


@dataclass(frozen=True)
class Module:
    """A module's file. `name` is dotted."""

    name: str
    file: Path

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.file.read_text("utf-8"))

    @cached_property
    def package(self) -> str:
        """What relative imports start from."""
        return self.name if self.file.stem == "__init__" else self.name.rpartition(".")[0]


@dataclass(frozen=True)
class Definition:
    """A function or a class, and the class through which a method was looked up."""

    node: Function | ast.ClassDef
    module: Module
    owner: "Definition | None" = None


class Published:
    """The packages in some folders, the first of which that has a module counts."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders
        self._modules: dict[str, Module | None] = {}

    def file(self, path: str) -> Path | None:
        return next((folder / path for folder in self._folders if (folder / path).is_file()), None)

    def module(self, name: str) -> Module | None:
        if name not in self._modules:
            path = name.replace(".", "/")
            # Compiled modules have their signatures in a stub.
            endings = ("/__init__.py", ".py", "/__init__.pyi", ".pyi")
            file = next((found for ending in endings if (found := self.file(f"{path}{ending}"))), None)
            self._modules[name] = Module(name, file) if file else None
        return self._modules[name]

    def definition(self, name: str) -> Definition | None:
        """Return what a public name stands for: `redis.asyncio.Redis.get`."""
        parts = name.split(".")
        for length in range(len(parts) - 1, 0, -1):
            module = self.module(".".join(parts[:length]))
            if module is not None:
                found = self.named(parts[length], module)
                for part in parts[length + 1 :]:
                    found = self.member(found, part) if found is not None else None
                return found
        return None

    def named(self, name: str, module: Module, depth: int = _DEEP) -> Definition | None:
        """Return what a name of a module stands for: the first binding of it that leads to a definition."""
        if depth == 0:
            return None
        head, _, rest = name.partition(".")
        for statement in _statements(module.tree.body):
            found = self._bound(head, statement, module, depth - 1)
            if isinstance(found, Definition) and rest:
                return self.member(found, rest, depth - 1)
            if isinstance(found, Definition):
                return found
            if isinstance(found, Module) and rest:
                return self.named(rest, found, depth - 1)
        return None

    def member(self, owner: Definition, name: str, depth: int = _DEEP) -> Definition | None:
        """Return a method or an inner class, a base's too."""
        if not isinstance(owner.node, ast.ClassDef) or depth == 0:
            return None
        found = _last_defined(name, _statements(owner.node.body))
        if found is not None:
            return Definition(found, owner.module, owner)
        for statement in _statements(owner.node.body):
            match statement:
                case ast.Assign(targets=[ast.Name(id=bound)], value=ast.Name(id=other)) if bound == name != other:
                    return self.member(owner, other, depth - 1)
        for base in self.bases(owner, depth - 1):
            inherited = self.member(base, name, depth - 1)
            if inherited is not None:
                return Definition(inherited.node, inherited.module, owner)
        return None

    def bases(self, owner: Definition, depth: int = _DEEP) -> Iterator[Definition]:
        for expression in owner.node.bases if isinstance(owner.node, ast.ClassDef) else ():
            generic = expression.value if isinstance(expression, ast.Subscript) else expression
            found = self.named(ast.unparse(generic), owner.module, depth)
            if found is not None:
                yield found

    def _bound(self, name: str, statement: ast.stmt, module: Module, depth: int) -> Definition | Module | None:
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() if statement.name == name:
                return Definition(_last_defined(name, _statements(module.tree.body)) or statement, module)
            case ast.Assign(targets=targets, value=ast.Name() | ast.Attribute() as value):
                # `Connect = connect = connections.Connection`
                if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                    return self.named(ast.unparse(value), module, depth)
            case ast.Import(names=aliases):
                imported = next((alias for alias in aliases if alias.asname == name), None)
                return self.module(imported.name) if imported else None
            case ast.ImportFrom(names=aliases):
                source = self.module(absolute(statement, module))
                for alias in aliases:
                    if (alias.asname or alias.name) == name:
                        found = self.named(alias.name, source, depth) if source else None
                        return found or self.module(f"{absolute(statement, module)}.{alias.name}")
                    if alias.name == "*" and source is not None:
                        found = self.named(name, source, depth)
                        if found is not None:
                            return found
        return None


def absolute(statement: ast.ImportFrom, module: Module) -> str:
    """Return the name of the module that `from ... import` in a module takes something from."""
    if not statement.level:
        return statement.module or ""
    parts = module.package.split(".")
    parts = parts[: len(parts) - statement.level + 1]
    return ".".join([*parts, *([statement.module] if statement.module else [])])


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements, those under `if`, `try` and `with` too: a definition may depend on the platform."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.If | ast.Try | ast.With):
            for inner in (statement.body, getattr(statement, "orelse", []), getattr(statement, "finalbody", [])):
                yield from _statements(inner)
            for handler in getattr(statement, "handlers", []):
                yield from _statements(handler.body)


def _last_defined(name: str, statements: Iterator[ast.stmt]) -> Function | ast.ClassDef | None:
    """Return the last definition of a name: those before it are overloads."""
    found: Function | ast.ClassDef | None = None
    for statement in statements:
        if isinstance(statement, Function | ast.ClassDef) and statement.name == name:
            is_overload = any("overload" in ast.unparse(decorator) for decorator in statement.decorator_list)
            if found is None or not is_overload:
                found = statement
    return found
