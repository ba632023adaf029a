"""What of a function's names is *shared*: another call of the function has it, too.

The receiver is, unless it belongs to the item; so are globals, and whatever stands behind the attributes of an item's
own attributes (`self.hub.lock`). The function's own names are not, unless it imports them.
"""

import ast
from collections.abc import Iterator

from async_lint.inference.independence.scanned import Holder
from async_lint.inference.modules.summary import body_of
from async_lint.inference.syntax.binding import Function, How, dotted, last_name, parameters
from async_lint.inference.syntax.nodes import descendants

_IMPORTED = frozenset({How.IMPORT, How.IMPORT_FROM})
_COPYING = frozenset({"list", "set", "tuple"})
_OF_ALL = frozenset({"copy", "items", "values"})


class Sharing:
    """`holder` says whose the function's receiver is; `in_thread`: a thread calls it, so others run meanwhile.

    `given` are its parameters without the receiver, `outward` the names that it binds for another scope.
    """

    def __init__(self, function: Function, holder: Holder, in_thread: bool) -> None:
        self.function = function
        self.holder = holder
        self.in_thread = in_thread
        self.is_own = holder is Holder.OWN
        self.receiver = receiver_of(function)
        self.given = frozenset(parameter.arg for parameter in parameters(function.node.args)) - {self.receiver}
        body = body_of(function)
        self.outward = body.outward
        self._table = body.table
        imported = {name for name, bound in body.table.items() if all(one.how in _IMPORTED for one in bound)}
        self._local = set(body.table) - body.outward - imported

    def is_shared(self, node: ast.expr) -> bool:
        name = dotted(node)
        first, _, rest = name.partition(".")
        if first == self.receiver:
            return bool(name) and (not self.is_own or "." in rest)
        return bool(name) and first not in self._local

    def is_each_of_shared(self, node: ast.expr) -> bool:
        """Whether it is the variable of a loop over all of what is shared: `for client in self.clients`.

        That of a comprehension, too, which no name of the function hides.
        """
        if not isinstance(node, ast.Name):
            return False
        bound = self._table.get(node.id, ())
        values = [one.value for one in bound if one.how is How.ITERATE and one.value is not None]
        if not bound:
            values = list(_comprehended(node.id, self.function))
        sure = bool(values) and len(values) >= len(bound)
        return sure and all(self._is_all_of_shared(value) for value in values)

    def _is_all_of_shared(self, items: ast.expr) -> bool:
        """Whether it is all of what is shared, also by a local name: `clients = self.clients`.

        A parameter that is bound anew says which are meant: by default, it is all of them.
        """
        whole = _whole(items)
        bound = self._table.get(whole.id, ()) if isinstance(whole, ast.Name) and whole.id in self._local else ()
        made = [one for one in bound if one.how is not How.PARAMETER]
        if not made:
            return self.is_shared(whole)
        values = [_whole(one.value) for one in made if one.how is How.ASSIGN and one.value is not None and not one.path]
        some = [self.is_shared(value) or self._is_part_of_shared(value) for value in values]
        return len(values) == len(made) and all(some) and any(map(self.is_shared, values))

    def _is_part_of_shared(self, items: ast.expr) -> bool:
        """Whether it takes some of what is shared: `chosen & self.clients`."""
        match items:
            case ast.BinOp(left=left, op=ast.BitAnd(), right=right):
                return any(self.is_shared(_whole(side)) for side in (left, right))
        return False

    def is_own_part(self, node: ast.expr) -> bool:
        """Whether it is an attribute of a receiver that belongs to the item."""
        first, _, rest = dotted(node).partition(".")
        return self.is_own and first == self.receiver and bool(rest) and "." not in rest

    def holder_of(self, callee: str) -> Holder:
        """Return whose the receiver of a callee is."""
        first, _, rest = callee.partition(".")
        # Of what a call or a subscript gives, nobody knows whose it is.
        if not callee or (first == self.receiver and "." in rest):
            return min(self.holder, Holder.BEHIND)
        return self.holder if first == self.receiver and rest else Holder.SHARED

    def given_in(self, node: ast.expr) -> frozenset[str]:
        """Return the parameter that a dotted name begins with, if it is one."""
        return frozenset({dotted(node).partition(".")[0]}) & self.given


def _comprehended(name: str, function: Function) -> Iterator[ast.expr]:
    """Yield what the comprehensions of a function go through whose variable has a name."""
    for node in descendants(function.whole()):
        match node:
            case ast.comprehension(target=ast.Name(id=target), iter=items) if target == name:
                yield items


def receiver_of(function: Function) -> str:
    """Return the name of the parameter for the object that a method is called on; empty where there is none."""
    given = parameters(function.node.args)
    static = any(last_name(decorator) == "staticmethod" for decorator in function.node.decorator_list)
    return given[0].arg if function.owner is not None and given and not static else ""


def _whole(items: ast.expr) -> ast.expr:
    """Return the collection whose items are gone through: `self.clients` of `list(self.clients.values())`."""
    match items:
        case ast.Call(func=ast.Name(id=name), args=[inner]) if name in _COPYING:
            return _whole(inner)
        case ast.Call(func=ast.Attribute(value=inner, attr=attr), args=[]) if attr in _OF_ALL:
            return _whole(inner)
    return items
