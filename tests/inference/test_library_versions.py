"""Code that was written for another version of a library than the bundled knowledge is of."""

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
