"""Parameters: what their annotations say."""

from tests.inference.program import holds

CLIENT = """
        # file: client.py
        class Client:
            async def send(self): ...
            def plain(self): return 1
        class Other:
            async def send(self): ...
        class Plain:
            def send(self): return 1
"""


def test_plain_quoted_and_dotted_annotations() -> None:
    holds(
        """
        import client
        from client import Client

        def use(a: Client, b: "Client", c: client.Client, d: "client.Client", *, e: Client, f: Client = None):
            a.send()  # is: coroutine
            b.send()  # is: coroutine
            c.send()  # is: coroutine
            d.send()  # is: coroutine
            e.send()  # is: coroutine
            f.send()  # is: coroutine
            a.plain()  # is: value

        def other(a, /, b=Client(), *args, **kwargs):
            a.send()  # is: unknown
            b.send()  # is: unknown
            args.send()  # is: unknown
    """
        + CLIENT
    )


def test_future_annotations_and_names_defined_below() -> None:
    holds("""
        from __future__ import annotations

        def use(client: Below):
            client.send()  # is: coroutine

        class Below:
            async def send(self): ...
    """)


def test_annotations_that_lead_nowhere() -> None:
    holds("""
        from absent import Client
        from typing import Any

        def use(a: Client, b: "no such (", c: Any, d: object, e: 1, f: Undefined):
            a.send()  # is: unknown; name: absent.Client.send
            b.send()  # is: unknown
            c.send()  # is: unknown
            d.send()  # is: unknown
            e.send()  # is: unknown
            f.send()  # is: unknown
    """)


def test_optional_and_unions() -> None:
    holds(
        """
        from typing import Optional, Union
        from client import Client, Other, Plain

        def use(
            a: Optional[Client],
            b: Client | None,
            c: "Client | None",
            d: Union[Client, Other],
            e: Union[Client, Plain],
            f: Client | Plain,
            g: Union[Client, "Unheard"],
            h: Union[None, Client],
        ):
            a.send()  # is: coroutine
            b.send()  # is: coroutine
            c.send()  # is: coroutine
            d.send()  # is: coroutine; name: None
            e.send()  # is: unknown
            f.send()  # is: unknown
            g.send()  # is: unknown
            h.send()  # is: coroutine
    """
        + CLIENT
    )


def test_annotated() -> None:
    holds(
        """
        from typing import Annotated
        from client import Client
        from absent import Depends

        Injected = Annotated[Client, Depends()]

        def use(a: Annotated[Client, Depends()], b: Injected, c: "Annotated[Client | None, 1]"):
            a.send()  # is: coroutine
            b.send()  # is: coroutine
            c.send()  # is: coroutine
    """
        + CLIENT
    )


def test_self() -> None:
    holds("""
        from typing_extensions import Self

        class Base:
            def with_number(self, number) -> Self: ...
            def other(self, other: Self):
                other.run()  # is: unknown
                other.base()  # is: coroutine
            async def base(self): ...
        class Heir(Base):
            async def run(self): ...

        Heir().with_number(1).run()  # is: coroutine
        Base().with_number(1).run()  # is: unknown
    """)


def test_type_variables() -> None:
    holds(
        """
        from typing import Type, TypeVar
        from client import Client, Other, Plain

        T = TypeVar("T")
        Bound = TypeVar("Bound", bound=Client)
        Quoted = TypeVar("Quoted", bound="Client")
        Either = TypeVar("Either", Client, Other)

        def use(a: T, b: Bound, c: Quoted, d: Type[Bound], e: type[Client], f: Type[T]):
            a.send()  # is: unknown
            b.send()  # is: coroutine
            c.send()  # is: coroutine
            d().send()  # is: coroutine
            e().send()  # is: coroutine
            f().send()  # is: unknown

        def same(value: T) -> T: ...
        def made(cls: type[T]) -> T: ...
        def several(values: list[T]) -> dict[str, T]: ...

        same(Client()).send()  # is: coroutine
        same(Plain()).send()  # is: value
        made(Client).send()  # is: coroutine
        several([Client()])["a"].send()  # is: coroutine
        same(unheard).send()  # is: unknown
    """
        + CLIENT
    )


def test_collections() -> None:
    holds(
        """
        from collections.abc import Iterable, Mapping, Sequence
        from typing import Dict, List, Tuple
        from client import Client

        def use(
            a: list[Client],
            b: List["Client"],
            c: dict[str, Client],
            d: Dict[str, List[Client]],
            e: tuple[int, Client],
            f: Tuple[Client, ...],
            g: Iterable[Client],
            h: Sequence[Client],
            i: Mapping[str, Client],
            j: set[Client],
            k: list,
        ):
            a[0].send()  # is: coroutine
            b[0].send()  # is: coroutine
            c["a"].send()  # is: coroutine
            d["a"][0].send()  # is: coroutine
            e[1].send()  # is: coroutine
            e[0].send()  # is: unknown
            f[3].send()  # is: coroutine
            [each.send() for each in g]  # is: coroutine
            h[0].send()  # is: coroutine
            i["a"].send()  # is: coroutine
            j.pop().send()  # is: coroutine
            k[0].send()  # is: unknown
            a[1:][0].send()  # is: coroutine
    """
        + CLIENT
    )


