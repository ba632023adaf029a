"""What functions return: declared, or inferred from their bodies."""

from tests.inference.program import holds

CLIENT = """
        # file: client.py
        class Client:
            async def send(self): ...
            def clone(self): return self
        class Plain:
            def send(self): return 1
"""


def test_declared() -> None:
    holds(
        """
        from client import Client
        from collections.abc import AsyncIterator, Awaitable, Coroutine
        from typing import Any

        def make() -> Client: ...
        def quoted() -> "Client": ...
        async def later() -> Client: ...
        def coroutine() -> Coroutine[Any, Any, Client]: ...
        def awaitable() -> Awaitable[Client]: ...
        def number() -> int: ...
        def nothing() -> None: ...
        def text() -> str | None: ...

        async def use():
            make().send()  # is: coroutine
            quoted().send()  # is: coroutine
            (await later()).send()  # is: coroutine
            coroutine()  # is: coroutine
            awaitable()  # is: awaitable
            (await coroutine()).send()  # is: coroutine
            (await awaitable()).send()  # is: coroutine
            number()  # is: value
            nothing()  # is: value
            text()  # is: value
    """
        + CLIENT
    )


def test_inferred() -> None:
    holds(
        """
        from client import Client

        def make():
            client = Client()
            return client
        async def later():
            return make()
        def nothing():
            print()
        def empty(): pass
        def bare():
            if nothing(): return
        def coroutine():
            return make().send()

        async def use():
            make().send()  # is: coroutine
            (await later()).send()  # is: coroutine
            nothing()  # is: value
            bare()  # is: value
            coroutine()  # is: coroutine; name: main.coroutine
            empty()  # is: unknown
    """
        + CLIENT
    )


def test_through_several_modules() -> None:
    holds(
        """
        from a import get

        get().send()  # is: coroutine
        # file: a.py
        import b
        def get(): return b.get()
        # file: b.py
        from c import Factory
        def get(): return Factory().build()
        # file: c.py
        from client import Client
        class Factory:
            def build(self): return self._build()
            def _build(self): return Client()
    """
        + CLIENT
    )


def test_returns_that_disagree_are_unknown() -> None:
    holds(
        """
        from client import Client, Plain

        async def send(): ...

        def either(flag):
            if flag:
                return Client()
            return Plain()
        def mixed(flag):
            if flag:
                return send()
            return 1
        def maybe(flag):
            if flag:
                return send()
        def partly(flag):
            if flag:
                return unheard()
            return Client()
        def optional(flag):
            if flag:
                return None
            return Client()

        either(1).send()  # is: unknown
        mixed(1)  # is: unknown
        maybe(1)  # is: unknown
        partly(1).send()  # is: unknown
        optional(1).send()  # is: coroutine
    """
        + CLIENT
    )


def test_branches_that_agree() -> None:
    holds("""
        async def send(): ...
        async def post(): ...

        def either(flag):
            if flag:
                return send()
            else:
                return post()
        def tried():
            try:
                return send()
            except ValueError:
                return post()
        def forever():
            while True:
                return send()
        def raises(flag):
            if flag:
                return send()
            raise ValueError

        either(1)  # is: coroutine
        tried()  # is: coroutine
        forever()  # is: coroutine
        raises(1)  # is: coroutine
    """)


def test_recursion_ends() -> None:
    holds("""
        def forever(): return forever()
        def ping(): return pong()
        def pong(): return ping()
        async def send(n):
            return await send(n - 1)
        def count(n):
            if n:
                return count(n - 1)
            return 1
        def deep(n):
            return [deep(n)]

        forever()  # is: unknown
        ping()  # is: unknown
        send(1)  # is: coroutine
        count(1)  # is: unknown
        deep(1)  # is: value
    """)


def test_long_chains_end() -> None:
    chain = "\n".join(f"        def f{n}(): return f{n + 1}()" for n in range(200))
    holds(f"""
        async def send(): ...
{chain}
        def f200(): return send()

        f0()  # is: unknown
        f190()  # is: coroutine
    """)


def test_functions_that_return_what_they_were_given() -> None:
    holds(
        """
        from client import Client, Plain

        def same(value): return value
        def first(values): return values[0]
        def called(function): return function()
        async def later(value): return value

        async def use():
            same(Client()).send()  # is: coroutine
            same(Plain()).send()  # is: value
            first([Client()]).send()  # is: coroutine
            called(Client).send()  # is: coroutine
            (await later(Client())).send()  # is: coroutine
            same(unheard).send()  # is: unknown
    """
        + CLIENT
    )


def test_fluent_methods() -> None:
    holds(
        """
        from client import Client

        Client().clone().clone().send()  # is: coroutine
        class Heir(Client):
            async def more(self): ...
        Heir().clone().more()  # is: coroutine
    """
        + CLIENT
    )


def test_an_awaitable_builder_s_own_methods_are_not_reported() -> None:
    holds("""
        class Query:
            def filter(self, **named):
                self.parts.append(named)
                return self
            def copied(self) -> "Query": ...
            def __await__(self):
                return self._run().__await__()
            async def _run(self): ...

        def use(query: Query):
            query.filter(a=1)  # is: unknown
            query.copied()  # is: unknown
            query._run()  # is: coroutine
        def make(): return Query()
        make()  # is: awaitable
        Query()  # is: unknown
    """)


