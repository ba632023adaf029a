"""Attributes of instances: what annotations, assignments and class bodies say of them."""

from tests.inference.program import holds

CLIENT = """
        # file: client.py
        class Client:
            async def send(self): ...
        class Plain:
            def send(self): return 1
"""


def test_annotations_in_the_class_body() -> None:
    holds(
        """
        from client import Client
        from typing import ClassVar, Final, Optional

        class Service:
            client: Client
            quoted: "Client"
            maybe: Optional[Client] = None
            shared: ClassVar[Client]
            last: Final[Client]

            def use(self):
                self.client.send()  # is: coroutine; of: client.Client
                self.quoted.send()  # is: coroutine
                self.maybe.send()  # is: coroutine
                self.shared.send()  # is: coroutine
                self.last.send()  # is: coroutine

        def use(service: Service):
            service.client.send()  # is: coroutine
            Service.shared.send()  # is: coroutine
    """
        + CLIENT
    )


def test_assignments_to_self() -> None:
    holds(
        """
        from client import Client

        class Service:
            def __init__(self, given: Client, unsaid):
                self.made = Client()
                self.given = given
                self.unsaid = unsaid
                self.annotated: Client = unsaid
                self.first, self.second = given, 2
                self.late = None

            def start(self):
                self.late = Client()

            def use(self):
                self.made.send()  # is: coroutine
                self.given.send()  # is: coroutine
                self.unsaid.send()  # is: unknown
                self.annotated.send()  # is: coroutine
                self.first.send()  # is: coroutine
                self.late.send()  # is: coroutine
                self.never.send()  # is: unknown

        Service(Client(), 1).made.send()  # is: coroutine
    """
        + CLIENT
    )


def test_assignments_that_disagree_are_unknown() -> None:
    holds(
        """
        from client import Client, Plain

        class Service:
            def __init__(self, quick, unsaid):
                self.client = Client()
                if quick:
                    self.client = Plain()
                self.other = Client()
                self.third = Client()

            def change(self, unsaid):
                self.other = unsaid
                self.third = Client()

            def use(self):
                self.client.send()  # is: unknown
                self.other.send()  # is: unknown
                self.third.send()  # is: coroutine
    """
        + CLIENT
    )


def test_class_level_values() -> None:
    holds(
        """
        from client import Client

        class Service:
            client = Client()
            later = None
            def start(self):
                self.later = Client()
            def use(self):
                self.client.send()  # is: coroutine
                self.later.send()  # is: coroutine
                Service.client.send()  # is: coroutine
    """
        + CLIENT
    )


def test_a_subclass_may_say_more() -> None:
    holds(
        """
        from client import Client, Plain

        class Base:
            client: Plain
            other = None
            def start(self): self.third = Plain()
        class Heir(Base):
            client: Client
            other = Client()
            def start(self): self.third = Client()
            def use(self):
                self.client.send()  # is: coroutine
                self.other.send()  # is: coroutine
                self.third.send()  # is: coroutine
                super().start()  # is: value
    """
        + CLIENT
    )


def test_attributes_that_an_heir_assigns() -> None:
    holds(
        """
        from client import Client, Plain

        class Base:
            def __init__(self): self.client = Client()
        class Heir(Base):
            def __init__(self):
                super().__init__()
                self.other = Client()
            def use(self):
                self.client.send()  # is: coroutine
                self.other.send()  # is: coroutine
    """
        + CLIENT
    )


def test_chains_of_attributes() -> None:
    holds(
        """
        from client import Client

        class Inner:
            client: Client
        class Middle:
            def __init__(self): self.inner = Inner()
        class Outer:
            middle: Middle

        def use(outer: Outer):
            outer.middle.inner.client.send()  # is: coroutine
    """
        + CLIENT
    )


def test_dataclass_fields() -> None:
    holds(
        """
        from dataclasses import dataclass, field
        import dataclasses
        from client import Client

        @dataclass
        class Service:
            client: Client
            clients: list[Client] = field(default_factory=list)
            named: dict[str, Client] = dataclasses.field(default_factory=dict)

            def use(self):
                self.client.send()  # is: coroutine
                self.clients[0].send()  # is: coroutine
                self.named["a"].send()  # is: coroutine

        @dataclass(slots=True)
        class Box:
            handler: "Callable[[], Awaitable[None]]"
            async def close(self): ...

        from collections.abc import Awaitable, Callable

        def use(box: Box):
            box.handler()  # is: awaitable
            dataclasses.replace(box).close()  # is: coroutine
    """
        + CLIENT
    )


