"""Function headers in a project's text: names of functions that are all annotated to give plain values.

Text costs a hundredth of what trees do. What cannot be read this way is left out.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

# Patterns that begin with letters are found far quicker than others.
_DEF = re.compile(rb"def\s+(\w+)")
# Where parameters end: no other parenthesis stands before a colon, or an arrow and a colon, at the end of a line.
_RETURNS = re.compile(rb"\)\s*(?:->([^\n]+))?:[ \t]*(?:[#\n.]|\r)")
_CLASS = re.compile(rb"class\s+(\w+)(?:\(([^)]*))?")
_WORD = re.compile(rb"(?:\w+\.)*([A-Za-z_]\w*)")
_DECORATOR = re.compile(rb"@(?:\w+\.)*(\w+)\s*$")

# What leaves a function what it is.
_HARMLESS = frozenset([b"abstractmethod", b"classmethod", b"final", b"override", b"overload", b"staticmethod"])
_VALUES = frozenset(
    b"None NoReturn Never bool bytearray bytes complex float int memoryview str type dict frozenset list set tuple"
    b" Dict FrozenSet List Set Tuple Type Optional Union Collection Iterable Mapping MutableMapping Sequence"
    b" Counter OrderedDict defaultdict deque Decimal Path PurePath UUID date datetime timedelta timezone".split()
)
# Bases that make a class one of awaitable objects.
_AWAITABLE = frozenset([b"Awaitable", b"Coroutine", b"Future", b"Task"])


class _Header(NamedTuple):
    name: bytes
    returns: bytes | None  # the annotation; None where there is none, or where the result is not what it says


def plain_names(texts: Iterable[bytes]) -> frozenset[bytes]:
    """Return the names that only plain functions have whose annotations name nothing that could be awaited."""
    returns: dict[bytes, set[bytes | None]] = {}
    bases: dict[bytes, list[bytes]] = {}
    for text in texts:
        for header in _headers(text):
            returns.setdefault(header.name, set()).add(header.returns)
        # Which class of the file has the method the text does not say: each may be the one.
        awaited = b"__await__" in text
        for name, above in _CLASS.findall(text):
            bases.setdefault(name, []).extend([b"Awaitable"] if awaited else _WORD.findall(above))
    values = _VALUES | (bases.keys() - _awaitable(bases))
    plain = {
        annotation
        for annotations in returns.values()
        for annotation in annotations
        if annotation is not None and _names_only(annotation, values)
    }
    return frozenset(name for name, annotations in returns.items() if annotations <= plain)


def headers_in(text: bytes) -> tuple[object, ...]:
    """Return all that a text says of which annotations and functions are plain."""
    return set(_headers(text)), set(_CLASS.findall(text)), b"__await__" in text


def _headers(text: bytes) -> Iterator[_Header]:
    definitions = list(_DEF.finditer(text))
    ends = [*(later.start() for later in definitions[1:]), len(text)]
    for definition, end in zip(definitions, ends, strict=False):
        start = text.rfind(b"\n", 0, definition.start()) + 1
        returns = _RETURNS.search(text, definition.end(), end)
        # What stands before `def` on its line is `async`, or the line is text and no definition.
        is_plain = returns is not None and not text[start : definition.start()].strip() and _is_bare(text, start)
        yield _Header(definition[1], returns[1] if returns is not None and is_plain else None)


def _is_bare(text: bytes, start: int) -> bool:
    """Whether what stands above the line that begins at `start` is no decorator but harmless ones."""
    while start:
        end = start - 1
        start = text.rfind(b"\n", 0, end) + 1
        line = text[start:end].strip()
        # Where a decorator over several lines ends, no name is seen, so it is not harmless.
        if not line.startswith((b"@", b")", b"#")):
            return True
        decorator = _DECORATOR.match(line)
        if not line.startswith(b"#") and (decorator is None or decorator[1] not in _HARMLESS):
            return False
    return True


def _names_only(annotation: bytes, values: frozenset[bytes]) -> bool:
    return all(word in values for word in _WORD.findall(annotation))


def _awaitable(bases: dict[bytes, list[bytes]]) -> set[bytes]:
    """Return the names of classes that are awaitable, or may be, by the names of their bases."""
    awaitable = set(_AWAITABLE)
    before = 0
    while len(awaitable) > before:
        before = len(awaitable)
        awaitable |= {name for name, above in bases.items() if not awaitable.isdisjoint(above)}
    return awaitable
