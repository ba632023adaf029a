"""Commands that are over in milliseconds: `git rev-parse`, `kill`, `uname`. To wait for their process is no pause.

["git", "-C", folder, "rev-parse", "HEAD"]     its words are `git`, `rev-parse` and `HEAD`
f"xclip -selection {board}"                    those of a text, up to what is not written out
command                                        those of all that the name may be bound to
"""

import ast
import os
from collections.abc import Iterable, Iterator

from async_lint.inference.blocking.table import Parameters
from async_lint.inference.names.origins import LostError, bindings_of
from async_lint.inference.questions.arguments import argument
from async_lint.inference.syntax.binding import Binding, How
from async_lint.inference.types.values import Frame

# The first words of a command, as far as they are written out.
Words = tuple[str, ...]

_DEPTH = 3
# What a shell takes for more than one command, or puts another one's output into.
_JOINS = frozenset(";&|<>`$(\n")
_GIT = "git"
_TAKING = frozenset(["-C", "-c", "--git-dir", "--work-tree", "--namespace"])  # git's options with a value


def is_brief(call: ast.Call, frame: Frame, parameters: Parameters, commands: frozenset[Words]) -> bool:
    """Whether the command of a call is one of some, whose first words they are, whichever of its values it has."""
    values = (argument(call, name, position) for name, position in parameters.items())
    command = next((value for value in values if value is not None), None)
    if command is None or not commands:
        return False
    try:
        ways = [_plain(words) for words in _commands(command, frame, _DEPTH)]
    except LostError:
        return False
    return all(any(words[: len(brief)] == brief for brief in commands) for words in ways)


def _commands(command: ast.expr, frame: Frame, depth: int) -> Iterator[Words]:
    """Yield the words of each command that an expression may stand for; an empty one for what is not known."""
    match command:
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            yield tuple(_literals(elements))
        case ast.Constant(value=str(text)):
            yield _split(text)
        # The word that is not written out is not known, nor what it begins with.
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *rest]):
            told = "".join(str(part.value) for part in rest if isinstance(part, ast.Constant))
            yield () if _JOINS.intersection(told) else _split(text + "\0")[:-1]
        case ast.BinOp(op=ast.Add(), left=left):
            yield from _commands(left, frame, depth) if isinstance(left, ast.List | ast.Name) else [()]
        case ast.IfExp(body=first, orelse=second):
            yield from _commands(first, frame, depth)
            yield from _commands(second, frame, depth)
        case ast.Name() if depth:
            bindings, scope = bindings_of(command, frame)
            values = [_bound(binding) for binding in bindings]
            for value in values or [None]:
                yield from _commands(value, scope, depth - 1) if value is not None else [()]
        case _:
            yield ()


def _bound(binding: Binding) -> ast.expr | None:
    if binding.how is How.AUGMENTED and isinstance(binding.node, ast.AugAssign):
        # `command += [...]` leaves the first words what they are.
        return binding.node.target
    return binding.value if binding.how is How.ASSIGN and not binding.path else None


def _literals(elements: Iterable[ast.expr]) -> Iterator[str]:
    """Yield the elements in front that are written out; of another one, which has a place of its own, a blank."""
    for element in elements:
        if isinstance(element, ast.Starred):
            return
        yield element.value if isinstance(element, ast.Constant) and isinstance(element.value, str) else ""


def _split(text: str) -> Words:
    return () if _JOINS.intersection(text) else tuple(text.split(" "))


def _plain(words: Words) -> Words:
    """Return a command without the folder of its program, and without the options that git has in front."""
    if not words:
        return ()
    program, *rest = os.path.basename(words[0]).removesuffix(".exe"), *words[1:]
    while program == _GIT and rest and rest[0].startswith("-"):
        rest = rest[2:] if rest[0] in _TAKING else rest[1:]
    return (program, *rest)
