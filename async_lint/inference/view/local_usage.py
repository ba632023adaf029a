"""How the file under check itself treats the calls of a name: are the others awaited?"""

import ast
import re
from collections.abc import Sequence

from async_lint.inference.modules.summary import body_of
from async_lint.inference.project.convention import AT_LEAST, Usage, by_usage, dropped, usages
from async_lint.inference.syntax import control
from async_lint.inference.syntax.binding import Binding, Class, Function, How, Module, last_name
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.values import Frame

_AWAITING = re.compile(r"await [^\n]*")
_WORD = re.compile(r"\w+")


class LocalUsage:
    """The usage in one class, or else in the module outside classes; of a function's own name, in that function."""

    def __init__(self, module: Module, tree: ast.Module) -> None:
        self._module = module
        self._tree = tree
        self._awaited: frozenset[str] | None = None
        self._often: dict[str, bool] = {}
        self._usages: dict[ast.AST, dict[str, Usage]] = {}
        self._classes: dict[control.Place, ast.ClassDef] = {}

    def forget(self) -> None:
        self._usages.clear()
        self._classes.clear()

    def of(self, call: ast.Call, frame: Frame) -> str | None:
        """Return what says that a call should be awaited; None when nothing does."""
        # Most callees are awaited nowhere in the file, and to unparse them costs more than to look into a set.
        if last_name(call.func) not in self._awaited_words() or _is_entered_or_assigned(call.func, frame):
            return None
        callee = ast.unparse(call.func)
        # A name may be called ten thousand times.
        if callee not in self._often:
            self._often[callee] = self._module.text.count(f"await {callee}(") >= AT_LEAST
        # What is too rare in the text is too rare in any class of it, and no tree need be walked.
        if not self._often[callee]:
            return None
        holder = self._holder(frame)
        where = f"`{holder.name}`" if isinstance(holder, ast.ClassDef) else "this module"
        known = self._of_holder(_owner(call.func, frame) or holder)
        evidence = by_usage(call, known.get(callee), where)
        return None if evidence is None or _drops_others(call, frame, known) else evidence

    def is_mostly_dropped(self, call: ast.Call, frame: Frame) -> bool:
        """Whether most of several calls in the class or module are not awaited: here that is the custom."""
        usage = self._of_holder(self._holder(frame)).get(ast.unparse(call.func))
        return usage is not None and len(usage.other) > max(1, len(usage.awaited))

    def _holder(self, frame: Frame) -> ast.AST:
        scope: Frame | None = frame
        while scope is not None and scope.cls is None:
            scope = scope.parent
        return self._class_node(scope.cls) if scope is not None and scope.cls is not None else self._tree

    def _class_node(self, cls: Class) -> ast.ClassDef:
        """Return the node of a class of this module, with its body."""
        if not self._classes:
            found = (node for node in descendants(self._tree) if isinstance(node, ast.ClassDef))
            self._classes = {(node.lineno, node.col_offset): node for node in found}
        return self._classes[cls.node.lineno, cls.node.col_offset]

    def _of_holder(self, holder: ast.AST) -> dict[str, Usage]:
        if holder not in self._usages:
            self._usages[holder] = usages(holder)
        return self._usages[holder]

    def _awaited_words(self) -> frozenset[str]:
        """The words on the lines of the module that await something."""
        if self._awaited is None:
            lines = _AWAITING.findall(self._module.text)
            self._awaited = frozenset(word for line in lines for word in _WORD.findall(line))
        return self._awaited


def _drops_others(call: ast.Call, frame: Frame, known: dict[str, Usage]) -> bool:
    """Whether the function drops what another method of the receiver gives, which is not awaited by convention either.

    The commands of a pipeline are only queued: to await one of them is no custom.
    """
    scope = frame.enclosing_function()
    function = scope.function if scope is not None else None
    receiver = _receiver(call)
    # An object's own methods are of many kinds.
    if function is None or receiver is None or _is_own(receiver, function):
        return False
    return any(
        ast.unparse(other.func) != ast.unparse(call.func)
        and by_usage(other, known.get(ast.unparse(other.func)), "") is None
        for other in dropped(body_of(function).statements)
        if ast.unparse(_receiver(other) or other) == ast.unparse(receiver)
    )


def _owner(callee: ast.expr, frame: Frame) -> ast.AST | None:
    """Return the function that a called name belongs to: what others call so is something else.

    So is the method of what a plain `with` gives: others may have entered another by `async with`.
    """
    function, bindings = _local(callee, frame)
    if function is None:
        return None
    entered = all(binding.how is How.ENTER for binding in bindings)
    return function.whole() if isinstance(callee, ast.Name) or entered else None


def _is_entered_or_assigned(callee: ast.expr, frame: Frame) -> bool:
    """Whether a local name is what `with` gives in one place and something else in another: two kinds of objects."""
    _, bindings = _local(callee, frame)
    return len({binding.how in (How.ENTER, How.ASYNC_ENTER) for binding in bindings}) > 1


def _local(callee: ast.expr, frame: Frame) -> tuple[Function | None, Sequence[Binding]]:
    """Return the function in which the name of a callee, or of its receiver, is bound, and how; None outside."""
    scope = frame.enclosing_function()
    name = callee.value if isinstance(callee, ast.Attribute) else callee
    while isinstance(name, ast.Name) and scope is not None:
        if scope.function is not None and (bindings := body_of(scope.function).table.get(name.id)):
            return scope.function, bindings
        scope = scope.parent
    return None, ()


def _receiver(call: ast.Call) -> ast.expr | None:
    return call.func.value if isinstance(call.func, ast.Attribute) else None


def _is_own(receiver: ast.expr, function: Function) -> bool:
    """Whether it is the name by which a method calls its own object."""
    given = function.node.args
    first = [*given.posonlyargs, *given.args][:1]
    named = {parameter.arg for parameter in first} if function.owner is not None else set()
    return isinstance(receiver, ast.Name) and receiver.id in named
