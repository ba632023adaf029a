"""What the name of a callee tells at a glance, before anything is looked up: most calls are of plain functions.

To ask what a call returns costs far more than to look into a set of names. *Plain* is a callee that gives
nothing to await. Its name shows it where nothing of that name, anywhere in the project or in the knowledge, is
asynchronous. The names are found in the text of the files, by patterns: no tree is made for them.

    async def send(to): ...             send()          an `async def` of that name exists: it must be looked up
    def title_of(page) -> str: ...      title_of(page)  every `title_of` of the project is annotated so: plain
    def load(path): ...                 load()          nothing says what it gives: it must be looked up
                                        len(text)       a builtin, and nothing else here has the name: plain
                                        name.strip()    a method of texts, if the project has no asynchronous one
                                        logger.info("") plain where what stands before the dot is called a logger

`is_plain` may be wrong where a name stands for something else, such as `f = send`: that is a miss, never a false alarm,
since nothing is reported of what is plain. What is awaited by a name somewhere is not plain, whoever defines it.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import cached_property
from pathlib import Path

from async_lint import knowledge
from async_lint.inference.modules.summary import body_of
from async_lint.inference.project.project import Project
from async_lint.inference.project.project_names import Definitions, ProjectNames
from async_lint.inference.project.usage import ProjectUsage
from async_lint.inference.syntax.binding import Module, last_name
from async_lint.inference.syntax.headers import plain_names
from async_lint.inference.syntax.notes import NOTES, Fact
from async_lint.inference.types.values import Frame

_ASYNC_DEF = re.compile(rb"\basync\s+def\s+(\w+)")
# What begins with letters is found far quicker than what begins with a condition.
_DEF = re.compile(rb"def\s+(\w+)")
_CLASS = re.compile(rb"class\s+(\w+)")
# On a line that speaks of awaitables, the functions and attributes that are annotated to give, or to be, one.
_ANNOTATED = re.compile(rb"(?<=def )\w+|\w+(?=\s*:)")
_OF_AWAITABLES = re.compile(rb"(?:Awaitable|Coroutine|Future|Task|Async)")
_PROMISED = re.compile(rb"->\s*[\"']?(?:\w+\.)*(?:Awaitable|Coroutine)\b")

# Builtins that give nothing to await, whatever they are given.
_BUILTINS = frozenset(
    ["abs", "all", "any", "bool", "bytearray", "bytes", "callable", "chr", "dict", "dir", "divmod", "enumerate"]
    + ["float", "format", "frozenset", "getattr", "globals", "hasattr", "hash", "hex", "id", "input", "int"]
    + ["isinstance", "issubclass", "len", "list", "locals", "max", "min", "object", "open", "ord", "print", "range"]
    + ["repr", "reversed", "round", "set", "setattr", "slice", "sorted", "str", "sum", "super", "tuple", "type"]
    + ["vars", "zip"]
)
# Some library has something asynchronous of these names, too: as methods of what is no text, and of what is no logger.
_OF_TEXTS = frozenset(["decode", "encode", "endswith", "format", "lower", "split", "startswith", "strip", "upper"])
_OF_LOGS = frozenset(["critical", "debug", "error", "exception", "info", "log", "warning"])


_NO_DEFINITIONS = Definitions()


class _Plainness(Enum):
    NONE = "none"
    SURE = "sure"
    OF_LOGS = "of logs"  # where the receiver is a logger


class NamePrefilter:
    """Answers by name. It may be wrong where a plain name stands for something asynchronous: a miss, no false alarm."""

    def __init__(self, project: Project, usage: ProjectUsage) -> None:
        self._project = project
        self._usage = usage
        # A file under check need not be what the project has on the disk.
        self._module: Module | None = None
        self._own = _NO_DEFINITIONS
        self._plain: dict[tuple[str, bool], _Plainness] = {}  # of names, and names of methods, in that module

    def know(self, names: ProjectNames) -> None:
        """Take what an earlier run collected, in place of the texts."""
        if names.definitions is not None:
            self._definitions = names.definitions
        if names.plain is not None:
            self.annotated = names.plain
        if names.promising is not None:
            self._promising = names.promising

    def known(self) -> ProjectNames:
        """Return what was collected."""
        found = vars(self)
        return ProjectNames(found.get("_definitions"), found.get("annotated"), found.get("_promising"))

    def prepare(self) -> None:
        """Collect the names of the project and of the knowledge now."""
        _ = (self._definitions, self.annotated, self._promising, self._usage.awaited(""))
        _ = (knowledge.plain_names(), knowledge.synchronous_names(), knowledge.asynchronous_names())

    @cached_property
    def _definitions(self) -> Definitions:
        texts = list(self._project.texts())
        definitions = _definitions(texts)
        annotated = _decoded(name for text in texts for name in _annotated_in(text))
        return definitions._replace(asynchronous=definitions.asynchronous | annotated)

    @cached_property
    def annotated(self) -> frozenset[str]:
        """The names of functions of the project that are all annotated to give plain values."""
        return _decoded(plain_names(self._project.texts())) - knowledge.asynchronous_names()

    @cached_property
    def _promising(self) -> frozenset[str]:
        """The names of the coroutine functions in the project that are annotated to give something to await."""
        return _decoded(name for text in self._project.texts() for name in _promising_in(text))

    def promises_awaitable(self, call: ast.Call) -> bool:
        """Whether awaiting what a function of that name gives might give something to await again."""
        NOTES.add(Fact.NAME, "", last_name(call.func))
        return last_name(call.func) in self._promising

    def names_coroutine_function(self, name: str, module: Module) -> bool:
        """Whether the project has an `async def` of that name, or something annotated to give an awaitable."""
        NOTES.add(Fact.NAME, "", name)
        if module is not self._module:
            self._enter(module)
        return name in self._definitions.asynchronous or name in self._own.asynchronous

    def is_defined(self, name: str, module: Module | None) -> bool:
        """Whether the project has a function or a class of that name, or the module under check, if there is one."""
        NOTES.add(Fact.NAME, "", name)
        if module is not None and module is not self._module:
            self._enter(module)
        return name in self._definitions.every or (module is not None and name in self._own.every)

    def _enter(self, module: Module) -> None:
        text = module.raw.encode()
        is_on_disk = text == self._project.raw(Path(module.path))
        self._module, self._own = module, _NO_DEFINITIONS if is_on_disk else _definitions([text])
        self._plain.clear()

    def is_plain(self, call: ast.Call, frame: Frame) -> bool:
        """Whether nothing of that name, in the project or in what is known of libraries, gives anything to await.

        The name of a method of texts is taken for that.
        """
        name, is_method = last_name(call.func), isinstance(call.func, ast.Attribute)
        NOTES.add(Fact.NAME, "", name)
        if name in _BUILTINS and not is_method and _is_builtin(name, frame):
            return True
        if frame.module is not self._module:
            self._enter(frame.module)
        known = self._plain.get((name, is_method))
        if known is None:
            known = self._plain[name, is_method] = self._plainness(name, is_method)
        if known is _Plainness.OF_LOGS:
            return _is_log(call.func)
        return known is _Plainness.SURE and (is_method or not _is_local(name, frame))

    def _plainness(self, name: str, is_method: bool) -> _Plainness:
        project, own = self._definitions, self._own
        if name in project.asynchronous or name in own.asynchronous or self._usage.awaited(name):
            return _Plainness.NONE
        if is_method and name in _OF_TEXTS:
            return _Plainness.SURE
        if name in project.synchronous or name in own.synchronous:
            is_plain = name in self.annotated and name not in own.synchronous
        else:
            is_plain = name in knowledge.plain_names()
        if is_plain:
            return _Plainness.SURE
        return _Plainness.OF_LOGS if is_method and name in _OF_LOGS else _Plainness.NONE

    def is_asynchronous(self, call: ast.Call, module: Module) -> bool:
        """Whether nothing of that name, in the project or in known libraries, is a plain function or a class."""
        name = last_name(call.func)
        NOTES.add(Fact.NAME, "", name)
        if name[:1].isupper() or name in knowledge.synchronous_names() or name in self._definitions.synchronous:
            return False
        return f"def {name}" not in module.text and f"class {name}" not in module.text

    def is_plain_somewhere(self, name: str, module: Module) -> bool:
        """Whether the project, or that module of it, has a plain function of that name."""
        NOTES.add(Fact.NAME, "", name)
        if name in self._definitions.synchronous:
            return True
        return any(function.name == name and not function.is_async for function in module.functions)


def names_in(text: bytes) -> set[tuple[str, object]]:
    """Return what a text says of each name, of what adds up over the texts."""
    asynchronous, synchronous, every = _definitions([text])
    said: set[tuple[str, object]] = set()
    for names, what in (
        (asynchronous, "asynchronous"),
        (synchronous, "synchronous"),
        (every, "defined"),
        (_decoded(_annotated_in(text)), "annotated"),
        (_decoded(_promising_in(text)), "promising"),
    ):
        said.update((name, what) for name in names)
    return said


def _annotated_in(text: bytes) -> Iterator[bytes]:
    """Yield the names that lines annotate to give, or to be, something to await."""
    if b"Awaitable" in text or b"Coroutine" in text:
        for line in text.splitlines():
            if _OF_AWAITABLES.search(line):
                yield from _ANNOTATED.findall(line)


def _promising_in(text: bytes) -> Iterator[bytes]:
    for match in _PROMISED.finditer(text):
        definition = _ASYNC_DEF.match(text, text.rfind(b"async def ", 0, match.start()))
        if definition is not None and text.rfind(b"def ", 0, match.start()) < definition.start(1):
            yield definition[1]


def _definitions(texts: Iterable[bytes]) -> Definitions:
    asynchronous: set[bytes] = set()
    synchronous: set[bytes] = set()
    classes: set[bytes] = set()
    for text in texts:
        classes.update(_CLASS.findall(text))
        for match in _DEF.finditer(text):
            # Room for `async` and some blanks.
            before = text[max(0, match.start() - 12) : match.start()].rstrip()
            (asynchronous if before.endswith(b"async") else synchronous).add(match[1])
    return Definitions(_decoded(asynchronous), _decoded(synchronous), _decoded(asynchronous | synchronous | classes))


def _decoded(names: Iterable[bytes]) -> frozenset[str]:
    return frozenset(name.decode("utf-8", "replace") for name in names)


def _is_log(callee: ast.expr) -> bool:
    """Whether it is a method of what everybody calls a logger."""
    return isinstance(callee, ast.Attribute) and last_name(callee.value).lower().endswith(("logger", "logging"))


def _is_builtin(name: str, frame: Frame) -> bool:
    """Whether nothing between a frame and the builtins has that name."""
    return frame.module.lookup(name) is None and not frame.module.stars and not _is_local(name, frame)


def _is_local(name: str, frame: Frame) -> bool:
    """Whether a function around calls something of its own so: a parameter may be declared to be anything."""
    scope: Frame | None = frame
    while scope is not None:
        if scope.function is not None and name in body_of(scope.function).table:
            return True
        scope = scope.parent
    return False
