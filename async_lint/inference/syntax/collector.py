"""One scope's statements as a table of bindings: a visitor for each kind of statement."""

import ast
from collections.abc import Callable, Iterable
from typing import Any

from async_lint.inference.syntax.binding import Binding, Class, Function, FunctionNode, How, Module, Table
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.syntax.relative_imports import absolute
from async_lint.inference.syntax.reparsing import with_body
from async_lint.inference.syntax.self_assignments import self_assignments
from async_lint.inference.syntax.static_tests import static_test
from async_lint.inference.syntax.targets import own_expressions, stored, targets
from async_lint.inference.syntax.yields import YieldLines, has_yield

# An `if` looks into its test itself; a definition's body is a scope of its own.
_NO_EXPRESSIONS = frozenset({ast.If, ast.Import, ast.ImportFrom, ast.Pass, ast.Break, ast.Continue})


class Collector:
    """Walks the statements of one scope; what is nested in it becomes functions and classes of their own."""

    def __init__(
        self,
        module: Module,
        prefix: str,
        owner: Class | None,
        outer: "Function | None",
        lines: YieldLines | None = None,
    ) -> None:
        self.module = module
        self.prefix = prefix
        self.owner = owner
        self.outer = outer
        self.table: Table = {}
        self.returns: list[ast.expr | None] = []
        self.outward: set[str] = set()
        self.module_names: set[str] = set()
        self.stores: Table = {}
        self.tests: list[ast.expr] = []
        self.functions: list[Function] = []
        self.made: list[Function] = []  # those of nested classes too
        self.lines = lines

    def visit(self, statements: Iterable[ast.stmt], certain: bool) -> None:
        for statement in statements:
            visit = _VISITORS.get(type(statement))
            if visit is not None:
                visit(self, statement, certain)
            if type(statement) not in _NO_EXPRESSIONS and self.module.has_walrus(statement):
                for expression in own_expressions(statement):
                    self.walrus(expression, certain)

    def bind(self, name: str, binding: Binding) -> None:
        known = self.table.get(name)
        if known is None:
            self.table[name] = [binding]
        else:
            known.append(binding)

    def assign(
        self,
        target: ast.expr,
        how: How,
        node: ast.AST,
        value: ast.expr | None,
        certain: bool,
        path: tuple[int | None, ...] = (),
    ) -> None:
        for name, steps in targets(target, path):
            self.bind(name, Binding(how, node, value, path=steps, certain=certain))

    def define(self, node: FunctionNode, certain: bool) -> None:
        generator = self.lines.is_generator(node) if self.lines is not None else has_yield(node)
        kept = node if self.outer is not None else with_body(node, [])
        function = Function(
            node,
            kept,
            self.module,
            self.prefix + node.name,
            self.owner,
            self.outer,
            generator,
            node.end_lineno or node.lineno,
        )
        self.functions.append(function)
        self.made.append(function)
        self.bind(node.name, Binding(How.FUNCTION, kept, certain=certain, definition=function))

    def define_class(self, node: ast.ClassDef, certain: bool) -> None:
        header = with_body(node, [])
        made = Class(header, self.module, self.prefix + node.name, self.owner or self.outer, {}, {})
        inner = Collector(self.module, made.qualname + ".", made, self.outer, self.lines)
        inner.visit(node.body, True)
        made.table = inner.table
        self.made += inner.made
        for function in inner.functions:
            for name, binding in self_assignments(function):
                made.attributes.setdefault(name, []).append((function, binding))
        kept = node if self.outer is not None else header
        self.bind(node.name, Binding(How.CLASS, kept, certain=certain, definition=made))

    def walrus(self, expression: ast.expr, certain: bool) -> None:
        for node in descendants(expression):
            if type(node) is ast.NamedExpr:
                self.assign(node.target, How.ASSIGN, node, node.value, certain)


def _assign(self: Collector, node: ast.Assign, certain: bool) -> None:
    for target in node.targets:
        self.assign(target, How.ASSIGN, node, node.value, certain)
        if self.outer is not None and type(target) is not ast.Name:
            for name, steps in stored(target):
                self.stores.setdefault(name, []).append(Binding(How.ASSIGN, node, node.value, path=steps))
    if (
        self.module.exports is None
        and self.owner is None
        and self.outer is None
        and type(node.targets[0]) is ast.Name
        and node.targets[0].id == "__all__"
    ):
        if isinstance(node.value, ast.List | ast.Tuple):
            self.module.exports = [
                element.value
                for element in node.value.elts
                if isinstance(element, ast.Constant) and isinstance(element.value, str)
            ]


def _annotated(self: Collector, node: ast.AnnAssign, certain: bool) -> None:
    if type(node.target) is ast.Name:
        self.bind(node.target.id, Binding(How.DECLARE, node, node.value, node.annotation, certain=certain))


