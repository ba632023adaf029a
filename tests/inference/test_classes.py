"""Classes: methods through the method resolution order, `self`, `cls`, `super()`, constructors."""

from tests.inference.program import holds


def test_self_and_cls() -> None:
    holds("""
        class Client:
            async def send(self): ...
            def plain(self): return 1
            async def stream(self): yield 1
            @classmethod
            async def open(cls): ...
            @staticmethod
            async def ping(): ...

            def use(self):
                self.send()  # is: coroutine; name: main.Client.send; of: main.Client
                self.plain()  # is: value
                self.stream()  # is: generator
                self.open()  # is: coroutine
                self.ping()  # is: coroutine
                self.missing()  # is: unknown; of: main.Client
                type(self).open()  # is: coroutine
                self.__class__.open()  # is: coroutine

            @classmethod
            def make(cls):
                cls.open()  # is: coroutine
                cls.ping()  # is: coroutine
                cls().send()  # is: coroutine

            @staticmethod
            def other(self):
                self.send()  # is: unknown

        Client.open()  # is: coroutine
        Client.ping()  # is: coroutine
        Client.send(Client())  # is: coroutine
        Client().send()  # is: coroutine
        Client()  # is: value; name: main.Client
    """)


def test_the_receiver_may_have_any_name() -> None:
    holds("""
        class Client:
            async def send(this): ...
            def use(this, self):
                this.send()  # is: coroutine
                self.send()  # is: unknown
    """)


def test_self_in_nested_functions() -> None:
    holds("""
        class Client:
            async def send(self): ...

            def use(self):
                def inner():
                    self.send()  # is: coroutine
                lambda: self.send()  # is: coroutine
                [self.send() for _ in "ab"]  # is: coroutine
    """)


def test_a_rebound_self_is_something_else() -> None:
    holds("""
        class Client:
            async def send(self): ...

            def use(self, other):
                self = other
                self.send()  # is: unknown
    """)


def test_bases_in_other_modules() -> None:
    holds("""
        from parts import Base
        import parts.deep

        class Client(Base):
            def use(self):
                self.send()  # is: coroutine; name: parts.Base.send
                self.far()  # is: coroutine; name: parts.deep.Root.far

        class Other(parts.deep.Root):
            def far(self): return 1

            def use(self):
                self.far()  # is: value
                super().far()  # is: coroutine
        # file: parts/__init__.py
        from .deep import Root
        class Base(Root):
            async def send(self): ...
        # file: parts/deep.py
        class Root:
            async def far(self): ...
    """)


def test_a_base_that_was_not_found_makes_the_rest_unknown() -> None:
    holds("""
        from absent import Base

        class Client(Base):
            async def send(self): ...
            def use(self):
                self.send()  # is: coroutine
                self.other()  # is: unknown; name: absent.Base.other
                super().send()  # is: unknown

        class Dynamic(make_base()):
            def use(self):
                self.other()  # is: unknown; name: None
    """)


def test_super_follows_the_order() -> None:
    holds("""
        class Root:
            async def send(self): ...
            async def open(self): ...
        class Left(Root):
            def send(self): return 1
        class Right(Root):
            async def open(self): yield 1
        class Both(Left, Right):
            def send(self):
                super().send()  # is: value; name: main.Left.send
                super().open()  # is: generator; name: main.Right.open
                super(Left, self).send()  # is: coroutine; name: main.Root.send
            @classmethod
            def make(cls):
                super().open(cls())  # is: generator
    """)


def test_diamonds() -> None:
    holds("""
        class Root:
            def run(self): return 1
            def stop(self): return 1
        class Left(Root): ...
        class Right(Root):
            async def run(self): ...
        class Both(Left, Right): ...

        Both().run()  # is: coroutine; name: main.Right.run
        Both().stop()  # is: value
    """)


def test_mixins_that_wait_for_their_other_half() -> None:
    holds("""
        class Mixin:
            def use(self):
                self.send()  # is: unknown
    """)


def test_subclasses_may_override_what_self_is() -> None:
    # Anybody may override a method; a synchronous override of a coroutine function would break its callers.
    holds("""
        class Base:
            async def send(self): ...
            def use(self):
                self.send()  # is: coroutine
        class Other(Base):
            async def send(self): return 2
    """)


def test_abstract_methods() -> None:
    holds("""
        import abc
        from abc import ABC, abstractmethod

        class Client(ABC):
            @abstractmethod
            async def send(self): ...
            @abc.abstractmethod
            def plain(self): ...
            def unfinished(self): raise NotImplementedError

            def use(self):
                self.send()  # is: coroutine
                self.plain()  # is: unknown
                self.unfinished()  # is: unknown
    """)


