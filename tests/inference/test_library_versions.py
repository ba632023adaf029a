"""Code that was written for another version of a library than the bundled knowledge is of."""

from pathlib import Path

import pytest

from async_lint import knowledge
from async_lint.files.ports import Disk
from async_lint.files.requirements import requirements
from async_lint.inference.modules.pins import admits
from tests.inference.program import holds


def test_an_object_is_not_known_when_its_constructor_takes_no_such_argument() -> None:
    holds(
        """
        import telegram.ext
        from telegram.ext import Updater

        def old(bot):
            updater = Updater(bot=bot, workers=4)  # is: unknown; name: telegram.ext._updater.Updater
            updater.start_polling()  # is: unknown; name: telegram.ext._updater.Updater.start_polling
            telegram.ext.Updater(bot, None, 4).start_polling()  # is: unknown

        def new(bot, queue, options):
            Updater(bot, queue).start_polling()  # is: coroutine
            Updater(bot=bot, update_queue=queue).start_polling()  # is: coroutine
            Updater(*options).start_polling()  # is: coroutine
            Updater(**options).start_polling()  # is: coroutine

        class Ours(Updater):
            def __init__(self, bot, workers):
                super().__init__(bot, None)

        def ours(bot):
            Ours(bot, workers=4).start_polling()  # is: coroutine
    """
    )


def test_a_call_is_not_known_when_the_function_takes_no_such_argument() -> None:
    holds(
        """
        from telegram.ext import Updater

        def poll(bot, queue, **settings):
            updater = Updater(bot, queue)
            updater.start_polling(clean=True)  # is: unknown; name: telegram.ext._updater.Updater.start_polling
            updater.stop(5)  # is: unknown
            updater.start_polling(1.0, allowed_updates=[])  # is: coroutine
            updater.start_polling(**settings)  # is: coroutine
            Updater.stop(updater)  # is: coroutine
    """
    )


def test_the_standard_library_and_the_project_are_of_the_version_that_they_are() -> None:
    holds(
        """
        import asyncio

        async def fetch(url):
            return url

        asyncio.sleep(1, seconds=2)  # is: coroutine
        fetch("a", timeout=3)  # is: coroutine
    """
    )


def uses(name: str, *, known: bool) -> str:
    return f"""
        import aiosqlite

        async def use():
            connection = await aiosqlite.connect("db")
            connection.commit()  # is: {"coroutine" if known else "unknown"}
        # file: {name}
    """


def test_the_knowledge_that_these_tests_are_about() -> None:
    for module, name in (("aiosqlite.core", "aiosqlite"), ("azure.core.rest", "azure-core"), ("asyncpg", "asyncpg")):
        found = knowledge.origin(module)
        assert found is not None
        assert found[0] == name
        assert "==".join(found) in knowledge.wheels()
    assert knowledge.origin("asyncio.tasks") is None
    assert knowledge.origin("azure") is None
    assert knowledge.origin("typing_extensions") is None


@pytest.mark.parametrize(
    ("file", "old", "same"),
    [
        ("requirements.txt", "aiosqlite==0.17.0  # for now", "aiosqlite==VERSION"),
        ("requirements-dev.txt", "-r requirements.txt\nAIOSQLite[x]<0.18; python_version > '3'", "aiosqlite>=0.17"),
        ("requirements/base.txt", "aiosqlite==0.17.0 --hash=sha256:00", "aiosqlite==VERSION \\\n  --hash=sha256:00"),
        (
            "pyproject.toml",
            "[project]\ndependencies = ['aiosqlite~=0.17.0']",
            "[project]\ndependencies = ['aiosqlite']",
        ),
        (
            "pyproject.toml",
            "[project.optional-dependencies]\ndb = ['aiosqlite (>=0.17,<0.18)']",
            "[project.optional-dependencies]\ndb = ['aiosqlite @ https://example.org/a.whl']",
        ),
        (
            "pyproject.toml",
            "[dependency-groups]\ntest = [{include-group = 'x'}, 'aiosqlite==0.17.*']",
            "[dependency-groups]\ntest = ['aiosqlite==0.*']",
        ),
        (
            "pyproject.toml",
            "[tool.poetry.dependencies]\naiosqlite = '^0.17'",
            "[tool.poetry.dependencies]\naiosqlite = '^0.17 || ^VERSION'",
        ),
        (
            "pyproject.toml",
            "[tool.poetry.group.dev.dependencies]\naiosqlite = {version = '~0.17.1', extras = ['x']}",
            "[tool.poetry.group.dev.dependencies]\naiosqlite = [{version = '0.17', python = '<3.9'}, {version = '*'}]",
        ),
        ("pyproject.toml", "[tool.uv]\ndev-dependencies = ['aiosqlite>=1']", "[project"),
        ("Pipfile", "[packages]\naiosqlite = '==0.17.0'", "[packages]\naiosqlite = '*'"),
        (
            "setup.cfg",
            "[options]\ninstall_requires =\n    anyio\n    aiosqlite==0.17",
            "[options.extras_require]\ndb =\n    aiosqlite<0.18; python_version<'3'\n    aiosqlite; python_version>'3'",
        ),
    ],
)
def test_a_library_is_not_known_where_the_project_asks_for_another_version(file: str, old: str, same: str) -> None:
    holds(uses(file, known=False).rstrip() + "\n" + indented(old))
    _, version = knowledge.origin("aiosqlite") or ("", "")
    holds(uses(file, known=True).rstrip() + "\n" + indented(same.replace("VERSION", version)))


