"""Imports: where a name of another module comes from."""

import pytest

from tests.inference.program import holds


def test_absolute_imports_of_every_form() -> None:
    holds("""
        import shop
        import shop as store
        from shop import buy
        from shop import buy as purchase

        shop.buy()  # is: coroutine; name: shop.buy
        store.buy()  # is: coroutine; name: shop.buy
        buy()  # is: coroutine; name: shop.buy
        purchase()  # is: coroutine; name: shop.buy
        shop.sell()  # is: unknown; name: shop.sell
        # file: shop.py
        async def buy(): ...
    """)


def test_packages_and_their_submodules() -> None:
    holds("""
        import shop.till
        import shop.till as till
        from shop import till as other
        from shop.till import pay

        shop.till.pay()  # is: coroutine; name: shop.till.pay
        till.pay()  # is: coroutine
        other.pay()  # is: coroutine
        pay()  # is: coroutine
        # file: shop/__init__.py
        # file: shop/till.py
        async def pay(): ...
    """)


def test_chained_packages() -> None:
    holds("""
        import a.b.c
        import a.b.d as d

        a.b.c.f()  # is: coroutine
        d.f()  # is: value
        # file: a/__init__.py
        # file: a/b/__init__.py
        # file: a/b/c.py
        async def f(): ...
        # file: a/b/d.py
        def f(): return 1
    """)


def test_relative_imports() -> None:
    holds("""
        # file: shop/__init__.py
        from .till import pay

        pay()  # is: coroutine; name: shop.till.pay
        # file: shop/till.py
        async def pay(): ...
        # file: shop/back/__init__.py
        from ..till import pay
        from .. import till
        from . import office

        pay()  # is: coroutine
        till.pay()  # is: coroutine
        office.open()  # is: coroutine; name: shop.back.office.open
        # file: shop/back/office.py
        from ..till import pay
        from ...nowhere import lost

        async def open():
            pay()  # is: coroutine
            lost()  # is: unknown
    """)


def test_re_exports() -> None:
    holds("""
        from shop import pay, Till

        pay()  # is: coroutine; name: shop._till.pay
        Till().open()  # is: coroutine; name: shop._till.Till.open
        # file: shop/__init__.py
        from shop.api import *
        # file: shop/api.py
        from ._till import Till as Till, pay
        # file: shop/_till.py
        async def pay(): ...
        class Till:
            async def open(self): ...
    """)


def test_star_imports() -> None:
    holds("""
        from shop import *

        pay()  # is: coroutine
        _hidden()  # is: unknown; name: None
        # file: shop.py
        async def pay(): ...
        async def _hidden(): ...
    """)


def test_star_imports_obey_all() -> None:
    holds("""
        from shop import *

        _pay()  # is: coroutine
        other()  # is: unknown
        # file: shop.py
        __all__ = ["_pay"]
        async def _pay(): ...
        async def other(): ...
    """)


def test_all_may_grow() -> None:
    holds("""
        from shop import *

        _pay()  # is: coroutine
        _refund()  # is: coroutine
        # file: shop.py
        __all__ = ["_pay"]
        __all__ += ["_refund"]
        async def _pay(): ...
        async def _refund(): ...
    """)


def test_a_module_s_own_name_wins_over_a_star() -> None:
    holds("""
        from shop import *

        def pay(): return 1

        pay()  # is: value
        # file: shop.py
        async def pay(): ...
    """)


def test_the_last_of_two_stars_wins() -> None:
    holds("""
        from first import *
        from second import *

        pay()  # is: value; name: second.pay
        # file: first.py
        async def pay(): ...
        # file: second.py
        def pay(): return 1
    """)


def test_type_checking_blocks() -> None:
    holds("""
        from typing import TYPE_CHECKING
        import typing

        if TYPE_CHECKING:
            from shop import Till
        else:
            Till = None

        if typing.TYPE_CHECKING:
            from shop import Shop

        def use(till: "Till", shop: "Shop"):
            till.open()  # is: coroutine
            shop.till.open()  # is: coroutine
        # file: shop.py
        class Till:
            async def open(self): ...
        class Shop:
            till: Till
    """)


def test_imports_inside_functions() -> None:
    holds("""
        def use():
            from shop import pay
            import shop.till
            pay()  # is: coroutine
            shop.till.open()  # is: coroutine
        # file: shop/__init__.py
        async def pay(): ...
        # file: shop/till.py
        async def open(): ...
    """)


def test_namespace_packages() -> None:
    holds("""
        import space.shop
        from space import shop
        from space.shop import pay

        space.shop.pay()  # is: coroutine; name: space.shop.pay
        shop.pay()  # is: coroutine
        pay()  # is: coroutine
        # file: space/shop.py
        from .till import open
        async def pay():
            open()  # is: coroutine; name: space.till.open
        # file: space/till.py
        async def open(): ...
    """)


def test_namespace_packages_of_known_libraries() -> None:
    holds("""
        from discord.ext import commands
        from discord.ext import absent

        class Bot(commands.Bot):
            async def open(self):
                self.fetch_channel(1)  # is: coroutine
                absent.run()  # is: unknown; name: discord.ext.absent.run
    """)


def test_the_src_layout() -> None:
    holds("""
        # file: src/shop/__init__.py
        # file: src/shop/till.py
        async def pay(): ...
        # file: tests/test_till.py
        from shop.till import pay

        pay()  # is: coroutine; name: shop.till.pay
    """)