def test_constructors() -> None:
    holds("""
        from parts import Client, make
        import parts

        Client().send()  # is: coroutine
        parts.Client(1).send()  # is: coroutine
        Client.make().send()  # is: coroutine
        make().send()  # is: coroutine
        Alias = Client
        Alias().send()  # is: coroutine
        # file: parts.py
        class Client:
            def __init__(self, number=1): ...
            async def send(self): ...
            @classmethod
            def make(cls): return cls()
        def make(): return Client()
    """)


def test_constructors_keep_the_subclass() -> None:
    holds("""
        from typing_extensions import Self

        class Base:
            @classmethod
            def make(cls): return cls()
            @classmethod
            def declared(cls) -> Self: ...
            @classmethod
            def named(cls) -> "Base": ...
        class Client(Base):
            async def send(self): ...

        Client.make().send()  # is: coroutine
        Client.declared().send()  # is: coroutine
        Client.named().send()  # is: unknown
    """)


def test_asynchronous_constructors() -> None:
    holds("""
        class Client:
            @classmethod
            async def open(cls): return cls()
            async def send(self): ...

        async def use():
            Client.open()  # is: coroutine
            client = await Client.open()
            client.send()  # is: coroutine
            (await Client.open()).send()  # is: coroutine
            Client.open().send()
    """)


def test_new() -> None:
    holds("""
        class Client:
            def __new__(cls): return super().__new__(cls)
            async def send(self): ...

        Client().send()  # is: coroutine
    """)


def test_metaclasses() -> None:
    holds("""
        class Meta(type):
            async def load(cls): ...
            def plain(cls): return 1
        class Model(metaclass=Meta): ...
        class User(Model): ...

        Model.load()  # is: coroutine
        User.load()  # is: coroutine
        User.plain()  # is: value
    """)


def test_a_metaclass_s_call_is_taken_for_a_singleton_s() -> None:
    holds("""
        class Singleton(type):
            def __call__(cls, *args): return _instances[cls]
        class Client(metaclass=Singleton):
            async def send(self): ...

        Client().send()  # is: coroutine
    """)


def test_class_decorators_of_unknown_effect() -> None:
    holds("""
        from absent import wrap, component
        import dataclasses

        def register(cls):
            known.append(cls)
            return cls

        @register
        class Kept:
            async def send(self): ...
        @dataclasses.dataclass(frozen=True)
        class Data:
            async def send(self): ...

        Kept().send()  # is: coroutine
        Data().send()  # is: coroutine
    """)


def test_class_decorators_that_make_another_class() -> None:
    holds("""
        class Synchronous:
            def send(self): return 1

        def synchronous(cls):
            return Synchronous

        @synchronous
        class Client:
            async def send(self): ...

        Client().send()  # is: value
    """)


def test_nested_and_local_classes() -> None:
    holds("""
        class Outer:
            class Inner:
                async def send(self): ...
            def use(self):
                self.Inner().send()  # is: coroutine
                Outer.Inner().send()  # is: coroutine; name: main.Outer.Inner.send

        def use():
            class Local:
                async def send(self): ...
                def other(self):
                    self.send()  # is: coroutine
            Local().send()  # is: coroutine
    """)


def test_getattr_makes_the_rest_unknown() -> None:
    holds("""
        class Proxy:
            async def send(self): ...
            def __getattr__(self, name): return lambda: 1

        Proxy().send()  # is: coroutine
        Proxy().other()  # is: unknown
    """)


def test_mixins() -> None:
    holds("""
        from absent import Absent
        import heirs

        class Sender:
            def use(self):
                self.send()  # is: coroutine
                self.post()  # is: unknown
                self.either()  # is: unknown
                self.nowhere()  # is: unknown
                self.client.send()  # is: coroutine
        class Closer:
            def use(self):
                self.close()  # is: unknown
        def use(sender: Sender):
            sender.send()  # is: unknown

        class First(Sender):
            client: "First"
            async def send(self): ...
            async def either(self): ...
        class Between(Sender): ...
        class Found(Closer):
            async def close(self): ...
        class Other(Closer, Absent): ...

        # file: heirs.py
        from main import Between, Sender
        class Second(Between):
            async def send(self): ...
            def either(self): return 1
            def __init__(self, post): self.post = post
    """)


def test_methods_put_on_a_class_from_outside_are_unknown() -> None:
    holds("""
        class Client: ...

        async def send(self): ...
        Client.send = send

        Client().send()  # is: unknown
    """)


