#!/usr/bin/env python3
"""Make async_lint/knowledge/stubs.zip from published sources: python tools/build_knowledge.py TYPESHED

TYPESHED is a folder with typeshed's `stdlib`, such as `mypy/typeshed` of an installed mypy. The result is the same,
byte for byte, for the same input and the same zlib.
"""

import argparse
import ast
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

OUTPUT = Path(__file__).parent.parent / "async_lint" / "knowledge" / "stubs.zip"
LEFT_OUT = re.compile(r"^(distutils|lib2to3|tkinter|idlelib|turtle|turtledemo|pydoc_data|ensurepip|msilib|xxlimited|antigravity|this)(\.|$)")
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
    return [each for each in found if not ast.unparse(each).startswith(("deprecated(", "type_check_only", "disjoint_base", "final"))]


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


def entry(module: str, is_package: bool, source: str) -> dict[str, object]:
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


def standard_library(folder: Path) -> Iterator[tuple[str, dict[str, object]]]:
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("typeshed", type=Path)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args()
    with zipfile.ZipFile(options.output, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for module, value in standard_library(options.typeshed / "stdlib"):
            text = json.dumps(value, separators=(",", ":"), sort_keys=True)
            archive.writestr(zipfile.ZipInfo(module, (1980, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main()
