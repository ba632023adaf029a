"""Containers that a display begins and other code fills: they hold what is seen to be put into them."""

import ast
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeGuard

from async_lint.inference.modules import walk
from async_lint.inference.modules.summary import body_of
from async_lint.inference.names import mentions
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import MANY, Binding, Class
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.scope import Unit
from async_lint.inference.types.unions import join
from async_lint.inference.types.values import NONE, UNKNOWN, Frame, Instance, ModuleType, Type, Unknown

_DISPLAYS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
_MAPPINGS = frozenset(
    {"builtins.dict", "collections.defaultdict", "collections.OrderedDict"}
    | {"weakref.WeakValueDictionary", "weakref.WeakKeyDictionary"}
)
_QUEUES = frozenset(
    {f"{module}.{name}" for module in ("asyncio.queues", "queue") for name in ("Queue", "PriorityQueue", "LifoQueue")}
    | {"queue.SimpleQueue"}
)
_CONTAINERS = _MAPPINGS | _QUEUES | {"builtins.list", "builtins.set", "collections.deque", "weakref.WeakSet"}
_ONE = frozenset({"append", "appendleft", "add", "put", "put_nowait"})
_SEVERAL = frozenset({"extend", "extendleft", "update"})
_FILLING = _ONE | _SEVERAL | {"insert", "setdefault"}
_METHODS = "|".join(sorted(_FILLING))

Pair = tuple[Type, Type]  # a key and a value; of lists and sets the key says nothing
_NOTHING: Pair = (UNKNOWN, UNKNOWN)


class _Holder(NamedTuple):
    """What is filled: a name, and the class that it is an attribute of, or the function that it is local to.

    `mapping` is true of dicts; `inside` looks at the containers that a dict holds: `handlers[key].append(handler)`.
    """

    name: str
    cls: Class | None
    local: bool
    mapping: bool
    inside: bool = False


def filled(evaluator: Evaluator, value: Type, binding: Binding, frame: Frame) -> Type:
    """Return `value`, a container that `binding` begins, with the items that other code puts into it."""
    if binding.path or not isinstance(value, Instance) or value.cls.full_name not in _CONTAINERS:
        return value
    mapping = value.cls.full_name in _MAPPINGS
    begun = _begun(value, binding.value, mapping)
    holders = list(_holders(binding, frame, mapping)) if begun is not None else []
    if begun is None or not holders:
        return value
    # A display that the text adds nothing to is all there is: no tree has to be walked.
    if not _is_empty(binding.value) and not any(_grows(holder.name, frame.module.text) for holder in holders):
        return value
    pairs = [*begun, *(pair for holder in holders for pair in _put(evaluator, holder, frame))]
    keys = join([key for key, _ in pairs])
    items = [item for _, item in pairs]
    if mapping and any(map(_is_unsaid, items)):
        inner = join([item for holder in holders for _, item in _put(evaluator, holder._replace(inside=True), frame)])
        items = [Instance(item.cls, (inner,)) if _is_unsaid(item) else item for item in items]
    if not pairs:
        return value
    return Instance(value.cls, (keys, join(items)) if mapping else (join(items),))


def _begun(value: Instance, given: ast.expr | None, mapping: bool) -> list[Pair] | None:
    """Return what the container holds from the start; None where that is not written out."""
    # The arguments of a queue set its size; they put nothing into it.
    if _is_empty(given) or value.cls.full_name in _QUEUES:
        return []
    if value.cls.name == "defaultdict" and len(value.args) == 2 and _is_unsaid(value.args[1]):
        return [(UNKNOWN, value.args[1])]
    if isinstance(given, _DISPLAYS) and value.args:
        return [(value.args[0], value.args[1]) if mapping else (UNKNOWN, value.args[0])]
    return None


def _is_empty(node: ast.expr | None) -> bool:
    return node is None or (isinstance(node, ast.Call) and not node.args and not node.keywords) or _holds_none(node)


def _is_unsaid(of: Type) -> TypeGuard[Instance]:
    """Whether it is a list or a set of nobody knows what."""
    known = isinstance(of, Instance) and of.cls.full_name in _CONTAINERS - _MAPPINGS
    return isinstance(of, Instance) and known and all(isinstance(arg, Unknown) for arg in of.args)


def _holds_none(node: ast.expr) -> bool:
    return (isinstance(node, ast.List | ast.Set) and not node.elts) or (isinstance(node, ast.Dict) and not node.keys)


def _holders(binding: Binding, frame: Frame, mapping: bool) -> Iterator[_Holder]:
    node = binding.node
    for target in node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]:
        if isinstance(target, ast.Name):
            yield _Holder(target.id, frame.cls, frame.function is not None, mapping)
        elif isinstance(target, ast.Attribute) and frame.function is not None:
            yield _Holder(target.attr, frame.function.owner, False, mapping)


def _pattern(name: str) -> str:
    item = rf"\[[^\]\n]*\]\s*(?:=[^=]|\.(?:{_METHODS})\()"
    return rf"\b{re.escape(name)}\s*(?:{item}|\+=|\|=|\.(?:{_METHODS})\()"


def _grows(name: str, text: str) -> bool:
    return re.search(_pattern(name), text) is not None


