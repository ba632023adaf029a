"""A module's source as tables of bindings; it depends on that source alone."""

import ast
import bisect
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from typing import Any

from async_lint.inference.binding import (
    Binding,
    Body,
    Class,
    Foreign,
    Function,
    FunctionNode,
    How,
    Module,
    Table,
    own_expressions,
    parameters,
    stored,
    targets,
    unpacked,
)


def summarize(
    name: str, path: str, text: str, tree: ast.Module, *, is_package: bool, root: str = "", whole: bool = False
) -> Module:
    """Return the tables of one module. Unless `whole`, the bodies of its functions are dropped from `tree`."""
    module = Module(name, path, is_package, path.endswith(".pyi"), text, {}, root=root, tree=tree)
    collector = Collector(module, "", None, None, YieldLines(module))
    collector.visit(tree.body, True)
    module.table = collector.table
    module.functions = collector.made
    module.inner = foreign(collector.made, ast.Global, module)
    if not whole:
        detach(module)
    return module


def define(node: ast.stmt, module: Module, owner: Class | None, outer: Function | None) -> Function | Class | None:
    """Return the definition that a statement makes where no table holds it."""
    prefix = f"{owner.qualname}." if owner is not None else f"{outer.qualname}.<locals>." if outer is not None else ""
    collector = Collector(module, prefix, owner, outer)
    collector.visit([node], True)
    return next((each.definition for found in collector.table.values() for each in found if each.definition), None)


def attach(module: Module, tree: ast.Module) -> None:
    """Give the functions of `module` their bodies from `tree`, which has the same text."""
    if module.tree is tree:
        return
    nameless = Module(module.name, module.path, module.is_package, module.is_stub, "", {})
    collector = Collector(nameless, "", None, None, YieldLines(nameless))
    collector.visit(tree.body, True)
    for function, same in zip(module.functions, collector.made, strict=True):
        function.node = same.node
        function.body = function.scope = None
    module.tree = tree


def detach(module: Module) -> None:
    """Drop the bodies of the functions: most of a tree's memory."""
    module.tree = None
    for function in module.functions:
        # The tree may be somebody else's, who goes on with it: flake8 hands it to its next plugin.
        function.node = copy(function.node)
        function.node.body = []
        function.body = function.scope = None


def body_of(function: Function) -> Body:
    """Return the function's body, parsed again from its lines where it was dropped."""
    if function.body is None:
        statements = function.node.body or _reparse(function)
        collector = Collector(function.module, function.qualname + ".<locals>.", None, function)
        collector.visit(statements, True)
        for each in parameters(function.node.args):
            collector.table.setdefault(each.arg, []).insert(0, Binding(How.PARAMETER, each, annotation=each.annotation))
        inner = foreign(collector.made, ast.Nonlocal, function.module)
        function.body = Body(
            statements,
            collector.table,
            collector.returns,
            collector.outward,
            collector.module_names,
            inner,
            collector.stores,
            _walruses(statements) if function.module.has_walrus(function.node) else frozenset(),
            frozenset(each.id for test in collector.tests for each in ast.walk(test) if isinstance(each, ast.Name)),
        )
    return function.body


def outside_functions(module: Module) -> list[ast.stmt]:
    """Return the module's statements without the functions among them and in its classes, parsed again."""
    if module.outside is None:
        module.outside = list(_outside(ast.parse(module.text).body)) if module.text else []
    return module.outside


