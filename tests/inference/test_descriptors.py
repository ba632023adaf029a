"""Attributes that a class works out: `__getattr__` and descriptors, as far as they are annotated."""

from tests.inference.program import holds


def test_annotated_getattr() -> None:
    holds("""
        from collections.abc import Awaitable, Callable
        from typing import Any

        class Table:
            async def insert(self): ...

        class Database:
            def __init__(self):
                self.name = "db"
            def close(self) -> None: ...
            def __getattr__(self, name: str) -> Table: ...

        class Remote:
            def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]: ...

        class Silent:
            def __getattr__(self, name: str) -> Any: ...

        class Bare:
            def __getattr__(self, name):
                return Table()

        class Late(Missing):
            def __getattr__(self, name: str) -> Table: ...

        def use(database: Database, remote: Remote, silent: Silent, bare: Bare, late: Late):
            database.books.insert()  # is: coroutine; name: main.Table.insert
            database.close()  # is: value
            database.name.insert()  # is: unknown
            remote.send()  # is: awaitable
            silent.send()  # is: unknown
            bare.books.insert()  # is: unknown
            late.books.insert()  # is: unknown
    """)


def test_annotated_descriptors() -> None:
    holds("""
        from typing import Generic, TypeVar, overload

        T = TypeVar("T")

        class Sender:
            async def send(self): ...

        class Plain:
            def __get__(self, instance, owner) -> Sender: ...

        class Bare:
            def __get__(self, instance, owner):
                return Sender()

        class Field(Generic[T]):
            @overload
            def __get__(self, instance: None, owner: type) -> "Field[T]": ...
            @overload
            def __get__(self, instance: object, owner: type) -> T: ...
            def __get__(self, instance, owner): ...

        def field(cls: type[T]) -> Field[T]: ...

        class Letter:
            plain = Plain()
            bare = Bare()
            made = field(Sender)
            declared: Field[Sender]
            vague: Field

        def use(letter: Letter):
            letter.plain.send()  # is: coroutine
            letter.bare.send()  # is: unknown
            letter.made.send()  # is: coroutine; name: main.Sender.send
            letter.declared.send()  # is: coroutine
            letter.vague.send()  # is: unknown
    """)


def test_decorators_that_make_an_object() -> None:
    holds("""
        from collections.abc import Callable
        from typing import Any, Generic, TypeVar

        T = TypeVar("T")

        class Tool:
            name: str
            async def run(self): ...

        class Slot(Generic[T]):
            def __init__(self, function: Callable[[Any], T]): ...
            def __get__(self, instance: Any, owner: type) -> T: ...

        def tool(function: Callable[..., Any]) -> Tool: ...
        def slot(name: str) -> Callable[[Callable[[Any], T]], Slot[T]]: ...

        @tool
        async def search(query: str): ...

        class Page:
            @slot("_tool")
            def tool(self) -> Tool: ...

        def use(page: Page):
            search.run()  # is: coroutine; name: main.Tool.run
            search("a")  # is: unknown
            page.tool.run()  # is: coroutine
    """)


def test_self_of_a_class_attribute() -> None:
    holds("""
        from typing import ClassVar, Generic, Self, TypeVar

        T = TypeVar("T")

        class Manager(Generic[T]):
            async def first(self) -> T: ...

        class Model:
            objects: ClassVar[Manager[Self]]
            async def save(self): ...

        class Author(Model):
            async def publish(self): ...

        async def use():
            author = await Author.objects.first()
            author.publish()  # is: coroutine; name: main.Author.publish
            author.save()  # is: coroutine
            model = await Model.objects.first()
            model.publish()  # is: unknown
    """)


def test_operators_of_either_of_two() -> None:
    holds("""
        class Chain:
            def __or__(self, other: "Chain") -> "Chain": ...
            async def run(self): ...

        class Plain:
            def __or__(self, other: "Chain") -> "Plain": ...
            def run(self) -> None: ...

        class Step:
            def __or__(self, other: "Chain") -> "Chain": ...

        def use(step: Step, chain: Chain, plain: Plain, which: bool):
            (step | chain).run()  # is: coroutine
            first = step if which else chain
            (first | chain).run()  # is: coroutine
            other = plain if which else chain
            (other | chain).run()  # is: unknown
    """)


def test_lazy_await() -> None:
    holds("""
        import asyncio
        from collections.abc import Awaitable, Coroutine, Generator
        from typing import Any, Protocol

        class Request:
            def __init__(self, coroutine: Coroutine[Any, Any, str]):
                self._coroutine = coroutine
            def __await__(self):
                steps = self._coroutine.__await__()
                return steps

        class Wrapper:
            def __init__(self, awaitable: Awaitable[str]):
                self._awaitable = awaitable
            def __await__(self):
                return self._awaitable.__await__()

        class Started:
            def __init__(self, task: asyncio.Task[str]):
                self._task = task
            def __await__(self):
                return self._task.__await__()

        class Query(Protocol):
            def __await__(self) -> Generator[Any, None, str]: ...

        def request() -> Request: ...
        def wrapper() -> Wrapper: ...
        def started() -> Started: ...
        def query() -> Query: ...

        request()  # is: awaitable
        wrapper()  # is: awaitable
        started()  # is: unknown
        query()  # is: awaitable
    """)
