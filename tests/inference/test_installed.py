"""What stands first: the project, then what is installed, then the bundled knowledge."""

from tests.inference.program import holds


def test_bundled_knowledge_serves_what_is_not_installed() -> None:
    holds("""
        import aiosqlite
        import asyncpg

        async def use():
            connection = await aiosqlite.connect("db")
            connection.commit()  # is: coroutine; name: aiosqlite.core.Connection.commit
            other = await asyncpg.connect()
            other.execute("select 1")  # is: coroutine; name: asyncpg.connection.Connection.execute
    """)


def test_an_installed_package_wins_over_the_knowledge() -> None:
    holds("""
        # file: main.py
        import aiosqlite
        from aiosqlite.core import Connection

        async def use(later: Connection):
            connection = aiosqlite.connect("db")
            connection.commit()  # is: value; name: aiosqlite.Connection.commit
            connection.sync()  # is: coroutine
            later.commit()  # is: coroutine; name: aiosqlite.core.Connection.commit
        # file: site-packages/aiosqlite/__init__.py
        class Connection:
            def commit(self) -> None: ...
            async def sync(self): ...
        def connect(path) -> Connection: ...
        # file: site-packages/aiosqlite/core.py
        class Connection:
            async def commit(self): ...
    """)


def test_the_project_wins_over_what_is_installed() -> None:
    holds("""
        # file: main.py
        import aiosqlite

        aiosqlite.connect("db")  # is: value; name: aiosqlite.connect
        # file: aiosqlite.py
        def connect(path) -> int: ...
        # file: site-packages/aiosqlite/__init__.py
        async def connect(path): ...
    """)


def test_stubs_say_more_than_a_package_without_types() -> None:
    holds("""
        # file: main.py
        import asyncpg
        from asyncpg.extra import plain

        asyncpg.connect()  # is: coroutine
        plain()  # is: value; name: asyncpg.extra.plain

        async def use():
            connection = await asyncpg.connect()
            connection.execute("select 1")  # is: coroutine
        # file: site-packages/asyncpg/__init__.py
        def connect(): return make()
        # file: site-packages/asyncpg/extra.py
        def plain() -> int: ...
    """)


def test_a_typed_package_and_an_installed_stub_package_win_over_bundled_stubs() -> None:
    holds("""
        # file: main.py
        import aiofiles
        import asyncpg

        asyncpg.connect()  # is: value
        aiofiles.open("a")  # is: value
        # file: site-packages/asyncpg/__init__.py
        def connect() -> int: ...
        # file: site-packages/asyncpg/py.typed
        # file: site-packages/aiofiles/__init__.py
        def open(path): ...
        # file: site-packages/aiofiles-stubs/__init__.pyi
        def open(path) -> int: ...
    """)
