"""Who else has what a function is going to wait for: others, and the functions that it defines for them to call."""

import ast
from typing import TypeGuard

from async_lint.inference.face import descendants, parameters
from async_lint.rules._timeouts.replies import Reply


class Told:
    """Of one wait, and the function that it stands in."""

    def __init__(self, reply: Reply, function: ast.AST) -> None:
        self._text = reply.text
        self._answers = {f"{self._text}.{method}" for method in reply.signal.answers}
        self._callbacks: set[str] = set()
        self._registered: set[ast.AST] = set()
        self.decorators: list[ast.expr] = []
        self._holders = {_root(reply.waiter)} if isinstance(reply.waiter, ast.Attribute) else set()
        for node in descendants(function):
            if node is not function and _is_callback(node) and self._is_in(node):
                self._callbacks.add(node.name)
                # `@client.on("answer")`
                self._registered |= {node} if node.decorator_list else set()
                self.decorators += node.decorator_list
        for node in descendants(function):
            self._holders.update(_root(target) for target in self.kept_in(node))

    def by(self, call: ast.Call) -> bool:
        """Whether a call hands it over, or a function that has it."""
        return any(map(self._is_in, [*call.args, *(keyword.value for keyword in call.keywords)]))

    def is_of_a_holder(self, call: ast.Call) -> bool:
        """Whether a call is of a method of something that keeps it too, or of what that has."""
        return isinstance(call.func, ast.Attribute) and _root(call.func) in self._holders

    def registers(self, call: ast.Call) -> bool:
        """Whether a call only says whom to call: beside that, it is given nothing that could be a question."""
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        # `completion=callback(future)` is made for this one reply.
        said = [one for one in given if not isinstance(one, ast.Constant)]
        return self.by(call) and all(self._is_in(one) and not isinstance(one, ast.Call) for one in said)

    def is_own(self, call: ast.Call) -> bool:
        """Whether a call is of a method of what is waited for: `future.add_done_callback(...)`."""
        return isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == self._text

    def is_answered_by(self, node: ast.AST) -> bool:
        """Whether a node ends the wait itself."""
        return isinstance(node, ast.Call) and ast.unparse(node.func) in self._answers

    def is_known_after(self, node: ast.AST) -> bool:
        """Whether others have it once a node has run."""
        return bool(self.kept_in(node)) or node in self._registered or (isinstance(node, ast.Call) and self.by(node))

    def kept_in(self, node: ast.AST) -> list[ast.expr]:
        """Return the attributes and elements that a node sets to it, or to something that holds it."""
        match node:
            case ast.Assign(targets=targets, value=value):
                pass
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                targets = [target]
            # What waits anew is an object that others have already: `self._answered.clear()`.
            case ast.Call(func=ast.Attribute(value=ast.Attribute() as owner)) if ast.unparse(owner) == self._text:
                return [owner]
            case ast.Call(func=ast.Attribute(value=owner)) if self.by(node):
                return [owner]
            case _:
                return []
        if not self._is_in(value) and self._text not in map(ast.unparse, targets):
            return []
        return [target for target in targets if isinstance(target, ast.Attribute | ast.Subscript)]

    def _is_in(self, node: ast.AST) -> bool:
        return any(
            ast.unparse(part) == self._text or (isinstance(part, ast.Name) and part.id in self._callbacks)
            for part in descendants(node)
            if isinstance(part, ast.Name | ast.Attribute)
        )


def _is_callback(node: ast.AST) -> TypeGuard[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Whether a definition is a function that is called with a reply: one without parameters to await is work."""
    if isinstance(node, ast.AsyncFunctionDef):
        return bool(parameters(node.args))
    return isinstance(node, ast.FunctionDef)


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    name = node.id if isinstance(node, ast.Name) else ""
    return "self" if name == "super" else name
