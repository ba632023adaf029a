"""Calls of what is declared and has no body: whether it is a generator function is for those who write one to say."""

import ast

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Site

_ASYNCHRONOUS = frozenset(
    ["typing.AsyncIterator", "typing.AsyncIterable", "typing.AsyncGenerator", "typing.AsyncContextManager"]
    + ["contextlib.AbstractAsyncContextManager", "contextlib._AsyncGeneratorContextManager"]
)


def may_give_generator(call: cst.Call, context: Context) -> bool:
    """Whether what a call gives may be an asynchronous generator, or a context manager made of one.

    `async def stream(self) -> AsyncIterator[int]: ...` in a protocol or a stub is as often as not meant for an async
    generator function, which is `def` there.
    """
    counterpart = context.counterpart(call)
    if counterpart is None or not isinstance(counterpart.node, ast.Call):
        return False
    awaited = ast.copy_location(ast.Await(counterpart.node), counterpart.node)
    if context.view.names.name_of(awaited, counterpart.frame) not in _ASYNCHRONOUS:
        return False
    return not context.view.project.results(Site(counterpart.node, counterpart.frame))
