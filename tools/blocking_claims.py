"""What a row of knowledge/blocking.toml claims of published packages, and whether they bear it out."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tools.published import Definition, Published, absolute
from tools.signatures import signature
from tools.timeout_claims import Packages, of_source
from tools.timeout_rows import Row

# What may say that a call is not to wait, or how long it does.
_PARAMETERS = ("seconds", "instant", "unless", "command")
_STANDARD = "Python "


def blocking_rows(table: Mapping[str, Any]) -> Iterator[Row]:
    for entry in table["calls"]:
        yield Row("calls", tuple(entry["names"]), entry)


def blocking_complaints(row: Row, packages: Packages) -> Iterator[str]:
    """Yield a sentence for each claim of a row that its packages do not bear out."""
    if not row.rest.get("version") or not row.sources:
        yield "it names no version and no source"
        return
    published = packages(row.versions)
    for source in row.sources:
        yield from _of_documentation(source) if "doc" in source else of_source(source, published)
    for name in row.names:
        yield from _of_name(name, row, published)


def _of_documentation(source: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with what the interpreter says of a function that is compiled."""
    text = inspect.getdoc(_built_in(source["doc"])) or ""
    if re.sub(r"\s", "", source["says"]) not in re.sub(r"\s", "", text):
        yield f"the documentation of {source['doc']} does not say {source['says']!r}"


def made_blocking_complaints(table: Mapping[str, Any], published: Published) -> Iterator[str]:
    """Yield what is wrong with `[made]`: a function that is not there, or a class."""
    for function, cls in table["made"].items():
        for name in (function, cls):
            if published.definition(name) is None and not _is_compiled(name, published):
                yield f"[made] {function}: {name} is not there"


def _of_name(name: str, row: Row, published: Published) -> Iterator[str]:
    """Yield what is wrong with one of the names: it is not there, it gives an awaitable, it takes other things."""
    definition = published.definition(_model(name, row))
    if definition is None:
        if not (_is_built_in(name) if row.rest["version"].startswith(_STANDARD) else _is_compiled(name, published)):
            yield f"{name} is not there"
        return
    if _is_asynchronous(definition):
        yield f"{name} gives something to await"
    known = signature(definition, published).parameters
    for kind in _PARAMETERS:
        for parameter, at in row.rest.get(kind, {}).items():
            if parameter in known and known[parameter].position != at:
                yield f"{parameter} of {name} stands at {known[parameter].position}, not at {at}"


def _is_asynchronous(definition: Definition) -> bool:
    """Whether calling it gives nothing but an awaitable; a method that an asynchronous twin has too may say either."""
    node = definition.node
    if isinstance(node, ast.ClassDef):
        return False
    promised = ast.unparse(node.returns) if node.returns is not None else ""
    return isinstance(node, ast.AsyncFunctionDef) or promised.startswith(("Awaitable", "Coroutine"))


def _model(name: str, row: Row) -> str:
    """Return the name of what a method is looked up in: a client may make it at run time."""
    for source in row.sources:
        made, like = source.get("like", ("", ""))
        if made and name.startswith(f"{made}."):
            return like.removesuffix("()") if like.endswith("()") else f"{like}.{name.rpartition('.')[2]}"
    return name


def _is_compiled(name: str, published: Published) -> bool:
    """Whether a package has a name from a compiled module beside its source."""
    module = name
    while published.module(module) is None and "." in module:
        module = module.rpartition(".")[0]
    known = published.module(module)
    if known is None or not any(known.file.parent.glob("*.so")):
        return False
    word = name.removeprefix(f"{module}.").partition(".")[0]
    imports = (statement for statement in known.tree.body if isinstance(statement, ast.ImportFrom))
    return any(
        alias.name == word and published.module(absolute(each, known)) is None
        for each in imports
        for alias in each.names
    )


def _is_built_in(name: str) -> bool:
    found = _built_in(name)
    return callable(found) and not inspect.iscoroutinefunction(found)


def _built_in(name: str) -> object:
    """Return what the running interpreter has under a public name; None where it has none."""
    parts = name.split(".")
    for length in range(len(parts) - 1, 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            found = getattr(found, part, None)
        return found
    return None
