"""What the callers in the project give a parameter: its type, where it has no annotation, and the arguments."""

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from async_lint.inference.names.origins import Site
from async_lint.inference.names.parameter_default import default as default_of
from async_lint.inference.project import wrapped_methods
from async_lint.inference.project.constructed import may_be_called_by_others
from async_lint.inference.project.project import Project
from async_lint.inference.project.searches import calls, modules_of
from async_lint.inference.questions.arguments import assigned, of_call
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Class, Function
from async_lint.inference.syntax.notes import NOTES, Fact, Memo
from async_lint.inference.types.unions import join
from async_lint.inference.types.values import ClassType, External, Frame, FunctionType, Type, Union, Unknown, unknown

# Who is named in more files, or called in more places, is called with too many things.
_MAX_FILES = 20
_MAX_SITES = 40
_MAX_TYPES = 3
_OWN = frozenset({"staticmethod", "classmethod"})


class DynamicParameters:
    """Answers from the calls in the project, kept for a run.

    All calls must be seen and agree: one that hides an argument behind a star, or gives something unknown, and the
    parameter stays unknown, as does one of a function that is handed around.
    """

    def __init__(self, evaluator: Evaluator, project: Project) -> None:
        self._evaluator = evaluator
        self._project = project
        self._known: Memo[tuple[Function, str], Type] = Memo()

    def parameter(self, function: Function, node: ast.arg) -> Type:
        """Return what a parameter is given; unknown, with the reason, where the calls do not say."""
        key = (function, node.arg)
        known = self._known.get(key)
        if known is not None:
            NOTES.reuse(self._known, key)
        else:
            self._known[key] = unknown(f"`{node.arg}` has no annotation, and its callers hand on what they were given")
            with self._evaluator.apart(), NOTES.working(self._known, key):
                known = self._known[key] = self._judge(function, node)
        return known

    def arguments(self, function: Function, node: ast.arg) -> Iterator[tuple[ast.expr, Frame] | None]:
        """Yield the arguments for a parameter, or its default; None for each call that does not show, or may exist."""
        owner = function.owner
        if not self._is_called_by_name(function):
            yield None
        elif function.name == "__init__" and owner is not None:
            if may_be_called_by_others(self._evaluator, self._evaluator.heirs, owner, "__init__"):
                yield None
        for number, site in enumerate(islice(self._sites(function), _MAX_SITES + 1)):
            is_seen = site.node is not _NOBODY and number < _MAX_SITES
            yield self._argument(function, node, site) if is_seen else None

    def _judge(self, function: Function, node: ast.arg) -> Type:
        nameless = f"`{node.arg}` has no annotation"
        decorated = wrapped_methods.receiver(self._evaluator, self._project, function, node)
        if decorated is not None:
            return decorated
        if not self._is_called_by_name(function):
            return unknown(nameless)
        values: list[Type] = []
        for site in self._sites(function):
            if site.node is _NOBODY:
                return unknown(f"{nameless}, and it may be called in more than {_MAX_FILES} files")
            value = self._value(function, node, site)
            if isinstance(value, Unknown | External) or len(values) == _MAX_SITES:
                NOTES.add(Fact.PLACE, site.frame.module.path, site.node.lineno)
                where = f"{site.frame.module.name}:{site.node.lineno}"
                return unknown(f"{nameless}, and the call in {where} does not say what it is given")
            values.append(value)
        if not values:
            return unknown(f"{nameless}, and no call in the project was found")
        given = join(values)
        if isinstance(given, Union) and len(given.items) > _MAX_TYPES:
            return unknown(f"{nameless}, and its callers give it too many things")
        return given

    def _is_called_by_name(self, function: Function) -> bool:
        """Whether those who call it name it: it is not decorated, no other's stand-in, and not handed around."""
        if function.name == "__init__":
            return function.owner is not None
        # Special methods are called by Python, which does not name them.
        if function.name.startswith("__") or function.module.is_stub or not function.module.path:
            return False
        if any(getattr(decorator, "id", "") not in _OWN for decorator in function.node.decorator_list):
            return False
        if function.owner is not None and self._is_override(function, function.owner):
            return False
        paths = self._project.mentioning(function.name)
        for path in (function.module.path, *paths):
            NOTES.add(Fact.HANDED, str(path), function.name)
        texts = [function.module.raw.encode(), *map(self._project.raw, paths)]
        return not any(hands_around(function.name, text) for text in texts)

    def _is_override(self, function: Function, owner: Class) -> bool:
        # A call of the base's method may be one of this, and the base that was not found may have such a method.
        order = self._evaluator.order(owner)
        return bool(order.missing) or any(function.name in base.cls.table for base in order.bases[1:])

    def _sites(self, function: Function) -> Iterator[Site]:
        owner = function.owner
        if function.name != "__init__" or owner is None:
            yield from self._calls(function, function.name, self._project.mentioning(f"{function.name}("))
            return
        heirs = self._evaluator.heirs.of(owner)
        if heirs is None:
            yield Site(_NOBODY, self._evaluator.function_scope(function))
            return
        names = list(dict.fromkeys(cls.name for cls in [owner, *heirs]))
        for name in names:
            yield from self._calls(function, name, self._project.mentioning(f"{name}("))
        # `super().__init__()` stands in a class of the family, `Base.__init__(self)` names one.
        own = dict.fromkeys(path for name in names for path in self._project.mentioning("__init__(", name))
        yield from self._calls(function, "__init__", list(own))

    def _calls(self, function: Function, name: str, paths: Sequence[Path]) -> Iterator[Site]:
        if len(paths) > _MAX_FILES:
            yield Site(_NOBODY, self._evaluator.function_scope(function))
            return
        for module in modules_of(self._evaluator, paths, function.module):
            for site in calls(module, name):
                callee = self._evaluator.evaluate(site.node.func, site.frame)
                if self._is_call_of(function, callee):
                    yield site

    def _is_call_of(self, function: Function, callee: Type) -> bool:
        if isinstance(callee, ClassType):
            method = self._evaluator.class_member(callee.cls, "__init__")
            return isinstance(method, FunctionType) and method.function is function
        if isinstance(callee, FunctionType):
            return callee.function is function
        # It may be one: what it gives is then not known, nor is the parameter.
        return isinstance(callee, Unknown) and function.name != "__init__"

    def _value(self, function: Function, node: ast.arg, site: Site) -> Type:
        argument = self._argument(function, node, site)
        return unknown("the arguments do not fit") if argument is None else self._evaluator.evaluate(*argument)

    def _argument(self, function: Function, node: ast.arg, site: Site) -> tuple[ast.expr, Frame] | None:
        """Return what a call gives a parameter, or leaves it; None where it does not fit, or a star hides it."""
        callee = self._evaluator.evaluate(site.node.func, site.frame)
        arguments = of_call(site.node, site.frame)
        bound = isinstance(callee, ClassType) or (isinstance(callee, FunctionType) and callee.bound is not None)
        given = assigned(function.node.args, arguments, 1 if bound else 0)
        if given is None or isinstance(callee, Unknown):
            return None
        value = given.get(node)
        if isinstance(value, ast.expr):
            return value, site.frame
        default = default_of(self._evaluator, FunctionType(function), node.arg) if not arguments.open else None
        return (default, self._evaluator.definition_frame(function)) if default is not None else None


def hands_around(name: str, text: bytes) -> bool:
    """Whether a text has the name where it is neither called nor defined nor imported."""
    # A pattern that begins with letters is found far quicker than one that looks behind itself.
    for match in re.finditer(name.encode() + rb"\b(?![^\S\r\n]*\()", text):
        start = match.start()
        if text[start - 1 : start].isalnum() or text.endswith((b"_", b"def "), 0, start):
            continue
        first, end = text.rfind(b"\n", 0, start) + 1, text.find(b"\n", start)
        if b"import" not in text[first : end if end >= 0 else None]:
            return True
    return False


_NOBODY = ast.Call(ast.Name("nobody", ast.Load()), [], [])