def test_methods_replaced_from_outside() -> None:
    holds("""
        class Client:
            async def send(self): ...

        def use(client: Client):
            client.send()  # is: coroutine
            client.send = lambda: 1
            client.send()  # is: value
            client.send = unheard
            client.send()  # is: unknown
            client = Client()
            client.send()  # is: coroutine
    """)


def test_methods_replaced_in_the_class() -> None:
    holds("""
        class Client:
            async def send(self): ...
            async def kept(self): ...
            def __init__(self, quick):
                if quick:
                    self.send = lambda: 1

        Client(True).send()  # is: unknown
        Client(True).kept()  # is: coroutine
    """)


def test_method_aliases() -> None:
    holds("""
        class Client:
            async def send(self): ...
            post = send
            __call__ = send

        Client().post()  # is: coroutine
        Client()()  # is: coroutine
    """)


def test_instances_with_an_asynchronous_call() -> None:
    holds("""
        class Handler:
            async def __call__(self, event): ...
        class Plain:
            def __call__(self, event): return 1
        class Heir(Handler): ...

        Handler()(1)  # is: coroutine; name: main.Handler.__call__
        Plain()(1)  # is: value
        handler = Heir()
        handler(1)  # is: coroutine
        class Nothing: ...
        Nothing()()  # is: unknown
    """)


def test_enum_members() -> None:
    holds("""
        import enum

        class Level(str, enum.Enum):
            LOW = "low"
            HIGH = "high"
            async def announce(self): ...
            @classmethod
            async def load(cls): ...

        Level.LOW.announce()  # is: coroutine
        Level("low").announce()  # is: coroutine
        Level["LOW"].announce()  # is: coroutine
        Level.load()  # is: coroutine
        Level.LOW.value.upper()  # is: unknown
        [level.announce() for level in Level]  # is: coroutine
    """)


def test_named_tuples() -> None:
    holds("""
        import collections
        from typing import NamedTuple

        class Client:
            async def send(self): ...
        class Pair(NamedTuple):
            client: Client
            number: int = 1
            async def both(self): ...

        def use(pair: Pair):
            pair.client.send()  # is: coroutine
            pair.both()  # is: coroutine
            pair[0].send()  # is: coroutine
            client, number = pair
            client.send()  # is: coroutine
            Pair(Client()).client.send()  # is: coroutine
            pair._replace(number=2).client.send()  # is: coroutine

        Untyped = collections.namedtuple("Untyped", "client number")
        Untyped(1, 2).client.send()  # is: unknown
    """)


def test_typed_dicts() -> None:
    holds("""
        from typing import TypedDict, Required

        class Client:
            async def send(self): ...
        class Base(TypedDict):
            client: Client
        class Options(Base, total=False):
            other: Required[Client]

        def use(options: Options, key: str):
            options["client"].send()  # is: coroutine
            options["other"].send()  # is: coroutine
            options[key].send()  # is: unknown
    """)


def test_what_getattr_is_annotated_to_return() -> None:
    holds("""
        from typing import Any, Awaitable, Callable

        class Value:
            async def __call__(self): ...

        class Settings:
            limit: int = 1
            def __getattr__(self, name: str) -> Value: ...
            def plain(self): return 1

        class Proxy:
            def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]: ...

        class Anything:
            def __getattr__(self, name: str) -> Any: ...

        def use(settings: Settings, proxy: Proxy, anything: Anything):
            settings.prefix()  # is: coroutine
            settings.plain()  # is: value
            settings.limit.bit_length()  # is: value
            proxy.send()  # is: awaitable
            anything.send()  # is: unknown
    """)


def test_an_inherited_method_that_returns_self_gives_the_heir() -> None:
    holds("""
        class Base:
            def send(self): return 1
            def __enter__(self) -> "Base":
                return self
            async def __aenter__(self) -> "Base":
                return self
            def named(self, name) -> "Base":
                if name:
                    self.name = name
                    return self
                return self
            def copy(self) -> "Base":
                return Base()
            def either(self, other) -> "Base":
                return self if other is None else other

        class Client(Base):
            async def send(self): ...

        async def use(client: Client, base: Base):
            with client as entered:
                entered.send()  # is: coroutine; name: main.Client.send
            async with client as entered:
                entered.send()  # is: coroutine
            client.named("a").send()  # is: coroutine
            client.copy().send()  # is: value
            client.either(None).send()  # is: value
            base.named("b").send()  # is: value
    """)
