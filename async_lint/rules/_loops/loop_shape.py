"""Loops and comprehensions that do one thing: await a call for each item, and perhaps collect what it gives."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from async_lint.context import Context
from async_lint.inference.face import descendants, inside
from async_lint.rules._loops.clause_code import negated, part_of_clause
from async_lint.rules._loops.used_names import used_names
from async_lint.rules._shared.layout import Code

# They see the scope that they are called in, which a generator expression or a nested function changes.
_SCOPED = frozenset({"super", "locals", "vars", "dir", "eval", "exec"})


# A loop over things that are there beforehand: what is emptied by the loop is not.
Gatherable = ast.For | ast.ListComp | ast.SetComp | ast.DictComp


class Collected(Enum):
    NOTHING = "nothing"
    LIST = "list"
    SET = "set"
    DICT = "dict"


class Clause(NamedTuple):
    """`for target in iterable if test if test`; `source` is the iterable's node."""

    target: str
    iterable: Code
    tests: tuple[Code, ...]
    source: ast.expr


@dataclass(frozen=True, slots=True)
class Shape:
    """`value` is what is awaited for each item, `key` what its result is kept under.

    `out` is the collection that a `for` loop fills; empty for a comprehension.
    """

    value: ast.expr
    clauses: tuple[Clause, ...]
    collected: Collected
    key: ast.expr | None = None
    out: str = ""

    @property
    def targets(self) -> list[str]:
        return [clause.target for clause in self.clauses]


def shape_of(loop: Gatherable, function: ast.AST, context: Context) -> Shape | None:
    """Return the shape of a loop in `function`; None where it has another, or would mean something else elsewhere."""
    shape = _of_for(loop, function, context) if isinstance(loop, ast.For) else _of_comprehension(loop, context)
    if shape is None or not _is_movable(loop, shape):
        return None
    return shape if used_names(function).declared.isdisjoint([*shape.targets, shape.out]) else None


def _of_for(loop: ast.For, function: ast.AST, context: Context) -> Shape | None:
    if not isinstance(loop.target, ast.Name):
        return None
    tests, body = _conditions(loop.body, context)
    clauses = (Clause(loop.target.id, part_of_clause(loop.iter, context), tuple(tests), loop.iter),)
    match _joined(body, function):
        case ast.Expr(value=ast.Await(value=value)):
            return Shape(value, clauses, Collected.NOTHING)
        case ast.Expr(
            value=ast.Call(
                func=ast.Attribute(value=ast.Name(id=out), attr="append" | "add" as verb),
                args=[ast.Await(value=value)],
                keywords=[],
            )
        ):
            return Shape(value, clauses, Collected.LIST if verb == "append" else Collected.SET, out=out)
        case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=out), slice=key)], value=ast.Await(value=value)):
            # The loop asks for the key behind the `await`, which may have changed what it is made of.
            return Shape(value, clauses, Collected.DICT, key, out) if _is_fixed(key) else None
    return None


def _is_fixed(key: ast.expr) -> bool:
    """Whether a key is made of variables and constants alone."""
    parts = (ast.Name, ast.Constant, ast.Tuple, ast.BinOp, ast.operator, ast.expr_context)
    return all(isinstance(node, parts) for node in ast.walk(key))


def _conditions(body: Sequence[ast.stmt], context: Context) -> tuple[list[Code], Sequence[ast.stmt]]:
    """Return the conditions that the rest of a body is under, and the rest."""
    tests: list[Code] = []
    while True:
        match body:
            case [ast.If(test=test, body=[ast.Continue()], orelse=[]), _, *_]:
                tests.append(negated(test, context))
                body = body[1:]
            case [ast.If(test=test, body=inner, orelse=[])]:
                tests.append(part_of_clause(test, context))
                body = inner
            case _:
                return tests, body


def _joined(body: Sequence[ast.stmt], function: ast.AST) -> ast.stmt | None:
    """Return a body as one statement: `r = await f(x)` and `out.append(r)` are `out.append(await f(x))`."""
    if len(body) == 1:
        return body[0]
    match body:
        case [
            ast.Assign(targets=[ast.Name(id=name)], value=ast.Await() as value),
            ast.Expr(
                value=ast.Call(
                    func=ast.Attribute(value=ast.Name(id=out)) as func, args=[ast.Name(id=read)], keywords=[]
                )
            ),
        ] if name == read != out and _is_only_handed_on(name, function):
            return ast.Expr(ast.Call(func, [value], []))
        case [
            ast.Assign(targets=[ast.Name(id=name)], value=ast.Await() as value),
            ast.Assign(targets=[ast.Subscript(value=ast.Name(id=out)) as target], value=ast.Name(id=read)),
        ] if name == read != out and _is_only_handed_on(name, function):
            return ast.Assign([target], value)
    return None


def _is_only_handed_on(name: str, function: ast.AST) -> bool:
    names = used_names(function)
    # Bound once and read once: nothing else needs the name.
    return len(names.uses.get(name, ())) == 2 and name not in names.declared


def _of_comprehension(loop: Gatherable, context: Context) -> Shape | None:
    clauses = []
    assert not isinstance(loop, ast.For)
    for generator in loop.generators:
        if not isinstance(generator.target, ast.Name):
            return None
        tests = tuple(part_of_clause(test, context) for test in generator.ifs)
        clauses.append(Clause(generator.target.id, part_of_clause(generator.iter, context), tests, generator.iter))
    match loop:
        case ast.ListComp(elt=ast.Await(value=value)):
            return Shape(value, tuple(clauses), Collected.LIST)
        case ast.SetComp(elt=ast.Await(value=value)):
            return Shape(value, tuple(clauses), Collected.SET)
        case ast.DictComp(key=key, value=ast.Await(value=value)):
            return Shape(value, tuple(clauses), Collected.DICT, key)
    return None


def _is_movable(loop: Gatherable, shape: Shape) -> bool:
    """Whether the expressions mean the same in a generator expression, and none looks at what is being filled."""
    for node, _ in inside(_expressions(loop, shape)):
        match node:
            # An `await` would make the generator asynchronous, and it may not hold a `yield`.
            case ast.Await() | ast.Yield() | ast.YieldFrom() | ast.NamedExpr():
                return False
            case ast.Name(id=name) if name in _SCOPED or name == shape.out:
                return False
    # The first iterable is evaluated outside the generator, but may hold no `:=` either.
    names = (node for node in descendants(shape.clauses[0].source) if isinstance(node, ast.Name | ast.NamedExpr))
    return not any(isinstance(node, ast.NamedExpr) or node.id == shape.out for node in names)


def _expressions(loop: Gatherable, shape: Shape) -> Iterator[ast.AST]:
    """Yield what runs once for each item."""
    yield shape.value
    if shape.key is not None:
        yield shape.key
    if isinstance(loop, ast.For):
        yield from (node.test for node in descendants(loop) if isinstance(node, ast.If))
    else:
        yield from (test for generator in loop.generators for test in generator.ifs)
        yield from (clause.source for clause in shape.clauses[1:])
