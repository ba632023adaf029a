"""Which facts of a project are otherwise, now that some of its files have another text.

A fact is compared as it reads in the text of then and in that of now. Positions are no part of an interface or of a
body: a line more in a function moves all that stands below it, and changes nothing that is believed of it.
"""

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Set
from functools import cached_property
from typing import NamedTuple, TypeVar

from async_lint.files.lines import split_lines
from async_lint.files.source import UnreadableError, read_source
from async_lint.inference.blocking.words import imports_in, told_by
from async_lint.inference.modules.summary import summarize
from async_lint.inference.project.dynamic_parameters import hands_around
from async_lint.inference.project.heirs import bases
from async_lint.inference.project.name_prefilter import names_in
from async_lint.inference.project.project_names import ProjectNames
from async_lint.inference.project.usage import awaited_in, calls_in
from async_lint.inference.syntax.binding import Binding, Class, Module, Table
from async_lint.inference.syntax.headers import headers_in
from async_lint.inference.syntax.notes import Fact, Leaf

_Read = TypeVar("_Read")

_LINE_ENDS = re.compile(rb"\r\n|\r|\n")


class Texts(NamedTuple):
    """A file's text, then and now."""

    before: bytes
    now: bytes


class ChangedFacts:
    """Answers for some changed files.

    `names` is what an earlier run has learnt of the project's names; whoever asks puts what is known today in `now`.
    """

    def __init__(self, texts: Mapping[str, Texts], names: ProjectNames) -> None:
        self._before = names
        self.now = names
        self._files = {path: _File(path, *pair) for path, pair in texts.items()}

    def kept_names(self) -> ProjectNames:
        """Return what of the names is as it was, or can be told from the changed texts alone."""
        before, awaited = self._before, None
        if before.awaited is not None:
            awaited = Counter(before.awaited)
            for file in self._files.values():
                awaited.update(awaited_in([file.now]))
                awaited.subtract(awaited_in([file.before]))
        says_same = not self._said
        imports_same, leads_same = not self._imports, self._is_same(told_by)
        return ProjectNames(
            definitions=before.definitions if says_same else None,
            plain=before.plain if self._is_same(headers_in) else None,
            promising=before.promising if says_same else None,
            awaited=awaited,
            imported=before.imported if imports_same else None,
            leading=before.leading if leads_same else None,
            leading_to_files=before.leading_to_files if leads_same else None,
        )

    def is_changed(self, leaf: Leaf) -> bool:
        match leaf.fact:
            case Fact.MENTIONS:
                words = [word.encode() for word in str(leaf.what).split("\n")]
                return not self._is_same(lambda text: all(word in text for word in words))
            case Fact.LEADS:
                return leaf.what in self._leading
            case Fact.NAME:
                return leaf.what in self._names
            case Fact.HEADERS:
                return leaf.what in self._bases
            case Fact.IMPORTED:
                return leaf.what in self._imports
        # What is bundled has no path, and stays as it is.
        file = self._files.get(leaf.path)
        return file is not None and not file.is_same(leaf)

    @cached_property
    def _said(self) -> set[str]:
        """The names of which a text says something else, their awaited calls aside."""
        return {name for name, _ in self._differing(names_in)}

    @cached_property
    def _names(self) -> set[str]:
        awaited = {name for name, _ in self._differing(lambda text: set(awaited_in([text]).items()))}
        return self._said | awaited | _otherwise(self._before.plain, self.now.plain)

    @cached_property
    def _leading(self) -> Set[str]:
        before, now = self._before, self.now
        files = _otherwise(before.leading_to_files, now.leading_to_files)
        return files | _otherwise(before.leading, now.leading)

    @cached_property
    def _bases(self) -> set[str]:
        return self._differing(bases)

    @cached_property
    def _imports(self) -> set[str]:
        return self._differing(imports_in)

    def _differing(self, read: Callable[[bytes], set[_Read]]) -> set[_Read]:
        """Return what is read off one of a file's texts and not off the other."""
        return {each for file in self._files.values() for each in read(file.before) ^ read(file.now)}

    def _is_same(self, read: Callable[[bytes], object]) -> bool:
        return all(read(file.before) == read(file.now) for file in self._files.values())


