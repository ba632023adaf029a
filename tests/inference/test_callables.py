"""Callables that are no plain functions: annotated, partial, lambdas, protocols, held in containers."""

from tests.inference.program import holds


def test_annotations_of_callables() -> None:
    holds("""
        from collections.abc import Awaitable, Callable, Coroutine
        from typing import Any, Callable as TypingCallable, Optional
        import typing as t

        def use(
            a: Callable[..., Awaitable[None]],
            b: Callable[[int], Coroutine[Any, Any, int]],
            c: TypingCallable[[], "Awaitable[int]"],
            d: t.Callable[..., t.Awaitable[int]],
            e: Optional[Callable[[], Awaitable[None]]],
            f: Callable[..., int],
            g: Callable,
            h: Callable[..., Any],
            i: Callable[..., Awaitable[None] | None],
            j: Callable[..., "asyncio.Future[int]"],
            k: "Callable[[], Awaitable[None]] | Callable[[], Coroutine[Any, Any, None]]",
        ):
            a()  # is: awaitable
            b(1)  # is: coroutine
            c()  # is: awaitable
            d()  # is: awaitable
            e()  # is: awaitable
            f()  # is: value
            g()  # is: unknown
            h()  # is: unknown
            i()  # is: unknown
            j()  # is: task
            k()  # is: awaitable

        import asyncio
    """)


def test_what_awaiting_their_result_gives() -> None:
    holds("""
        from collections.abc import Awaitable, Callable

        class Client:
            async def send(self): ...

        async def use(make: Callable[[], Awaitable[Client]]):
            client = await make()
            client.send()  # is: coroutine
    """)


def test_protocols() -> None:
    holds("""
        from typing import Protocol

        class Handler(Protocol):
            async def __call__(self, event: int) -> None: ...
        class Plain(Protocol):
            def __call__(self, event: int) -> int: ...
        class Sender(Protocol):
            client: "Sender"
            async def send(self) -> int: ...
            def count(self) -> int: ...

        def use(handler: Handler, plain: Plain, sender: Sender):
            handler(1)  # is: coroutine
            plain(1)  # is: value
            sender.send()  # is: coroutine
            sender.count()  # is: value
            sender.client.send()  # is: coroutine
    """)


def test_lambdas() -> None:
    holds("""
        async def send(number): ...
        def plain(): return 1

        def use():
            later = lambda: send(1)
            later()  # is: coroutine
            named = lambda number=1: send(number)
            named(2)  # is: coroutine
            (lambda: plain())()  # is: value
            (lambda f: f())(1)  # is: unknown
            lambda: send(1)  # returns: coroutine
    """)


def test_lambda_arguments() -> None:
    holds("""
        class Client:
            async def send(self): ...

        def use():
            call = lambda client: client.send()
            call(Client())  # is: coroutine
            call(1)  # is: unknown
    """)


def test_partial() -> None:
    holds("""
        import functools
        from functools import partial

        class Client:
            async def send(self, number): ...
            def plain(self): return 1

        async def send(number, other): ...

        first = partial(send, 1)
        first(2)  # is: coroutine; name: main.send

        def use(client: Client):
            functools.partial(client.send, 1)()  # is: coroutine
            functools.partial(first, 2)()  # is: coroutine
            partial(client.plain)()  # is: value
            partial(unheard, 1)()  # is: unknown
            partial(Client)().send(1)  # is: coroutine
            partial(send, 1)  # is: value
            partial(send, 1)  # returns: coroutine; denotes: main.send
    """)


def test_partial_methods() -> None:
    holds("""
        import functools

        class Client:
            async def send(self, number): ...
            first = functools.partialmethod(send, 1)
            def plain(self, number): return 1
            second = functools.partialmethod(plain, 1)

        Client().first()  # is: coroutine
        Client().second()  # is: value
    """)


def test_bound_methods_in_variables() -> None:
    holds("""
        class Client:
            async def send(self): ...
            def make(self):
                send = self.send
                send()  # is: coroutine; name: main.Client.send
                unbound = Client.send
                unbound(self)  # is: coroutine
                return self.send

        Client().make()()  # is: coroutine
        post = Client().send
        post()  # is: coroutine
    """)


def test_functions_that_return_functions() -> None:
    holds("""
        from collections.abc import Awaitable, Callable

        def sender(number):
            async def send(): return number
            return send
        def declared() -> Callable[[], Awaitable[None]]: ...
        def chosen(flag):
            async def send(): ...
            def plain(): return 1
            return send if flag else plain

        sender(1)()  # is: coroutine
        declared()()  # is: awaitable
        chosen(1)()  # is: unknown
    """)


def test_a_decorator_applied_by_hand_is_not_the_handler() -> None:
    holds("""
        from collections.abc import Callable, Coroutine
        from functools import partial
        from typing import Any

        Handler = Callable[..., Coroutine[Any, Any, None]]

        class App:
            def get(self, uri: str) -> Handler: ...

        async def index(request): ...

        App().get("/")(index)  # is: unknown
        App().get("/")(lambda: 1)  # is: unknown
        App().get("/")(lambda request: None)  # is: unknown
        App().get("/")(partial(index, None))  # is: unknown
        App().get("/")(1)  # is: coroutine
    """)


