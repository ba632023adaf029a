#!/usr/bin/env python3
"""Make async_lint/knowledge/stubs.zip from published sources: python tools/build_knowledge.py TYPESHED [WHEELS]

TYPESHED is a folder with typeshed's `stdlib`, such as `mypy/typeshed` of an installed mypy; WHEELS a folder with the
wheels that tools/packages.txt pins. The result is the same, byte for byte, for the same input and the same zlib.
"""

import argparse
import ast
import json
import re
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

OUTPUT = Path(__file__).parent.parent / "async_lint" / "knowledge" / "stubs.zip"
LEFT_OUT = re.compile(
    r"^(distutils|encodings|lib2to3|tkinter|idlelib|turtle|turtledemo|pydoc_data|ensurepip|msilib|xxlimited|antigravity|this)(\.|$)"
)
UNWANTED = re.compile(
    r"[._](tests?|testing|_vendor|vendor|vendored|examples?|migrations|locale|benchmarks?|conftest|compat_tests)[._]"
)
# Generated tables of plain data: nothing in them is asynchronous, and they take minutes.
DATA = re.compile(
    r"^(telethon\.tl\.(types|functions)|(anthropic|openai)\.(types|lib|cli)|kubernetes_asyncio\.client\.models|.*_pb2"
    r"|temporalio\.(api|bridge|contrib)|(pymongo|gridfs)\.synchronous|playwright\.(sync_api|_impl\._driver)|elasticsearch\.(_sync|dsl)"
    r"|sqlalchemy\.(dialects|testing)|django\.(contrib\.(admin|gis|postgres)|core\.management)|litestar\.cli)(\.|_grpc|$)"
)
ASYNCHRONOUS = re.compile(
    r"async def|Await|Coroutine|AsyncGen|AsyncIter|AsyncContext|__a(enter|exit|iter|next)__|__await__|asyncio"
)
TYPE_VARIABLE = re.compile(r"_TypeVar\(")
SYNCHRONOUS_NAMES = "*synchronous"
PLAIN_NAMES = "*plain"
VERSION = (3, 13)


def condition(test: ast.expr) -> bool | None:
    """Decide a version test for the newest Python; None for a platform test: both branches count."""
    if isinstance(test, ast.BoolOp):
        values = [condition(value) for value in test.values]
        if isinstance(test.op, ast.And):
            return False if False in values else None if None in values else True
        return True if True in values else None if None in values else False
    if isinstance(test, ast.UnaryOp):
        inner = condition(test.operand)
        return None if inner is None else not inner
    text = ast.unparse(test)
    if text.startswith("sys.version_info"):
        return bool(eval(text, {"sys": type("sys", (), {"version_info": VERSION})}))
    return True if text == "TYPE_CHECKING" else None


