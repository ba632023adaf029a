"""Overloads: which one the arguments choose."""

from tests.inference.program import holds


def test_overloads_that_agree() -> None:
    holds("""
        from typing import overload

        @overload
        async def send(given: int) -> int: ...
        @overload
        async def send(given: str) -> str: ...
        async def send(given): return given

        send(1)  # is: coroutine; name: main.send
    """)


def test_overloads_by_literal() -> None:
    holds("""
        from typing import Literal, overload
        from collections.abc import Awaitable

        class Client:
            @overload
            def get(self, later: Literal[True]) -> Awaitable[int]: ...
            @overload
            def get(self, later: Literal[False] = ...) -> int: ...
            def get(self, later=False): ...

        def use(client: Client, flag: bool):
            client.get(True)  # is: awaitable
            client.get(later=True)  # is: awaitable
            client.get(False)  # is: value
            client.get()  # is: value
            client.get(flag)  # is: unknown
            client.get(**flag)  # is: unknown
    """)


def test_overloads_by_number_and_names_of_arguments() -> None:
    holds("""
        from typing import overload
        from collections.abc import Awaitable

        @overload
        def get(a: int) -> int: ...
        @overload
        def get(a: int, b: int) -> Awaitable[int]: ...
        @overload
        def get(*, name: str) -> Awaitable[int]: ...
        def get(*args, **kwargs): ...

        get(1)  # is: value
        get(1, 2)  # is: awaitable
        get(name="a")  # is: awaitable
        get(*many)  # is: unknown
    """)


def test_overloads_by_type() -> None:
    holds("""
        from typing import overload
        from collections.abc import Awaitable, Callable

        class Client: ...

        @overload
        def get(given: Client) -> Awaitable[int]: ...
        @overload
        def get(given: str) -> int: ...
        def get(given): ...
        @overload
        def run(given: Callable[[], Awaitable[int]]) -> Awaitable[int]: ...
        @overload
        def run(given: Callable[[], int]) -> int: ...
        def run(given): ...

        async def send() -> int: ...
        def plain() -> int: ...

        get(Client())  # is: awaitable
        get("a")  # is: value
        get(unheard)  # is: unknown
        run(send)  # is: awaitable
        run(plain)  # is: value
    """)


def test_overloads_by_none() -> None:
    holds("""
        from typing import overload
        from collections.abc import Awaitable

        @overload
        def get(key: str, default: None = None) -> int: ...
        @overload
        def get(key: str, default: int) -> Awaitable[int]: ...
        def get(key, default=None): ...

        get("a")  # is: value
        get("a", None)  # is: value
        get("a", 1)  # is: awaitable
    """)


def test_overloads_in_stubs_have_no_implementation() -> None:
    holds("""
        from vendor import get, Client

        get(1)  # is: coroutine
        get("a")  # is: coroutine
        Client().get(1)  # is: coroutine
        # file: vendor.pyi
        from typing import overload
        @overload
        async def get(given: int) -> int: ...
        @overload
        async def get(given: str) -> str: ...
        class Client:
            @overload
            async def get(self, given: int) -> int: ...
            @overload
            async def get(self, given: str) -> str: ...
    """)


def test_a_union_of_a_value_and_an_awaitable_is_unknown() -> None:
    holds("""
        from typing import Union
        from collections.abc import Awaitable

        class Commands:
            def get(self) -> Union[Awaitable[int], int]: ...
        class Client(Commands): ...

        Client().get()  # is: unknown
    """)


def test_overloads_of_self() -> None:
    holds("""
        from typing import Generic, TypeVar, overload
        from collections.abc import Awaitable

        T = TypeVar("T")

        class Pool(Generic[T]):
            @overload
            def get(self: "Pool[int]") -> Awaitable[int]: ...
            @overload
            def get(self: "Pool[str]") -> int: ...
            def get(self): ...

        def use(numbers: Pool[int], texts: Pool[str]):
            numbers.get()  # is: awaitable
            texts.get()  # is: value
    """)


def test_a_coroutine_function_behind_overloads_gives_a_coroutine_whatever_its_body_gives() -> None:
    holds("""
        from typing import overload

        class Result: ...
        class Rows(Result): ...

        class Session:
            @overload
            async def execute(self, given: int) -> Rows: ...
            @overload
            async def execute(self, given: str) -> Result: ...
            async def execute(self, given):
                return Rows() if given else Result()

        async def use(session: Session):
            session.execute(1)  # is: coroutine; name: main.Session.execute
            session.execute("")  # is: coroutine
    """)


def test_a_stub_that_says_both() -> None:
    """The class inherits the one from a mixin and the other from a second; without running, nobody knows which wins."""
    holds("""
        from view import View

        def use(view: View):
            view.insert(1)  # is: unknown
            view.remove(1)  # is: coroutine

        # file: view.py
        class Plain:
            def insert(self, at): ...

        class Streaming:
            async def insert(self, at): ...
            async def remove(self, at): ...

        class View(Plain, Streaming): ...

        # file: view.pyi
        class View:
            def insert(self, at): ...
            async def insert(self, at): ...
            async def remove(self, at): ...
            async def remove(self, at, last=False): ...
    """)