def test_callables_in_containers() -> None:
    holds("""
        from collections.abc import Awaitable, Callable

        async def send(): ...
        async def post(): ...
        def plain(): return 1

        HANDLERS = {"send": send, "post": post}
        MIXED = {"send": send, "plain": plain}
        LISTED = [send, post]
        REGISTRY: dict[str, Callable[[], Awaitable[None]]] = {}

        def use(key):
            HANDLERS["send"]()  # is: coroutine
            HANDLERS[key]()  # is: coroutine
            HANDLERS.get(key)()  # is: coroutine
            MIXED[key]()  # is: unknown
            REGISTRY[key]()  # is: awaitable
            REGISTRY.get(key)()  # is: awaitable
            [handler() for handler in LISTED]  # is: coroutine
            [handler() for handler in REGISTRY.values()]  # is: awaitable
            for name, handler in REGISTRY.items():
                handler()  # is: awaitable
            (send, plain)[0]()  # is: coroutine
            (send, plain)[key]()  # is: unknown
    """)


def test_containers_that_grow_elsewhere() -> None:
    holds("""
        async def send(): ...
        def plain(): return 1

        handlers = {"send": send}
        handlers["plain"] = plain
        listed = [send]
        listed.append(plain)
        empty = []
        empty.append(send)

        def use():
            handlers["plain"]()  # is: unknown
            listed[1]()  # is: unknown
            empty[0]()  # is: coroutine
    """)


def test_getattr_and_friends() -> None:
    holds("""
        import operator

        class Client:
            async def send(self): ...
        def plain(): return 1

        def use(client: Client, name: str):
            getattr(client, "send")()  # is: coroutine
            getattr(client, name)()  # is: unknown
            getattr(client, "send", None)()  # is: coroutine
            getattr(client, "send", plain)()  # is: unknown
            getattr(client, "other", None)()  # is: unknown
            close = getattr(client, "send", None)
            if close is not None:
                close()  # is: coroutine
            operator.methodcaller("send")(client)  # is: unknown
    """)


def test_casts() -> None:
    holds("""
        import typing
        from typing import cast

        class Client:
            async def send(self): ...

        def use(given):
            cast(Client, given).send()  # is: coroutine
            typing.cast("Client", given).send()  # is: coroutine
            cast("list[Client]", given)[0].send()  # is: coroutine
            cast(given, given).send()  # is: unknown
    """)


def test_conditional_and_boolean_expressions() -> None:
    holds("""
        async def send(): ...
        async def post(): ...
        def plain(): return 1

        def use(flag, given=None):
            (send if flag else post)()  # is: coroutine
            (send if flag else plain)()  # is: unknown
            (given or send)()  # is: unknown
            (flag and send)()  # is: coroutine
            (None or send)()  # is: coroutine
    """)


def test_what_is_not_callable_is_unknown() -> None:
    holds("""
        async def send(): ...

        send()()  # is: unknown
        "text"()  # is: unknown
        None()  # is: unknown
        (1, 2)()  # is: unknown
    """)


def test_mocks() -> None:
    holds("""
        from unittest import mock
        from unittest.mock import AsyncMock, MagicMock

        AsyncMock()()  # is: unknown
        MagicMock().send()  # is: unknown
        mock.Mock(return_value=1)()  # is: unknown
    """)


def test_a_table_of_many_handlers() -> None:
    handlers = "\n".join(f"            async def on_{number}(self): ..." for number in range(20))
    table = ", ".join(f"{number}: self.on_{number}" for number in range(20))
    holds(f"""
        class Dispatcher:
{handlers}
            def plain(self): return 1
            def __init__(self):
                self.handlers = {{{table}}}
                self.mixed = {{20: self.plain, {table}}}
            def use(self, key):
                self.handlers[key]()  # is: coroutine
                self.mixed[key]()  # is: unknown
    """)


def test_applications() -> None:
    holds("""
        from collections.abc import Callable
        from typing import Any
        from absent import Send

        class Plain:
            def __call__(self, message): return 1

        class Middleware:
            def __init__(self, app):
                self.app = app

            async def __call__(self, scope, receive, send):
                receive()  # is: coroutine
                send({})  # is: coroutine
                scope()  # is: unknown
                async def wrapped_send(message):
                    send(message)  # is: coroutine
                self.app(scope, receive, wrapped_send)  # is: awaitable
                self.app(scope, self.receive, self.send)  # is: awaitable
                self.app(scope, receive)  # is: unknown
                self.app(send, receive, scope)  # is: unknown
                self.app(scope, receive, send=send)  # is: unknown

        async def annotated(scope: dict, receive: Callable, send: Callable[..., Any]):
            receive()  # is: coroutine
            send({})  # is: coroutine

        async def external(scope, receive, send: Send):
            send({})  # is: coroutine

        async def own(scope, receive, send: Plain):
            send({})  # is: value

        async def others(send, receive):
            send({})  # is: unknown

        def plain(scope, receive, send):
            send({})  # is: unknown
    """)


def test_special_methods_that_the_language_awaits() -> None:
    holds("""
        async def use(given):
            given.__aenter__()  # is: awaitable
            given.__aexit__(None, None, None)  # is: awaitable
            given.stream().__anext__()  # is: awaitable
            given.__aiter__()  # is: unknown
            given.__enter__()  # is: unknown
        def use_where_nobody_can_await(given):
            given.__aenter__()  # is: unknown
    """)


def test_special_methods_that_the_language_awaits_and_the_project_does_not() -> None:
    holds("""
        class Plain:
            def __aenter__(self): return 1
        async def use(given):
            given.__aenter__()  # is: unknown
            given.__aexit__(None, None, None)  # is: awaitable
            Plain().__aenter__()  # is: value
    """)