def _augmented(self: Collector, node: ast.AugAssign, certain: bool) -> None:
    if type(node.target) is ast.Name:
        self.bind(node.target.id, Binding(How.AUGMENTED, node, node.value, certain=certain))
        if (
            node.target.id == "__all__"
            and self.owner is None
            and self.outer is None
            and self.module.exports is not None
        ):
            if isinstance(node.value, ast.List | ast.Tuple):
                self.module.exports += [
                    element.value
                    for element in node.value.elts
                    if isinstance(element, ast.Constant) and isinstance(element.value, str)
                ]
            else:
                self.module.exports = None


def _for(self: Collector, node: ast.For | ast.AsyncFor, certain: bool) -> None:
    how = How.ASYNC_ITERATE if type(node) is ast.AsyncFor else How.ITERATE
    self.assign(node.target, how, node, node.iter, False)
    self.visit(node.body, False)
    self.visit(node.orelse, False)


def _while(self: Collector, node: ast.While, certain: bool) -> None:
    self.tests.append(node.test)
    self.visit(node.body, False)
    self.visit(node.orelse, False)


def _if(self: Collector, node: ast.If, certain: bool) -> None:
    while True:
        self.tests.append(node.test)
        outcome = static_test(node.test)
        if outcome is None and self.module.has_walrus(node):
            self.walrus(node.test, certain)
        if outcome is not False:
            self.visit(node.body, certain and outcome is True)
        if outcome is True:
            return
        certain = certain and outcome is False
        if len(node.orelse) != 1 or not isinstance(node.orelse[0], ast.If):
            break
        node = node.orelse[0]  # a chain of `elif` may be longer than the stack is deep
    self.visit(node.orelse, certain)


def _with(self: Collector, node: ast.With | ast.AsyncWith, certain: bool) -> None:
    how = How.ASYNC_ENTER if type(node) is ast.AsyncWith else How.ENTER
    for item in node.items:
        if item.optional_vars is not None:
            self.assign(item.optional_vars, how, node, item.context_expr, certain)
    self.visit(node.body, certain)


def _try(self: Collector, node: ast.Try, certain: bool) -> None:
    self.visit(node.body, False)
    for handler in node.handlers:
        if handler.name:
            self.bind(handler.name, Binding(How.EXCEPT, handler, handler.type, certain=False))
        self.visit(handler.body, False)
    self.visit(node.orelse, False)
    self.visit(node.finalbody, certain)


def _match(self: Collector, node: ast.Match, certain: bool) -> None:
    self.tests.append(node.subject)
    for case in node.cases:
        for part in descendants(case.pattern):
            name = getattr(part, "rest", None) if type(part) is ast.MatchMapping else getattr(part, "name", None)
            if isinstance(name, str):
                whole = node.subject if part is case.pattern and isinstance(part, ast.MatchAs) else None
                self.bind(name, Binding(How.PATTERN, part, whole, certain=False))
        self.visit(case.body, False)


def _import(self: Collector, node: ast.Import, certain: bool) -> None:
    for alias in node.names:
        if alias.asname:
            self.bind(alias.asname, Binding(How.IMPORT, node, module=alias.name, certain=certain))
        else:
            top = alias.name.partition(".")[0]
            self.bind(top, Binding(How.IMPORT, node, module=top, name=alias.name, certain=certain))


def _import_from(self: Collector, node: ast.ImportFrom, certain: bool) -> None:
    module = absolute(self.module, node.level, node.module or "")
    for alias in node.names:
        if alias.name == "*":
            self.module.stars.append(module)
            if not certain:
                self.module.maybe_stars.add(module)
        else:
            self.bind(
                alias.asname or alias.name,
                Binding(How.IMPORT_FROM, node, module=module, name=alias.name, certain=certain),
            )


def _function(self: Collector, node: FunctionNode, certain: bool) -> None:
    self.define(node, certain)


def _class(self: Collector, node: ast.ClassDef, certain: bool) -> None:
    self.define_class(node, certain)


def _return(self: Collector, node: ast.Return, certain: bool) -> None:
    self.returns.append(node.value)


def _assert(self: Collector, node: ast.Assert, certain: bool) -> None:
    self.tests.append(node.test)


def _outward(self: Collector, node: ast.Global | ast.Nonlocal, certain: bool) -> None:
    self.outward.update(node.names)
    if isinstance(node, ast.Global):
        self.module_names.update(node.names)


def _delete(self: Collector, node: ast.Delete, certain: bool) -> None:
    for target in node.targets:
        for name, _ in targets(target):
            self.bind(name, Binding(How.DELETE, node, certain=certain))


def _type_alias(self: Collector, node: Any, certain: bool) -> None:
    self.bind(node.name.id, Binding(How.ALIAS, node, node.value, certain=certain))


_VISITORS: dict[type[ast.AST], Callable[[Collector, Any, bool], None]] = {
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.If: _if,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.Match: _match,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Return: _return,
    ast.Assert: _assert,
    ast.Global: _outward,
    ast.Nonlocal: _outward,
    ast.Delete: _delete,
}
_VISITORS |= {
    getattr(ast, name): visit
    for name, visit in {"TryStar": _try, "TypeAlias": _type_alias}.items()
    if hasattr(ast, name)
}
