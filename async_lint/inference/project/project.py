"""The reverse questions, which imports cannot answer: who in the project calls this?"""

import ast
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice, takewhile
from pathlib import Path
from typing import Any, NamedTuple

from async_lint.files.ports import Disk, Files
from async_lint.inference.modules import walk
from async_lint.inference.modules.summary import body_of, functions_on, outside_functions
from async_lint.inference.names.origins import Site
from async_lint.inference.project.word_index import WordIndex
from async_lint.inference.questions.arguments import of_call, refuses
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function, Module, any_within, last_name
from async_lint.inference.syntax.nodes import children, descendants
from async_lint.inference.syntax.notes import NOTES, Fact, Memo
from async_lint.inference.types.scope import Unit, function_scope, module_scope
from async_lint.inference.types.values import Callable as CallableType
from async_lint.inference.types.values import ClassType, Frame, FunctionType, OverloadedType, Type, Union, Unknown

# A folder with more than this is no project: somebody's home. A word in more files than this is everywhere.
_MAX_FILES = 20_000
MAX_MENTIONS = 60
# To make an index takes as long as some forty searches: a run on one file may ask about fewer words.
_SEARCHES = 40
# A line of an `except`: its first, or one of a tuple over several.
_CAUGHT = re.compile(r"\bexcept\b|^[\s\w.,():]*(?:#|$)")
# The same with a word in it: most of the files that speak of a class import it, make it or inherit it.
_CATCHING = (
    r"^[^#\n]*\bexcept\b[^#\n]*\b{0}\b"
    r"|^(?![ \t]*(?:from|import|raise|return)\b)[ \t\w.,]*\b{0}\b[ \t\w.,():]*(?:#|\r?$)"
)


class Caller(NamedTuple):
    """A call that may be one of the function asked for; `proved` when its callee was found to be that function."""

    site: Site
    proved: bool


class Project:
    """Every file under the project's root, whatever was asked to be checked. `paths` lists them when first needed."""

    def __init__(self, files: Files | None = None, paths: Callable[[], Iterable[Path]] = tuple) -> None:
        self._files = files or Disk()
        self._paths = paths
        self._texts: dict[Path, bytes] | None = None
        self._index: WordIndex | None = None
        self._order: list[Path] = []  # the files as the index counts them
        self._mentioning: dict[tuple[str, ...], list[Path]] = {}
        self._importers: Memo[str, int] = Memo()

    def mentioning(self, *words: str) -> list[Path]:
        """Return the files that hold each of the words."""
        NOTES.add(Fact.MENTIONS, "", "\n".join(words))
        paths = self._mentioning.get(words)
        if paths is None:
            if len(words) == 1:
                paths = list(self._holding(words[0].encode()))
            else:
                # `__init__(` is everywhere: the rarest of the words leaves the fewest texts to search for the others.
                rarest = min(map(self.mentioning, words), key=len)
                paths = [path for path in rarest if all(word.encode() in self.raw(path) for word in words)]
            self._mentioning[words] = paths
        return paths

    def _holding(self, needle: bytes) -> Iterable[Path]:
        if self._index is None and len(self._mentioning) < _SEARCHES:
            return [path for path, text in self._read().items() if needle in text]
        index = self._indexed()
        return map(self._order.__getitem__, index.holding(needle))

    def _indexed(self) -> WordIndex:
        if self._index is None:
            texts = self._read()
            self._order = list(texts)
            self._index = WordIndex(list(texts.values()))
        return self._index

    def prepare(self) -> None:
        """Read the texts and make the index now."""
        self._indexed()

    def by_path(self) -> Mapping[Path, bytes]:
        """Return what each file of the project holds."""
        return self._read()

    def texts(self) -> Iterable[bytes]:
        """Return what the files of the project hold."""
        return self._read().values()

    def importers(self, library: str) -> int:
        """Return how many files import a library, or something from it."""
        line = re.compile(rf"^[ \t]*(?:from|import)\s+{re.escape(library)}\b".encode(), re.MULTILINE)
        return NOTES.kept(
            self._importers, library, lambda: sum(self.finds(path, line) for path in self.mentioning(library))
        )

    def has(self, path: Path) -> bool:
        """Whether it is a file of the project, and not an empty one."""
        return bool(self._read().get(path))

    def finds(self, path: Path, pattern: re.Pattern[bytes]) -> bool:
        """Whether a file of the project holds something that the pattern matches."""
        NOTES.add(Fact.FOUND, str(path), b"%d %b" % (pattern.flags, pattern.pattern))
        return pattern.search(self._read().get(path, b"")) is not None

    def text(self, path: Path) -> bytes:
        """Return what a file of the project holds; empty when it is none."""
        NOTES.add(Fact.TEXT, str(path))
        return self.raw(path)

    def raw(self, path: Path) -> bytes:
        """Return the same, for who notes himself what he looks for."""
        return self._read().get(path, b"")

    def _read(self) -> dict[Path, bytes]:
        if self._texts is None:
            self._texts = {}
            for path in self._paths():
                if len(self._texts) >= _MAX_FILES:
                    self._texts = {}
                    break
                try:
                    self._texts[path] = self._files.read(path)
                except OSError:
                    continue
        return self._texts


