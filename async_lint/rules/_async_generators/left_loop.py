"""The statements that end an `async for` before its generator is exhausted."""

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from async_lint.inference.face import Frame, ModuleView, Try
from async_lint.rules._async_generators.item_parts import Parts, asked

Leaving = ast.Break | ast.Return | ast.Raise


class Way(NamedTuple):
    """A statement that leaves a loop, and what is sure of the item with which it does."""

    node: Leaving
    item: Parts


def ways_out(loop: ast.AsyncFor, frame: Frame, view: ModuleView) -> list[Way]:
    """Return the ways by which a loop of the function of a frame is left before its end."""
    return [Way(node, asked(loop, node, frame, view)) for node in leaving(loop)]


def leaving(loop: ast.AsyncFor) -> list[Leaving]:
    """Return every `break`, `return` and `raise` in a loop's body that leaves the loop.

    A `raise` below `try` may be caught there, and one in a handler goes on with what failed anyway: neither counts.
    """
    return list(_leaving(loop.body, nested=False, raises=True))


def _leaving(block: Sequence[ast.stmt], nested: bool, raises: bool) -> Iterator[Leaving]:
    for statement in block:
        match statement:
            case ast.Return():
                yield statement
            case ast.Break():
                if not nested:
                    yield statement
            case ast.Raise():
                if raises:
                    yield statement
            case ast.If():
                yield from _leaving([*statement.body, *statement.orelse], nested, raises)
            case ast.With() | ast.AsyncWith():
                # A manager may keep an exception back.
                yield from _leaving(statement.body, nested, raises=False)
            case ast.Match():
                for case in statement.cases:
                    yield from _leaving(case.body, nested, raises)
            case ast.For() | ast.AsyncFor() | ast.While():
                yield from _leaving(statement.body, True, raises)
                yield from _leaving(statement.orelse, nested, raises)
            case _ if isinstance(statement, Try):
                yield from _leaving(statement.body, nested, raises and not statement.handlers)
                for handler in statement.handlers:
                    yield from _leaving(handler.body, nested, raises=False)
                yield from _leaving([*statement.orelse, *statement.finalbody], nested, raises)
