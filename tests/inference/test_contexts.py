"""What `with` and `async with` bind, and context managers made of generators."""

from tests.inference.program import holds

CLIENT = """
        # file: client.py
        class Client:
            async def send(self): ...
        class Opener:
            async def __aenter__(self) -> Client: ...
            async def __aexit__(self, *args): ...
            def __enter__(self) -> "Plain": ...
            def __exit__(self, *args): ...
        class Plain:
            def send(self): return 1
"""


def test_targets() -> None:
    holds(
        """
        from client import Client, Opener

        async def use(opener: Opener):
            async with Opener() as client:
                client.send()  # is: coroutine
            client.send()  # is: coroutine
            with Opener() as plain:
                plain.send()  # is: value
            async with opener as first, Opener() as second:
                first.send()  # is: coroutine
                second.send()  # is: coroutine
            async with unheard() as third:
                third.send()  # is: unknown
    """
        + CLIENT
    )


def test_managers_that_return_themselves() -> None:
    holds("""
        from typing_extensions import Self

        class Inferred:
            async def __aenter__(self): return self
            async def __aexit__(self, *args): ...
            async def send(self): ...
        class Declared:
            async def __aenter__(self) -> Self: ...
            async def __aexit__(self, *args): ...
            async def send(self): ...
        class Heir(Declared):
            async def more(self): ...
        class Opened:
            async def __aenter__(self):
                await self.open()
                return self.client
            async def __aexit__(self, *args): ...
            def __init__(self):
                self.client = Heir()

        async def use():
            async with Inferred() as a:
                a.send()  # is: coroutine
            async with Heir() as b:
                b.more()  # is: coroutine
            async with Opened() as c:
                c.more()  # is: coroutine
    """)


def test_entered_through_a_method() -> None:
    holds(
        """
        from client import Client, Opener

        class Pool:
            def acquire(self): return Opener()
            def declared(self) -> Opener: ...

        async def use(pool: Pool):
            async with pool.acquire() as client:
                client.send()  # is: coroutine
            async with pool.declared() as client:
                client.send()  # is: coroutine
            client = await pool.declared().__aenter__()
            client.send()  # is: coroutine
    """
        + CLIENT
    )


def test_generators_as_asynchronous_context_managers() -> None:
    holds(
        """
        import contextlib
        from contextlib import asynccontextmanager
        from collections.abc import AsyncGenerator, AsyncIterator
        from client import Client

        @asynccontextmanager
        async def inferred():
            yield Client()
        @contextlib.asynccontextmanager
        async def declared() -> AsyncIterator[Client]:
            yield unheard()
        @asynccontextmanager
        async def generated() -> AsyncGenerator[Client, None]:
            yield unheard()

        class Service:
            @asynccontextmanager
            async def session(self, name):
                yield Client()

        async def use(service: Service):
            inferred()  # is: context
            declared()  # is: context
            async with inferred() as a:
                a.send()  # is: coroutine
            async with declared() as b:
                b.send()  # is: coroutine
            async with generated() as c:
                c.send()  # is: coroutine
            service.session("x")  # is: context
            async with service.session("x") as d:
                d.send()  # is: coroutine
            inferred  # returns: context
    """
        + CLIENT
    )


def test_generators_as_context_managers() -> None:
    holds(
        """
        from contextlib import contextmanager
        from collections.abc import Iterator
        from client import Client

        @contextmanager
        def declared() -> Iterator[Client]:
            yield unheard()
        @contextmanager
        def inferred():
            yield Client()

        def use():
            with declared() as a:
                a.send()  # is: coroutine
            with inferred() as b:
                b.send()  # is: coroutine
            declared()  # is: value
    """
        + CLIENT
    )


def test_exit_stacks() -> None:
    holds(
        """
        from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
        from client import Client, Opener

        @asynccontextmanager
        async def opened():
            yield Client()

        async def use():
            async with AsyncExitStack() as stack:
                client = await stack.enter_async_context(Opener())
                client.send()  # is: coroutine
                stack.enter_async_context(Opener())  # is: coroutine
                other = await stack.enter_async_context(opened())
                other.send()  # is: coroutine
                stack.enter_context(Opener()).send()  # is: value
                stack.aclose()  # is: coroutine
                stack.push_async_callback(client.send)  # is: unknown
            stack = ExitStack()
            stack.enter_context(Opener()).send()  # is: value
    """
        + CLIENT
    )


def test_contexts_of_the_standard_library() -> None:
    holds(
        """
        import asyncio
        from contextlib import aclosing, closing, nullcontext, suppress
        from client import Client

        async def use(client: Client):
            async with aclosing(client) as a:
                a.send()  # is: coroutine
            with closing(client) as b:
                b.send()  # is: coroutine
            with nullcontext(client) as c:
                c.send()  # is: coroutine
            async with asyncio.timeout(1) as d:
                d.reschedule(2)  # is: value
            async with asyncio.TaskGroup() as group:
                group.create_task(client.send())  # is: task
            async with asyncio.Lock() as lock:
                lock.acquire()  # is: unknown
    """
        + CLIENT
    )


def test_annotated_context_managers() -> None:
    holds(
        """
        from contextlib import AbstractAsyncContextManager, AbstractContextManager
        from typing import AsyncContextManager
        from client import Client

        def declared() -> AbstractAsyncContextManager[Client]: ...
        def older() -> AsyncContextManager[Client]: ...
        def plain() -> "AbstractContextManager[Client]": ...

        async def use(given: AbstractAsyncContextManager[Client]):
            async with declared() as a:
                a.send()  # is: coroutine
            async with older() as b:
                b.send()  # is: coroutine
            with plain() as c:
                c.send()  # is: coroutine
            async with given as d:
                d.send()  # is: coroutine
            declared()  # is: unknown
    """
        + CLIENT
    )


def test_chains_from_a_session_to_its_response() -> None:
    holds("""
        class Response:
            async def json(self): ...
        class Request:
            def __init__(self, coroutine): self._coroutine = coroutine
            async def __aenter__(self) -> Response: ...
            async def __aexit__(self, *args): ...
            def __await__(self): return self._run().__await__()
            async def _run(self) -> Response: ...
        class Session:
            async def __aenter__(self) -> "Session": return self
            async def __aexit__(self, *args): ...
            def get(self, url) -> Request: ...

        async def use():
            async with Session() as session:
                async with session.get("/") as response:
                    response.json()  # is: coroutine
                session.get("/")  # is: awaitable
                (await session.get("/")).json()  # is: coroutine
    """)