def test_star_parameters() -> None:
    holds(
        """
        from client import Client

        def use(*clients: Client, **named: Client):
            clients[0].send()  # is: coroutine
            [each.send() for each in clients]  # is: coroutine
            named["a"].send()  # is: coroutine
            [each.send() for each in named.values()]  # is: coroutine
            clients.send()  # is: unknown
    """
        + CLIENT
    )


def test_aliases_of_types() -> None:
    holds(
        """
        from collections.abc import Awaitable, Callable, Coroutine
        from typing import Any, NewType, Optional, TypeAlias, Union
        from client import Client, Other, Plain

        Maybe = Optional[Client]
        Either = Union[Client, Other]
        Mixed = Client | Plain
        Handler = Callable[[int], Awaitable[None]]
        Runner: TypeAlias = "Callable[[], Coroutine[Any, Any, int]]"
        Clients = list[Client]
        Special = NewType("Special", Client)

        def use(a: Maybe, b: Either, c: Mixed, d: Handler, e: Runner, f: Clients, g: Special):
            a.send()  # is: coroutine
            b.send()  # is: coroutine
            c.send()  # is: unknown
            d(1)  # is: awaitable
            e()  # is: coroutine
            f[0].send()  # is: coroutine
            g.send()  # is: coroutine
    """
        + CLIENT
    )


def test_aliases_imported_from_elsewhere() -> None:
    holds("""
        from kinds import Handler, Later

        def use(handler: Handler, later: Later[int]):
            handler()  # is: awaitable
        # file: kinds.py
        from typing import Awaitable, Callable, TypeVar
        T = TypeVar("T")
        Later = Callable[[], Awaitable[T]]
        Handler = Callable[[], Awaitable[None]]
    """)


def test_literals_and_nothing() -> None:
    holds("""
        from typing import Literal, NoReturn

        def use(a: Literal["x"], b: None, c: int, d: str | bytes):
            a.upper()  # is: value
            b.send()  # is: unknown
            c.bit_length()  # is: value
            d.decode()  # is: value
    """)


def test_an_implicit_none_default_does_not_change_the_type() -> None:
    holds("""
        class Client:
            async def send(self): ...

        def use(client: Client = None):
            if client is None:
                client = Client()
            client.send()  # is: coroutine
    """)


def test_annotations_are_looked_up_where_the_function_is_defined() -> None:
    holds("""
        class Client:
            async def send(self): ...

        class Service:
            class Client:
                def send(self): return 1
            def use(self, client: Client):
                client.send()  # is: value

        def outer():
            class Client:
                async def send(self): yield 1
            def inner(client: Client):
                client.send()  # is: generator
    """)


def test_what_replaces_a_missing_argument() -> None:
    holds(
        """
        import asyncio
        from client import Client, Plain

        class Either:
            def __init__(self, a=None, b=None, c=None, *, d=None, e=None, loop=None):
                self.a = a or Client()
                self.b = Client() if b is None else b
                self.c = c if c is not None else Client()
                self.d = d if d else Client()
                if not e:
                    e = Client()
                self.e = e
                self.loop = loop or asyncio.get_event_loop()

            def use(self):
                self.a.send()  # is: coroutine
                self.b.send()  # is: coroutine
                self.c.send()  # is: coroutine
                self.d.send()  # is: coroutine
                self.e.send()  # is: coroutine
                self.loop.create_task(self.a.send())  # is: task

        def use(client=None):
            if client is None:
                client = Client()
            client.send()  # is: coroutine

        def one_of(client=None):
            if client is None:
                client = Client() if input() else Plain()
            client.send()  # is: unknown
    """
        + CLIENT
    )


def test_what_only_looks_like_a_replacement() -> None:
    holds(
        """
        from client import Client

        def required(client):
            client = client or Client()
            client.send()  # is: unknown

        def other_default(client=False):
            client = client or Client()
            client.send()  # is: unknown

        def another(client=None, flag=None):
            client = client if flag is None else Client()
            client.send()  # is: unknown

        def sometimes(client=None, flag=False):
            if flag:
                client = Client()
            client.send()  # is: unknown

        def values(names=None, count=None):
            names = names or []
            count = count or 5
            names.append(1)  # is: unknown
            count.bit_length()  # is: unknown

        def inner(client=None):
            def other(client=None):
                return client or Client()
            client.send()  # is: unknown
    """
        + CLIENT
    )
