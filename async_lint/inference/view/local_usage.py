"""How the file under check itself treats the calls of a name: are the others awaited?"""

import ast
import re

from async_lint.inference.project.convention import AT_LEAST, Usage, by_usage, usages
from async_lint.inference.syntax.binding import Module, last_name
from async_lint.inference.types.values import Frame

_AWAITING = re.compile(r"await [^\n]*")
_WORD = re.compile(r"\w+")


class LocalUsage:
    """The usage in one class, or else in the module outside classes."""

    def __init__(self, module: Module, tree: ast.Module) -> None:
        self._module = module
        self._tree = tree
        self._awaited: frozenset[str] | None = None
        self._often: dict[str, bool] = {}
        self._usages: dict[ast.AST, dict[str, Usage]] = {}

    def forget(self) -> None:
        self._usages.clear()

    def of(self, call: ast.Call, frame: Frame) -> str | None:
        """Return what says that a call should be awaited; None when nothing does."""
        # Most callees are awaited nowhere in the file, and to unparse them costs more than to look into a set.
        if last_name(call.func) not in self._awaited_words():
            return None
        callee = ast.unparse(call.func)
        # A name may be called ten thousand times.
        if callee not in self._often:
            self._often[callee] = self._module.text.count(f"await {callee}(") >= AT_LEAST
        # What is too rare in the text is too rare in any class of it, and no tree need be walked.
        if not self._often[callee]:
            return None
        scope: Frame | None = frame
        while scope is not None and scope.cls is None:
            scope = scope.parent
        holder: ast.AST = scope.cls.node if scope is not None and scope.cls is not None else self._tree
        if holder not in self._usages:
            self._usages[holder] = usages(holder)
        where = f"`{holder.name}`" if isinstance(holder, ast.ClassDef) else "this module"
        return by_usage(call, self._usages[holder].get(callee), where)

    def _awaited_words(self) -> frozenset[str]:
        """The words on the lines of the module that await something."""
        if self._awaited is None:
            lines = _AWAITING.findall(self._module.text)
            self._awaited = frozenset(word for line in lines for word in _WORD.findall(line))
        return self._awaited
