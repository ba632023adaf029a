"""Packages that are optional: an import that failed, and an error that says what is missing.

try:
    import yaml
except ImportError:
    raise RuntimeError("install the extra [yaml]")
"""

import re
from collections.abc import Iterator, Sequence

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Raised
from async_lint.rules._exceptions.exceptions import classes_caught
from async_lint.rules._exceptions.handlers import Handler
from async_lint.rules._exceptions.named_import import names_imports
from async_lint.rules._exceptions.quoted import words_told
from async_lint.rules._shared.broad_handlers import ALL_ERRORS
from async_lint.rules._shared.names import bindings

_IMPORT_ERROR = "builtins.ImportError"
_IS_MISSING = re.compile(r"\b(?:install\w*|missing|require[sd]?|unavailable|not (?:available|found))\b", re.IGNORECASE)


def asks_for_a_package(raised: cst.BaseExpression, handler: Handler, made: Sequence[Raised], context: Context) -> bool:
    """Whether a package that is optional was asked for, and the new exception says that it is missing.

    Either that is an ImportError too, or the handler only raises, and the `try` only imports, or names what that gave,
    or all that it imports is named in the new exception. A handler for all errors is as good where the `try` only
    imports, and the new exception says in words that something is missing.
    """
    if _is_for_all(handler, context):
        says_so = _IS_MISSING.search(words_told(raised, handler)) is not None
        return says_so and _only(handler.body, (cst.Raise,)) and _only_imports(handler, context)
    return _is_for_imports(handler, context) and (
        all(_IMPORT_ERROR in new.lineage.names for new in made)
        or (_only(handler.body, (cst.Raise,)) and _is_of_imports(raised, handler, context))
    )


def _is_for_all(handler: Handler, context: Context) -> bool:
    return handler.type is None or any(lineage.own in ALL_ERRORS for lineage in classes_caught(handler.type, context))


def _is_for_imports(handler: Handler, context: Context) -> bool:
    caught = classes_caught(handler.type, context) if handler.type is not None else ()
    return bool(caught) and all(_IMPORT_ERROR in lineage.names for lineage in caught)


def _is_of_imports(raised: cst.BaseExpression, handler: Handler, context: Context) -> bool:
    statement = context.ancestors[context.ancestors.index(handler) - 1]
    if isinstance(statement, cst.Try) and names_imports(raised, handler, statement):
        return True
    return _only_imports(handler, context)


def _only_imports(handler: Handler, context: Context) -> bool:
    """Whether the `try` of a handler only imports, or names what that gave."""
    statement = context.ancestors[context.ancestors.index(handler) - 1]
    if not isinstance(statement, (cst.Try, cst.TryStar)):
        return False
    imported: set[str] = set()
    for small in _small_statements(statement.body):
        if small is not None and _imports(small, context):
            imported.update(binding.name for binding in bindings(small))
        elif small is None or not _names_one_of(imported, small):
            return False
    return True


def _imports(statement: cst.BaseSmallStatement, context: Context) -> bool:
    """Whether a statement is an `import`, or `importlib.import_module("name")` and names or returns that."""
    match statement:
        case cst.Import() | cst.ImportFrom():
            return True
        case cst.Expr(value=cst.Call() as call) | cst.Assign(value=cst.Call() as call) | cst.Return(cst.Call() as call):
            is_written = bool(call.args) and isinstance(call.args[0].value, cst.SimpleString)
            return is_written and context.is_called(call, "importlib.import_module")
    return False


def _names_one_of(imported: set[str], statement: cst.BaseSmallStatement) -> bool:
    """Whether a statement gives a name to what was imported, or to an attribute of that: `dump = yaml.dump`."""
    if not isinstance(statement, (cst.Assign, cst.AnnAssign)):
        return False
    targets = [statement.target] if isinstance(statement, cst.AnnAssign) else [one.target for one in statement.targets]
    source = statement.value
    while isinstance(source, cst.Attribute):
        source = source.value
    return isinstance(source, cst.Name) and source.value in imported and all(map(_is_plain, targets))


def _is_plain(target: cst.BaseExpression) -> bool:
    return isinstance(target, cst.Name) or (isinstance(target, cst.Attribute) and isinstance(target.value, cst.Name))


def _only(block: cst.BaseSuite, kinds: tuple[type[cst.CSTNode], ...]) -> bool:
    return all(isinstance(statement, kinds) for statement in _small_statements(block))


def _small_statements(block: cst.BaseSuite) -> Iterator[cst.BaseSmallStatement | None]:
    """Yield the statements of a block; None for a compound one."""
    for line in block.body if isinstance(block, cst.IndentedBlock) else [block]:
        if isinstance(line, (cst.SimpleStatementLine, cst.SimpleStatementSuite)):
            yield from line.body
        # What only type checkers read does not run.
        elif not (isinstance(line, cst.If) and line.orelse is None and _is_for_checkers(line.test)):
            yield None


def _is_for_checkers(test: cst.BaseExpression) -> bool:
    name = test.attr if isinstance(test, cst.Attribute) else test
    return isinstance(name, cst.Name) and name.value == "TYPE_CHECKING"