def test_attrs_and_pydantic_fields_even_where_these_are_absent() -> None:
    holds(
        """
        import attr
        from attrs import define, field
        from pydantic import BaseModel, Field
        from client import Client

        @define
        class Service:
            client: Client = field(factory=Client)
            other = attr.ib(type=Client)

        class Model(BaseModel):
            client: Client = Field(default=None)
            async def save(self): ...

        def use(service: Service, model: Model):
            service.client.send()  # is: coroutine
            service.other.send()  # is: unknown
            model.client.send()  # is: coroutine
            model.save()  # is: coroutine
    """
        + CLIENT
    )


def test_properties() -> None:
    holds(
        """
        import functools
        from functools import cached_property
        from client import Client

        class Service:
            @property
            def client(self) -> Client: ...
            @property
            def inferred(self): return Client()
            @cached_property
            def cached(self): return Client()
            @functools.cached_property
            def other(self) -> "Client": ...
            @property
            def method(self): return self.send
            @property
            async def later(self): return Client()
            async def send(self): ...

            async def use(self):
                self.client.send()  # is: coroutine
                self.inferred.send()  # is: coroutine
                self.cached.send()  # is: coroutine
                self.other.send()  # is: coroutine
                self.method()  # is: coroutine; name: main.Service.send
                (await self.later).send()  # is: coroutine
                self.later.send()  # is: unknown
                self.client()  # is: unknown
    """
        + CLIENT
    )


def test_properties_with_setters() -> None:
    holds(
        """
        from client import Client

        class Service:
            def __init__(self): self._client = Client()
            @property
            def client(self): return self._client
            @client.setter
            def client(self, value): self._client = value

        class Other:
            @property
            def client(self) -> Client: return self._client
            @client.setter
            def client(self, value: int) -> None: ...
            def get(self): return Client()
            made = property(get)

        def use(service: Service, other: Other):
            service.client.send()  # is: unknown
            other.client.send()  # is: coroutine
            other.made.send()  # is: coroutine
    """
        + CLIENT
    )


def test_overridden_properties() -> None:
    holds(
        """
        from client import Client, Plain

        class Base:
            @property
            def client(self) -> Plain: ...
        class Heir(Base):
            @property
            def client(self) -> Client: ...

        Heir().client.send()  # is: coroutine
        Base().client.send()  # is: value
    """
        + CLIENT
    )


def test_descriptors_decide_for_themselves() -> None:
    holds("""
        class Later:
            def __get__(self, instance, owner): return 1
            async def send(self): ...
        class Service:
            client = Later()

        Service().client.send()  # is: unknown
    """)


def test_callables_held_in_attributes() -> None:
    holds("""
        from collections.abc import Awaitable, Callable

        async def send(): ...
        def plain(): return 1

        class Service:
            declared: Callable[[], Awaitable[None]]
            plain = staticmethod(plain)

            def __init__(self, given: Callable[[], Awaitable[None]], other):
                self.given = given
                self.sent = send
                self.other = other
                self.either = send or plain
                self.bound = self.run

            async def run(self): ...

            def use(self):
                self.declared()  # is: awaitable
                self.given()  # is: awaitable
                self.sent()  # is: coroutine
                self.other()  # is: unknown
                self.either()  # is: unknown
                self.bound()  # is: coroutine
                self.plain()  # is: value
    """)


def test_attributes_assigned_in_with_and_for() -> None:
    holds(
        """
        from client import Client

        class Opener:
            async def __aenter__(self) -> Client: ...
            async def __aexit__(self, *args): ...

        class Service:
            clients: list[Client]
            async def start(self):
                async with Opener() as self.client:
                    pass
                for self.each in self.clients:
                    pass
            def use(self):
                self.client.send()  # is: coroutine
                self.each.send()  # is: coroutine
    """
        + CLIENT
    )


def test_attributes_assigned_from_one_another_end() -> None:
    holds("""
        class Service:
            def start(self):
                self.a = self.b
                self.b = self.a
            def use(self):
                self.a.send()  # is: unknown
    """)


