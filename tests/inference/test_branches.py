"""Names that are bound more than once: branches, loops, handlers."""

from tests.inference.program import holds


def test_the_binding_that_reaches_the_use_counts() -> None:
    holds("""
        async def send(): ...
        def plain(): return 1

        def use():
            f = send
            f()  # is: coroutine
            f = plain
            f()  # is: value
    """)


def test_a_branch_that_binds_something_synchronous_makes_it_unknown() -> None:
    holds("""
        async def send(): ...
        def plain(): return 1

        def use(flag):
            f = send
            if flag:
                f = plain
                f()  # is: value
            f()  # is: unknown
    """)


def test_branches_that_agree() -> None:
    holds("""
        async def send(): ...
        async def other(): ...

        def use(flag):
            if flag:
                f = send
            else:
                f = other
            f()  # is: coroutine; name: None
    """)


def test_branches_that_leave_do_not_count() -> None:
    holds("""
        async def send(): ...
        def plain(): return 1

        def use(flag):
            f = send
            if flag:
                f = plain
                return f()
            f()  # is: coroutine

        def other(flags):
            for flag in flags:
                f = send
                if flag:
                    f = plain
                    continue
                f()  # is: coroutine
    """)


def test_loops_that_rebind() -> None:
    holds("""
        async def send(): ...
        def plain(): return 1

        def use(items):
            f = send
            for item in items:
                f()  # is: unknown
                f = plain
            f()  # is: unknown

        def other(items):
            f = send
            while items:
                f()  # is: unknown
                if items.pop():
                    f = plain
                    continue
            else:
                f()  # is: unknown
    """)


def test_a_loop_s_target_hides_the_name() -> None:
    holds("""
        class Client:
            async def send(self): ...

        def use(client, clients: list[Client]):
            for client in clients:
                client.send()  # is: coroutine
            client.send()  # is: unknown
    """)


def test_conditional_definitions() -> None:
    holds("""
        import os

        if os.name == "nt":
            async def send(): ...
        else:
            async def send(): ...

        if os.name == "nt":
            async def mixed(): ...
        else:
            def mixed(): return 1

        if os.name == "nt":
            async def half(): ...

        send()  # is: coroutine
        mixed()  # is: unknown
        half()  # is: coroutine
    """)


def test_conditional_definitions_in_classes() -> None:
    holds("""
        import os

        class Client:
            if os.name == "nt":
                async def send(self): ...
                async def mixed(self): ...
            else:
                async def send(self): ...
                def mixed(self): return 1

        def use(client: Client):
            client.send()  # is: coroutine
            client.mixed()  # is: unknown
    """)


def test_try_and_its_handlers() -> None:
    holds("""
        async def send(): ...
        def plain(): return 1

        def use():
            f = send
            try:
                risky()
                f = plain
                risky()
            except ValueError:
                f()  # is: unknown
            except KeyError:
                f = send
                f()  # is: coroutine
            else:
                f()  # is: value
            f()  # is: unknown

        def other():
            try:
                f = send
            finally:
                cleanup()
            f()  # is: coroutine
    """)


def test_the_handler_s_name() -> None:
    holds("""
        class Refused(Exception):
            async def report(self): ...
        class Broken(Exception):
            def report(self): return 1

        def use():
            try:
                risky()
            except Refused as error:
                error.report()  # is: coroutine
            except (Refused, Broken) as error:
                error.report()  # is: unknown
            except Unheard as error:
                error.report()  # is: unknown
    """)


def test_with_blocks_bind_their_target() -> None:
    holds("""
        async def send(): ...
        def plain(): return 1

        def use(lock):
            f = plain
            with lock:
                f = send
            f()  # is: coroutine
    """)


def test_match_cases() -> None:
    holds("""
        class Client:
            async def send(self): ...
        class Plain:
            def send(self): return 1

        def use(given, client: Client):
            match given:
                case Client() as c:
                    c.send()  # is: coroutine
                case Plain() as c:
                    c.send()  # is: value
                case {"client": c}:
                    c.send()  # is: unknown
                case [c, *rest]:
                    c.send()  # is: unknown
                case client:
                    client.send()  # is: unknown
    """)


def test_match_cases_that_bind_what_is_matched() -> None:
    holds("""
        class Client:
            async def send(self): ...
        class Plain:
            def send(self): return 1

        def use(given):
            match given:
                case Client():
                    given.send()  # is: coroutine
                case Plain():
                    given.send()  # is: value
                case _:
                    given.send()  # is: unknown
    """)


def test_walrus() -> None:
    holds("""
        class Client:
            async def send(self): ...

        def find() -> Client | None: ...

        def use():
            if client := find():
                client.send()  # is: coroutine
            if (other := find()) is not None:
                other.send()  # is: coroutine
            while (third := find()) is not None:
                third.send()  # is: coroutine
            print(fourth := Client(), fourth.send())
            fourth.send()  # is: coroutine
            if not (fifth := find()):
                return
            fifth.send()  # is: coroutine
    """)


def test_augmented_assignment_does_not_make_a_coroutine_function() -> None:
    holds("""
        async def send(): ...

        def use():
            f = send
            f += 1
            f()  # is: unknown
    """)


def test_a_name_that_is_wrapped_by_itself() -> None:
    holds("""
        import functools

        async def send(number): ...

        send = functools.partial(send, 1)
        send()  # is: coroutine

        def use(items: list[int]):
            items = list(items)
            items.append(1)  # is: value
    """)


def test_a_parameter_that_is_replaced_when_missing() -> None:
    holds("""
        class Client:
            async def send(self): ...

        def use(client: Client | None = None, other=None):
            client = client or Client()
            client.send()  # is: coroutine
            if other is None:
                other = Client()
            other.send()  # is: coroutine
    """)


def test_unpacking() -> None:
    holds("""
        class Client:
            async def send(self): ...

        def pair() -> tuple[Client, int]: ...
        def many() -> tuple[Client, ...]: ...
        def listed() -> list[tuple[int, Client]]: ...

        def use():
            client, number = pair()
            client.send()  # is: coroutine
            number.bit_length()  # is: value
            (first, (second, third)) = 1, pair()
            second.send()  # is: coroutine
            [fourth, fifth] = many()
            fifth.send()  # is: coroutine
            sixth, *rest = many()
            rest[0].send()  # is: coroutine
            for seventh in rest:
                seventh.send()  # is: coroutine
            *_, last = 1, 2, Client()
            last.send()  # is: coroutine
            for number, client in listed():
                client.send()  # is: coroutine
            a = b, c = pair()
            a[0].send()  # is: coroutine
            b.send()  # is: coroutine
            x, y = Client(), Client()
            x, y = y, x
            x.send()  # is: coroutine
    """)


def test_unpacking_one_of_several_tuples() -> None:
    holds("""
        class Client:
            async def send(self): ...

        def pair() -> tuple[type[Client], int]: ...
        def maybe() -> tuple[Client, str] | None: ...

        def use(given: type[Client] | None):
            cls, name = pair() if given is None else (given, given.__name__)
            cls().send()  # is: coroutine
            name.upper()  # is: unknown
            client, word = maybe()
            client.send()  # is: coroutine
    """)


def test_unpacking_what_is_not_known() -> None:
    holds("""
        async def send(): ...

        def use(given):
            f, g = given
            f()  # is: unknown
            h, i = send, given
            h()  # is: coroutine
            i()  # is: unknown
    """)
