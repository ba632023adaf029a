"""The comments that go with a piece of code."""

import io
import tokenize
from collections.abc import Iterator


def comments(lines: list[str], first: int, last: int) -> Iterator[str]:
    """Yield the comments on the lines from `first` to `last`, and those right above, which have lines of their own."""
    yield from comments_above(lines, first)
    text = "".join(line.rstrip("\r\n") + "\n" for line in lines[first - 1 : last])
    if "#" not in text:
        return
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                yield token.string
    except (tokenize.TokenError, SyntaxError):
        return


def comments_above(lines: list[str], first: int) -> Iterator[str]:
    above = first - 1
    while above > 0 and lines[above - 1].lstrip().startswith("#"):
        yield lines[above - 1]
        above -= 1
