"""Pauses as long as an object says that all calls share, and that each tells how far things are: a pace.

delay = self._quota.delay()            found: its method reads what another of its methods sets
if delay > 0:
    await asyncio.sleep(delay)
delay = next_slot()                    found: a function that sets a global by what that was
wait = self._next - monotonic()        found, where the function sets `self._next`, too
await asyncio.sleep(self._pause)       not found, where nobody changes that: a setting
except TimeoutError: await ...         not found: a retry, which most calls do not come to
"""

import ast
from collections.abc import Iterable, Iterator

from async_lint.inference.independence.callees import definitions
from async_lint.inference.independence.sharing import Sharing
from async_lint.inference.independence.words import names_any
from async_lint.inference.modules.summary import body_of
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function, dotted, parameters
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.scope import function_scope

_MAKING = frozenset({"__init__", "__post_init__"})


def keeps_shared_pace(evaluator: Evaluator, sleep: ast.Call, sharing: Sharing) -> bool:
    """Whether a sleep in a function is one of these."""
    function = sharing.function
    handlers = (node for node in descendants(function.whole()) if isinstance(node, ast.ExceptHandler))
    if any(part is sleep for handler in handlers for part in descendants(handler)):
        return False
    frame = function_scope(function)
    for part in _amount(sleep.args, function, set()):
        match part:
            case ast.Call(func=ast.Attribute(value=told) as func) if sharing.is_shared(told):
                called = definitions(evaluator, func, frame)
                if any(_goes_by_what_is_told(one) or _sets_by_what_was(one) for one in called):
                    return True
            case ast.Call(func=ast.Name() as func) if any(map(_sets_by_what_was, definitions(evaluator, func, frame))):
                return True
            case ast.Attribute() if sharing.is_shared(part) and dotted(part) in _changed(function):
                return True
    return False


def _amount(nodes: Iterable[ast.expr], function: Function, asked: set[str]) -> Iterator[ast.AST]:
    """Yield the parts of expressions, and of what the names in them stand for."""
    for part in (part for node in nodes for part in descendants(node)):
        yield part
        if isinstance(part, ast.Name) and part.id not in asked:
            asked.add(part.id)
            bindings = body_of(function).table.get(part.id, ())
            yield from _amount([binding.value for binding in bindings if binding.value], function, asked)


def _goes_by_what_is_told(method: Function) -> bool:
    """Whether a method reads what a method of its class changes, once the object has been made."""
    given = parameters(method.node.args)
    if method.owner is None or not given:
        return False
    read = {dotted(node) for node in descendants(method.whole()) if isinstance(node, ast.Attribute)}
    state = {name for name in read if name.startswith(f"{given[0].arg}.")}
    methods = (one for one in method.module.functions if one.owner is method.owner and one.name not in _MAKING)
    return any(not state.isdisjoint(_changed(one)) for one in methods)


def _sets_by_what_was(function: Function) -> bool:
    """Whether a function sets a global by what that was, and not only once: `slot = max(now, slot) + step`."""
    outward = body_of(function).outward
    for node in descendants(function.whole()):
        match node:
            case ast.AugAssign(target=ast.Name(id=name)) if name in outward:
                return True
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in outward:
                if any(isinstance(part, ast.Name) and part.id == name for part in _amount([value], function, {name})):
                    return True
    return False


def _changed(function: Function) -> set[str]:
    """Return the attributes that a function sets, or calls a method of for what that does."""
    places: set[str] = set()
    for node in descendants(function.whole()):
        match node:
            case ast.Attribute(ctx=ast.Store()) as place:
                places.add(dotted(place))
            case ast.Subscript(value=ast.Attribute() as place, ctx=ast.Store()):
                places.add(dotted(place))
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Attribute() as place))):
                if not names_any(place, "logs"):
                    places.add(dotted(place))
    return places
