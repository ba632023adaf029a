"""What the words of a name say where nothing else is known: `fetch_all` asks, `session` is for one at a time."""

import ast
import re
from functools import cache

from async_lint.inference.syntax.binding import last_name
from async_lint.knowledge.tables import table

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
# A statement that writes, in the text of a query.
# `UPDATE` or `DELETE` alone may stand in any text, so what follows in SQL or Cypher must be there, too.
_WRITING_QUERY = re.compile(
    r"\b(?:INSERT\s+INTO|INSERT\s+OR|UPDATE\s+\S+\s+SET|DELETE\s+FROM|MERGE\s*\(|MERGE\s+INTO|DETACH\s+DELETE|"
    r"REPLACE\s+INTO|UPSERT|(?:CREATE|ALTER|DROP|TRUNCATE)\s+(?:OR\s+REPLACE\s+)?"
    r"(?:TABLE|INDEX|VIEW|DATABASE|SCHEMA|CONSTRAINT|TYPE|EXTENSION|TRIGGER|FUNCTION|ROLE|USER))\b|"
    # In other cases than Cypher's usual one they may stand in any text.
    r"(?-i:\bCREATE\s*\(\w*:|\bSET\s+\w+\.\w+\s*\+?=)",
    re.IGNORECASE,
)


@cache
def those(kind: str) -> frozenset[str]:
    """Return the words of one kind (see `concurrency.toml`)."""
    return frozenset(table("concurrency")[kind])


@cache
def words(name: str) -> tuple[str, ...]:
    """Return the words of an identifier, in lower case: `rate_limiter`, `RateLimiter`."""
    return tuple(word.lower() for word in _WORDS.findall(name))


def verb(name: str) -> str:
    """Return what an operation does, by the first word of its name: `aget_user`, `async_get_user`: `get`."""
    parts = [word for word in words(name) if word not in ("a", "async", "do", "try", "maybe")]
    first = parts[0] if parts else ""
    # `aget` is `get`, but `add` is no `dd`: the `a` is dropped only before a verb that is known.
    asynchronous = first[1:] if first[:1] == "a" and first not in those("ordering-verbs") else ""
    known = those("reading") | those("removing") | those("ordering-verbs")
    return asynchronous if asynchronous in known else first


def asks(name: str) -> bool:
    """Whether an operation only asks, by its name: `fetch_page`, `conversations_list`; not `get_or_create`."""
    parts = words(name)
    # `send_list` ends like a question and sends.
    ends_so = bool(parts) and parts[-1] in those("reading-last") and verb(name) not in those("ordering-verbs")
    return (verb(name) in those("reading") or ends_so) and not does_more(name)


def does_more(name: str) -> bool:
    """Whether an operation that asks does something besides, by its name: `get_or_create`, `load_plugin`."""
    parts = words(name)
    loads_code = verb(name) == "load" and not those("run-when-loaded").isdisjoint(parts)
    return loads_code or not those("more-than-reading").isdisjoint(parts)


def thing(node: ast.expr) -> str:
    """Return what an object is, by the last word of its name: `self._db_session` is a `session`."""
    if isinstance(node, ast.Call):
        node = node.func
    parts = words(last_name(node))
    return parts[-1] if parts else ""


def names_any(node: ast.expr, kind: str) -> bool:
    """Whether a name or a dotted name has a word of one kind in any of its parts."""
    while True:
        if not those(kind).isdisjoint(words(last_name(node))):
            return True
        if not isinstance(node, ast.Attribute):
            return False
        node = node.value


def writes_by_query(node: ast.AST) -> bool:
    """Whether a string is the text of a query that writes."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(_WRITING_QUERY.search(node.value))
