"""Fixes on a file's text: what is applied, what waits, what is taken back, and what stays byte for byte."""

import ast
import re
from collections.abc import Callable

import pytest

from async_lint.files.source import Source, read_source
from async_lint.fix import MAX_PASSES, Fixed, apply, fix
from async_lint.model import Applicability, Diagnostic, Edit, Fix, Position, Span

Edits = Callable[[Source, ast.Call], list[Edit]]


def insertion(position: Position, text: str) -> Edit:
    return Edit(Span(position, position), text)


def add_await(source: Source, call: ast.Call) -> list[Edit]:
    return [insertion(source.span(call).start, "await ")]


def finder(
    edits: Edits = add_await, name: str = "f", applicability: Applicability = Applicability.SAFE
) -> Callable[[Source], list[Diagnostic]]:
    """Return what finds each expression statement that calls `name`."""

    def find(source: Source) -> list[Diagnostic]:
        found = []
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _name(node.value) == name:
                remedy = Fix("Mend it", tuple(edits(source, node.value)), applicability)
                span = source.span(node.value)
                found.append(Diagnostic("a.py", "ASL101", "n", "m", span, span.start.line, remedy))
        return found

    return find


def _name(call: ast.Call) -> str:
    return ast.unparse(call.func)


def fixed(data: bytes, find: Callable[[Source], list[Diagnostic]] | None = None, unsafe: bool = False) -> Fixed:
    find = find or finder()
    source = read_source("a.py", data)
    return fix(source, find(source), find, unsafe)


def text_after(text: str, find: Callable[[Source], list[Diagnostic]] | None = None, unsafe: bool = False) -> str:
    return fixed(text.encode(), find, unsafe).source.text


def test_nothing_to_fix_changes_nothing() -> None:
    source = read_source("a.py", b"g()\n")
    assert fix(source, [], finder(), True) == Fixed(source, [], [])


def test_every_fix_is_applied_and_told() -> None:
    result = fixed(b"async def g():\n    f()\n    f(1); g()\n    f()\n")
    assert result.source.text == "async def g():\n    await f()\n    await f(1); g()\n    await f()\n"
    assert [each.span.start.line for each in result.applied] == [2, 3, 4]
    assert result.remaining == []
    assert result.source.data == result.source.text.encode()


@pytest.mark.parametrize(
    ("applicability", "unsafe", "is_applied"),
    [
        (Applicability.SAFE, False, True),
        (Applicability.SAFE, True, True),
        (Applicability.UNSAFE, False, False),
        (Applicability.UNSAFE, True, True),
        (Applicability.DISPLAY, True, False),
    ],
)
def test_who_may_apply_what(applicability: Applicability, unsafe: bool, is_applied: bool) -> None:
    result = fixed(b"async def g(): f()\n", finder(applicability=applicability), unsafe)
    assert [len(result.applied), len(result.remaining)] == ([1, 0] if is_applied else [0, 1])
    assert ("await" in result.source.text) is is_applied


BODY = b"async def g():\n\tx = '\xe9'; f()  # \xe9\n\x0c\tf()\n    \n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"\xef\xbb\xbf" + BODY.decode("latin-1").encode(), "utf-8"),
        (b"# -*- coding: latin-1 -*-\n" + BODY, "latin-1"),
        (BODY.replace(b"\xe9", b"").replace(b"\n", b"\r\n"), "utf-8"),
        (BODY.replace(b"\xe9", b"").replace(b"\n", b"\r"), "utf-8"),
        (BODY.replace(b"\xe9", b"").replace(b"\n", b"\r\n", 1), "utf-8"),
        (BODY.replace(b"\xe9", b"").rstrip(), "utf-8"),
    ],
)
def test_all_but_the_edits_stays_byte_for_byte(data: bytes, encoding: str) -> None:
    result = fixed(data)
    assert result.source.data == re.sub(rb"\bf\(\)", b"await f()", data)
    assert result.source.data != data


def test_text_that_the_encoding_lacks_is_not_put_in() -> None:
    def edits(source: Source, call: ast.Call) -> list[Edit]:
        return [*add_await(source, call), insertion(source.span(call).end, "  # \u2014")]

    data = b"# coding: latin-1\nasync def g(): f()\n"
    assert fixed(data, finder(edits)).source.data == data


def test_a_file_whose_text_does_not_give_its_bytes_back_is_left_alone() -> None:
    # The escape sequence to where one is already: it is lost on the way.
    data = b"# coding: iso-2022-jp\nasync def g():\n    x = '\x1b$B$\"\x1b$B$\"\x1b(B'\n    f()\n"
    result = fixed(data)
    assert result.source.data == data
    assert len(result.remaining) == 1


def test_fixes_that_touch_take_turns() -> None:
    def edits(source: Source, call: ast.Call) -> list[Edit]:
        here = [] if "import a" in source.text else [insertion(Position(1, 0), "import a\n")]
        return [*here, *add_await(source, call)]

    text = "async def g():\n    f()\n    f()\n"
    assert text_after(text, finder(edits)) == "import a\n" + text.replace("f()", "await f()")