def _put(evaluator: Evaluator, holder: _Holder, frame: Frame) -> Iterator[Pair]:
    """Yield what is put into the container in the places that can see it."""
    if holder.local:
        assert frame.function is not None
        body = body_of(frame.function)
        if body.filling is None:
            body.filling = _filling(body.statements)
        filling = body.filling.get(holder.name, ())
        # Data, written by a program: to evaluate all of it costs much and tells little.
        if len(filling) > MANY:
            yield _NOTHING
            return
        for statement in filling:
            yield from _in(evaluator, walk.nodes(Unit(statement, frame), leaves=False), holder)
        return
    pattern = _pattern(holder.name)
    modules = mentions.modules(evaluator, holder.name, pattern, frame.module)
    # The word is in too many files to look into: anything may be put in there.
    if modules is None:
        yield _NOTHING
    for module in modules or ():
        yield from _in(evaluator, mentions.nodes(module, pattern), holder)


def _filling(statements: Sequence[ast.stmt]) -> dict[str, list[ast.stmt]]:
    """Map local names to the statements that may put something into what they name."""
    filling: dict[str, list[ast.stmt]] = {}
    for statement in statements:
        names: dict[str, None] = {}
        for node in descendants(statement):
            match node:
                case ast.Call(func=ast.Attribute(value=receiver, attr=method)) if method in _FILLING:
                    filled_ = [receiver, _opened(receiver)]
                case ast.Assign(targets=targets):
                    every = (part for target in targets for part in descendants(target))
                    filled_ = [part.value for part in every if isinstance(part, ast.Subscript)]
                case ast.AugAssign(target=target):
                    filled_ = [target]
                case _:
                    continue
            names.update((container.id, None) for container in filled_ if isinstance(container, ast.Name))
        for name in names:
            filling.setdefault(name, []).append(statement)
    return filling


def _in(evaluator: Evaluator, nodes: Iterator[tuple[ast.AST, Frame]], holder: _Holder) -> Iterator[Pair]:
    for node, frame in nodes:
        match node:
            case ast.Call(func=ast.Attribute(value=called, attr=method)):
                receiver = _opened(called) if holder.inside else called
                if receiver is not None and _is(evaluator, receiver, holder, frame):
                    yield from _by_call(evaluator, method, node, frame, holder.mapping and not holder.inside)
            case ast.Assign(targets=targets, value=value) if not holder.inside:
                for target in targets:
                    for part in descendants(target):
                        if isinstance(part, ast.Subscript) and _is(evaluator, part.value, holder, frame):
                            # `a[0], b = pair` and `items[1:] = several` put in only parts of what is on the right.
                            known = part is target and not isinstance(part.slice, ast.Slice)
                            yield (
                                (evaluator.evaluate(part.slice, frame), evaluator.evaluate(value, frame))
                                if known
                                else _NOTHING
                            )
            case ast.AugAssign(target=of, value=value) if not holder.inside and _is(evaluator, of, holder, frame):
                yield _items(evaluator, evaluator.evaluate(value, frame), holder.mapping)


def _opened(of: ast.expr) -> ast.expr | None:
    """Return x of `x[key]` and of `x.setdefault(key, [])`."""
    match of:
        case ast.Subscript(value=inner) | ast.Call(func=ast.Attribute(value=inner, attr="setdefault" | "get")):
            return inner
    return None


def _by_call(evaluator: Evaluator, method: str, node: ast.Call, frame: Frame, mapping: bool) -> Iterator[Pair]:
    given = [
        UNKNOWN if isinstance(argument, ast.Starred) else evaluator.evaluate(argument, frame) for argument in node.args
    ]
    match method, given:
        case ("append" | "appendleft" | "add" | "put" | "put_nowait", [item, *_]) | ("insert", [_, item]):
            yield UNKNOWN, item
        case "setdefault", [key, *default]:
            yield key, default[0] if default else NONE
        case "extend" | "extendleft" | "update", [several] if not node.keywords:
            yield _items(evaluator, several, mapping)
        # It fills the container in a form that is not followed: with something unknown.
        case _ if re.fullmatch(_METHODS, method):
            yield _NOTHING


def _items(evaluator: Evaluator, of: Type, mapping: bool) -> Pair:
    if not mapping:
        return UNKNOWN, evaluator.element(of, False)
    known = isinstance(of, Instance) and of.cls.full_name in _MAPPINGS and len(of.args) == 2
    return (of.args[0], of.args[1]) if isinstance(of, Instance) and known else _NOTHING


def _is(evaluator: Evaluator, node: ast.expr, holder: _Holder, frame: Frame) -> bool:
    """Whether an expression may be the container."""
    if isinstance(node, ast.Name):
        return node.id == holder.name and holder.cls is None
    if not isinstance(node, ast.Attribute) or node.attr != holder.name or holder.local:
        return False
    owner = evaluator.evaluate(node.value, frame)
    # A module's container is reached from other modules as one of its attributes.
    if holder.cls is None:
        return isinstance(owner, ModuleType)
    # Methods of a base and of an heir fill the container of the same object.
    if isinstance(owner, Instance):
        return evaluator.is_subclass(owner.cls, holder.cls) or evaluator.is_subclass(holder.cls, owner.cls)
    # What is put into an object of unknown class may be put into this one.
    return isinstance(owner, Unknown)
