"""The comments that go with a piece of code."""

import io
import re
import tokenize
from collections.abc import Iterator

from async_lint.context import Context
from async_lint.model import Span

# What a comment calls meant, for a pattern that ignores case.
MEANT = r"\b(?:intentional(?:ly)?|deliberate(?:ly)?|purposely|purposefully|on purpose|by design)\b"
_SILENCED = re.compile(r"\b(?:noqa|nosonar)\b.*", re.IGNORECASE)


def comments(lines: list[str], first: int, last: int) -> Iterator[str]:
    """Yield the comments on the lines from `first` to `last`, and those right above, which have lines of their own."""
    yield from comments_above(lines, first)
    yield from comments_within(lines, first, last)


def has_comment(text: str) -> bool:
    """Whether a piece of code holds a comment; also where it cannot be told."""
    if "#" not in text:
        return False
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        # A piece of code need not be whole: better no fix than a lost comment.
        return True
    return any(token.type == tokenize.COMMENT for token in tokens)


def comments_within(lines: list[str], first: int, last: int) -> Iterator[str]:
    """Yield the comments on the lines from `first` to `last`."""
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


def is_declined(span: Span, codes: re.Pattern[str], context: Context) -> bool:
    """Whether a comment on the lines of `span` silences another linter's finding, whose code `codes` matches."""
    beside = comments_within(context.source.lines, span.start.line, span.end.line)
    told = (_SILENCED.search(comment) for comment in beside)
    return any(match is not None and codes.search(match[0]) for match in told)
