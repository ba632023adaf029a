"""Generic classes and functions: type arguments through inheritance, methods and calls."""

from tests.inference.program import holds

CLIENT = """
        # file: client.py
        class Client:
            async def send(self): ...
        class Plain:
            def send(self): return 1
"""


def test_arguments_through_inheritance() -> None:
    holds(
        """
        from typing import Generic, TypeVar
        from client import Client, Plain

        T = TypeVar("T")
        K = TypeVar("K")

        class Repo(Generic[T]):
            async def get(self) -> T: ...
            def all(self) -> list[T]: ...
            item: T
            def first(self): return self.item
        class Clients(Repo[Client]):
            async def use(self):
                (await self.get()).send()  # is: coroutine
                self.all()[0].send()  # is: coroutine
                self.item.send()  # is: coroutine
                self.first().send()  # is: coroutine
        class Middle(Repo[K], Generic[K, T]):
            def other(self) -> T: ...
        class Deep(Middle[Client, Plain]): ...

        async def use(repo: Repo[Client], plain: Repo[Plain], bare: Repo, deep: Deep):
            (await repo.get()).send()  # is: coroutine
            (await plain.get()).send()  # is: value
            (await bare.get()).send()  # is: unknown
            bare.get()  # is: coroutine
            (await deep.get()).send()  # is: coroutine
            deep.other().send()  # is: value
            Repo[Client]().item.send()  # is: coroutine
            (await Clients().get()).send()  # is: coroutine
    """
        + CLIENT
    )


def test_arguments_from_the_constructor() -> None:
    holds(
        """
        from typing import Generic, TypeVar
        from client import Client, Plain

        T = TypeVar("T")

        class Box(Generic[T]):
            def __init__(self, item: T): self.item = item
            def get(self) -> T: return self.item
        class Made(Generic[T]):
            def __init__(self, cls: type[T]): ...
            def get(self) -> T: ...

        Box(Client()).get().send()  # is: coroutine
        Box(Plain()).get().send()  # is: value
        Box(unheard).get().send()  # is: unknown
        Box(Client()).item.send()  # is: coroutine
        Made(Client).get().send()  # is: coroutine
    """
        + CLIENT
    )


def test_generic_protocols() -> None:
    holds(
        """
        from typing import Protocol, TypeVar
        from client import Client

        T = TypeVar("T", covariant=True)

        class Source(Protocol[T]):
            async def get(self) -> T: ...

        async def use(source: Source[Client]):
            (await source.get()).send()  # is: coroutine
    """
        + CLIENT
    )


def test_generic_functions() -> None:
    holds(
        """
        from collections.abc import Awaitable, Callable, Coroutine, Iterable
        from typing import Any, Optional, TypeVar
        from client import Client

        T = TypeVar("T")

        async def waited(given: Awaitable[T]) -> T: ...
        def run(given: Coroutine[Any, Any, T]) -> T: ...
        def first(given: Iterable[T]) -> Optional[T]: ...
        def applied(function: Callable[[], T]) -> T: ...
        async def called(function: Callable[[], Awaitable[T]]) -> T: ...
        async def make() -> Client: ...

        async def use(clients: list[Client], mapping: dict[Client, int]):
            waited(make())  # is: coroutine
            (await waited(make())).send()  # is: coroutine
            run(make()).send()  # is: coroutine
            first(clients).send()  # is: coroutine
            first(mapping).send()  # is: coroutine
            first(c for c in clients).send()  # is: coroutine
            applied(Client).send()  # is: coroutine
            applied(lambda: Client()).send()  # is: coroutine
            (await called(make)).send()  # is: coroutine
            applied(unheard).send()  # is: unknown
    """
        + CLIENT
    )


def test_a_type_variable_that_becomes_a_coroutine_is_handed_on() -> None:
    holds("""
        from collections.abc import Callable
        from typing import TypeVar

        T = TypeVar("T")

        def kept(given: T) -> T: ...
        def called(function: Callable[[], T]) -> T: ...
        async def send(): ...

        kept(send())  # is: unknown
        called(send)  # is: unknown
    """)


def test_self_types() -> None:
    holds("""
        from typing import TypeVar

        S = TypeVar("S", bound="Base")

        class Base:
            def configured(self: S) -> S: ...
            @classmethod
            def make(cls: type[S]) -> S: ...
        class Heir(Base):
            async def send(self): ...

        Heir().configured().send()  # is: coroutine
        Heir.make().send()  # is: coroutine
    """)


def test_bounds_and_constraints() -> None:
    holds(
        """
        from typing import Generic, TypeVar
        from client import Client, Plain

        B = TypeVar("B", bound="Client")
        A = TypeVar("A", Client, Client)
        E = TypeVar("E", Client, Plain)
        T = TypeVar("T")

        class Repo(Generic[B, E, T]):
            def __init__(self, bound: B, either: E, given: T):
                self.bound, self.either, self.given = bound, either, given
            def use(self):
                self.bound.send()  # is: coroutine
                self.either.send()  # is: unknown
                self.given.send()  # is: unknown

        def use(bare: Repo, open: Repo[unheard, Client, Client], allowed: A):
            bare.bound.send()  # is: coroutine
            bare.given.send()  # is: unknown
            open.bound.send()  # is: coroutine
            open.either.send()  # is: coroutine
            allowed.send()  # is: coroutine
    """
        + CLIENT
    )


def test_recursive_generics_end() -> None:
    holds("""
        from typing import Generic, TypeVar

        T = TypeVar("T")

        class Node(Generic[T]):
            children: "list[Node[T]]"
            value: T
            def grow(self) -> "Node[Node[T]]": ...
            async def send(self): ...
        class Own(Node["Own"]): ...

        def use(node: Node[int], own: Own):
            node.children[0].children[0].send()  # is: coroutine
            node.grow().grow().grow().send()  # is: coroutine
            own.value.value.send()  # is: coroutine
    """)


def test_aliases_with_arguments() -> None:
    holds(
        """
        from collections.abc import Awaitable, Callable
        from typing import TypeVar, Union
        from client import Client

        T = TypeVar("T")
        Later = Callable[[], Awaitable[T]]
        Maybe = Union[T, None]
        Pairs = dict[str, list[T]]

        async def use(later: Later[Client], maybe: Maybe[Client], pairs: Pairs[Client]):
            later()  # is: awaitable
            (await later()).send()  # is: coroutine
            maybe.send()  # is: coroutine
            pairs["a"][0].send()  # is: coroutine
    """
        + CLIENT
    )


def test_variables_that_no_argument_decides() -> None:
    holds("""
        from collections.abc import Awaitable
        from typing import TypeVar

        T = TypeVar("T")

        class Client:
            async def send(self): ...

        async def waited(given: Awaitable[T]) -> T:
            return await given

        async def use(unsaid):
            client = None
            client = await waited(unsaid)
            client.send()  # is: unknown
    """)
