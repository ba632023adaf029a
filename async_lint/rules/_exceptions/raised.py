"""Whether what a `raise` in a handler raises is new, and whether it stays in the handler's own code."""

import ast
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Raised
from async_lint.rules._exceptions.exceptions import classes_caught, classes_made, may_catch
from async_lint.rules._exceptions.handlers import Handler, caught_name
from async_lint.rules._exceptions.named_import import names_imports
from async_lint.rules._shared.names import bindings, mentions, stored_attributes

# Who sets one of these by hand has linked the exceptions already.
_LINKS = frozenset({"__cause__", "__context__", "__suppress_context__", "__traceback__", "with_traceback"})
# `exceptiongroup` is what Python 3.10 has for them.
_GROUPS = frozenset(
    {"builtins.BaseExceptionGroup", "exceptiongroup.BaseExceptionGroup", "exceptiongroup.ExceptionGroup"}
)
_IMPORT_ERROR = "builtins.ImportError"


def made_in_handler(
    node: cst.Raise, raised: cst.BaseExpression, handler: Handler, context: Context
) -> tuple[Raised, ...]:
    """Return the classes whose new instance `node` raises, be it by a name that the handler gave it before.

    Empty where `raised` may be an exception that exists already, the caught one for example.
    """
    if not isinstance(raised, cst.Name):
        return classes_made(raised, context)
    name = raised.value
    bound = [binding for binding in bindings(handler.body) if binding.name == name]
    if not bound:
        return () if name == caught_name(handler) else classes_made(raised, context)
    if _LINKS.intersection(stored_attributes(handler.body, name)):
        return ()
    # Past an `if` the name may still hold what was caught, which `from` would make its own cause.
    if name == caught_name(handler) and not any(_is_on_the_way(binding.node, handler, context) for binding in bound):
        return ()
    values = [classes_made(binding.value, context) if isinstance(binding.value, cst.Call) else () for binding in bound]
    # Above its binding the name holds something older, in a loop that of another turn.
    is_first = context.span(bound[0].node).start < context.span(node).start
    return tuple(new for value in values for new in value) if all(values) and is_first else ()


def _is_on_the_way(statement: cst.CSTNode, handler: Handler, context: Context) -> bool:
    """Whether a statement stands in a block of `handler` that the visited node stands in too."""
    inside = context.ancestors[context.ancestors.index(handler) :]
    lines = [line for block in inside if isinstance(block, cst.IndentedBlock) for line in block.body]
    return any(isinstance(line, cst.SimpleStatementLine) and statement in line.body for line in lines)


def carries(raised: cst.BaseExpression, made: Sequence[Raised], names: Collection[str], context: Context) -> bool:
    """Whether `raised` is given the exception called by one of `names`, and keeps it.

    It is a group, sets `__cause__` to it, or has an attribute for it.
    """
    if not isinstance(raised, cst.Call) or not any(
        mentions(argument.value, name) for argument in raised.args for name in names
    ):
        return False
    if any(new.lineage.links or _GROUPS.intersection(new.lineage.names | new.lineage.missing) for new in made):
        return True
    counterpart = context.counterpart(raised)
    if counterpart is None or not isinstance(counterpart.node, ast.Call):
        return False
    kept = context.view.exceptions.kept_arguments(counterpart.node, counterpart.frame)
    return any(isinstance(value, ast.Name) and value.id in names for value in kept)


def asks_for_a_package(raised: cst.BaseExpression, handler: Handler, made: Sequence[Raised], context: Context) -> bool:
    """Whether a package that is optional was asked for, and the new exception says that it is missing.

    Either that is an ImportError too, or the handler only raises, and the `try` only imports, or names what that gave,
    or all that it imports is named in the new exception.
    """
    if handler.type is None:
        return False
    if not all(_IMPORT_ERROR in new.lineage.names for new in made) and not (
        _only(handler.body, (cst.Raise,)) and _is_for_imports(raised, handler, context)
    ):
        return False
    caught = classes_caught(handler.type, context)
    return bool(caught) and all(_IMPORT_ERROR in lineage.names for lineage in caught)


def _is_for_imports(raised: cst.BaseExpression, handler: Handler, context: Context) -> bool:
    statement = context.ancestors[context.ancestors.index(handler) - 1]
    if isinstance(statement, cst.Try) and names_imports(raised, handler, statement):
        return True
    return isinstance(statement, (cst.Try, cst.TryStar)) and _only_imports(statement, context)


def _only_imports(statement: cst.Try | cst.TryStar, context: Context) -> bool:
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


def is_caught_before(handler: Handler, made: Sequence[Raised], context: Context) -> bool:
    """Whether a `try` inside `handler`, around the visited node, may catch what is raised there."""
    inside = context.ancestors[context.ancestors.index(handler) + 1 :]
    handlers = [
        nested
        for outer, inner in pairwise(inside)
        if isinstance(outer, (cst.Try, cst.TryStar)) and inner is outer.body
        for nested in outer.handlers
    ]
    return any(may_catch(nested.type, new.lineage, context) for nested in handlers for new in made)
