"""Bytes to text, lines and tree: encodings, newlines, columns, and what is said of files that cannot be read."""

import ast
import pickle
import sys
import warnings

import pytest

from async_lint.files.lines import split_lines
from async_lint.files.source import UnreadableError, read_source
from async_lint.model import Position, Span


def unreadable(data: bytes) -> UnreadableError:
    with pytest.raises(UnreadableError) as caught:
        read_source("a.py", data)
    return caught.value


@pytest.mark.parametrize(
    ("data", "encoding", "bom", "text"),
    [
        (b"", "utf-8", False, ""),
        ("x = 'é'\n".encode(), "utf-8", False, "x = 'é'\n"),
        (b"\xef\xbb\xbf" + "x = 'é'\n".encode(), "utf-8", True, "x = 'é'\n"),
        (b"\xef\xbb\xbf# coding: utf-8\n", "utf-8", True, "# coding: utf-8\n"),
        ("# -*- coding: latin-1 -*-\nx = 'é'\n".encode("latin-1"), "iso-8859-1", False, None),
        ("#!/bin/sh\n# vim: set fileencoding=cp1251 :\nx = 'я'\n".encode("cp1251"), "cp1251", False, None),
        (b"x = 1\r\ny = 2\rz = 3\n\x0cw = 4", "utf-8", False, "x = 1\r\ny = 2\rz = 3\n\x0cw = 4"),
    ],
)
def test_bytes_come_back_as_they_were(data: bytes, encoding: str, bom: bool, text: str | None) -> None:
    source = read_source("a.py", data)
    assert (source.encoding, source.bom) == (encoding, bom)
    assert source.text == (data.decode(encoding) if text is None else text)
    assert source.encode(source.text) == data


def test_lines_end_where_python_ends_them() -> None:
    assert split_lines("a\nb\r\nc\rd\x0ce\x0bf\u2028g\x85h") == ["a\n", "b\r\n", "c\r", "d\x0ce\x0bf\u2028g\x85h"]
    assert len(read_source("a.py", b"a\rb\r\n\x0cc\n").tree.body) == 3


@pytest.mark.parametrize(("data", "newline"), [(b"", "\n"), (b"a", "\n"), (b"a\r\nb\n", "\r\n"), (b"a\rb\n", "\r")])
def test_newline_is_that_of_the_first_line(data: bytes, newline: str) -> None:
    assert read_source("a.py", data).newline == newline


def test_columns_count_characters() -> None:
    source = read_source("a.py", 'x = "é😀"; f()\ny = f()\n'.encode())
    first, second = (node for node in ast.walk(source.tree) if isinstance(node, ast.Call))
    assert source.span(first) == Span(Position(1, 10), Position(1, 13))
    assert source.span(second) == Span(Position(2, 4), Position(2, 7))
    assert source.slice(source.span(first)) == "f()"
    assert source.byte_column(Position(1, 10)) == first.col_offset == 14


def test_offsets_reach_the_end_of_the_text() -> None:
    source = read_source("a.py", b"a\r\nb\n")
    assert [source.offset(Position(line, 0)) for line in (1, 2, 3)] == [0, 3, 5]
    assert source.offset(Position(2, 1)) == 4


def test_a_tree_that_is_handed_over_is_used() -> None:
    tree = ast.parse("x = 1")
    assert read_source("a.py", b"x = 1", tree).tree is tree


@pytest.mark.parametrize(
    ("data", "message", "position"),
    [
        (b"x = 1\ny = '\xe9'\n", "byte 0xe9 is not valid utf-8, and no other encoding is declared", (2, 5)),
        (b"a\nb\nc = '\xc3\xa9\xe9'\n", "byte 0xe9 is not valid utf-8", (3, 6)),
        (b"# coding: ascii\nx = '\xe9'\n", "byte 0xe9 is not valid ascii", (2, 5)),
        (b"# coding: nonsense\n", "the declared encoding cannot be used: unknown encoding: nonsense", (1, 0)),
        (b"\xef\xbb\xbf# coding: latin-1\n", "the declared encoding cannot be used", (1, 0)),
        (b"# coding: rot13\nx = 1\n", "the declared encoding cannot be used", (1, 0)),
        (b"# coding: utf-7\nx = '+'\n", "", None),
        (b"x = 1\ny = '\0'\n", "the file contains a NUL byte", (2, 5)),
        (b"x = 1\r\nif x\r\n", "syntax error: expected ':'", (2, 4)),
        (b"def f():\npass\n", "syntax error: expected an indented block", (2, 0)),
        (b"x = (\n", "syntax error: '(' was never closed", (1, 4)),
        ("é = 'é' 1\n".encode(), "syntax error", (1, 8)),
        (b"x = " + b"(" * 2000 + b")" * 2000, "syntax error: too many nested parentheses", (1, 204)),
        (b"x = " + b"-" * 200_000 + b"1", "the code is nested too deeply to be parsed", (1, 0)),
    ],
)
def test_what_is_said_of_a_file_that_cannot_be_read(
    data: bytes, message: str, position: tuple[int, int] | None
) -> None:
    error = unreadable(data)
    assert error.message.startswith(message)
    assert position is None or error.position == position


