"""The standard library's stubs: typeshed's, without what says nothing about the newest Python."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tools.entries import Entry

_LEFT_OUT = re.compile(
    r"^(distutils|encodings|lib2to3|tkinter|idlelib|turtle|turtledemo|pydoc_data|ensurepip|msilib|xxlimited"
    r"|antigravity|this)(\.|$)"
)
_NO_MATTER = ("deprecated(", "type_check_only", "disjoint_base", "final")
_VERSION = (3, 13)
_OLDEST = (3, 10)  # what is gone before it is left out


def standard_library(folder: Path) -> Iterator[tuple[str, Entry]]:
    """Yield the modules of typeshed's `stdlib` folder."""
    versions = dict(
        re.findall(r"^([\w.]+): ([\d.]+-[\d.]*)", (folder / "VERSIONS").read_text(encoding="utf-8"), re.MULTILINE)
    )
    for path in sorted(folder.rglob("*.pyi")):
        parts = list(path.relative_to(folder).with_suffix("").parts)
        is_package = parts[-1] == "__init__"
        module = ".".join(parts[:-1] if is_package else parts)
        last = versions.get(module, "3.0-").partition("-")[2]
        if not _LEFT_OUT.match(module) and (not last or tuple(map(int, last.split("."))) >= _OLDEST):
            yield module, entry(module, is_package, path.read_text(encoding="utf-8"))


def entry(module: str, is_package: bool, source: str) -> Entry:
    made = Entry(package=is_package, stars=[], exports=None, definitions={})
    for statement in _flat(ast.parse(source).body):
        if isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*":
            made["stars"].append(_origin(statement, module, is_package))
        elif _names(statement) == ["__all__"]:
            value = getattr(statement, "value", None)
            if isinstance(value, ast.List | ast.Tuple):
                made["exports"] = (made["exports"] or []) + [ast.literal_eval(each) for each in value.elts]
            elif value is not None:
                made["exports"] = None
        else:
            for name, text in _single(statement, module, is_package):
                made["definitions"].setdefault(name, []).append(text)
    return made


def _flat(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements without `if` around them, without docstrings and placeholders."""
    for statement in body:
        if isinstance(statement, ast.If):
            outcome = _condition(statement.test)
            if outcome is not False:
                yield from _flat(statement.body)
            if outcome is not True:
                yield from _flat(statement.orelse)
        elif isinstance(statement, ast.ClassDef):
            statement.body = list(_flat(statement.body)) or [ast.Expr(ast.Constant(...))]
            statement.decorator_list = _decorators(statement.decorator_list)
            yield statement
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            statement.body = [ast.Expr(ast.Constant(...))]
            statement.decorator_list = _decorators(statement.decorator_list)
            yield statement
        elif isinstance(statement, ast.Try):
            yield from _flat(statement.body)
        elif not isinstance(statement, ast.Expr | ast.Pass | ast.Delete):
            yield statement


def _condition(test: ast.expr) -> bool | None:
    """Decide a version test for the newest Python; None for a platform test: both branches count."""
    if isinstance(test, ast.BoolOp):
        values = [_condition(value) for value in test.values]
        if isinstance(test.op, ast.And):
            return False if False in values else None if None in values else True
        return True if True in values else None if None in values else False
    if isinstance(test, ast.UnaryOp):
        inner = _condition(test.operand)
        return None if inner is None else not inner
    text = ast.unparse(test)
    if text.startswith("sys.version_info"):
        return bool(eval(text, {"sys": type("sys", (), {"version_info": _VERSION})}))
    return True if text == "TYPE_CHECKING" else None


def _decorators(found: list[ast.expr]) -> list[ast.expr]:
    return [each for each in found if not ast.unparse(each).startswith(_NO_MATTER)]


def _names(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Import):
        return [(alias.asname or alias.name.partition(".")[0]) for alias in statement.names]
    if isinstance(statement, ast.ImportFrom):
        return [alias.asname or alias.name for alias in statement.names]
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _single(statement: ast.stmt, module: str, is_package: bool) -> Iterator[tuple[str, str]]:
    """Yield (name, source) for each name that a statement binds; relative imports become absolute."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        for alias, name in zip(statement.names, _names(statement), strict=True):
            made: ast.stmt = ast.Import([alias])
            if isinstance(statement, ast.ImportFrom):
                made = ast.ImportFrom(_origin(statement, module, is_package), [alias], 0)
            yield name, ast.unparse(made)
    else:
        for name in _names(statement):
            yield name, ast.unparse(statement)


def _origin(statement: ast.ImportFrom, module: str, is_package: bool) -> str:
    if not statement.level:
        return statement.module or ""
    parts = module.split(".")
    parts = parts[: len(parts) - statement.level + is_package]
    return ".".join([*parts, *([statement.module] if statement.module else [])])
