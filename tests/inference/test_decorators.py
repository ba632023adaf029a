"""Decorators: transparent ones, those that wrap, those nobody can see through."""

from tests.inference.program import holds


def test_decorators_that_return_the_function() -> None:
    holds("""
        registry = []

        def register(function):
            registry.append(function)
            return function

        def named(name):
            def decorate(function):
                registry.append(name)
                return function
            return decorate

        def optional(function=None, *, name=None):
            def decorate(function):
                return function
            return decorate if function is None else decorate(function)

        @register
        async def first(): ...
        @named("second")
        async def second(): ...
        @register
        @named("third")
        async def third(): ...
        @register
        def plain(): return 1

        first()  # is: coroutine; name: main.first
        second()  # is: coroutine; name: main.second
        third()  # is: coroutine
        plain()  # is: value
    """)


def test_decorators_that_return_an_asynchronous_wrapper() -> None:
    holds("""
        import functools
        from functools import wraps

        def retried(function):
            @functools.wraps(function)
            async def wrapper(*args, **kwargs):
                return await function(*args, **kwargs)
            return wrapper

        def retry(times):
            def decorate(function):
                @wraps(function)
                async def wrapper(*args, **kwargs):
                    return await function(*args, **kwargs)
                return wrapper
            return decorate

        def made_async(function):
            async def wrapper(*args):
                return function(*args)
            return wrapper

        class Client:
            async def send(self): ...

        @retried
        async def first() -> Client: ...
        @retry(3)
        async def second() -> Client: ...
        @made_async
        def third(): return Client()

        async def use():
            first()  # is: coroutine
            second()  # is: coroutine
            third()  # is: coroutine
            (await first()).send()  # is: coroutine
            (await second()).send()  # is: coroutine
            (await third()).send()  # is: coroutine
    """)


def test_decorators_that_return_a_synchronous_wrapper() -> None:
    holds("""
        import asyncio, functools

        def synchronous(function):
            @functools.wraps(function)
            def wrapper(*args):
                return asyncio.run(function(*args))
            return wrapper

        def passed_on(function):
            @functools.wraps(function)
            def wrapper(*args, **kwargs):
                log(function)
                return function(*args, **kwargs)
            return wrapper

        def scheduled(function):
            @functools.wraps(function)
            def wrapper(*args):
                return asyncio.create_task(function(*args))
            return wrapper

        def dropped(function):
            def wrapper(*args):
                log(function)
            return wrapper

        @synchronous
        async def first() -> int: return 1
        @passed_on
        async def second(): ...
        @scheduled
        async def third(): ...
        @dropped
        async def fourth(): ...

        first()  # is: value
        second()  # is: coroutine
        third()  # is: task
        fourth()  # is: value
    """)


def test_decorators_of_unknown_effect() -> None:
    holds("""
        import absent
        from absent import command

        def mystery(function):
            return compute(function)

        class Unknowable:
            def __init__(self, function): ...

        @command
        async def first(): ...
        @absent.group.command("name")
        async def second(): ...
        @mystery
        async def third(): ...
        @Unknowable
        async def fourth(): ...
        @unheard
        async def fifth(): ...
        @command
        def sixth(): return 1

        first()  # is: unknown
        second()  # is: unknown
        third()  # is: unknown
        fourth()  # is: unknown
        fifth()  # is: unknown
        sixth()  # is: unknown
    """)


def test_decorators_of_unknown_effect_on_methods() -> None:
    holds("""
        from absent import command

        class Client:
            @command
            async def send(self): ...
            @command
            @classmethod
            async def open(cls): ...

            def use(self):
                self.send()  # is: unknown
                self.open()  # is: unknown
    """)


def test_decorators_that_choose() -> None:
    holds("""
        import asyncio, functools, inspect

        def either(function):
            if asyncio.iscoroutinefunction(function):
                @functools.wraps(function)
                async def wrapper(*args):
                    return await function(*args)
            else:
                @functools.wraps(function)
                def wrapper(*args):
                    return function(*args)
            return wrapper

        def by_return(function):
            @functools.wraps(function)
            async def a(*args):
                return await function(*args)
            @functools.wraps(function)
            def b(*args):
                return function(*args)
            return a if inspect.iscoroutinefunction(function) else b

        def early(function):
            if inspect.iscoroutinefunction(function):
                async def a(*args):
                    return await function(*args)
                return a
            def b(*args):
                return function(*args)
            return b

        @either
        async def first(): ...
        @by_return
        async def second(): ...
        @early
        async def third(): ...
        @either
        def fourth(): return 1

        first()  # is: coroutine
        second()  # is: coroutine
        third()  # is: coroutine
        fourth()  # is: unknown
    """)


