"""The index finds just the texts that a search through all of them finds."""

from pathlib import Path

import pytest

from async_lint.files.ports import Disk
from async_lint.inference.project import project as project_module
from async_lint.inference.project.project import Project
from async_lint.inference.project.word_index import WordIndex

TEXTS = [
    b"async def send(to): ...\n",
    b"await client.resend(1)\nresender = 2\n",
    b"class Sender:\n    def send (self): ...\n",
    "été = grün(\xe9)\n".encode(),
    b"latin = '\xe9t\xe9('\n",
    b"",
    b"print('a\x00b')\n(1)(2)\n",
]


@pytest.mark.parametrize(
    "needle",
    ["send", "send(", "def send(", "def send", ".resend", "class ", "s", "_", "sende", "Sender:", "nowhere(", "(", ")("]
    + ["été", "grün(", "r\u00fcn", "\n", " ", "def  send", "1)", "\x00", "print('a", "", "send (self", "to): ..."],
)
def test_as_a_search_through_all_texts(needle: str) -> None:
    word = needle.encode()
    searched = [number for number, text in enumerate(TEXTS) if word in text]
    assert list(WordIndex(TEXTS).holding(word)) == searched


def test_half_a_character() -> None:
    assert list(WordIndex(TEXTS).holding(b"\xe9")) == [4]
    assert list(WordIndex(TEXTS).holding(b"\xa9")) == [3]


def test_the_project_answers_the_same_with_the_index_and_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [tmp_path / f"{number}.py" for number in range(len(TEXTS))]
    for path, text in zip(paths, TEXTS, strict=True):
        path.write_bytes(text)
    asked = [("send",), ("send(",), ("def ", "send"), ("class ", "Sender"), ("été", "grün("), ("nowhere",)]
    searched = [Project(Disk(), lambda: paths).mentioning(*words) for words in asked]
    monkeypatch.setattr(project_module, "_SEARCHES", 0)
    indexed = Project(Disk(), lambda: paths)
    assert [indexed.mentioning(*words) for words in asked] == searched
    assert searched[0] == [paths[0], paths[1], paths[2]]
