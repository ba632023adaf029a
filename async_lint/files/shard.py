"""One of several parts of a run's files, for machines that check a part each."""

import re
from typing import NamedTuple


class Shard(NamedTuple):
    """The part `number`, from 1, of so many `parts`."""

    number: int
    parts: int

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """Return what `I/N` names. Raises ValueError for what names no part."""
        match = re.fullmatch(r"([0-9]{1,5})/([0-9]{1,5})", text)
        shard = cls(*map(int, match.groups())) if match else None
        if shard is None or not 1 <= shard.number <= shard.parts:
            raise ValueError("must be I/N, the I-th of N parts, as in 1/4 to 4/4")
        return shard

    def __str__(self) -> str:
        return f"{self.number}/{self.parts}"
