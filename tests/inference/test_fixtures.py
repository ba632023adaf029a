"""Fixtures: what pytest gives a test for its parameters."""

from tests.inference.program import holds

SERVER = """
        # file: server.py
        class Server:
            async def stop(self): ...
        class Other:
            def stop(self): return 1
"""


def test_what_a_fixture_returns_or_yields() -> None:
    holds(
        """
        import pytest
        import pytest_asyncio
        from typing import AsyncIterator, Iterator
        from server import Server

        @pytest.fixture
        def made():
            return Server()

        @pytest.fixture(scope="module")
        def yielded():
            server = Server()
            yield server

        @pytest.fixture
        def declared() -> Iterator[Server]:
            yield build()

        @pytest_asyncio.fixture
        async def awaited():
            return Server()

        @pytest_asyncio.fixture()
        async def streamed() -> AsyncIterator[Server]:
            yield build()

        @pytest.fixture(name="renamed")
        def _function():
            return Server()

        @pytest.fixture
        def factory():
            def make():
                return Server()
            return make

        def test_all(made, yielded, declared, awaited, streamed, renamed, factory):
            made.stop()  # is: coroutine
            yielded.stop()  # is: coroutine
            declared.stop()  # is: coroutine
            awaited.stop()  # is: coroutine
            streamed.stop()  # is: coroutine
            renamed.stop()  # is: coroutine
            factory().stop()  # is: coroutine

        def test_nothing(_function, absent):
            _function.stop()  # is: unknown
            absent.stop()  # is: unknown
    """
        + SERVER
    )


def test_only_tests_and_fixtures_are_given_fixtures() -> None:
    holds(
        """
        import pytest
        from server import Server

        @pytest.fixture
        def server():
            return Server()

        @pytest.fixture
        def other(server):
            server.stop()  # is: coroutine
            return server

        def helper(server):
            server.stop()  # is: unknown

        def test_it(other, server=None):
            other.stop()  # is: coroutine
            server.stop()  # is: unknown
    """
        + SERVER
    )


def test_a_decorator_of_another_library_makes_no_fixture() -> None:
    holds(
        """
        from elsewhere import fixture
        from server import Server

        @fixture
        def server():
            return Server()

        def test_it(server):
            server.stop()  # is: unknown
    """
        + SERVER
    )


def test_the_nearest_fixture_wins() -> None:
    holds(
        """
        # file: tests/conftest.py
        import pytest
        from server import Other, Server

        @pytest.fixture
        def server():
            return Server()

        @pytest.fixture
        def near():
            return Server()

        @pytest.fixture
        def far():
            return Server()

        # file: tests/unit/conftest.py
        import pytest
        from server import Other

        @pytest.fixture
        def near():
            return Other()

        # file: tests/unit/test_server.py
        import pytest
        from server import Other

        class TestServer:
            @pytest.fixture
            def own(self):
                return Other()

            def test_it(self, server, near, own):
                server.stop()  # is: value
                near.stop()  # is: value
                own.stop()  # is: value

        def test_outside(own, far):
            own.stop()  # is: unknown
            far.stop()  # is: coroutine

        @pytest.fixture
        def server(server):
            server.stop()  # is: coroutine
            return Other()

        def test_overridden(server):
            server.stop()  # is: value
    """
        + SERVER
    )


def test_imported_fixtures() -> None:
    holds(
        """
        # file: tests/conftest.py
        from shared import *
        from shared import first as second

        # file: shared.py
        import pytest
        from server import Server

        @pytest.fixture
        def first():
            return Server()

        # file: tests/test_it.py
        def test_it(first):
            first.stop()  # is: coroutine
    """
        + SERVER
    )


def test_a_parameter_that_a_fixture_leaves_open() -> None:
    holds(
        """
        import pytest
        from server import Server

        @pytest.fixture(params=[1, 2])
        def made(request):
            return Server() if request.param == 1 else request.param

        @pytest.fixture
        def first(second):
            return second

        @pytest.fixture
        def second(first):
            return first

        def test_it(made, first):
            made.stop()  # is: unknown
            first.stop()  # is: unknown
    """
        + SERVER
    )


def test_fixtures_of_plugins() -> None:
    holds(
        """
        # file: tests/conftest.py
        pytest_plugins = ["testing.plugin", "absent"]

        # file: testing/plugin.py
        import pytest
        from server import Server

        @pytest.fixture
        def first():
            return Server()

        # file: tests/test_it.py
        def test_it(first, loop, event_loop):
            first.stop()  # is: coroutine
            loop.create_task(first.stop())  # is: task
            event_loop.create_task(first.stop())  # is: task

        def run(loop):
            loop.create_task(1)  # is: unknown
    """
        + SERVER
    )


def test_an_annotation_that_the_fixture_contradicts() -> None:
    holds(
        """
        # file: tests/conftest.py
        import pytest
        from server import Other, Server, Special

        @pytest.fixture
        async def plain(endpoint):
            server = Other()
            yield server

        @pytest.fixture
        def agreed():
            return Server()

        @pytest.fixture
        def special():
            return Special()

        @pytest.fixture
        def unknown():
            return build()

        @pytest.fixture
        def other():
            return Other()

        @pytest.fixture
        def servers():
            return {"first": Server()}

        # file: tests/test_it.py
        import pytest
        from typing import Protocol, TypedDict
        from server import Other, Server, Special

        class Servers(TypedDict):
            first: Server

        class Stopping(Protocol):
            async def stop(self): ...

        class TestServer:
            def test_it(
                self,
                plain: Server,
                agreed: "Server | None",
                special: Server,
                unknown: Server,
                other: "Server | Other",
                absent: Server,
                given: Server = None,
            ):
                plain.stop()  # is: unknown
                agreed.stop()  # is: coroutine
                special.stop()  # is: coroutine
                unknown.stop()  # is: coroutine
                other.stop()  # is: unknown
                absent.stop()  # is: coroutine
                given.stop()  # is: coroutine

            def test_wider(self, agreed: Special, other: Stopping, servers: Servers):
                agreed.stop()  # is: coroutine
                other.stop()  # is: coroutine
                servers["first"].stop()  # is: coroutine

            def helper(self, plain: Server):
                plain.stop()  # is: coroutine

        @pytest.fixture
        def further(plain: Server):
            plain.stop()  # is: unknown
    """
        + SERVER
        + """
        class Special(Server): ...
    """
    )
