"""Parameters without annotation: what the calls in the project give them."""

import textwrap

from tests.inference.program import holds

CLIENT = """
        # file: client.py
        class Client:
            async def send(self): ...
        class Other:
            async def send(self): ...
        class Plain:
            def send(self): return 1
"""


def test_an_attribute_that_every_constructor_call_gives_the_same() -> None:
    holds(
        """
        from client import Client

        class App:
            def __init__(self, client, name=None):
                self.client = client
                self.name = name
            def run(self):
                self.client.send()  # is: coroutine

        class Special(App): ...

        def start():
            App(Client())
            Special(name="special", client=Client())
    """
        + CLIENT
    )


def test_one_call_that_gives_something_else() -> None:
    holds(
        """
        from client import Client, Plain

        class App:
            def __init__(self, client):
                self.client = client
            def run(self):
                self.client.send()  # is: unknown

        def start():
            App(Client())
            App(Plain())
    """
        + CLIENT
    )


def test_two_classes_whose_methods_agree() -> None:
    holds(
        """
        from client import Client, Other

        class App:
            def __init__(self, client):
                self.client = client
            def run(self):
                self.client.send()  # is: coroutine

        def start():
            App(Client())
            App(client=Other())
    """
        + CLIENT
    )


def test_calls_that_hide_what_they_give() -> None:
    holds(
        """
        import gone
        from client import Client

        class Starred:
            def __init__(self, client):
                self.client = client
            def run(self):
                self.client.send()  # is: unknown

        class Unknown:
            def __init__(self, client):
                self.client = client
            def run(self):
                self.client.send()  # is: unknown

        class Uncalled:
            def __init__(self, client):
                self.client = client
            def run(self):
                self.client.send()  # is: unknown

        def start(arguments, make):
            Starred(Client())
            Starred(*arguments)
            Unknown(Client())
            Unknown(make())
    """
        + CLIENT
    )


def test_a_default_that_no_call_replaces_and_one_that_the_body_replaces() -> None:
    holds(
        """
        from client import Client

        class App:
            def __init__(self, client=None):
                if client is None:
                    client = Client()
                self.client = client
            def run(self):
                self.client.send()  # is: coroutine

        App()
    """
        + CLIENT
    )


def test_constructors_called_through_super() -> None:
    holds(
        """
        from client import Client

        class Base:
            def __init__(self, client):
                self.client = client
            def run(self):
                self.client.send()  # is: coroutine

        class Heir(Base):
            def __init__(self):
                super().__init__(Client())
    """
        + CLIENT
    )


def test_functions_that_are_called_and_never_handed_around() -> None:
    holds(
        """
        from client import Client
        import registry

        def deliver(client):
            client.send()  # is: coroutine

        def handler(client):
            client.send()  # is: unknown

        registry.add(handler)

        @registry.command
        def command(client):
            client.send()  # is: unknown

        class Base:
            def use(self, client): ...

        class Heir(Base):
            def use(self, client):
                client.send()  # is: unknown

        def start():
            deliver(Client())
            handler(Client())
            command(Client())
            Heir().use(Client())
    """
        + CLIENT
    )


def test_a_parameter_that_is_handed_on_to_its_own_function() -> None:
    holds(
        """
        from client import Client

        def deliver(client, times):
            if times:
                deliver(client, times - 1)
            client.send()  # is: unknown

        deliver(Client(), 3)
    """
        + CLIENT
    )


def test_callers_in_many_files() -> None:
    program = textwrap.dedent(CLIENT) + textwrap.dedent("""
        # file: shop.py
        from client import Client

        def start(client):
            client.send()  # is: coroutine
        def run(client):
            client.send()  # is: unknown
    """)
    users = [f"# file: user_{number}.py\nimport shop\nshop.run(shop.Client())\n" for number in range(21)]
    users[0] += "shop.start(shop.Client())\n"
    holds(program + "".join(users))