def callers(evaluator: Evaluator, project: Project, function: Function) -> Iterator[Caller]:
    """Yield the calls in the project that may be calls of `function`; nothing when its name is everywhere."""
    # An instance is awaited by no call of its `__await__`: what makes it is followed instead.
    owner = function.owner if function.name == "__await__" else None
    name = function.name if owner is None else owner.name
    # `start(` stands in many more files than `.start(`, and nobody calls a method without a dot.
    is_method = function.owner is not None and owner is None
    paths = project.mentioning(f".{name}(" if is_method else f"{name}(")
    if len(paths) > MAX_MENTIONS:
        return
    for module in modules_of(evaluator, paths, function.module):
        for site in calls(module, name):
            callee = evaluator.evaluate(site.node.func, site.frame)
            if owner is not None and isinstance(callee, ClassType) and evaluator.is_subclass(callee.cls, owner):
                yield Caller(site, _is_awaited(site))
            elif _is_call_of(evaluator, callee, function, site):
                yield Caller(site, True)
            elif isinstance(callee, Unknown) or (isinstance(callee, Union) and denotes(evaluator, callee, function)):
                yield Caller(site, False)


def calls_among(
    evaluator: Evaluator, project: Project, words: Sequence[str], mentions: Iterable[str], module: Module | None
) -> Iterator[Site]:
    """Yield the calls whose callee's last word is one of `words`, in `module` and in the files that mention something.

    A mention that is everywhere leads to no file.
    """
    paths: set[Path] = set()
    for mention in mentions:
        mentioning = project.mentioning(mention)
        paths.update(mentioning if len(mentioning) <= MAX_MENTIONS else ())
    for searched in modules_of(evaluator, sorted(paths), module):
        yield from sorted(calls(searched, *words), key=lambda site: (site.node.lineno, site.node.col_offset))


def handlers_among(
    evaluator: Evaluator, project: Project, word: str, module: Module | None
) -> list[tuple[ast.ExceptHandler, Frame]] | None:
    """Return the handlers whose classes are written with a word, in `module` and the project; None where too many."""
    paths = project.mentioning(word)
    if len(paths) > MAX_MENTIONS:
        catching = re.compile(_CATCHING.format(re.escape(word)).encode(), re.MULTILINE)
        paths = [path for path in paths if project.finds(path, catching)]
    if len(paths) > MAX_MENTIONS:
        return None
    return [
        (node, frame)
        for searched in modules_of(evaluator, paths, module)
        for node, frame in around(searched, _caught_on(searched, word))
        if isinstance(node, ast.ExceptHandler) and node.type is not None and word in ast.unparse(node.type)
    ]


def _caught_on(module: Module, word: str) -> list[int]:
    lines = module.lines_with(word)
    return [line for line in lines if _CAUGHT.search(module.lines(line, line).rstrip())]


def around(module: Module, lines: list[int]) -> Iterator[tuple[ast.AST, Frame]]:
    """Yield the nodes of the functions that hold one of some lines, and those outside functions."""
    inside, outside = functions_on(module, lines)
    for statement in outside_functions(module) if outside else ():
        yield from ((node, module_scope(module)) for node in descendants(statement))
    for function in inside:
        yield from nodes(function)


def modules_of(evaluator: Evaluator, paths: Iterable[Path], own: Module | None) -> Iterator[Module]:
    """Yield a module, if there is one, and those that the other files hold."""
    if own is not None:
        yield own
    for path in paths:
        # The disk may hold an older text of this file than the one under check.
        if own is None or str(path) != own.path:
            module = evaluator.library.at(path)
            if module is not None:
                yield module