def test_attributes_that_are_deleted_or_set_by_name_only() -> None:
    holds("""
        class Service:
            def start(self, name):
                setattr(self, name, 1)
            def use(self):
                self.client.send()  # is: unknown
                getattr(self, "run")()  # is: coroutine
                getattr(self, "run", None)()  # is: coroutine
                getattr(self, "r" + "un")()  # is: unknown
            async def run(self): ...
    """)


def test_attributes_assigned_from_outside() -> None:
    holds(
        """
        from client import Client

        class Service:
            client = None
            typed: Client = None
            def __init__(self):
                self.other = None
                self.mixed = None
                self.guessed = None
                self.second = None
                self.never = None

        class Heir(Service): ...

        def use(service: Service):
            service.client.send()  # is: coroutine
            service.typed.send()  # is: coroutine
            service.other.send()  # is: coroutine
            service.mixed.send()  # is: unknown
            service.guessed.send()  # is: unknown
            service.second.send()  # is: coroutine
            service.new.send()  # is: coroutine
            service.never.send()  # is: unknown

        # file: start.py
        from client import Client, Plain
        from main import Heir, Service

        def start(service: Service, unsaid, other):
            service.client = Client()
            service.client = None
            service.mixed = Client()
            service.mixed = Plain()
            unsaid.guessed = other
            number, service.second = 1, Client()
            service.new = Client()
        def heirs(heir: Heir):
            heir.other = Client()

        class Unrelated:
            def start(self):
                self.client = Plain()
    """
        + CLIENT
    )


def test_what_the_function_assigned_just_before() -> None:
    holds(
        """
        from client import Client, Plain

        class Service:
            def __init__(self, unsaid):
                self.client = unsaid
                self.other = Client()

            def start(self):
                self.other = Plain()
                self.other.send()  # is: value
    """
        + CLIENT
    )


def test_a_union_with_members_that_have_no_such_attribute() -> None:
    holds(
        """
        from absent import Absent
        from client import Client

        class Other:
            number = 1
        class Proxy:
            def __getattr__(self, name): return lambda: 1

        def use(either: Client | Other, proxy: Client | Proxy, absent: Client | Absent, none: Other | None):
            either.send()  # is: coroutine
            either.number.bit_length()  # is: value
            proxy.send()  # is: unknown
            absent.send()  # is: unknown
            none.send()  # is: unknown
    """
        + CLIENT
    )


def test_an_heir_that_lets_go_of_what_its_base_holds() -> None:
    holds(
        """
        from typing import Generic, TypeVar
        from client import Client

        T = TypeVar("T")

        class Base(Generic[T]):
            client: T | None
            def __init__(self):
                self.other = Client()
        class Heir(Base[Client]):
            def close(self):
                self.client.send()  # is: coroutine
                self.other.send()  # is: coroutine
                self.client = None
                self.other = None
    """
        + CLIENT
    )


def test_fields_begin_as_their_specifiers_say() -> None:
    holds(
        """
        from dataclasses import dataclass, field
        from typing import Any, Optional
        from pydantic import BaseModel, Field, PrivateAttr
        from client import Client, Plain

        @dataclass
        class Record:
            made: Any = field(default_factory=Client)
            said: Client = field(default=None)
            unsaid: Any = field(repr=False)

            async def use(self):
                self.made.send()  # is: coroutine; of: client.Client
                self.said.send()  # is: coroutine
                self.unsaid.send()  # is: unknown

        class Model(BaseModel):
            made: Any = Field(default_factory=Client)
            nothing: Optional[Any] = Field(default=None, description="a client")
            _own: Any = PrivateAttr(default_factory=Plain)

            async def use(self):
                self.made.send()  # is: coroutine
                self.nothing.send()  # is: unknown
                self._own.send()  # is: value
    """
        + CLIENT
    )


def test_what_stands_around_a_type_and_changes_nothing() -> None:
    holds(
        """
        from pydantic import BaseModel, InstanceOf, SerializeAsAny
        from client import Client

        class Model(BaseModel):
            client: SerializeAsAny[Client]
            clients: list[SerializeAsAny[Client]]
            own: InstanceOf[Client]

            async def use(self):
                self.client.send()  # is: coroutine; of: client.Client
                self.clients[0].send()  # is: coroutine
                self.own.send()  # is: coroutine
    """
        + CLIENT
    )
