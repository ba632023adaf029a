"""Where a module's summary comes from: the project, the environment, the bundled knowledge. Nothing is imported."""

import ast
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from async_lint import knowledge
from async_lint.files.ports import Files
from async_lint.files.source import UnreadableError, read_source
from async_lint.inference.modules.bundled import bundled_module
from async_lint.inference.modules.pins import Pins
from async_lint.inference.modules.summary import attach, detach, summarize
from async_lint.inference.syntax.binding import Module
from async_lint.inference.syntax.notes import NOTES, Fact

# What the language itself rests on; a project's file of the same name is never meant.
_PINNED = frozenset({"builtins", "typing", "typing_extensions", "types", "collections", "abc", "_typeshed", "sys"})
_SUFFIXES = (".pyi", ".py")  # the typing specification's order

# How many of the project's files keep their trees until they are checked themselves, and need not be parsed again.
_WAITING = 300


@dataclass(frozen=True, slots=True)
class Located:
    """Where a module was found: its file (empty for a namespace package), and the folders of its submodules."""

    file: str
    folders: tuple[str, ...]
    root: str


class Library:
    """Modules by name, read when they are first asked for.

    `roots` are the project's import roots, `site_packages` the environment's; both absolute, in order of search. A
    library of which the project's `pins` ask for another version than the bundled knowledge is of is not found there.
    """

    def __init__(
        self, files: Files, roots: Sequence[Path], site_packages: Sequence[Path] = (), pins: Pins | None = None
    ) -> None:
        self._files = files
        self._pins = pins
        self._roots = tuple(str(root) for root in roots)
        self._site = tuple(str(folder) for folder in site_packages)
        self._located: dict[tuple[str, str], Located | None] = {}
        self._modules: dict[tuple[str, str], Module | None] = {}
        self._by_path: dict[str, Module | None] = {}
        self._names: dict[str, list[tuple[str, str]]] = {}  # of the modules that were found, by file
        self._bundled: dict[str, Module | None] = {}
        self._waiting: dict[str, tuple[Module, bytes]] = {}
        self.unreadable: dict[str, tuple[str, str]] = {}  # by module name: the file, and what is wrong with it

    def module(self, name: str, root: str = "") -> Module | None:
        """Return the module of that absolute name as a module under that import root would get it, or None."""
        key = (name, root)
        if key not in self._modules:
            module = self._modules[key] = self._find(name, root)
            if module is not None and module.path:
                self._names.setdefault(module.path, []).append(key)
        module, located = self._modules[key], self._located.get(key)
        # One that cannot be parsed is none; when it can be, it is.
        for file in {module.path if module is not None else "", located.file if located is not None else ""}:
            NOTES.add(Fact.INTERFACE, file)
        return module

    def at(self, path: Path) -> Module | None:
        """Return the module that a file holds, or None when it cannot be read."""
        file = str(path)
        NOTES.add(Fact.INTERFACE, file)
        # To work out its name asks for each folder above it.
        if file in self._by_path:
            return self._by_path[file]
        name, root = self.name_of(path)
        return self._read(Located(file, (), root), name)

    def parsed(self, path: Path, data: bytes) -> ast.Module | None:
        """Return the tree of a file that was read before with this content, once; None when there is none."""
        module, read = self._waiting.pop(str(path), (None, b""))
        return module.tree if module is not None and read == data else None

    def live(self, path: Path, tree: ast.Module, text: str) -> Module:
        """Return the module of the file under check, its functions with their bodies from `tree`."""
        file = str(path)
        self._waiting.pop(file, None)
        known = self._by_path.get(file)
        # The text is what it was, and so is all that was worked out from it.
        if known is not None and known.raw == text:
            attach(known, tree)
            return known
        name, root = self.name_of(path)
        made = summarize(name, file, text, tree, is_package=path.stem == "__init__", root=root, whole=True)
        self._by_path[file] = made
        for key in self._names.get(file, ()):
            self._modules[key] = made
        return made

    def name_of(self, path: Path) -> tuple[str, str]:
        """Return a file's absolute module name, and the import root that its own imports are searched in first."""
        folder = path.parent
        parts = [] if path.stem == "__init__" else [path.stem]
        package = False
        while self._is_file(os.path.join(folder, "__init__.py")) or self._is_file(os.path.join(folder, "__init__.pyi")):
            package = True
            parts.insert(0, folder.name)
            folder = folder.parent
        if package:
            return ".".join(parts), str(folder)
        # Below an import root, folders without `__init__.py` are packages too (PEP 420).
        holding = [root for root in self._roots if str(path).startswith(root.rstrip(os.sep) + os.sep)]
        if holding:
            relative = os.path.relpath(path.parent, max(holding, key=len))
            if relative != ".":
                parts = relative.split(os.sep) + parts
        # Python puts a script's own folder in front of `sys.path`.
        return ".".join(parts), str(path.parent)

    def folders_of(self, path: Path) -> tuple[str, ...]:
        """Return the names of the folders that a file lies in, from the outermost of the import roots around it down.

        What lies above the project is not the project's own: nothing of that is told.
        """
        holding = [root for root in self._roots if str(path).startswith(root.rstrip(os.sep) + os.sep)]
        return path.parent.relative_to(min(holding, key=len)).parts if holding else ()

    def is_inside(self, folder: str) -> bool:
        """Whether a folder is one of the project's import roots, or lies in one."""
        return any((folder + os.sep).startswith(root.rstrip(os.sep) + os.sep) for root in self._roots)

    def _find(self, name: str, root: str) -> Module | None:
        if name.partition(".")[0] in _PINNED:
            pinned = self._from_bundle(name)
            if pinned is not None:
                return pinned
        located = self._locate(name, root)
        says_less = located is not None and self._says_less(located, name) and self._from_bundle(name) is not None
        if located is not None and located.file and not says_less:
            module = self._read(located, name)
            if module is not None:
                return module
        known = self._from_bundle(name)
        if known is not None:
            return known
        if located is not None:
            return Module(name, "", True, False, "", {}, root=located.root)
        return None

    def _from_bundle(self, name: str) -> Module | None:
        if name not in self._bundled:
            module = bundled_module(name)
            if module is not None and self._pins is not None and self._pins.exclude(name):
                module = None
            self._bundled[name] = module
        return self._bundled[name]

    def _read(self, located: Located, name: str) -> Module | None:
        if located.file not in self._by_path:
            self._by_path[located.file] = self._parse(located, name)
        return self._by_path[located.file]

    def _parse(self, located: Located, name: str) -> Module | None:
        try:
            source = read_source(located.file, self._files.read(Path(located.file)))
        except (OSError, UnreadableError) as error:
            reason = error.message if isinstance(error, UnreadableError) else error.strerror or "no access"
            self.unreadable[name] = (located.file, reason)
            return None
        package = os.path.basename(located.file).startswith("__init__.")
        own = self.is_inside(os.path.dirname(located.file))
        made = summarize(name, located.file, source.text, source.tree, is_package=package, root=located.root, whole=own)
        if own:
            self._keep(made, source.data)
        return made

    def _keep(self, module: Module, data: bytes) -> None:
        self._waiting[module.path] = module, data
        if len(self._waiting) > _WAITING:
            first, _ = self._waiting.pop(next(iter(self._waiting)))
            detach(first)

    def _locate(self, name: str, root: str) -> Located | None:
        key = (name, root)
        if key not in self._located:
            parent, _, last = name.rpartition(".")
            self._located[key] = self._submodule(parent, last, root) if parent else self._top_level(last, root)
        return self._located[key]

    def _top_level(self, name: str, root: str) -> Located | None:
        own = tuple(dict.fromkeys([root, *self._roots])) if root else self._roots
        # In this order: https://typing.python.org/en/latest/spec/distributing.html#import-resolution-ordering
        located = (
            self._regular(own, name) or self._regular(self._site, name + "-stubs") or self._regular(self._site, name)
        )
        if located is not None:
            return located
        # A package without `__init__.py` counts only where the whole path has nothing else (PEP 420).
        folders = [os.path.join(outer, name) for outer in (*own, *self._site)]
        folders = [folder for folder in folders if self._files.is_dir(Path(folder))]
        return Located("", tuple(folders), root) if folders else None

    def _submodule(self, parent: str, name: str, root: str) -> Located | None:
        package = self._locate(parent, root)
        if package is None:
            return None
        located = self._regular(package.folders, name)
        if located is not None:
            return Located(located.file, located.folders, package.root)
        if package.file and os.path.basename(os.path.dirname(package.file)).endswith("-stubs"):
            # A stub package may be partial: what it lacks is in the package itself.
            return self._regular(tuple(folder.removesuffix("-stubs") for folder in package.folders), name)
        folders = [
            folder
            for folder in (os.path.join(outer, name) for outer in package.folders)
            if self._files.is_dir(Path(folder))
        ]
        return Located("", tuple(folders), package.root) if folders else None

    def _regular(self, folders: Sequence[str], name: str) -> Located | None:
        for folder in folders:
            inner = os.path.join(folder, name)
            if self._files.is_dir(Path(inner)):
                for suffix in _SUFFIXES:
                    file = os.path.join(inner, "__init__" + suffix)
                    if self._is_file(file):
                        return Located(file, (inner,), folder)
            for suffix in _SUFFIXES:
                if self._is_file(inner + suffix):
                    return Located(inner + suffix, (), folder)
        return None

    def _says_less(self, located: Located, name: str) -> bool:
        """Whether it is an installed package without types of which the bundled knowledge has stubs.

        They say more than such source: the typing specification has stubs first, too.
        """
        top = name.partition(".")[0]
        return (
            top in knowledge.stubbed()
            and located.root in self._site
            and not located.file.startswith(os.path.join(located.root, top + "-stubs", ""))
            and not self._is_file(os.path.join(located.root, top, "py.typed"))
        )

    def _is_file(self, path: str) -> bool:
        return self._files.is_file(Path(path))
