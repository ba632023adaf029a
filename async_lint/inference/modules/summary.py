"""A module's source as tables of bindings; it depends on that source alone."""

import ast
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from async_lint.inference.syntax.binding import (
    Binding,
    Body,
    Class,
    Foreign,
    Function,
    FunctionNode,
    How,
    Module,
    Table,
    any_within,
    parameters,
)
from async_lint.inference.syntax.collector import Collector
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.syntax.notes import NOTES, Fact
from async_lint.inference.syntax.yields import YieldLines
from async_lint.inference.types.scope import module_scope

_TESTS = (ast.Call, ast.Compare, ast.BoolOp, ast.UnaryOp, ast.Name)


def summarize(
    name: str, path: str, text: str, tree: ast.Module, *, is_package: bool, root: str = "", whole: bool = False
) -> Module:
    """Return the tables of one module; `whole` keeps `tree` for who checks the file."""
    module = Module(name, path, is_package, path.endswith(".pyi"), text, {}, root=root, tree=tree)
    collector = Collector(module, "", None, None, YieldLines(module))
    collector.visit(tree.body, True)
    module.table = collector.table
    module.functions = collector.made
    module.inner = foreign(collector.made, ast.Global, module)
    for function in {function for bindings in module.inner.values() for function, _ in bindings}:
        function.kept = function.node  # the table holds parts of its body
    if not whole:
        detach(module)
    return module


def define(node: ast.stmt, module: Module, owner: Class | None, outer: Function | None) -> Function | Class | None:
    """Return the definition that a statement makes where no table holds it."""
    prefix = f"{owner.qualname}." if owner is not None else f"{outer.qualname}.<locals>." if outer is not None else ""
    collector = Collector(module, prefix, owner, outer)
    collector.visit([node], True)
    return next(
        (binding.definition for bindings in collector.table.values() for binding in bindings if binding.definition),
        None,
    )


def attach(module: Module, tree: ast.Module) -> None:
    """Put the functions of `module` into `tree`, which has the same text, until they are detached."""
    if module.tree is tree:
        return
    detach(module)
    # What is collected here is thrown away: in `module` itself, stars and exports would be added once more.
    nameless = Module(module.name, module.path, module.is_package, module.is_stub, "", {})
    collector = Collector(nameless, "", None, None, YieldLines(nameless))
    collector.visit(tree.body, True)
    for function, same in zip(module.functions, collector.made, strict=True):
        function.node = same.node
    module.tree = tree


def detach(module: Module) -> None:
    """Forget the tree and what was worked out in it. Of what the module was made from, bodies of functions go as well.

    The tree may be somebody else's, who goes on with it: flake8 hands it to its next plugin.
    """
    module.tree = None
    for function in module.functions:
        function.node = function.kept
        function.body = function.scope = None
    if module.scope is not None:
        module_scope(module).memo.clear()  # it goes by the identity of nodes, which are gone now


def body_of(function: Function) -> Body:
    """Return what the function's body binds and gives back."""
    if NOTES.current is not None:
        function.module.note(Fact.BODY, function.node.lineno)
    if function.body is None:
        node = function.whole()
        statements = node.body
        collector = Collector(function.module, function.qualname + ".<locals>.", None, function)
        collector.visit(statements, True)
        for parameter in parameters(node.args):
            # In front, for a table is in source order.
            collector.table.setdefault(parameter.arg, []).insert(
                0, Binding(How.PARAMETER, parameter, annotation=parameter.annotation)
            )
        inner = foreign(collector.made, ast.Nonlocal, function.module)
        function.body = Body(
            statements,
            collector.table,
            collector.returns,
            collector.outward,
            collector.module_names,
            inner,
            collector.stores,
            _walruses(statements) if function.module.has_walrus(node) else frozenset(),
            _tested(collector.tests, collector.table),
        )
    return function.body


def functions_on(module: Module, lines: Iterable[int]) -> tuple[list[Function], list[int]]:
    """Return the outermost functions that stand on any of the lines, in source order, and the lines outside them."""
    functions = module.functions
    found: dict[int, Function] = {}
    outside: list[int] = []
    # One ends before the next begins, and a generated file may have thousands.
    for line in lines:
        at = bisect_right(functions, line, key=lambda function: function.node.lineno) - 1
        if at >= 0 and line <= functions[at].last_line:
            found[at] = functions[at]
        else:
            outside.append(line)
    return [found[at] for at in sorted(found)], outside


def outside_functions(module: Module) -> list[ast.stmt]:
    """Return the module's statements without the functions among them and in its classes.

    They are parsed again where the tree is gone.
    """
    if module.outside is None:
        tree = module.tree or ast.parse(module.raw)
        module.outside = list(_outside(tree.body))
    return module.outside


def _outside(statements: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in statements:
        if isinstance(statement, ast.ClassDef):
            yield from _outside(statement.body)
        elif not isinstance(statement, FunctionNode):
            yield statement


def _tested(tests: Iterable[ast.expr], table: Table) -> frozenset[str]:
    """Return the names in the tests, and in what the names there are assigned: a flag is asked for a test."""
    names: set[str] = set()
    waiting = [*tests]
    while waiting:
        found = {node.id for node in descendants(waiting.pop()) if isinstance(node, ast.Name)} - names
        names |= found
        for name in found:
            bindings = table.get(name, ())
            if len(bindings) == 1 and bindings[0].how is How.ASSIGN and isinstance(bindings[0].value, _TESTS):
                waiting.append(bindings[0].value)
    return frozenset(names)


def _walruses(statements: Iterable[ast.stmt]) -> frozenset[str]:
    nodes = (node for statement in statements for node in descendants(statement))
    return frozenset(node.target.id for node in nodes if isinstance(node, ast.NamedExpr))


def foreign(functions: Iterable[Function], kind: "type[ast.Global | ast.Nonlocal]", module: Module) -> Foreign:
    """Return what functions bind in the scope around them, by `global` or `nonlocal` statements."""
    bound: Foreign = {}
    # Such statements are rare: where the text has none, no function need be looked into.
    lines = module.read_lines_with(kind.__name__.lower() + " ")
    for function in functions if lines else ():
        if not any_within(lines, function.node.lineno, function.last_line):
            continue
        names = {name for node in descendants(function.node) if isinstance(node, kind) for name in node.names}
        if names:
            collector = Collector(function.module, "", None, function)
            collector.visit(function.node.body, True)
            for name in names:
                bindings = collector.table.get(name, [])
                if not bindings and _stores(function.node, name):
                    # A function still further in binds it: nothing says what it is.
                    bindings = [Binding(How.PATTERN, function.node)]
                bound.setdefault(name, []).extend((function, binding) for binding in bindings)
    return bound


def _stores(node: ast.AST, name: str) -> bool:
    return any(
        isinstance(part, ast.Name) and part.id == name and not isinstance(part.ctx, ast.Load)
        for part in descendants(node)
    )
