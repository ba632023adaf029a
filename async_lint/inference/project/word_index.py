"""Which texts hold a word, without a search through all of them: a book's index, made in one pass.

A project of a million lines has some hundred thousand different words, and a run asks about thousands. To search the
list of words costs a tenth to a thirtieth of a search through the texts, and the list grows more slowly than they do.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

# A word with the parenthesis of its call. What is not ASCII may be a letter of a name.
_WORD = re.compile(rb"[\w\x80-\xff]+\(?")
# Everything else becomes a space: to split a text takes half the time of a pattern.
_SPACED = bytes(byte if _WORD.match(bytes([byte])) or byte == ord("(") else ord(" ") for byte in range(256))


class WordIndex:
    """The texts of a project by their words. Texts are known by their number."""

    def __init__(self, texts: Sequence[bytes]) -> None:
        self._texts = texts
        self._holders: defaultdict[bytes, list[int]] = defaultdict(list)
        for number, text in enumerate(texts):
            for word in set(text.replace(b"(", b"( ").translate(_SPACED).split()):
                self._holders[word].append(number)
        self._words = b"\n%b\n" % b"\n".join(self._holders)

    def holding(self, needle: bytes) -> Iterable[int]:
        """Return the numbers of the texts that hold `needle` anywhere, in order: just those that a search finds."""
        words = _WORD.findall(needle)
        if not words:
            return (number for number, text in enumerate(self._texts) if needle in text)
        longest = max(words, key=len)
        found = sorted(self._with(longest))
        # A needle such as `def name(` stands where its words do, or nowhere.
        return found if longest == needle else (number for number in found if needle in self._texts[number])

    def _with(self, part: bytes) -> set[int]:
        """Return the texts with a word that `part` is a part of."""
        words = self._words
        found: set[int] = set()
        at = words.find(part)
        while at >= 0:
            end = words.index(b"\n", at)
            found.update(self._holders[words[words.rindex(b"\n", 0, at) + 1 : end]])
            at = words.find(part, end)
        return found