def test_handing_on_what_exists_is_no_new_coroutine() -> None:
    holds("""
        async def send(): ...

        def keep(coroutine):
            pending.append(coroutine)
            return coroutine

        work = send()
        keep(work)  # is: unknown
        pending = [send()]
        pending.pop()  # is: unknown
    """)


def test_functions_that_return_a_coroutine_without_being_asynchronous() -> None:
    holds(
        """
        from client import Client

        class Service:
            client: Client
            def send(self): return self.client.send()
            def twice(self):
                "Says what it does."
                return self.send()

        def use(service: Service):
            service.send()  # is: coroutine; name: main.Service.send
            service.twice()  # is: coroutine
    """
        + CLIENT
    )


def test_generators() -> None:
    holds(
        """
        from client import Client
        from collections.abc import AsyncGenerator, AsyncIterator, Iterator

        def plain(): yield Client()
        def declared() -> Iterator[Client]: yield Client()
        async def stream(): yield Client()
        async def typed() -> AsyncIterator[Client]: yield Client()
        def returned() -> AsyncGenerator[Client, None]: ...
        def iterated() -> AsyncIterator[Client]: ...
        def delegated(): return stream()

        async def use():
            plain()  # is: value
            stream()  # is: generator
            typed()  # is: generator
            returned()  # is: generator
            iterated()  # is: unknown
            delegated()  # is: generator
            for each in declared():
                each.send()  # is: coroutine
            for each in plain():
                each.send()  # is: coroutine
            async for each in stream():
                each.send()  # is: coroutine
            async for each in typed():
                each.send()  # is: coroutine
            async for each in returned():
                each.send()  # is: coroutine
            [each.send() async for each in iterated()]  # is: coroutine
            (await stream().__anext__()).send()  # is: coroutine
    """
        + CLIENT
    )


def test_a_nested_yield_does_not_make_a_generator() -> None:
    holds("""
        async def send():
            def inner(): yield 1
            x = lambda: (yield)
            return inner
        async def stream():
            if (yield):
                pass

        send()  # is: coroutine
        stream()  # is: generator
    """)


def test_bodies_that_say_nothing() -> None:
    holds("""
        from typing import Protocol

        def stub(): ...
        def documented():
            "To be written."
        def unfinished():
            raise NotImplementedError
        class Sender(Protocol):
            def send(self): ...
            async def post(self): ...

        def use(sender: Sender):
            stub()  # is: unknown
            documented()  # is: unknown
            unfinished()  # is: unknown
            sender.send()  # is: unknown
            sender.post()  # is: coroutine
    """)


def test_stubs_say_nothing_where_they_have_no_annotation() -> None:
    holds("""
        from vendor import make, send
        make()  # is: unknown
        send()  # is: coroutine
        # file: vendor.pyi
        def make(): ...
        async def send(): ...
    """)


def test_any_asks_the_body() -> None:
    holds(
        """
        from typing import Any
        from client import Client

        def make() -> Any:
            return Client()
        def stub() -> Any: ...

        make().send()  # is: coroutine
        stub().send()  # is: unknown
    """
        + CLIENT
    )


def test_a_coroutine_that_is_kept_elsewhere_is_handed_on() -> None:
    holds("""
        from collections.abc import Awaitable

        async def run(): ...
        class Service:
            def __init__(self):
                self._work = run()
                self._all = [run()]
            def start(self):
                return self._work
            def declared(self) -> Awaitable[None]:
                return self._work
            def first(self):
                return self._all[0]
            def again(self):
                return self.start()
            def local(self):
                work = run()
                return work
            def kept(self):
                work = self._work
                return work

        def use(service: Service):
            service.start()  # is: unknown
            service.declared()  # is: unknown
            service.first()  # is: unknown
            service.again()  # is: unknown
            service.local()  # is: coroutine
            service.kept()  # is: unknown
    """)


def test_abstract_methods_give_what_their_heirs_give() -> None:
    holds("""
        from abc import ABC, abstractmethod

        class Client:
            async def send(self): ...

        class Backend(ABC):
            @abstractmethod
            def client(self):
                \"\"\"Return the client.\"\"\"
            @abstractmethod
            async def fetched(self): ...
            def raising(self): raise NotImplementedError
            def default(self): pass
            @abstractmethod
            def mixed(self): ...
            @abstractmethod
            def nobody(self): ...
            @classmethod
            @abstractmethod
            def made(cls): ...

        class First(Backend):
            def client(self): return Client()
            async def fetched(self): return Client()
            def raising(self): return self.post()
            def default(self): return self.post()
            def mixed(self): return self.post()
            @classmethod
            def made(cls): return Client()
            async def post(self): ...
        class Second(First):
            def mixed(self): return 1

        async def use(backend: Backend):
            backend.client().send()  # is: coroutine
            (await backend.fetched()).send()  # is: coroutine
            backend.raising()  # is: coroutine
            backend.default()  # is: unknown
            backend.mixed()  # is: unknown
            backend.nobody()  # is: unknown
            Backend.made().send()  # is: coroutine
    """)
