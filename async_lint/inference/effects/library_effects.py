"""What calls into other people's code change, as the tables of `knowledge` say."""

from collections.abc import Iterable
from enum import Enum
from typing import Any, NamedTuple

from async_lint.inference.questions.asking import Asking
from async_lint.inference.syntax.notes import NOTES, Memo
from async_lint.inference.types.values import (
    FunctionType,
    Instance,
    LambdaType,
    OverloadedType,
    PartialType,
    Type,
    Union,
    Unknown,
)
from async_lint.knowledge.tables import table

_TABLES = ("effects", "resources")


class Change(Enum):
    """What a call may change."""

    NOTHING = "nothing"
    WRAPS = "wraps"  # nothing of its own: what it is given does the work
    OPENS = "opens"  # nothing, and what it returns is new
    MAKES = "makes"  # nothing, and what it returns is new but holds what it is given
    OPENS_KEYED = "opens keyed"  # as that, if its first argument is the iteration's own
    FIRST = "first"  # its first argument
    KEYED = "keyed"  # what its first argument names
    ITSELF = "itself"  # the object that it is a method of
    PACE = "pace"  # nothing, but it spaces out what comes after it
    ANYTHING = "anything"


class LibraryEffect(NamedTuple):
    """An entry of a table. `exclusive`: the object serves one call at a time; `why` says what makes several fine.

    `calls` is the position of an argument that is called, None when there is none. `method` is false of functions.
    `part`: the object is part of an exclusive one that others share. `passive`: it waits, if at all, for what goes on
    by itself: to wait for several at once gains nothing. `brief`: it waits for a local file, so that little is gained.
    """

    change: Change
    exclusive: bool = False
    why: str = ""
    calls: int | None = None
    method: bool = False
    passive: bool = False
    part: bool = False
    brief: bool = False


class _Class(NamedTuple):
    methods: dict[str, Change]
    exclusive: bool
    why: str
    passive: tuple[str, ...]
    part: bool
    brief: bool


_FUNCTIONS = {
    "pure": Change.NOTHING,
    "wrappers": Change.WRAPS,
    "opens": Change.OPENS,
    "opens-keyed": Change.OPENS_KEYED,
    "change-first": Change.FIRST,
    "paces": Change.PACE,
}
_METHODS = {"reads": Change.NOTHING, "keyed": Change.KEYED, "own": Change.ITSELF}


class LibraryEffects:
    """The tables, by public names and by those under which things are defined."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._evaluator = asking.evaluator
        self._indexed: Memo[str, bool] = Memo()
        self._functions: dict[str, LibraryEffect] = {}
        self._classes: dict[str, _Class] = {}

    def find(self, name: str) -> LibraryEffect | None:
        """Return the entry of a function, a method or a class, by qualified name; None when the tables have none."""
        self._index(name.partition(".")[0])
        entry = self._functions.get(name) or self._functions.get(_module_of(name) + ".*")
        if entry is not None:
            return entry
        made = self._classes.get(name)
        if made is not None:
            # A client owns what it opens; `tuple(items)` has the items that others have too.
            return LibraryEffect(Change.OPENS if made.exclusive or made.why else Change.MAKES)
        head, _, tail = name.rpartition(".")
        while head:
            cls = self._classes.get(head)
            if cls is not None:
                change = cls.methods.get(tail) or cls.methods.get("*", Change.ANYTHING)
                passive = tail in cls.passive
                return LibraryEffect(change, cls.exclusive, cls.why, None, True, passive, cls.part, cls.brief)
            head, _, last = head.rpartition(".")
            tail = f"{last}.{tail}"
        return self._functions.get(name.partition(".")[0] + ".**")

    def of(self, callee: Type) -> LibraryEffect | None:
        """Return the entry of what is called."""
        if isinstance(callee, OverloadedType):
            callee = callee.items[0]
        if isinstance(callee, Union):
            # Of several that it may be, what holds of each: a file is opened as text or as bytes.
            each = {self.of(option) for option in callee.items}
            return each.pop() if len(each) == 1 else None
        if isinstance(callee, PartialType | LambdaType | Unknown):
            return None
        name = self._evaluator.qualified_name(callee)
        entry = self.find(name) if name else None
        if entry is None and isinstance(callee, FunctionType) and isinstance(callee.bound, Instance):
            # An heir of a client that serves many at once is such a client.
            order = self._evaluator.order(callee.bound.cls)
            names = [*(base.cls.full_name for base in order.bases), *filter(None, order.missing)]
            near = next(filter(None, (self.find(f"{class_name}.{callee.function.name}") for class_name in names)), None)
            if near is not None and (near.exclusive or (near.why and near.change is not Change.ANYTHING)):
                entry = near
        return entry

    def exclusive(self, name: str) -> bool:
        """Whether objects of that class serve one at a time."""
        self._index(name.partition(".")[0])
        cls = self._classes.get(name)
        return cls is not None and cls.exclusive

    def reason(self, name: str) -> str:
        """Return why objects of that class serve several at once; empty where nothing says so."""
        self._index(name.partition(".")[0])
        found = self._classes.get(name)
        return found.why if found is not None and not found.exclusive else ""

    def _index(self, package: str) -> None:
        """Read what the tables say of one top-level package: to ask for every entry's definition costs its module."""
        NOTES.kept(self._indexed, package, lambda: self._read_tables(package))

    def _read_tables(self, package: str) -> bool:
        # Who asks meanwhile has what was read so far.
        self._indexed[package] = True
        for name in _TABLES:
            self._add(table(name), package)
        # `_bisect` defines what `bisect` publishes.
        for alias in {package.lstrip("_"), _SAME.get(package, package)}:
            self._index(alias)
        return True

    def _add(self, entries: dict[str, Any], package: str) -> None:
        for public in _of(entries["functions"]["brief"], package):
            for name in self._names(public):
                self._functions[name] = LibraryEffect(Change.ANYTHING, brief=True)
        for key, change in _FUNCTIONS.items():
            for public in _of(entries["functions"][key], package):
                for name in self._names(public):
                    self._functions[name] = LibraryEffect(change, brief=public in entries["functions"]["brief"])
        for public in _of(entries["calls"], package):
            for name in self._names(public):
                self._functions[name] = LibraryEffect(Change.WRAPS, calls=entries["calls"][public])
        for entry in entries["class"]:
            methods = {method: change for key, change in reversed(_METHODS.items()) for method in entry.get(key, ())}
            for public in _of(entry["names"], package):
                passive = tuple(entry.get("passive", ()))
                exclusive, part = entry.get("exclusive", False), entry.get("part", False)
                made = _Class(methods, exclusive, entry.get("why", ""), passive, part, entry.get("brief", False))
                for name in self._names(public):
                    self._classes[name] = made

    def _names(self, public: str) -> tuple[str, ...]:
        if public.endswith("*"):
            return (public,)
        return (public, self._asking.anew().defined_name(public) or public)


# Modules of the interpreter that define what others publish, under names that do not tell.
_SAME = {"_thread": "threading", "_weakrefset": "weakref"}


def _module_of(name: str) -> str:
    """Return the module that publishes a function: `bisect` for `_bisect.bisect_left`."""
    return name.rpartition(".")[0].lstrip("_")


def _of(names: Iterable[str], package: str) -> list[str]:
    return [name for name in names if name.partition(".")[0] == package]
