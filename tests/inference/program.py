"""Small programs whose comments say what inference knows of their calls.

A program is one text. A line `# file: pkg/shop.py` begins another module; what stands above the first such line is
`main.py`. A comment at the end of a line says what is known of the first call that begins there (of `f().g()`, it is
the whole):

    save()  # is: coroutine
    client.get(url)  # is: unknown; name: aiohttp.ClientSession.get

`is:` is the kind, in the short words below. `name:` is the callee's qualified name. `of:` is the class of `x` in
`x.m()`. `returns:` is the kind of what calling the line's expression would give, and `denotes:` the qualified name
of what that expression is, or of its class; `None` where no name is known. `glance:` is `plain` where the callee's name
alone tells that the call gives nothing to await, else `open`.
"""

import ast
import re
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from async_lint.files.ports import Entry
from async_lint.inference.entry import Inference
from async_lint.inference.face import ModuleView
from async_lint.inference.modules.library import Library
from async_lint.inference.modules.pins import Pins
from async_lint.inference.project.project import Project
from async_lint.inference.types.answer import Kind
from async_lint.inference.types.values import Frame

ROOT = Path("/project")
SITE = Path("/site-packages")

_SHORT = {"generator": Kind.ASYNC_GENERATOR, "context": Kind.ASYNC_CONTEXT}
_FILE = re.compile(r"^# file: (\S+)\n", re.MULTILINE)
_EXPECT = re.compile(r"#\s((?:is|name|of|returns|denotes|glance): .*)$")


class Texts:
    """Files that exist in memory alone."""

    def __init__(self, texts: Mapping[Path, str]) -> None:
        self._texts = {PurePosixPath(path): text for path, text in texts.items()}
        self._folders = {folder for path in self._texts for folder in path.parents}

    def read(self, path: Path) -> bytes:
        try:
            return self._texts[PurePosixPath(path)].encode()
        except KeyError as error:
            raise FileNotFoundError(path) from error

    def list(self, path: Path) -> tuple[Entry, ...]:
        here = PurePosixPath(path)
        entries = {Entry(each.name, True, False) for each in self._folders if each.parent == here != each}
        return tuple(sorted(entries | {Entry(each.name, False, True) for each in self._texts if each.parent == here}))

    def entry(self, path: Path) -> Entry | None:
        return (
            Entry(path.name, self.is_dir(path), self.is_file(path)) if self.is_dir(path) or self.is_file(path) else None
        )

    def is_file(self, path: Path) -> bool:
        return PurePosixPath(path) in self._texts

    def is_dir(self, path: Path) -> bool:
        return PurePosixPath(path) in self._folders


def holds(program: str, roots: tuple[str, ...] = (".", "src")) -> None:
    """Assert every expectation of a program. Files below `site-packages/` are the environment's."""
    __tracebackhide__ = True
    texts = {_place(name): text for name, text in sections(textwrap.dedent(program).lstrip("\n")).items()}
    files = Texts(texts)
    sources = [path for path in texts if path.suffix in (".py", ".pyi") and SITE not in path.parents]
    project = Project(files, lambda: sources)
    library = Library(files, [ROOT / root for root in roots], [SITE], Pins(ROOT, files))
    inference = Inference(library, project)
    expected = 0
    wrong: list[str] = []
    for path, text in texts.items():
        expectations = list(_expected(text))
        expected += len(expectations)
        if expectations:
            wrong += _wrong(inference, path, text, expectations)
    assert expected, "the program expects nothing"
    assert not wrong, "\n" + "\n".join(wrong)


def _wrong(inference: Inference, path: Path, text: str, expectations: list[tuple[int, str, str]]) -> list[str]:
    tree = ast.parse(text)
    view = inference.module(path, tree, text)
    found = [(line, key, value, _found(view, line, key)) for line, key, value in expectations]
    view.close()
    code = text.splitlines()
    return [
        f"{path.relative_to(path.anchor)}:{line}: {code[line - 1].strip()}   <- {key}: {now}"
        for line, key, value, now in found
        if now != value
    ]


def sections(program: str) -> dict[str, str]:
    first, *rest = _FILE.split(program)
    found = dict(zip(rest[::2], rest[1::2], strict=True))
    return {"main.py": first, **found} if first.strip() else found


def _place(name: str) -> Path:
    folder, _, rest = name.partition("/")
    return SITE / rest if folder == SITE.name else ROOT / name


def _expected(text: str) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        match = _EXPECT.search(line)
        if match is not None:
            for part in match[1].split(";"):
                key, _, value = part.strip().partition(": ")
                yield number, key, value


def _found(view: ModuleView, line: int, key: str) -> str:
    if key in ("returns", "denotes"):
        node, frame = _expression(view, line)
        if key == "returns":
            return _short(view.calls.returns(node, frame).kind)
        return str(view.names.name_of(node, frame))
    call, frame = _call(view, line)
    if key == "of":
        return str(view.names.receiver_of(call, frame))
    if key == "glance":
        return "plain" if view.calls.is_plain(call, frame) else "open"
    answer = view.calls.kind_of(call, frame)
    return _short(answer.kind) if key == "is" else str(answer.name)


def _short(kind: Kind) -> str:
    return next((word for word, each in _SHORT.items() if each is kind), kind.value)


def _nodes(view: ModuleView) -> Iterator[tuple[ast.AST, Frame]]:
    for unit in view.units():
        yield from view.walk(unit)


def _call(view: ModuleView, line: int) -> tuple[ast.Call, Frame]:
    here = [(node, frame) for node, frame in _nodes(view) if isinstance(node, ast.Call) and node.lineno == line]
    assert here, f"no call begins on line {line}"
    # The first that begins there; of those that begin at one place, the longest.
    return min(here, key=lambda each: (each[0].col_offset, -(each[0].end_lineno or 0), -(each[0].end_col_offset or 0)))


def _expression(view: ModuleView, line: int) -> tuple[ast.expr, Frame]:
    for node, frame in _nodes(view):
        if isinstance(node, ast.Expr) and node.lineno == line:
            return node.value, frame
    raise AssertionError(f"no expression statement begins on line {line}")


def canonical(name: str) -> str:
    """Return the defined name of a public one."""
    view = Inference(Library(Texts({}), [ROOT])).module(ROOT / "main.py", ast.parse(""), "")
    return view.names.canonical(name)
