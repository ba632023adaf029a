"""Names: the scopes they are looked up in."""

from tests.inference.program import holds


def test_module_functions() -> None:
    holds("""
        async def send(): ...
        def plain(): return 1
        async def stream(): yield 1

        send()  # is: coroutine; name: main.send
        plain()  # is: value; name: main.plain
        stream()  # is: generator; name: main.stream
        missing()  # is: unknown; name: None
    """)


def test_functions_defined_below_their_use() -> None:
    holds("""
        def use():
            later()  # is: coroutine

        async def later(): ...
    """)


def test_nested_functions_and_closures() -> None:
    holds("""
        def outer():
            async def inner(): ...
            inner()  # is: coroutine; name: main.outer.<locals>.inner

            def deeper():
                inner()  # is: coroutine

            lambda: inner()  # is: coroutine
    """)


def test_local_names_hide_module_names() -> None:
    holds("""
        async def send(): ...

        def use(send):
            send()  # is: unknown

        def other():
            def send(): return 1
            send()  # is: value
    """)


def test_builtins_and_what_hides_them() -> None:
    holds("""
        len([])  # is: value; name: builtins.len
        sorted([])  # is: value; name: builtins.sorted

        async def print(): ...

        print()  # is: coroutine; name: main.print
    """)


def test_class_scope_is_not_that_of_its_methods() -> None:
    holds("""
        async def send(): ...

        class Client:
            def send(self): return 1
            send()  # is: value

            def use(self):
                send()  # is: coroutine; name: main.send
                [send() for _ in "ab"]  # is: coroutine
    """)


def test_class_bodies_see_names_bound_so_far() -> None:
    holds("""
        async def send(): ...

        class Client:
            send()  # is: coroutine; name: main.send
            def send(self): return 1
            send()  # is: value; name: main.Client.send
    """)


def test_globals() -> None:
    holds("""
        async def send(): ...

        def use():
            global send
            send()  # is: coroutine
    """)


def test_globals_bound_in_a_function() -> None:
    holds("""
        class Client:
            async def send(self): ...

        client = None

        def start():
            global client
            client = Client()

        def use():
            client.send()  # is: coroutine
    """)


def test_globals_bound_in_functions_to_different_things_are_unknown() -> None:
    holds("""
        async def send(): ...
        def plain(): return 1

        chosen = send

        def change():
            global chosen
            chosen = plain

        def use():
            chosen()  # is: unknown
    """)


def test_nonlocals() -> None:
    holds("""
        def outer():
            async def send(): ...

            def inner():
                nonlocal send
                send()  # is: coroutine
    """)


def test_nonlocals_rebound_in_the_inner_function_are_unknown() -> None:
    holds("""
        async def send(): ...
        def plain(): return 1

        def outer():
            chosen = send

            def change():
                nonlocal chosen
                chosen = plain

            change()
            chosen()  # is: unknown
    """)


def test_comprehension_targets_are_their_own_scope() -> None:
    holds("""
        class Client:
            async def send(self): ...

        def use(clients: list[Client], client):
            [client.send() for client in clients]  # is: coroutine
            client.send()  # is: unknown
            {client.send() for client in clients}  # is: coroutine
            {1: client.send() for client in clients}  # is: coroutine
            list(c.send() for c in clients)
    """)


def test_nested_comprehensions() -> None:
    holds("""
        class Client:
            async def send(self): ...

        def use(groups: dict[str, list[Client]]):
            [client.send() for group in groups.values() for client in group]  # is: coroutine
            [[each.send() for each in group] for group in groups.values()]  # is: coroutine
    """)


def test_the_first_iterable_is_evaluated_outside() -> None:
    holds("""
        class Client:
            async def send(self): ...

        def use(client: list[Client]):
            [client.send() for client in client]  # is: coroutine
    """)


def test_a_walrus_in_a_comprehension_binds_the_function_s_name() -> None:
    holds("""
        class Client:
            async def send(self): ...

        def make() -> Client: return Client()

        def use(items):
            any((last := make()) for _ in items)
            last.send()  # is: coroutine
    """)


def test_deleted_names() -> None:
    holds("""
        async def send(): ...

        def use():
            local = send
            del local
            local()  # is: unknown
    """)


def test_a_name_deleted_on_a_module_s_last_line_was_there_before() -> None:
    holds("""
        async def send(): ...
        send()  # is: coroutine
        del send
    """)


def test_aliases() -> None:
    holds("""
        async def send(): ...

        alias = send
        alias()  # is: coroutine; name: main.send

        def use():
            local = alias
            local()  # is: coroutine; name: main.send
            first = second = send
            second()  # is: coroutine
            either = send if alias else send
            either()  # is: coroutine
    """)


def test_names_in_defaults_and_decorators_are_looked_up_outside() -> None:
    holds("""
        async def send(): ...

        def use(
            send=send(),  # is: coroutine
        ):
            send()  # is: unknown
    """)


def test_a_module_name_that_comes_and_goes_is_what_it_was_there() -> None:
    holds("""
        def run(): return 1
        run()  # is: value

        async def run(): ...
        run()  # is: coroutine

        def use():
            run()  # is: coroutine
    """)


def test_calls_inside_other_expressions() -> None:
    holds("""
        async def send(): ...

        def use():
            (
                send(),  # is: coroutine
                not send(),  # is: coroutine
                f"{send()}",  # is: coroutine
                {"a": send()},  # is: coroutine
                [*send()],  # is: coroutine
                lambda a=send(): a,  # is: coroutine
            )
    """)


def test_a_name_that_a_program_bound_thousands_of_times() -> None:
    # Each of them would be looked for behind each of the others: that took hours.
    bound = "    node = make()\n    found = []\n    found.append(node)\n" * 3000
    holds(
        f"""
async def send(): ...
def make(): ...
def use():
{bound}    node.send()  # is: unknown
    found[0].send()  # is: unknown
    send()  # is: coroutine
"""
    )


def test_in_annotations_what_is_no_type_hides_none() -> None:
    holds("""
        import shelf

        class Box:
            case: shelf.Shelf

            def shelf(self) -> shelf.Shelf: ...
            def second(self) -> "shelf.Shelf": ...
            def case_of(self, case: case) -> case: ...
            def list(self) -> list[str]: ...
            def every(self, shelves: "list[shelf.Shelf]") -> list[shelf.Shelf]:
                shelves[0].put()  # is: coroutine
                return shelves

            class set:
                def put(self) -> int: ...

            def own(self) -> set: ...

        def tuple() -> tuple[shelf.Shelf, int]: ...

        def later() -> tuple[shelf.Shelf, int]: ...

        def use(box: Box):
            box.shelf().put()  # is: coroutine; name: shelf.Shelf.put
            box.second().put()  # is: coroutine
            box.every([])[0].put()  # is: coroutine
            box.case_of(1).put()  # is: unknown
            box.own().put()  # is: value
            tuple()[0].put()  # is: coroutine
            later()[0].put()  # is: coroutine

        # file: shelf.py
        class Shelf:
            async def put(self) -> None: ...
    """)
