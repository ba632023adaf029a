"""What is left of the stubs of libraries: what is asynchronous, what leads there, and what users can reach."""

import re
from collections.abc import Callable, Iterable, Iterator

from tools.entries import Entries, Entry, Key, foundations, references, texts
from tools.stub_types import IMPORTED_FORM, IMPORTED_MODULE

_ASYNCHRONOUS = re.compile(
    r"async def|Await|Coroutine|AsyncGen|AsyncIter|AsyncContext|__a(enter|exit|iter|next)__|__await__|asyncio"
)
_TYPE_VARIABLE = re.compile(r"_TypeVar\(")
_SERVANTS = (IMPORTED_MODULE, IMPORTED_FORM, "_TypeVar")  # names that definitions of their module rest on
_IMPORT = re.compile(r"^import (\S+)")


def pruned(entries: Entries) -> Entries:
    """Keep the definitions that are asynchronous or lead to one, and what those rest on."""
    found = texts(entries)
    kept = _closed(
        (key for key, text in found.items() if _ASYNCHRONOUS.search(text) and not key[1].startswith(_SERVANTS)),
        _users(found, entries).__getitem__,
    )
    kept = _closed(kept, lambda key: (each for each in foundations(key[0], found[key], entries) if each in found))
    public = _public_modules(entries)
    reached = _closed(
        (key for key in kept if key[0] in public and not key[1].startswith("_")),
        lambda key: (each for each in references(key[0], found[key], entries) if each in kept),
    )
    return _without_unused(_with_parents(_only(reached, entries), entries))


def _closed(start: Iterable[Key], neighbours: Callable[[Key], Iterable[Key]]) -> set[Key]:
    found = set(start)
    waiting = list(found)
    while waiting:
        for each in neighbours(waiting.pop()):
            if each not in found:
                found.add(each)
                waiting.append(each)
    return found


def _users(found: dict[Key, str], entries: Entries) -> dict[Key, set[Key]]:
    users: dict[Key, set[Key]] = {key: set() for key in found}
    for (module, name), text in found.items():
        for each in references(module, text, entries):
            if each in users:
                users[each].add((module, name))
    return users


def _public_modules(entries: Entries) -> set[str]:
    """Return the modules that users import from, or get by `*` or as an attribute of one."""
    found = {module for module in entries if not any(part.startswith("_") for part in module.split("."))}
    waiting = list(found)
    while waiting:
        for each in _given_on(waiting.pop(), entries):
            if each in entries and each not in found:
                found.add(each)
                waiting.append(each)
    return found


def _given_on(module: str, entries: Entries) -> Iterator[str]:
    yield from entries[module]["stars"]
    for name, statements in entries[module]["definitions"].items():
        imported = _imported(statements[0])
        if imported and not name.startswith("_"):
            yield imported


def _only(kept: set[Key], entries: Entries) -> Entries:
    modules = {module for module, _ in kept}
    made: Entries = {}
    for module, entry in entries.items():
        names = {
            name: value
            for name, value in entry["definitions"].items()
            if (module, name) in kept
            or name.startswith(_SERVANTS)
            or _TYPE_VARIABLE.search(value[0])
            or _imported(value[0]) in modules
        }
        if any((module, name) in kept for name in names) or entry["stars"]:
            made[module] = {**entry, "definitions": names}
    return made


def _imported(text: str) -> str | None:
    found = _IMPORT.match(text)
    return found[1] if found else None


def _with_parents(made: Entries, entries: Entries) -> Entries:
    """A package without a definition of its own, a namespace among them, still says that its modules are there."""
    for module in list(made):
        while module := module.rpartition(".")[0]:
            own = entries.get(module, Entry(package=True, stars=[], exports=None, definitions={}))
            made.setdefault(module, {**own, "definitions": {}})
    return made


def _without_unused(entries: Entries) -> Entries:
    """Drop the imports and type variables that nothing in their module refers to."""
    for entry in entries.values():
        definitions = entry["definitions"]
        used = "\n".join(
            text for name, found in definitions.items() if not name.startswith(_SERVANTS) for text in found
        )
        for name in [each for each in definitions if each.startswith((IMPORTED_MODULE, IMPORTED_FORM))]:
            if name not in used:
                del definitions[name]
    return entries
