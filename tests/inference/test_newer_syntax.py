"""Syntax of newer Pythons than the oldest one supported."""

import sys

import pytest

from tests.inference.program import holds


@pytest.mark.skipif(sys.version_info < (3, 12), reason="needs the syntax of Python 3.12")
def test_type_parameters() -> None:
    holds("""
        class Client:
            async def send(self): ...
        class Repo[T]:
            async def get(self) -> T: ...
            def all(self) -> list[T]: ...
        class Clients(Repo[Client]): ...

        def same[T](given: T) -> T: ...
        def bound[C: Client](given: C):
            given.send()  # is: coroutine

        async def use(repo: Repo[Client]):
            (await repo.get()).send()  # is: coroutine
            repo.all()[0].send()  # is: coroutine
            Clients().all()[0].send()  # is: coroutine
            same(Client()).send()  # is: coroutine
    """)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="needs the syntax of Python 3.12")
def test_type_statements() -> None:
    holds("""
        from collections.abc import Awaitable, Callable

        class Client:
            async def send(self): ...

        type Handler = Callable[[], Awaitable[None]]
        type Maybe = Client | None
        type Later[T] = Callable[[], Awaitable[T]]
        type Recursive = list[Recursive] | Client

        async def use(handler: Handler, maybe: Maybe, later: Later[Client], recursive: Recursive):
            handler()  # is: awaitable
            maybe.send()  # is: coroutine
            (await later()).send()  # is: coroutine
            recursive.send()  # is: coroutine
    """)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="needs the syntax of Python 3.11")
def test_except_star() -> None:
    holds("""
        async def send(): ...
        def plain(): return 1

        def use():
            f = send
            try:
                risky()
            except* ValueError as group:
                f = plain
                group.exceptions  # denotes: None
            f()  # is: unknown
    """)