def calls(module: Module, *names: str) -> Iterator[Site]:
    """Yield the calls in a module whose callee's last word is one of `names`."""
    lines = sorted(line for name in names for line in module.lines_with(f"{name}("))
    if not lines:
        return
    inside, outside = functions_on(module, lines)
    # What stands outside functions may have to be parsed again, so only where a line does.
    if outside:
        for statement in _holding(lines, outside_functions(module)):
            for node in descendants(statement):
                if isinstance(node, ast.Call) and last_name(node.func) in names:
                    yield Site(node, module_scope(module))
    for function in inside:
        for node, frame in nodes(function, lines):
            if isinstance(node, ast.Call) and last_name(node.func) in names:
                yield Site(node, frame)


def nodes(function: Function, lines: Sequence[int] | None = None) -> Iterator[tuple[ast.AST, Frame]]:
    """Yield the nodes of a function's body, each with the frame of its names; those of statements on some `lines`."""
    statements = body_of(function).statements
    for statement in statements if lines is None else _holding(lines, statements):
        yield from walk.nodes(Unit(statement, function_scope(function)), leaves=lines is None)


def _holding(lines: Sequence[int], statements: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    return (one for one in statements if any_within(lines, _first_line(one), one.end_lineno or one.lineno))


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return decorators[0].lineno if decorators else statement.lineno


def denotes(evaluator: Evaluator, value: Type, function: Function) -> bool:
    """Whether a value is a function, or may be: of the method that it overrides, it stands in for some instances."""
    if isinstance(value, OverloadedType | Union):
        return any(denotes(evaluator, item, function) for item in value.items)
    if isinstance(value, CallableType):
        return value.function is not None and value.function.full_name == function.full_name
    if not isinstance(value, FunctionType):
        return False
    return _is_same(value, function) or _is_overridden_by(evaluator, value, function)


def _is_same(value: FunctionType, function: Function) -> bool:
    # By name as well: a file under check may be read anew, and its functions are other objects then.
    return value.function is function or value.function.full_name == function.full_name


def _is_overridden_by(evaluator: Evaluator, value: FunctionType, function: Function) -> bool:
    owner, other = function.owner, value.function.owner
    return owner is not None and other is not None and evaluator.is_subclass(owner, other)


def _is_call_of(evaluator: Evaluator, callee: Type, function: Function, site: Site) -> bool:
    if isinstance(callee, OverloadedType):
        return any(_is_call_of(evaluator, item, function, site) for item in callee.items)
    if not isinstance(callee, FunctionType) or _is_same(callee, function):
        return denotes(evaluator, callee, function)
    # A call of the method that this one overrides may well be a call of this one, unless it is by `super()`, or has
    # arguments that this one does not take.
    skip = 0 if callee.bound is None else 1
    if _is_by_super(site.node.func) or refuses(function.node.args, of_call(site.node, site.frame), skip):
        return False
    return _is_overridden_by(evaluator, callee, function)


def _is_by_super(callee: ast.expr) -> bool:
    match callee:
        case ast.Attribute(value=ast.Call(func=ast.Name(id="super"))):
            return True
    return False


def above(node: ast.AST, frame: Frame) -> tuple[ast.AST, ...] | None:
    """Return the nodes above one of a function's, the function with its body first; None outside functions."""
    scope = frame.enclosing_function()
    if scope is None or scope.function is None:
        return None
    statements = body_of(scope.function).statements
    line: int = getattr(node, "lineno", 0)
    # A function is asked about for many of its nodes: the statements that end further up are passed over at once.
    first = bisect_left(statements, line, key=lambda one: one.end_lineno or one.lineno)
    for statement in takewhile(lambda one: one.lineno <= line, islice(statements, first, None)):
        path = _path(statement, node)
        if path is not None:
            return (scope.function.node, *path)
    return None


def _is_awaited(site: Site) -> bool:
    around = above(site.node, site.frame)
    return around is not None and isinstance(around[-1], ast.Await)


def _path(start: ast.AST, target: Any) -> list[ast.AST] | None:
    if start is target:
        return []
    line: int = target.lineno
    if not getattr(start, "lineno", line) <= line <= (getattr(start, "end_lineno", None) or line):
        return None
    for child in children(start):
        path = _path(child, target)
        if path is not None:
            return [start, *path]
    return None