def _outside(statements: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    for each in statements:
        if isinstance(each, ast.ClassDef):
            yield from _outside(each.body)
        elif not isinstance(each, FunctionNode):
            yield each


def _walruses(statements: Iterable[ast.stmt]) -> frozenset[str]:
    nodes = (node for statement in statements for node in ast.walk(statement))
    return frozenset(node.target.id for node in nodes if isinstance(node, ast.NamedExpr))


def foreign(functions: Iterable[Function], kind: "type[ast.Global | ast.Nonlocal]", module: Module) -> Foreign:
    """Return what functions bind in the scope around them, by `global` or `nonlocal` statements."""
    found: Foreign = {}
    lines = module.lines_with(kind.__name__.lower() + " ")
    for function in functions if lines else ():
        if not any(function.node.lineno <= line <= function.last_line for line in lines):
            continue
        names = {name for each in ast.walk(function.node) if isinstance(each, kind) for name in each.names}
        if names:
            collector = Collector(function.module, "", None, function)
            collector.visit(function.node.body, True)
            for name in names:
                bindings = collector.table.get(name, [])
                if not bindings and _stores(function.node, name):
                    # A function still further in binds it: nothing says what it is.
                    bindings = [Binding(How.PATTERN, function.node)]
                found.setdefault(name, []).extend((function, each) for each in bindings)
    return found


def _stores(node: ast.AST, name: str) -> bool:
    return any(
        isinstance(each, ast.Name) and each.id == name and not isinstance(each.ctx, ast.Load) for each in ast.walk(node)
    )


def _reparse(function: Function) -> list[ast.stmt]:
    node = function.node
    first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
    text = function.module.lines(first, function.last_line)
    indented = text[:1] in (" ", "\t", "\f")
    source = "\n" * (first - 1 - indented) + "if 1:\n" * indented + text
    try:
        found: ast.stmt = ast.parse(source).body[0]
    except (SyntaxError, ValueError, IndexError, RecursionError, MemoryError):
        return []
    if indented and isinstance(found, ast.If):
        found = found.body[0]
    return found.body if isinstance(found, FunctionNode) else []


class YieldLines:
    """Tells generators from other functions; looks only where the text says `yield`."""

    def __init__(self, module: Module) -> None:
        self._lines = module.lines_with("yield")

    def is_generator(self, node: FunctionNode) -> bool:
        at = bisect.bisect_left(self._lines, node.lineno)
        return at < len(self._lines) and self._lines[at] <= (node.end_lineno or 0) and has_yield(node)


def has_yield(node: FunctionNode) -> bool:
    """Whether the function's own body yields; nested functions, classes and lambdas aside."""
    stack: list[ast.AST] = list(node.body)
    while stack:
        each = stack.pop()
        if isinstance(each, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            stack.extend(ast.iter_child_nodes(each))
    return False


def absolute(module: Module, level: int, name: str) -> str:
    """Return the absolute name of `from <dots><name> import`; empty when it leads above the root."""
    if not level:
        return name
    parts = module.name.split(".")
    if not module.is_package:
        parts = parts[:-1]
    if level > 1:
        parts = parts[: 1 - level]
    return ".".join([*parts, name] if name else parts)


def static_test(test: ast.expr) -> bool | None:
    """Whether a condition is known before the program runs: constants, `TYPE_CHECKING`, a recent Python version."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = static_test(test.operand)
        return None if inner is None else not inner
    if isinstance(test, ast.BoolOp):
        outcomes = [static_test(value) for value in test.values]
        decisive = isinstance(test.op, ast.Or)
        if decisive in outcomes:
            return decisive
        return None if None in outcomes else not decisive
    if isinstance(test, ast.Constant):
        return bool(test.value)
    if isinstance(test, ast.Compare):
        return _version_test(test)
    name = test.id if isinstance(test, ast.Name) else test.attr if isinstance(test, ast.Attribute) else ""
    return True if name == "TYPE_CHECKING" else None


def _version_test(test: ast.Compare) -> bool | None:
    """Decide `sys.version_info >= (3, 11)` as a new interpreter would."""
    left, right = test.left, test.comparators[0]
    is_version = (isinstance(left, ast.Attribute) and left.attr == "version_info") or (
        isinstance(left, ast.Name) and left.id == "version_info"
    )
    if not is_version or not isinstance(right, ast.Tuple):
        return None
    if isinstance(test.ops[0], ast.Gt | ast.GtE):
        return True
    return False if isinstance(test.ops[0], ast.Lt | ast.LtE) else None


def self_assignments(function: Function) -> Iterator[tuple[str, Binding]]:
    """Yield what a method assigns to attributes of its first parameter."""
    node = function.node
    positional = node.args.posonlyargs or node.args.args
    if not positional or any(isinstance(each, ast.Name) and each.id == "staticmethod" for each in node.decorator_list):
        return
    first = positional[0]
    stack: list[ast.stmt] = node.body[::-1]
    while stack:
        statement = stack.pop()
        kind = type(statement)
        if kind is ast.Assign:
            for target in statement.targets:  # type: ignore[attr-defined]
                if type(target) is not ast.Name:
                    yield from _attributes(target, first.arg, How.ASSIGN, statement, statement.value)  # type: ignore[attr-defined]
        elif kind is ast.AnnAssign:
            target = statement.target  # type: ignore[attr-defined]
            if _is_attribute(target, first.arg):
                yield target.attr, Binding(How.DECLARE, statement, statement.value, statement.annotation)  # type: ignore[attr-defined]
        elif kind is ast.AugAssign:
            target = statement.target  # type: ignore[attr-defined]
            if _is_attribute(target, first.arg):
                yield target.attr, Binding(How.AUGMENTED, statement, statement.value)  # type: ignore[attr-defined]
        elif isinstance(statement, ast.For | ast.AsyncFor):
            how = How.ASYNC_ITERATE if isinstance(statement, ast.AsyncFor) else How.ITERATE
            yield from _attributes(statement.target, first.arg, how, statement, statement.iter)
            stack += statement.orelse[::-1] + statement.body[::-1]
        elif isinstance(statement, ast.With | ast.AsyncWith):
            how = How.ASYNC_ENTER if isinstance(statement, ast.AsyncWith) else How.ENTER
            for item in statement.items:
                if item.optional_vars is not None:
                    yield from _attributes(item.optional_vars, first.arg, how, statement, item.context_expr)
            stack += statement.body[::-1]
        elif isinstance(statement, ast.If | ast.While):
            stack += statement.orelse[::-1] + statement.body[::-1]
        elif isinstance(statement, ast.Match):
            for case in statement.cases:
                stack += case.body[::-1]
        elif isinstance(statement, ast.Try) or type(statement).__name__ == "TryStar":
            stack += statement.finalbody[::-1] + statement.orelse[::-1]  # type: ignore[attr-defined]
            for handler in statement.handlers:  # type: ignore[attr-defined]
                stack += handler.body[::-1]
            stack += statement.body[::-1]  # type: ignore[attr-defined]


def _is_attribute(target: ast.expr, of: str) -> bool:
    return type(target) is ast.Attribute and type(target.value) is ast.Name and target.value.id == of


def _attributes(
    target: ast.expr, of: str, how: How, node: ast.AST, value: ast.expr, path: tuple[int | None, ...] = ()
) -> Iterator[tuple[str, Binding]]:
    if isinstance(target, ast.Attribute):
        if _is_attribute(target, of):
            yield target.attr, Binding(how, node, value, path=path)
    elif isinstance(target, ast.Tuple | ast.List):
        for steps, element in unpacked(target):
            yield from _attributes(element, of, how, node, value, path + steps)


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
        function = Function(
            node,
            self.module,
            self.prefix + node.name,
            self.owner,
            self.outer,
            generator,
            node.end_lineno or node.lineno,
        )
        self.functions.append(function)
        self.made.append(function)
        self.bind(node.name, Binding(How.FUNCTION, node, certain=certain, definition=function))

    def define_class(self, node: ast.ClassDef, certain: bool) -> None:
        made = Class(node, self.module, self.prefix + node.name, self.owner or self.outer, {}, {})
        inner = Collector(self.module, made.qualname + ".", made, self.outer, self.lines)
        inner.visit(node.body, True)
        made.table = inner.table
        self.made += inner.made
        for function in inner.functions:
            for name, binding in self_assignments(function):
                made.attributes.setdefault(name, []).append((function, binding))
        self.bind(node.name, Binding(How.CLASS, node, certain=certain, definition=made))

    def walrus(self, expression: ast.expr, certain: bool) -> None:
        for each in ast.walk(expression):
            if type(each) is ast.NamedExpr:
                self.assign(each.target, How.ASSIGN, each, each.value, certain)


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
                each.value for each in node.value.elts if isinstance(each, ast.Constant) and isinstance(each.value, str)
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
                    each.value
                    for each in node.value.elts
                    if isinstance(each, ast.Constant) and isinstance(each.value, str)
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
        for each in ast.walk(case.pattern):
            name = getattr(each, "rest", None) if type(each) is ast.MatchMapping else getattr(each, "name", None)
            if isinstance(name, str):
                whole = node.subject if each is case.pattern and isinstance(each, ast.MatchAs) else None
                self.bind(name, Binding(How.PATTERN, each, whole, certain=False))
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


def _type_alias(self: Collector, node: ast.AST, certain: bool) -> None:
    self.bind(node.name.id, Binding(How.ALIAS, node, node.value, certain=certain))  # type: ignore[attr-defined]


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