def test_the_first_of_two_that_overlap_wins_and_the_other_follows() -> None:
    def find(source: Source) -> list[Diagnostic]:
        calls = [node for node in ast.walk(source.tree) if isinstance(node, ast.Call) and _name(node) == "f"]
        return [_rename(source, source.span(call)) for call in reversed(calls)]

    result = fixed(b"f(f(1), f(2))\n", find)
    assert result.source.text == "g(g(1), g(2))\n"
    assert [each.span.start.column for each in result.applied] == [0, 2, 8]


def _rename(source: Source, span: Span) -> Diagnostic:
    remedy = Fix("Rename it", (Edit(span, "g" + source.slice(span)[1:]),), Applicability.SAFE)
    return Diagnostic("a.py", "ASL101", "n", "m", span, span.start.line, remedy)


def test_what_does_not_compile_is_taken_back_and_the_others_stay() -> None:
    text = "".join(f"{'async ' if number % 3 else ''}def g{number}(): f()\n" for number in range(10))
    result = fixed(text.encode())
    assert result.source.text == re.sub(r"(async def \w+\(\): )", r"\1await ", text)
    assert [each.span.start.line for each in result.remaining] == [1, 4, 7, 10]
    assert len(result.applied) == 6


def test_what_does_not_parse_is_taken_back() -> None:
    result = fixed(b"async def g(): f()\n", finder(lambda source, call: [insertion(Position(1, 0), "(")]))
    assert result.source.text == "async def g(): f()\n"
    assert len(result.remaining) == 1


def test_a_file_that_never_compiled_is_fixed_as_far_as_it_parses() -> None:
    assert text_after("return 1\nasync def g(): f()\n") == "return 1\nasync def g(): await f()\n"


def test_a_fix_that_loses_a_comment_is_taken_back() -> None:
    find = finder(lambda source, call: [Edit(source.span(call), "await f(1)")])
    text = "async def g():\n    f(1)\n    f(  # why\n        1)\n    '# why'\n"
    assert text_after(text, find) == text.replace("f(1)", "await f(1)")


def test_a_fix_that_leaves_its_finding_is_taken_back() -> None:
    text = "async def g(): f()\n"
    assert text_after(text, finder(lambda source, call: [insertion(source.span(call).end, ";")])) == text


def with_awaits_of_two(find: Callable[[Source], list[Diagnostic]], code: str) -> Callable[[Source], list[Diagnostic]]:
    """What `find` finds, and each `await` of something with a 2 in it as a finding of `code`."""

    def both(source: Source) -> list[Diagnostic]:
        awaits = (node for node in ast.walk(source.tree) if isinstance(node, ast.Await) and "2" in ast.unparse(node))
        return [*find(source), *(Diagnostic("a.py", code, "n", "m", source.span(node), 1) for node in awaits)]

    return both


def test_a_fix_that_brings_a_finding_is_taken_back() -> None:
    text = "async def g():\n    await f(2)\n    f(1)\n    f(2)\n    f(3)\n"
    result = fixed(text.encode(), with_awaits_of_two(finder(), "ASL401"))
    assert result.source.text == text.replace("    f(1)", "    await f(1)").replace("f(3)", "await f(3)")
    assert sorted(each.code for each in result.remaining) == ["ASL101", "ASL401"]


def test_a_fix_may_uncover_what_the_missing_await_hid() -> None:
    text = "async def g():\n    f(1)\n    f(2)\n"
    result = fixed(text.encode(), with_awaits_of_two(finder(), "ASL501"))
    assert result.source.text == text.replace("f(", "await f(")
    assert [each.code for each in result.remaining] == ["ASL501"]


def test_a_refused_fix_is_not_tried_again_where_others_moved_it() -> None:
    def edits(source: Source, call: ast.Call) -> list[Edit]:
        first = [] if "x = 1" in source.text else [insertion(Position(1, 0), "x = 1\n")]
        return [*first, *add_await(source, call)] if call.args else [insertion(source.span(call).start, "(")]

    text = "async def g():\n    f()\n    f(1)\n    f(2)\n"
    result = fixed(text.encode(), finder(edits))
    assert result.source.text == "x = 1\nasync def g():\n    f()\n    await f(1)\n    await f(2)\n"
    assert len(result.remaining) == 1


def test_fixes_that_never_end_are_stopped() -> None:
    def find(source: Source) -> list[Diagnostic]:
        """Another code for every text: none of them is ever left as it was."""
        here = Position(1, 0)
        remedy = Fix("Grow", (insertion(here, "x\n"),), Applicability.SAFE)
        left = 50 - len(source.lines)
        return [Diagnostic("a.py", "ASL101", "n", "m", Span(here, here), 1, remedy)] * left

    assert len(read_source("a.py", text_after("x\n", find).encode()).lines) == 1 + MAX_PASSES


def test_edits_keep_their_order_at_one_place() -> None:
    source = read_source("a.py", b"a\r\nb\r\n")
    here = Position(2, 0)
    edits = [insertion(Position(2, 1), ")"), insertion(here, "("), insertion(here, "-")]
    assert apply(source, [*edits, Edit(Span(Position(1, 0), Position(1, 1)), "")]) == "\r\n(-b)\r\n"
