"""What a callee's name tells: calls that need no question, and calls that do."""

import pytest

from tests.inference.program import holds


@pytest.mark.parametrize(
    "header",
    [
        "def tally() -> int: ...",
        "def tally() -> None:  # nothing",
        "def tally(path: str = 'a', *, deep: bool = bool(1)) -> dict[str, list[int]] | None:",
        "def tally(\n    path: str,\n    deep: bool,\n) -> 'Optional[Page]':",
        "@staticmethod\ndef tally() -> datetime.date:",
        "# how\n@typing.overload\n# why\ndef tally() -> Page:",
    ],
)
def test_functions_that_are_annotated_to_give_values_are_plain(header: str) -> None:
    body = "" if header.endswith("...") else "\n    pass"
    holds(_program("plain", f"class Page: ...\n{header}{body}\n"))


@pytest.mark.parametrize(
    "header",
    [
        "async def tally() -> int: ...",
        "def tally(): ...",
        "def tally() -> Any: ...",
        "def tally() -> Coroutine[Any, Any, int]: ...",
        "def tally() -> T: ...",
        "def tally() -> Job: ...",
        "def tally() -> LaterJob: ...",
        "def tally() -> Imported: ...",
        "@in_thread\ndef tally() -> int: ...",
        "@task(\n    retries=1,\n)\ndef tally() -> int: ...",
        "@property\ndef tally() -> int: ...",
        "tally = make()",
    ],
)
def test_other_functions_want_a_question(header: str) -> None:
    holds(_program("open", f"class Job(asyncio.Future): ...\nclass LaterJob(Job): ...\n{header}\n"))


def test_one_that_is_not_plain_is_enough() -> None:
    holds(_program("open", "def tally() -> int: ...\n", "class A:\n    async def tally(self) -> int: ...\n"))
    holds(_program("open", "def tally() -> int: ...\n", "class A:\n    def tally(self): return make()\n"))


def test_a_name_that_is_awaited_somewhere_wants_a_question() -> None:
    holds(_program("open", "def tally() -> int: ...\n", "async def f(store): await store.tally()\n"))


def test_a_class_in_a_file_with_an_await_method_may_be_awaitable() -> None:
    job = "class Job:\n    def __await__(self): yield\n"
    holds(_program("open", "def tally() -> Job: ...\n", job))
    holds(_program("plain", "def tally() -> Page: ...\nclass Page: ...\n", job))


def test_a_name_that_a_function_gives_itself_is_its_own() -> None:
    holds(
        """
        def tally() -> int: ...
        def plain():
            tally()  # glance: plain
        def given(tally):
            tally()  # glance: open
    """
    )


def test_builtins() -> None:
    holds(
        """
        def set_(store):
            set()  # glance: plain
            getattr(store, "name")  # glance: plain
            store.set()  # glance: open
            next(store)  # glance: open

        # file: store.py
        class Store:
            async def set(self): ...
    """
    )


@pytest.mark.parametrize(
    "shadow",
    ["from aiofiles import open", "from shadows import *", "def open(path): return later(path)", "open = make()"],
)
def test_what_has_the_name_of_a_builtin(shadow: str) -> None:
    holds(f"{shadow}\ndef f():\n    open('a')  # glance: open\n\n# file: shadows.py\nasync def open(path): ...\n")


def test_names_that_libraries_have() -> None:
    holds("def f(found):\n    found.splitlines()  # glance: plain\n    found.aclose()  # glance: open\n")
    holds(
        """
        def f(found):
            found.splitlines()  # glance: open

        # file: lines.py
        class Lines:
            def splitlines(self): return later(self)
    """
    )


def _program(expected: str, *files: str) -> str:
    others = "".join(f"# file: part{index}.py\n{text}" for index, text in enumerate(files))
    return f"def work(store):\n    store.tally()  # glance: {expected}\n{others}"
