"""How deep would a tree of this text be? Asked before a parser that cannot survive the answer sees it."""

import re

# Measured with libcst 1.9: its parser grows with the square of a chain (1,000 method calls: 1.6 s) and takes the
# process down some thousands of levels deep; generating code recurses two Python frames a level, so that the usual
# limit of 1,000 frames is reached at about 450.
MAX_DEPTH = 300

_TOKEN = re.compile(
    r"""(?:\b[rRbBuUfFtT]{1,2})?(?:'{3}(?:[^\\']|\\.|'(?!''))*'{3}|"{3}(?:[^\\"]|\\.|"(?!""))*"{3}"""
    r"""|'(?:[^\\'\n]|\\.)*'|"(?:[^\\"\n]|\\.)*")"""
    r"""|\#[^\n]*|\\\n|[-+*/%@&|^~.<>(\[{)\]},;\n]|\b(?:not|and|or|if|lambda|await|for|elif)\b""",
    re.DOTALL,
)
_ELIF = re.compile(r"^([ \t]*)elif\b", re.MULTILINE)


def depth_of(text: str) -> int:
    """Return an upper bound for the nesting of the expressions and `elif` chains in some statements."""
    if len(text) <= MAX_DEPTH:
        return len(text)
    tokens = _TOKEN.findall(text)
    # Every level needs a token of its own.
    return len(tokens) if len(tokens) <= MAX_DEPTH else max(_chained(tokens), _elifs(text))


def _chained(tokens: list[str]) -> int:
    """Links between two separators, plus those of the brackets around them."""
    deepest = chain = around = 0
    outer: list[int] = []
    for token in tokens:
        if token in "([{":
            around += chain + 1
            outer.append(chain + 1)
            chain = 0
            deepest = max(deepest, around)
        elif token in ")]}":
            if outer:
                chain = outer.pop()
                around -= chain
        elif token in ",;":
            chain = 0
        elif token == "\n":
            if not outer:
                chain = 0
        elif token[0] not in "#\\":
            chain += 1
            deepest = max(deepest, around + chain)
    return deepest


def _elifs(text: str) -> int:
    # Several `if`s of one indentation count as one chain: too low a bound would take the process down.
    counts: dict[str, int] = {}
    for indentation in _ELIF.findall(text):
        counts[indentation] = counts.get(indentation, 0) + 1
    return max(counts.values(), default=0)
