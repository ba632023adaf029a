"""Processes that run the program's own code: to wait for them is to wait for oneself."""

import ast
from collections.abc import Iterator

from async_lint.inference.face import Frame, ModuleView, Site
from async_lint.rules._timeouts.waits import Unbounded

_PROCESS = "asyncio.subprocess.Process."
_STARTING = "asyncio.create_subprocess_exec"
# Modules of Python that work on files and end.
_ENDING = frozenset({"compileall", "py_compile", "venv", "zipapp"})


def is_own_program(unlimited: Unbounded, site: Site, view: ModuleView) -> bool:
    """Whether a call waits for `sys.executable -c ...`, or `-m` with a module of the same package or one that ends."""
    process = site.node.func.value if isinstance(site.node.func, ast.Attribute) else None
    if not unlimited.name.startswith(_PROCESS) or process is None:
        return False
    made = view.project.origins(process, site.frame) or ()
    return bool(made) and all(_is_own(start, view) for start in made)


def _is_own(start: Site, view: ModuleView) -> bool:
    name = view.calls.kind_of(start.node, start.frame).name
    if name not in (_STARTING, view.names.canonical(_STARTING)):
        return False
    words = list(_words(start.node, start.frame, view))
    if not words or not _is_python(words[0], start.frame, view):
        return False
    written = [word.value if isinstance(word, ast.Constant) else None for word in words]
    if "-c" in written:
        return True
    if "-m" not in written[:-1]:
        return False
    module = written[written.index("-m") + 1]
    package = start.frame.module.name.partition(".")[0]
    return isinstance(module, str) and (module in _ENDING or module.partition(".")[0] == package)


def _words(start: ast.Call, frame: Frame, view: ModuleView) -> Iterator[ast.expr]:
    """Yield the command, as far as it is written out: a list that is handed over by `*` has a name first."""
    for argument in start.args:
        if not isinstance(argument, ast.Starred):
            yield argument
            continue
        sources = view.project.sources(argument.value, frame)
        lists = [source for source, _ in sources.seen] or [argument.value]
        if sources.unseen or len(lists) != 1 or not isinstance(lists[0], ast.List):
            return
        yield from lists[0].elts


def _is_python(word: ast.expr, frame: Frame, view: ModuleView) -> bool:
    if not isinstance(word, ast.Attribute) or word.attr != "executable":
        return False
    return view.names.name_of(word.value, frame) == "sys"
