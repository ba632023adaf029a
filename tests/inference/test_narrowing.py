"""Narrowing: what a test on the way to the use says of a name."""

from tests.inference.program import holds

CLIENT = """
        # file: client.py
        class Client:
            async def send(self): ...
        class Heir(Client): ...
        class Plain:
            def send(self): return 1
"""


def test_isinstance() -> None:
    holds(
        """
        from client import Client, Heir, Plain

        def use(given, either: Client | Plain, several: list[Client] | Client):
            if isinstance(given, Client):
                given.send()  # is: coroutine
            elif isinstance(given, (Client, Heir)):
                given.send()  # is: coroutine
            elif isinstance(given, (Client, Plain)):
                given.send()  # is: unknown
            elif isinstance(given, Client | Heir):
                given.send()  # is: coroutine
            else:
                given.send()  # is: unknown
            if isinstance(either, Client):
                either.send()  # is: coroutine
            else:
                either.send()  # is: value
            if not isinstance(several, list):
                several.send()  # is: coroutine
                return
            several[0].send()  # is: coroutine
    """
        + CLIENT
    )


def test_isinstance_with_classes_that_were_not_found() -> None:
    holds(
        """
        from absent import Client
        from client import Plain

        def use(given: Plain, other):
            if isinstance(given, Client):
                given.send()  # is: unknown; name: absent.Client.send
            if isinstance(other, Client):
                other.send()  # is: unknown; name: absent.Client.send
            if isinstance(other, make()):
                other.send()  # is: unknown
            given.send()  # is: value
    """
        + CLIENT
    )


def test_isinstance_finds_the_heir() -> None:
    holds(
        """
        from client import Client
        class Special(Client):
            async def special(self): ...

        def use(client: Client):
            if isinstance(client, Special):
                client.special()  # is: coroutine
            client.special()  # is: unknown
    """
        + CLIENT
    )


def test_is_none() -> None:
    holds(
        """
        from client import Client, Plain

        def use(client: Client | None, other: Client | None):
            if client is None:
                client = Plain()
                client.send()  # is: value
            client.send()  # is: unknown
            if other is not None:
                other.send()  # is: coroutine

        def early(client: Client | None):
            if client is None:
                return
            client.send()  # is: coroutine

        def replaced(client: Client | None):
            if client is None:
                client = Client()
            client.send()  # is: coroutine
    """
        + CLIENT
    )


def test_early_returns() -> None:
    holds(
        """
        from client import Client, Plain

        def use(given: Client | Plain, other):
            if isinstance(given, Plain):
                return given.send()  # is: value
            given.send()  # is: coroutine
            if not isinstance(other, Client):
                raise TypeError
            other.send()  # is: coroutine

        def loop(items: list[Client | Plain]):
            for item in items:
                if isinstance(item, Plain):
                    continue
                item.send()  # is: coroutine
    """
        + CLIENT
    )


def test_assertions() -> None:
    holds(
        """
        from client import Client

        def use(given, client: Client | None):
            assert isinstance(given, Client)
            given.send()  # is: coroutine
            assert client is not None and client
            client.send()  # is: coroutine
    """
        + CLIENT
    )


def test_and_or_not() -> None:
    holds(
        """
        from client import Client, Plain

        def use(given: Client | Plain, other):
            if other and isinstance(given, Client):
                given.send()  # is: coroutine
            if other or isinstance(given, Client):
                given.send()  # is: unknown
            if not (other or isinstance(given, Plain)):
                given.send()  # is: coroutine
            isinstance(given, Client) and given.send()
            x = given.send() if isinstance(given, Client) else None  # is: coroutine
            y = (
                isinstance(given, Client) and
                given.send()  # is: coroutine
            )
            z = (
                isinstance(given, Client) or
                given.send()  # is: value
            )
    """
        + CLIENT
    )


def test_comprehension_filters() -> None:
    holds(
        """
        from client import Client, Plain

        def use(items: list[Client | Plain]):
            [each.send() for each in items if isinstance(each, Client)]  # is: coroutine
            [each.send() for each in items]  # is: unknown
    """
        + CLIENT
    )


def test_truth() -> None:
    holds("""
        from collections.abc import Awaitable, Callable

        async def send(): ...

        def use(handler: Callable[[], Awaitable[None]] | None):
            handler()  # is: awaitable
            if handler:
                handler()  # is: awaitable
            if handler is not None:
                handler()  # is: awaitable
            handler and handler()
    """)


def test_questions_whether_something_is_awaitable() -> None:
    holds("""
        import asyncio, inspect
        from collections.abc import Awaitable, Callable

        def use(handler: Callable[[], Awaitable[None]], either: Callable[[], Awaitable[int] | int], given):
            if asyncio.iscoroutinefunction(handler):
                handler()  # is: awaitable
            else:
                handler()  # is: unknown
            if callable(handler):
                handler()  # is: awaitable
            else:
                handler()  # is: unknown
            if inspect.isawaitable(handler):
                handler()  # is: unknown
            if not asyncio.iscoroutinefunction(either):
                either()  # is: unknown
                return
            either()  # is: coroutine
            if inspect.iscoroutinefunction(given):
                given()  # is: coroutine
            else:
                given()  # is: unknown
    """)


def test_attributes_are_narrowed_too() -> None:
    holds(
        """
        from client import Client, Plain

        class Service:
            client: Client | Plain
            maybe: Client | None

            def use(self):
                self.client.send()  # is: unknown
                if isinstance(self.client, Client):
                    self.client.send()  # is: coroutine
                if isinstance(self.client, Plain):
                    return
                self.client.send()  # is: coroutine

        def use(service: Service):
            if isinstance(service.client, Plain):
                service.client.send()  # is: value
            assert service.maybe
            service.maybe.send()  # is: coroutine
    """
        + CLIENT
    )


def test_a_test_of_what_was_there_before_says_nothing() -> None:
    holds(
        """
        from client import Client, Plain

        def use(given: Client | Plain, other: Client | Plain):
            if isinstance(given, Client):
                given = other
                given.send()  # is: unknown
    """
        + CLIENT
    )


def test_a_test_of_another_name_says_nothing() -> None:
    holds(
        """
        from client import Client, Plain

        def use(given: Client | Plain, other):
            if isinstance(other, Client):
                given.send()  # is: unknown
    """
        + CLIENT
    )


def test_comparison_by_type_and_by_tag_is_not_followed() -> None:
    holds(
        """
        from client import Client, Plain

        def use(given: Client | Plain):
            if type(given) is Client:
                given.send()  # is: unknown
            if given == Client:
                given.send()  # is: unknown
    """
        + CLIENT
    )


def test_hasattr_says_nothing() -> None:
    holds(
        """
        from client import Client

        def use(given, client: Client):
            if hasattr(given, "send"):
                given.send()  # is: unknown
            if hasattr(client, "close"):
                client.close()  # is: unknown
    """
        + CLIENT
    )


def test_user_defined_guards() -> None:
    holds(
        """
        from typing_extensions import TypeGuard, TypeIs
        from client import Client

        def is_client(value) -> TypeGuard[Client]: ...
        def is_it(value) -> TypeIs[Client]: ...

        def use(given):
            if is_client(given):
                given.send()  # is: coroutine
            if is_it(given):
                given.send()  # is: coroutine
            given.send()  # is: unknown
    """
        + CLIENT
    )
