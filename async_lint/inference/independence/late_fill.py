"""What a function looks at before it waits, and changes afterwards: two calls at once would both come to change it.

if self._token is None:
    self._token = await self._log_in()      found: each of several that come at once logs in
if self._client is None:
    self._client = Client()                 not found: nobody comes in between
while path.exists():
    path = path.with_stem(path.stem + "_")  found: two take the same name, if neither has written to it
"""

import ast
from collections.abc import Callable, Sequence

from async_lint.inference.independence.conditions import has_wait
from async_lint.inference.independence.iteration import bound_in, inside
from async_lint.inference.syntax.binding import dotted, last_name
from async_lint.inference.syntax.nodes import descendants

_ADDING = frozenset({"add", "append"})
_REMOVING = frozenset({"discard", "pop", "remove"})
_COLLECTIONS = frozenset({"defaultdict", "deque", "dict", "list", "set"})
ON_DISK = frozenset({"exists", "is_dir", "is_file", "isdir", "isfile", "lexists"})


def filled_late(
    statements: Sequence[ast.stmt], is_shared: Callable[[ast.expr], bool], in_thread: bool = False
) -> ast.Attribute | ast.Subscript | None:
    """Return what is tested, and set to something new behind an `await` that follows the test.

    That is an attribute, or else an entry of a container that is looked at before (`self.pages.get(name)`); in a
    thread, only an entry that is a collection itself.

    `is_shared` says whether other calls see an attribute; `in_thread` that a thread runs it, so that others come in
    between without an `await`.
    """
    tested: dict[str, int] = {}
    asked: dict[str, int] = {}
    entry: ast.Subscript | None = None
    waited = 0
    for node, _ in inside(statements):
        match node:
            case ast.If(test=test):
                found = (part for part in descendants(test) if isinstance(part, ast.Attribute) and is_shared(part))
                for attribute in found:
                    tested.setdefault(dotted(attribute), waited)
            case ast.Call(func=ast.Attribute(value=container, attr="get")) if is_shared(container):
                asked.setdefault(dotted(container), waited)
            case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[container]) if is_shared(container):
                asked.setdefault(dotted(container), waited)
            case ast.Await() | ast.AsyncFor() | ast.AsyncWith():
                waited += 1
            # A flag that is set or reset comes out the same, whoever does it last.
            case ast.Assign(targets=targets, value=value) if not isinstance(value, ast.Constant):
                late = waited + has_wait(value) + in_thread
                for target in targets:
                    if isinstance(target, ast.Attribute) and tested.get(dotted(target), late) < late:
                        return target
                    if isinstance(target, ast.Subscript) and asked.get(dotted(target.value), late) < late:
                        # What a second thread puts there comes out the same, unless something was added to the first.
                        entry = entry or (target if not in_thread or _is_collection(value) else None)
    return entry


def _is_collection(value: ast.expr) -> bool:
    made = isinstance(value, ast.Call) and last_name(value.func) in _COLLECTIONS
    return made or isinstance(value, ast.Dict | ast.List | ast.Set)


def refuses_a_second(statements: Sequence[ast.stmt], is_shared: Callable[[ast.expr], bool]) -> ast.expr | None:
    """Return a container of what goes on, where a second call for the same is an error: a search for circles.

    if name in self.loading: raise CircleError(name)
    self.loading.append(name)
    page = await self.load(name)
    self.loading.remove(name)
    """
    refused: dict[str, ast.expr] = {}
    used: dict[str, set[str]] = {}
    for node, _ in inside(statements):
        match node:
            case ast.If(test=ast.Compare(ops=[ast.In()], comparators=[container]), body=body) if is_shared(container):
                if any(isinstance(part, ast.Raise) for line in body for part in descendants(line)):
                    refused[dotted(container)] = container
            case ast.Call(func=ast.Attribute(value=holder, attr=attr)):
                used.setdefault(dotted(holder), set()).add(attr)
    both = (name for name in refused if used.get(name, set()) & _ADDING and used[name] & _REMOVING)
    return next((refused[name] for name in both), None)


def takes_a_free_name(loop: ast.While) -> bool:
    """Whether a loop looks for a name that no file has: `while path.exists(): path = next(paths)`."""
    bound = set().union(*map(bound_in, loop.body))
    asked = (node for node in descendants(loop.test) if isinstance(node, ast.Call) and last_name(node.func) in ON_DISK)
    return any(isinstance(part, ast.Name) and part.id in bound for call in asked for part in descendants(call))