def indented(text: str) -> str:
    return "\n".join(" " * 8 + line for line in text.splitlines())


def test_the_manifest_of_an_integration_says_what_it_is_written_for() -> None:
    holds("""
        # file: home/components/store/__init__.py
        import aiosqlite
        import asyncpg

        async def use():
            connection = aiosqlite.connect("db")
            connection.commit()  # is: unknown; name: aiosqlite.connect().commit
            other = await asyncpg.connect()
            other.execute("select 1")  # is: coroutine
        # file: home/components/store/manifest.json
        {"domain": "store", "requirements": ["aiosqlite==0.17.0", "asyncpg>=0.1"]}
        # file: home/components/other/manifest.json
        {"domain": "other"}
        # file: home/components/broken/__init__.py
        # file: home/components/broken/manifest.json
        {
        # file: home/components/__init__.py
        # file: home/__init__.py
    """)


@pytest.mark.parametrize(
    ("required", "known"),
    [
        ("discord.py>=2", True),
        ("py_cord>=2", False),
        # One of them is installed, and nobody knows which.
        ("py-cord\n        Requires-Dist: discord.py", True),
        ("aiohttp", True),
    ],
)
def test_a_fork_that_is_imported_by_the_same_name_is_another_library(required: str, known: bool) -> None:
    is_ = "coroutine" if known else "unknown; name: discord.Client.close"
    holds(f"""
        # file: main.py
        import discord

        def use(client: discord.Client):
            client.close()  # is: {is_}
        # file: app-1.0.dist-info/METADATA
        Metadata-Version: 2.1
        Name: app
        Requires-Dist: {required}
    """)


def test_what_is_installed_stands_whatever_the_project_asks_for() -> None:
    holds("""
        # file: main.py
        import aiosqlite

        aiosqlite.connect("db")  # is: value
        # file: requirements.txt
        aiosqlite==0.17
        # file: site-packages/aiosqlite.py
        def connect(path) -> int: ...
    """)


@pytest.mark.parametrize(
    ("specifier", "admitted"),
    [
        ("", True),
        ("==3.16.0", True),
        ("==3.6.6", False),
        ("===3.16", True),
        ("==3.*", True),
        ("==3.6.*", False),
        ("==2.*", False),
        ("~=3.6", True),
        ("~=3.6.1", False),
        ("~=3.16.0", True),
        ("~=2.0", False),
        (">=3.6", True),
        (">=3.16.4", True),
        (">=3.17", False),
        ("<3.16", False),
        ("<3.16.1", True),
        ("<4", True),
        ("<=3.16", True),
        (">=3,<3.7", False),
        ("!=3.16.1", True),
        (">2,", True),
        ("nonsense", True),
    ],
)
def test_major_and_minor_versions_decide(specifier: str, admitted: bool) -> None:
    assert admits(specifier, "3.16.1") is admitted


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", f'[tool.poetry.dependencies]\naiosqlite = "^{"9" * 5000}"\n'),
        ("pyproject.toml", f"dependencies = {'[' * 100_000}"),
        ("manifest.json", "[" * 100_000),
        ("setup.cfg", "[options\ninstall_requires = aiosqlite"),
    ],
)
def test_requirements_that_nobody_can_read_ask_for_nothing_and_end_nothing(
    name: str, text: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text)
    (tmp_path / "requirements.txt").write_text("asyncpg==0.1\n")
    assert requirements(tmp_path, Disk())["asyncpg"] == [("==0.1",)]