TRIED = "try: pass\n"
NEWER = [
    ((3, 11), "is", TRIED + "except* E: pass\n"),
    ((3, 11), "may be", "x: A[int, *Ts]\n"),
    ((3, 11), "may be", "def f(*args: *Ts): ...\n"),
    ((3, 12), "is", "type X = int\n"),
    ((3, 12), "is", "type X[T] = list[T]\n"),
    ((3, 12), "is", "async def f[T](x: T): ...\n"),
    ((3, 12), "is", "class A[T]: ...\n"),
    ((3, 12), "is", "f'{a[\"\\n\"]}'\n"),
    ((3, 12), "may be", 'f"{x["a"]}"\n'),
    ((3, 12), "may be", "f'{\nx\n}'\n"),
    ((3, 13), "is", "class A[T = int]: ...\n"),
    ((3, 13), "is", "def f[T, U = int](x: U): ...\n"),
    ((3, 14), "is", 't"{x}"\n'),
    ((3, 14), "is", "f(1, rt'{x}', 2)\n"),
    ((3, 14), "is", TRIED + "except A, B: pass\n"),
    ((3, 14), "is", TRIED + "except* A, b.C: pass\n"),
    ((3, 15), "is", "lazy import json\n"),
    ((3, 15), "is", "lazy from json import loads\n"),
    ((3, 15), "is", "[*x for x in y]\n"),
    ((3, 15), "is", "{**x for x in y}\n"),
]
RUNNING = sys.version_info[:2]


@pytest.mark.parametrize(("version", "verb", "text"), [each for each in NEWER if each[0] > RUNNING])
def test_newer_syntax_is_named_with_the_python_that_reads_it(version: tuple[int, int], verb: str, text: str) -> None:
    newer, running = (".".join(map(str, each)) for each in (version, RUNNING))
    remark = f"(this {verb} syntax of Python {newer}, which would read it; async-lint is running on Python {running})"
    assert unreadable(text.encode()).message.endswith(remark)


@pytest.mark.parametrize("text", [text for version, _, text in NEWER if version <= RUNNING])
def test_the_python_that_is_named_reads_it(text: str) -> None:
    assert read_source("a.py", text.encode()).text == text


@pytest.mark.parametrize(
    "text",
    [
        "x = = 1",
        "print 'a'",
        "def f(:",
        "class A(:",
        "x = 'can't'",
        'f"{a b}"',
        'f"{}"',
        TRIED + "except A, B as e: pass",
        "type = = 1",
        "x = [*]",
        "for x y in [1]: pass",
    ],
)
def test_plain_mistakes_are_not_called_newer_syntax(text: str) -> None:
    assert "syntax of Python" not in unreadable(text.encode()).message


def test_parsing_warns_nobody() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read_source("a.py", b"x = '\\d'\ny = 1if x else 2\n")


def test_errors_pass_between_processes() -> None:
    error = pickle.loads(pickle.dumps(unreadable(b"x =")))
    assert error.message.startswith("syntax error")
    assert error.position.line == 1


def test_columns_of_a_long_line() -> None:
    text = "é = 'a日😀'; b = 1; "
    long = read_source("a.py", (text * 100 + "\n").encode())
    for node in ast.walk(long.tree):
        if isinstance(node, ast.expr):
            span = long.span(node)
            assert len(long.lines[0]) > 1000
            assert long.slice(span) == ast.get_source_segment(long.text, node)
            assert long.byte_column(span.end) == node.end_col_offset