def flat(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements without `if` around them, without docstrings and placeholders."""
    for statement in body:
        if isinstance(statement, ast.If):
            outcome = condition(statement.test)
            if outcome is not False:
                yield from flat(statement.body)
            if outcome is not True:
                yield from flat(statement.orelse)
        elif isinstance(statement, ast.ClassDef):
            statement.body = list(flat(statement.body)) or [ast.Expr(ast.Constant(...))]
            statement.decorator_list = decorators(statement.decorator_list)
            yield statement
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            statement.body = [ast.Expr(ast.Constant(...))]
            statement.decorator_list = decorators(statement.decorator_list)
            yield statement
        elif isinstance(statement, ast.Try):
            yield from flat(statement.body)
        elif not isinstance(statement, ast.Expr | ast.Pass | ast.Delete):
            yield statement


def decorators(found: list[ast.expr]) -> list[ast.expr]:
    return [
        each
        for each in found
        if not ast.unparse(each).startswith(("deprecated(", "type_check_only", "disjoint_base", "final"))
    ]


def names(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Import):
        return [(alias.asname or alias.name.partition(".")[0]) for alias in statement.names]
    if isinstance(statement, ast.ImportFrom):
        return [alias.asname or alias.name for alias in statement.names]
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def single(statement: ast.stmt, module: str, is_package: bool) -> Iterator[tuple[str, str]]:
    """Yield (name, source) for each name that a statement binds; relative imports become absolute."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        for alias, name in zip(statement.names, names(statement), strict=True):
            made: ast.stmt = ast.Import([alias])
            if isinstance(statement, ast.ImportFrom):
                made = ast.ImportFrom(origin(statement, module, is_package), [alias], 0)
            yield name, ast.unparse(made)
    else:
        for name in names(statement):
            yield name, ast.unparse(statement)


def origin(statement: ast.ImportFrom, module: str, is_package: bool) -> str:
    if not statement.level:
        return statement.module or ""
    parts = module.split(".")
    parts = parts[: len(parts) - statement.level + is_package]
    return ".".join([*parts, *([statement.module] if statement.module else [])])


def entry(module: str, is_package: bool, source: str) -> dict[str, Any]:
    """Return the JSON value for one stub file."""
    stars: list[str] = []
    exports: list[str] | None = None
    definitions: dict[str, list[str]] = {}
    for statement in flat(ast.parse(source).body):
        if isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*":
            stars.append(origin(statement, module, is_package))
        elif names(statement) == ["__all__"]:
            value = getattr(statement, "value", None)
            if isinstance(value, ast.List | ast.Tuple):
                exports = (exports or []) + [ast.literal_eval(each) for each in value.elts]
            elif value is not None:
                exports = None
        else:
            for name, text in single(statement, module, is_package):
                definitions.setdefault(name, []).append(text)
    return {"package": is_package, "stars": stars, "exports": exports, "definitions": definitions}


def standard_library(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    versions = dict(
        re.findall(r"^([\w.]+): ([\d.]+-[\d.]*)", (folder / "VERSIONS").read_text(encoding="utf-8"), re.MULTILINE)
    )
    for path in sorted(folder.rglob("*.pyi")):
        parts = list(path.relative_to(folder).with_suffix("").parts)
        is_package = parts[-1] == "__init__"
        module = ".".join(parts[:-1] if is_package else parts)
        last = versions.get(module, "3.0-").partition("-")[2]
        if LEFT_OUT.match(module) or (last and tuple(map(int, last.split("."))) < (3, 10)):
            continue
        yield module, entry(module, is_package, path.read_text(encoding="utf-8"))


def libraries(folder: Path, seconds: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the modules of the unpacked packages in `folder`, as inference sees their source."""
    # The standard library's stubs, just written, are what inference rests on.
    from library_stubs import module_entry

    from async_lint.inference.evaluator import Evaluator
    from async_lint.inference.library import Library
    from async_lint.ports import Disk

    evaluator = Evaluator(Library(Disk(), [], [folder]))
    for module in modules(folder):
        started = time.perf_counter()
        found = evaluator.library.module(module)
        if found is None or not found.path:
            continue
        value = module_entry(evaluator, found)
        if seconds and time.perf_counter() - started > 2:
            print(f"{module}: {time.perf_counter() - started:.1f} s", file=sys.stderr)
        if value["definitions"] or value["stars"] or found.is_package:
            yield module, value


def leading(entries: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Keep the definitions that are asynchronous or lead to one: what is plain data decides nothing."""
    texts = {
        (module, name): "\n".join(found)
        for module, entry in entries.items()
        for name, found in entry["definitions"].items()
    }
    kept = {key for key, text in texts.items() if ASYNCHRONOUS.search(text) and not key[1].startswith("_t_")}
    users: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for (module, name), text in texts.items():
        for reference in references(module, text, entries):
            users.setdefault(reference, set()).add((module, name))
    waiting = list(kept)
    while waiting:
        for user in users.get(waiting.pop(), ()):
            if user not in kept:
                kept.add(user)
                waiting.append(user)
    found = {}
    for module, entry in entries.items():
        names = {
            name: value
            for name, value in entry["definitions"].items()
            if (module, name) in kept or name.startswith(("_m_", "_t_", "_TypeVar")) or TYPE_VARIABLE.search(value[0])
        }
        entry = {**entry, "definitions": names}
        if any((module, name) in kept for name in names) or entry["stars"]:
            found[module] = entry
    for module in list(found):
        while module := module.rpartition(".")[0]:
            if module not in found and module in entries:
                found[module] = {**entries[module], "definitions": {}}
    return found


def references(module: str, text: str, entries: dict[str, dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield the definitions that a definition's text names."""
    for imported in re.finditer(r"^from (\S+) import (\S+) as \S+$", text, re.MULTILINE):
        yield imported[1], imported[2]
    definitions = entries[module]["definitions"]
    for alias, name in re.findall(r"\b(_m_\w+)\.(\w+)", text):
        target = re.match(r"import (\S+) as", definitions.get(alias, [""])[0])
        if target:
            yield target[1], name
    for name in set(re.findall(r"\b[A-Za-z_]\w*", text)):
        if name in definitions:
            yield module, name


def modules(folder: Path) -> list[str]:
    """Return the names of the modules that users import: no tests, nothing vendored."""
    found = set()
    for path in folder.rglob("*.py*"):
        parts = list(path.relative_to(folder).with_suffix("").parts)
        if parts[-1] in ("__init__", "__main__"):
            parts.pop()
        if (
            parts
            and path.suffix in (".py", ".pyi")
            and not UNWANTED.search("." + ".".join(parts) + ".")
            and (not DATA.match(".".join(parts)))
        ):
            found.add(".".join(parts))
    return sorted(found)


def unpack(wheels: Path, folder: Path) -> None:
    for wheel in sorted(wheels.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            for member in archive.namelist():
                if member.endswith((".py", ".pyi")) and ".dist-info/" not in member and ".data/" not in member:
                    archive.extract(member, folder)


def synchronous(entries: dict[str, dict[str, Any]]) -> list[str]:
    """Return the names of plain functions and methods."""
    found: set[str] = set()
    for entry in entries.values():
        for texts in entry["definitions"].values():
            for text in texts:
                found.update(re.findall(r"(?:^|\n) *def (\w+)\(", text))
    return sorted(name for name in found if not name.startswith("_"))


def perhaps_awaitable(entries: dict[str, dict[str, Any]]) -> set[str]:
    """Return the names of functions that give something to await, or an object that may be awaited."""
    something = "(?:Coroutine|Awaitable|Future|Task|Async|_m_)"
    found: set[str] = set()
    for entry in entries.values():
        for texts in entry["definitions"].values():
            for text in texts:
                found.update(re.findall(r"async def (\w+)\(", text))
                found.update(re.findall(rf"def (\w+)\([^\n]*\) -> [^\n]*{something}", text))
                found.update(re.findall(rf"(?:^|\n) *(\w+): [^\n]*{something}", text))
    return found


def write(output: Path, entries: dict[str, dict[str, Any]], names: list[str]) -> None:
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for module in sorted(entries):
            text = json.dumps(entries[module], separators=(",", ":"), sort_keys=True)
            archive.writestr(zipfile.ZipInfo(module, (1980, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
        lists = {SYNCHRONOUS_NAMES: names, PLAIN_NAMES: sorted(set(names) - perhaps_awaitable(entries))}
        for entry, found in lists.items():
            archive.writestr(zipfile.ZipInfo(entry, (1980, 1, 1, 0, 0, 0)), "\n".join(found), zipfile.ZIP_DEFLATED)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("typeshed", type=Path)
    parser.add_argument("wheels", type=Path, nargs="?", help="a folder of wheels")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    parser.add_argument("--seconds", action="store_true", help="name the modules that take long")
    options = parser.parse_args()
    entries = dict(standard_library(options.typeshed / "stdlib"))
    names = synchronous(entries)
    write(options.output, entries, names)
    if options.wheels is not None:
        sys.path.insert(0, str(Path(__file__).parent.parent))
        with tempfile.TemporaryDirectory() as folder:
            unpack(options.wheels, Path(folder))
            found = dict(libraries(Path(folder), options.seconds))
        from library_stubs import reachable

        names = sorted({*names, *synchronous(found)})
        for module, value in reachable(leading(found)).items():
            entries.setdefault(module, value)
        write(options.output, entries, names)


if __name__ == "__main__":
    main()