def test_decorators_declared_by_annotation() -> None:
    holds("""
        from collections.abc import Awaitable, Callable, Coroutine
        from typing import Any, TypeVar
        from typing_extensions import ParamSpec

        P = ParamSpec("P")
        T = TypeVar("T")
        F = TypeVar("F", bound=Callable[..., Any])

        def same(function: F) -> F: ...
        def kept(function: Callable[P, T]) -> Callable[P, T]: ...
        def made_async(function: Callable[P, T]) -> Callable[P, Awaitable[T]]: ...
        def run(function: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, T]: ...
        def arguments(name: str) -> Callable[[F], F]: ...
        def wrapped(name: str) -> Callable[[Callable[P, T]], Callable[P, Awaitable[T]]]: ...

        class Client:
            async def send(self): ...

        @same
        async def first(): ...
        @kept
        async def second(): ...
        @made_async
        def third() -> Client: ...
        @run
        async def fourth() -> Client: ...
        @arguments("x")
        async def fifth(): ...
        @wrapped("x")
        def sixth() -> Client: ...

        async def use():
            first()  # is: coroutine
            second()  # is: coroutine
            third()  # is: awaitable
            (await third()).send()  # is: coroutine
            fourth()  # is: value
            fourth().send()  # is: coroutine
            fifth()  # is: coroutine
            sixth()  # is: awaitable
    """)


def test_decorators_on_methods() -> None:
    holds("""
        import functools
        from collections.abc import Callable
        from typing import TypeVar

        F = TypeVar("F", bound=Callable)

        def checked(function):
            @functools.wraps(function)
            async def wrapper(self, *args):
                return await function(self, *args)
            return wrapper

        def same(function: F) -> F: ...

        class Client:
            @checked
            async def send(self): ...
            @same
            async def post(self): ...
            @staticmethod
            @same
            async def ping(): ...
            @classmethod
            @checked
            async def open(cls): ...
            @property
            @same
            def heir(self) -> "Client": ...

            def use(self):
                self.send()  # is: coroutine
                self.post()  # is: coroutine
                self.ping()  # is: coroutine
                self.open()  # is: coroutine
                self.heir.post()  # is: coroutine
    """)


def test_classes_as_decorators() -> None:
    holds("""
        class Command:
            def __init__(self, function):
                self.function = function
            async def __call__(self, *args): ...

        class Retry:
            def __init__(self, times): ...
            def __call__(self, function):
                return function

        @Command
        async def first(): ...
        @Retry(3)
        async def second(): ...

        first()  # is: coroutine
        second()  # is: coroutine
    """)


def test_decorators_of_the_standard_library() -> None:
    holds("""
        import abc, contextlib, functools
        from functools import cache, lru_cache, singledispatch
        from typing_extensions import override, deprecated
        from typing import final, overload

        @functools.lru_cache(maxsize=None)
        async def first(): ...
        @lru_cache
        async def second(): ...
        @cache
        def plain(): return 1
        @singledispatch
        async def third(given): ...
        @third.register
        async def _(given: int): ...
        @final
        async def fourth(): ...
        @deprecated("old")
        async def fifth(): ...

        class Client:
            @override
            async def send(self): ...
            @functools.cached_property
            async def later(self): ...

        first()  # is: coroutine
        second()  # is: coroutine
        plain()  # is: value
        third(1)  # is: coroutine
        fourth()  # is: coroutine
        fifth()  # is: coroutine
        Client().send()  # is: coroutine
    """)


def test_a_cached_coroutine_is_not_made_anew() -> None:
    # The finding is that of cached-coroutine, at the decorator; the call itself may give an old coroutine.
    holds("""
        import functools

        class Client:
            @functools.cached_property
            async def later(self): ...
            def use(self):
                self.later.send()  # is: unknown
    """)


def test_generator_based_coroutines() -> None:
    holds("""
        import types

        @types.coroutine
        def step():
            yield

        step()  # is: coroutine
    """)


def test_wraps_without_a_decorator() -> None:
    holds("""
        import functools

        async def send(): ...
        def plain(): return 1

        @functools.wraps(send)
        def wrapper(*args):
            return 1

        wrapper()  # is: value
        functools.update_wrapper(plain, send)()  # is: value
    """)


def test_the_wrapper_of_methods_is_given_their_instance() -> None:
    holds("""
        # file: marks.py
        import functools

        def opened(func):
            @functools.wraps(func)
            def wrapper(self, *args):
                self.open()  # is: coroutine
                self.flag()  # is: value
                return func(self, *args)
            return wrapper

        def retried(times):
            def decorate(func):
                async def wrapper(self):
                    self.open()  # is: coroutine
                    return await func(self)
                return wrapper
            return decorate

        def mixed(func):
            def wrapper(self):
                self.open()  # is: unknown
                return func(self)
            return wrapper

        def called(func):
            def wrapper(self):
                self.open()  # is: unknown
                return func(self)
            return wrapper

        def other(func):
            def wrapper(first):
                first.open()  # is: unknown
                return func()
            return wrapper

        # file: gates.py
        from marks import (
            called,
            mixed,
            opened,
            other,
            retried,
        )

        class Gate:
            async def open(self): ...
            def flag(self): return 1

            @opened
            def swing(self): ...

            @retried(3)
            async def close(self): ...

            @mixed
            def paint(self): ...

            @called
            def lock(self): ...

            @other
            def free(self): ...

        @mixed
        def paint(gate): ...

        def unlock(gate): ...

        unlock = called(unlock)
    """)
