"""Conditions in a loop's own body that say how many of its iterations wait.

for check in checks:
    if check.name == wanted: await check.run()       a look-up: one item is meant
for check in checks:
    if check.name != wanted: continue                the same
    await check.run()
for page in pages:
    if page.kind == "text": await page.load()        none: many may be of that kind
    if page.text: found.append(page.text)
    else: await page.load()                          all that it awaits comes up rarely
    if page.text is None: await page.load()          the same: most items may have been loaded
"""

import ast
from collections.abc import Iterable, Iterator, Sequence

from async_lint.inference.independence.iteration import Loop, Statement, body
from async_lint.inference.independence.provenance import Iteration
from async_lint.inference.independence.words import asks, words
from async_lint.inference.modules.summary import body_of
from async_lint.inference.syntax.binding import last_name
from async_lint.inference.syntax.nodes import children, descendants
from async_lint.inference.types.values import Frame

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
# What such an attribute is asked for, several items have, whatever it is compared with.
_OF_MANY = frozenset({"category", "kind", "level", "role", "state", "status", "suffix", "type"})
_Condition = tuple[ast.expr, bool]  # a test, and whether what stands below it is its `else`


def looked_up(loop: Loop, iteration: Iteration, frame: Frame) -> str:
    """Return the test that only one item passes, without which nothing is awaited; empty where there is none."""
    own = set(_own_names(frame))
    found = ""
    passed = _passed(body(loop))
    for _, conditions in _conditions(loop):
        below = [test for test, below_else in conditions if not below_else]
        tests = (part for test in (*passed, *below) for part in _all_of(test))
        one = next((test for test in tests if _is_look_up(test, iteration, own)), None)
        if one is None:
            return ""
        found = found or ast.unparse(one)
    return found


def is_rare(loop: Loop, iteration: Iteration) -> bool:
    """Whether few items come to what is awaited: all of it stands in an `else`, or below two conditions.

    Or it loads an item, below a condition that asks whether that is there already.
    """
    for node, conditions in _conditions(loop):
        if any(_loads_what_is_missing(node, test, iteration) for test, below_else in conditions if not below_else):
            continue
        by_item = [below_else for test, below_else in conditions if iteration.varies(test)]
        # What is the same for all keeps none of them from waiting, if it lets one.
        if not any(by_item) and (len(conditions) < 2 or not by_item):
            return False
    return True


def _loads_what_is_missing(node: ast.AST, test: ast.expr, iteration: Iteration) -> bool:
    match node:
        case ast.Await(value=ast.Call(func=ast.Attribute(value=ast.Name(id=item), attr=attr))) if asks(attr):
            return item in iteration.items and _is_without(test, item)
    return False


def _is_without(test: ast.expr, item: str) -> bool:
    """Whether a test asks for something that an item has not yet: `page.text is None`."""
    match test:
        case ast.BoolOp(values=values):
            return all(_is_without(value, item) for value in values)
        case ast.Compare(left=ast.Attribute(value=ast.Name(id=name)), ops=[ast.Is()], comparators=[ast.Constant(None)]):
            return name == item
        case ast.UnaryOp(op=ast.Not(), operand=ast.Call(func=ast.Name(id="hasattr"), args=[ast.Name(id=name), _])):
            return name == item
    return False


def _passed(block: Sequence[ast.AST]) -> list[ast.expr]:
    """Return as `==` what those that wait must pass before: `if name != wanted: continue`."""
    found: list[ast.expr] = []
    for statement in block:
        match statement:
            case ast.If(test=ast.Compare(left=left, ops=[ast.NotEq()], comparators=others), body=[*_, ast.Continue()]):
                found.append(ast.Compare(left, [ast.Eq()], others))
        if any(isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith) for node in descendants(statement)):
            break
    return found


def _is_of_kind(test: ast.expr) -> bool:
    return isinstance(test, ast.Call) and last_name(test.func) == "isinstance"


def _is_look_up(test: ast.expr, iteration: Iteration, own: set[str]) -> bool:
    match test:
        case ast.Compare(left=left, ops=[ast.Eq() | ast.Is()], comparators=[right]):
            return _names_one(left, right, iteration, own) or _names_one(right, left, iteration, own)
    return False


def _names_one(asked: ast.expr, wanted: ast.expr, iteration: Iteration, own: set[str]) -> bool:
    if iteration.varies(wanted):
        return False
    asked = iteration.behind(asked)
    # What is written down for good is a kind or a state, which several may have: `page.kind == TEXT`.
    given = any(isinstance(part, ast.Name) and part.id in own for part in descendants(wanted))
    of_one = given and not isinstance(wanted, ast.JoinedStr) and not _is_of_many(asked)
    return _root(asked) in iteration.items and (of_one or isinstance(asked, ast.Name))


def _is_of_many(asked: ast.expr) -> bool:
    """Whether several items may have the same of what is asked for: a kind, or the id of something else."""
    named = words(_asked_for(asked))
    others = named[-1:] == ("id",) and not set(named[:-1]) <= set(words(_root(asked)))
    return others or not _OF_MANY.isdisjoint(named)


def _asked_for(node: ast.expr) -> str:
    """Return the name of an attribute, or the key of an entry."""
    match node:
        case ast.Subscript(slice=ast.Constant(value=key)):
            return str(key)
        case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=key), *_]):
            return str(key)
    return last_name(node)


def _root(node: ast.expr) -> str:
    """Return the variable of which it is an attribute, or an entry that is always the same."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=of) | ast.Subscript(value=of, slice=ast.Constant()):
            return _root(of)
        case ast.Call(func=ast.Attribute(value=of, attr="get"), args=[ast.Constant(), *_]):
            return _root(of)
    return ""


def _all_of(test: ast.expr) -> Iterable[ast.expr]:
    return test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else (test,)


def _own_names(frame: Frame) -> Iterator[str]:
    """Yield the names of the functions around: those of the module are the same in each call."""
    scope = frame.enclosing_function()
    function = scope.function if scope is not None else None
    while function is not None:
        yield from set(body_of(function).table) - body_of(function).outward
        function = function.outer


def _conditions(loop: Loop) -> Iterator[tuple[ast.AST, tuple[_Condition, ...]]]:
    """Yield each await of the loop's body, with what it stands below in there."""
    tests = () if isinstance(loop, Statement) else [test for generator in loop.generators for test in generator.ifs]
    yield from _below(body(loop), tuple((test, False) for test in tests))


def _below(
    nodes: Sequence[ast.AST], conditions: tuple[_Condition, ...]
) -> Iterator[tuple[ast.AST, tuple[_Condition, ...]]]:
    for node in nodes:
        if isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith) or getattr(node, "is_async", False):
            yield node, conditions
        match node:
            case ast.If(test=test, body=first, orelse=second):
                yield from _below([test], conditions)
                yield from _below(first, (*conditions, (test, False)))
                # `if name in known: continue` may have an `else`, and says no more than without.
                skips = isinstance(first[-1], ast.Continue)
                yield from _below(second, conditions if skips else (*conditions, (test, True)))
            case ast.IfExp(test=test, body=value, orelse=other):
                yield from _below([test], conditions)
                # A kind that is asked for where the value is needed is one that few of them are of.
                few = _is_of_kind(test)
                yield from _below([value], (*conditions, (test, few)))
                yield from _below([other], (*conditions, (test, True)))
            case _ if not isinstance(node, _SCOPES):
                yield from _below(list(children(node)), conditions)