class _File:
    """One changed file, its two texts read alike."""

    def __init__(self, path: str, before: bytes, now: bytes) -> None:
        self._path = path
        self.before = before
        self.now = now

    def is_same(self, leaf: Leaf) -> bool:
        what = leaf.what
        match leaf.fact:
            case Fact.PLACE:
                assert isinstance(what, int)
                return self._stands(what)
            case Fact.FOUND:
                assert isinstance(what, bytes)
                flags, _, pattern = what.partition(b" ")
                search = re.compile(pattern, int(flags)).search
                return (search(self.before) is None) == (search(self.now) is None)
            case Fact.CALLS:
                assert isinstance(what, bytes)
                return calls_in(self.before, what) == calls_in(self.now, what)
            case Fact.HANDED:
                name = str(what)
                return hands_around(name, self.before) == hands_around(name, self.now)
        before, now = self._modules
        if before is None or now is None or leaf.fact is Fact.TEXT:
            return False
        match leaf.fact:
            case Fact.INTERFACE:
                return self._has_same_interface
            case Fact.BODY:
                assert isinstance(what, int)
                if what < 0:
                    return self._has_same_interface
                return what < min(len(before.functions), len(now.functions)) and _body(before, what) == _body(now, what)
            case Fact.HOLDERS:
                return _on(before, before.read_lines_with(str(what))) == _on(now, now.read_lines_with(str(what)))
            case Fact.MATCHES:
                return _matching(before, str(what)) == _matching(now, str(what))
        return False

    def _stands(self, line: int) -> bool:
        """Whether a line is in front of all that has changed, or behind it and where it was."""
        first, last, moved = self._changed_lines
        return line < first or (line > last and not moved)

    @cached_property
    def _changed_lines(self) -> tuple[int, int, bool]:
        before, now = _LINE_ENDS.split(self.before), _LINE_ENDS.split(self.now)
        first = next((at for at, pair in enumerate(zip(before, now, strict=False)) if pair[0] != pair[1]), -1)
        if first < 0:
            first = min(len(before), len(now))
        last = 0
        while last < min(len(before), len(now)) - first and before[-1 - last] == now[-1 - last]:
            last += 1
        return first + 1, len(before) - last, len(before) != len(now)

    @cached_property
    def _modules(self) -> tuple[Module | None, Module | None]:
        return _module(self._path, self.before), _module(self._path, self.now)

    @cached_property
    def _has_same_interface(self) -> bool:
        before, now = self._modules
        return before is not None and now is not None and _interface(before) == _interface(now)


def _otherwise(before: frozenset[str] | None, now: frozenset[str] | None) -> frozenset[str]:
    """Return the names that are in one set alone. What nobody had asked for, nothing rests on."""
    return frozenset() if before is None or now is None else before ^ now


def _module(path: str, text: bytes) -> Module | None:
    try:
        source = read_source(path, text)
    except UnreadableError:
        return None
    return summarize("", path, source.text, source.tree, is_package=False, whole=True)


def _interface(module: Module) -> tuple[object, ...]:
    """Return all of a module but its functions' bodies; of those, what they assign to attributes and globals."""
    inside: set[int] = set()
    for function in module.functions:
        first = function.node.body[0].lineno
        if first > function.node.lineno:
            inside.update(range(first, function.last_line + 1))
    outside = [line for number, line in enumerate(split_lines(module.raw), 1) if number not in inside and line.strip()]
    functions = [(function.qualname, function.is_generator) for function in module.functions]
    attributes = [
        (cls.qualname, name, function.qualname, *_dump(binding))
        for cls in _classes(module.table)
        for name, bindings in cls.attributes.items()
        for function, binding in bindings
    ]
    inner = [
        (name, function.qualname, *_dump(binding))
        for name, bindings in module.inner.items()
        for function, binding in bindings
    ]
    return outside, functions, attributes, inner


def _classes(table: Table) -> Iterator[Class]:
    for bindings in table.values():
        for binding in bindings:
            if isinstance(binding.definition, Class):
                yield binding.definition
                yield from _classes(binding.definition.table)


def _dump(binding: Binding) -> tuple[object, ...]:
    return binding.how, ast.dump(binding.node), binding.path, binding.certain


def _body(module: Module, number: int) -> str:
    function = module.functions[number]
    return module.lines(function.node.lineno, function.last_line)


def _on(module: Module, lines: list[int]) -> list[int]:
    return [module.function_on(line) for line in lines]


def _matching(module: Module, pattern: str) -> list[int]:
    return sorted({module.function_on(module.line_of(match.start())) for match in re.finditer(pattern, module.raw)})
