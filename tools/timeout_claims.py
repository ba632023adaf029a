"""What a row of knowledge/timeouts.toml claims of published packages, and whether they bear it out."""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from tools.published import Definition, Published
from tools.signatures import Signature, is_asynchronous, signature
from tools.timeout_rows import Row

# The unpacked packages of some versions: what several have is the first one's.
Packages = Callable[[tuple[str, ...]], Published]
# What a parameter that sets a deadline is when it is not given, so that there is none.
_NOTHING = ("None", "True")


def complaints(row: Row, packages: Packages) -> Iterator[str]:
    """Yield a sentence for each claim of a row that its packages do not bear out."""
    if not row.rest.get("version") or not row.sources:
        yield "it names no version and no source"
        return
    published = packages(row.versions)
    for source in row.sources:
        own = (source["version"], *row.versions) if "version" in source else row.versions
        yield from of_source(source, packages(own))
    found = {name: published.definition(row.model(name)) for name in row.names}
    for name in (*row.rest.get("passing", ()), *row.rest.get("receivers", ()), *row.rest.get("networks", ())):
        found[name] = published.definition(name)
    yield from (f"{name} is not there" for name, definition in found.items() if definition is None)
    own_definitions = {name: definition for name in row.names if (definition := found[name]) is not None}
    if row.table == "calls" and row.rest.get("awaited", True):
        plain = (name for name, each in own_definitions.items() if not is_asynchronous(each, published))
        yield from (f"{name} gives nothing to await" for name in plain)
    yield from _of_parameters(row, {name: signature(each, published) for name, each in own_definitions.items()})
    yield from _of_defaults(row, published)


def of_source(source: Mapping[str, Any], published: Published) -> Iterator[str]:
    file, where = published.file(source["file"]), source["file"]
    if file is None:
        yield f"there is no file {where}"
        return
    text = file.read_text("utf-8")
    if file.suffix in (".py", ".pyi"):
        module = published.module(re.sub(r"(/__init__)?\.pyi?$", "", where).replace("/", "."))
        assert module is not None
        text = ast.unparse(module.tree)
        if "where" in source:
            where = f"{source['where']} in {where}"
            definition = published.named(source["where"], module)
            if definition is None:
                yield f"there is no {where}"
                return
            text = ast.unparse(definition.node)
            yield from _of_stated_defaults(source.get("defaults", {}), where, definition, published)
    if "says" in source and _squashed(source["says"]) not in re.sub(r"\s", "", text):
        yield f"{where} does not say {source['says']!r}"


def _of_stated_defaults(
    defaults: Mapping[str, str], where: str, definition: Definition, published: Published
) -> Iterator[str]:
    parameters = signature(definition, published).parameters
    for name, default in defaults.items():
        known = parameters.get(name)
        if known is None or known.default != default:
            has = known.default if known is not None else "no such parameter"
            yield f"{where} should have {name}={default}, and has {has}"


def _squashed(says: str) -> str:
    # What is a part of a statement may not parse by itself.
    with suppress(SyntaxError):
        says = ast.unparse(ast.parse(says))
    return re.sub(r"\s", "", says)


def _of_parameters(row: Row, known: Mapping[str, Signature]) -> Iterator[str]:
    """Yield what is wrong with the parameters that a row names."""
    for name, (kind, at) in row.parameters.items():
        having = [each.parameters[name] for each in known.values() if name in each.parameters]
        wrong = {each.position for each in having} - {at}
        yield from (f"{name} stands at {position}, not at {at}" for position in sorted(wrong))
        if known and not having and at != -1:
            yield f"{name} is given by its name alone, not at {at}"
        # What goes through `**`, or what another version has, a source has to mention.
        lacking = [
            each
            for each in known.values()
            if name not in each.parameters and not row.mentions(name, elsewhere=not each.takes_more)
        ]
        # A client's is one of some maker.
        enough = len(known) if row.table.startswith("clients") else 1
        if lacking and len(lacking) >= enough:
            yield f"a call of it takes no {name}"
        if kind in ("timeouts", "options") and not row.table.startswith("deadlines"):
            defaults = {each.default for each in having} - set(_NOTHING)
            unsaid = sorted(str(default) for default in defaults if not row.states(name, default))
            yield from (f"{name} is {default} by default, which no source of the row says" for default in unsaid)
    if "argument" in row.rest:
        yield from _of_argument(row, known)


def _of_argument(row: Row, known: Mapping[str, Signature]) -> Iterator[str]:
    """Yield what is wrong with the parameter whose None switches a deadline off."""
    argument, absent = row.rest["argument"][0], bool(row.rest.get("absent"))
    for name, each in known.items():
        parameter = each.parameters.get(argument)
        if parameter is not None and (parameter.default == "None") != absent:
            verdict = "None is no default" if absent else "None is the default"
            yield f"{name} has {argument}={parameter.default}: {verdict}"


def _of_defaults(row: Row, published: Published) -> Iterator[str]:
    """Yield what is wrong with what a row says of the state without the argument."""
    if row.rest.get("at_home") and not any("'localhost'" in each.get("defaults", {}).values() for each in row.sources):
        yield "no source says that it connects to this host by default"
    if row.rest.get("instead") and not _is_claimed(row.rest["instead"], row):
        yield f"no source says {row.rest['instead']!r}"
    if row.rest.get("probe"):
        owner, parameter = row.rest["probe"]
        definition = published.definition(owner)
        known = signature(definition, published).parameters.get(parameter) if definition is not None else None
        if known is None or known.default in (None, "None"):
            yield f"{owner} should have a limit as its default for {parameter}"


def _is_claimed(instead: str, row: Row) -> bool:
    """Whether a source of the row has the number of `300 seconds in all`: `total=5 * 60`."""
    number = float(instead.partition(" ")[0])
    texts = [text for each in row.sources for text in (each.get("says", ""), *each.get("defaults", {}).values())]
    return any(number in _numbers(text) for text in texts)


def _numbers(text: str) -> Iterator[float]:
    with suppress(SyntaxError):
        nodes = list(ast.walk(ast.parse(text)))
        factors = {id(each) for node in nodes if isinstance(node, ast.BinOp) for each in (node.left, node.right)}
        for node in nodes:
            match node:
                case ast.Constant(int() | float() as value) if id(node) not in factors:
                    yield float(value)
                case ast.BinOp(ast.Constant(int() as left), ast.Mult(), ast.Constant(int() as right)):
                    yield float(left * right)


def made_complaints(table: Mapping[str, Any], published: Published) -> Iterator[str]:
    """Yield what is wrong with `[made]`: a function that is not there, or a class."""
    for function, cls in table["made"].items():
        for name in (function, cls):
            if published.definition(name) is None:
                yield f"[made] {function}: {name} is not there"