def test_a_script_s_neighbours() -> None:
    holds("""
        # file: scripts/run.py
        import parts
        parts.build()  # is: coroutine; name: parts.build
        # file: scripts/parts.py
        async def build(): ...
    """)


def test_the_environment_s_packages() -> None:
    holds("""
        import vendor
        from vendor.client import Client

        vendor.connect()  # is: coroutine; name: vendor.client.connect
        Client().send()  # is: coroutine
        # file: site-packages/vendor/__init__.py
        from .client import connect
        # file: site-packages/vendor/client.py
        async def connect(): ...
        class Client:
            async def send(self): ...
    """)


def test_stubs_come_before_the_source() -> None:
    holds("""
        import vendor
        import partial

        vendor.send()  # is: coroutine
        partial.send()  # is: coroutine
        partial.other.send()  # is: coroutine
        # file: site-packages/vendor/__init__.py
        def send(): return _core.send()
        # file: site-packages/vendor/__init__.pyi
        async def send() -> None: ...
        # file: site-packages/partial/__init__.py
        def send(): return _core.send()
        # file: site-packages/partial/other.py
        async def send(): ...
        # file: site-packages/partial-stubs/__init__.pyi
        from . import other as other
        async def send() -> None: ...
    """)


def test_a_module_s_getattr_makes_the_rest_unknown() -> None:
    holds("""
        import shop
        from shop import other

        shop.pay()  # is: coroutine
        shop.other()  # is: unknown; name: None
        other()  # is: unknown
        # file: shop.py
        async def pay(): ...
        def __getattr__(name): return lambda: 1
    """)


def test_cycles_of_imports() -> None:
    holds("""
        from a import f, nothing

        f()  # is: coroutine; name: b.f
        nothing()  # is: unknown
        # file: a.py
        from b import f, nothing
        async def g(): ...
        # file: b.py
        from a import g, nothing
        async def f():
            g()  # is: coroutine; name: a.g
    """)


def test_cycles_of_star_imports() -> None:
    holds("""
        from a import *

        f()  # is: coroutine
        g()  # is: coroutine
        h()  # is: unknown
        # file: a.py
        from b import *
        async def f(): ...
        # file: b.py
        from a import *
        async def g(): ...
    """)


def test_modules_that_were_not_found_still_give_names() -> None:
    holds("""
        import absent
        import absent.deep as deep
        from absent import Client, connect
        from absent.sub import session as s

        absent.connect()  # is: unknown; name: absent.connect
        deep.f()  # is: unknown; name: absent.deep.f
        connect()  # is: unknown; name: absent.connect
        s.get()  # is: unknown; name: absent.sub.session.get
        Client().get()  # is: unknown; name: absent.Client.get; of: absent.Client

        async def use(client: Client):
            client.get()  # is: unknown; name: absent.Client.get
            async with Client() as opened:
                opened.get()  # is: unknown; name: absent.Client.get

        class Mine(Client):
            def use(self):
                self.get()  # is: unknown; name: absent.Client.get
    """)


def test_a_module_singleton() -> None:
    holds("""
        from app import client
        import app

        client.send()  # is: coroutine; of: client.Client
        app.client.send()  # is: coroutine
        app.settings.client.send()  # is: coroutine
        # file: app.py
        from client import Client
        client = Client()
        class Settings:
            client: Client
        settings = Settings()
        # file: client.py
        class Client:
            async def send(self): ...
    """)


@pytest.mark.parametrize(
    "fallback",
    [
        pytest.param("Client = None", id="nothing"),
        pytest.param("from elsewhere import Client", id="a substitute of the same kind"),
    ],
)
def test_import_error_pairs(fallback: str) -> None:
    holds(f"""
        try:
            from vendor import Client
        except ImportError:
            {fallback}

        def use(client: "Client"):
            client.send()  # is: coroutine
        # file: vendor.py
        class Client:
            async def send(self): ...
        # file: elsewhere.py
        class Client:
            async def send(self): ...
    """)


def test_import_error_pairs_of_different_kinds_are_unknown() -> None:
    holds("""
        try:
            from vendor import send
        except ImportError:
            from elsewhere import send

        send()  # is: unknown
        # file: vendor.py
        async def send(): ...
        # file: elsewhere.py
        def send(): return 1
    """)


def test_import_error_pairs_of_which_one_is_absent_are_unknown() -> None:
    holds("""
        try:
            from absent import send
        except ImportError:
            async def send(): ...

        send()  # is: unknown
    """)


def test_import_error_pairs_of_names_of_one_module() -> None:
    holds("""
        try:
            import orjson as json
        except ImportError:
            import json

        json.loads("1")  # is: unknown
    """)


def test_versions_of_python() -> None:
    holds("""
        import sys

        if sys.version_info >= (3, 11):
            from asyncio import timeout
        else:
            from absent import timeout

        if sys.version_info >= (3, 8):
            async def send(): ...
        else:
            async def send(x=1): ...

        send()  # is: coroutine
        timeout(1)  # is: value; name: asyncio.timeouts.timeout
    """)


def test_a_function_that_imports_from_its_own_module() -> None:
    holds(
        """
        # file: pkg/__init__.py
        # file: pkg/shop.py
        from pkg.shop import Missing

        class Shop:
            async def open(self): ...

        def start():
            from pkg.shop import Shop as Imported
            Imported().open()  # is: coroutine

        def wait():
            Missing().open()  # is: unknown
    """
    )
