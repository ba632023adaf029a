"""One file to diagnostics: what is looked at, what is left alone, and what happens when something goes wrong."""

import ast
import pickle
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import libcst as cst
import pytest

from async_lint.check import CheckError, check
from async_lint.context import Context, Facts
from async_lint.files.source import Source, read_source
from async_lint.inference.types.answer import Kind
from async_lint.inference.types.scope import Unit
from async_lint.inference.types.values import Frame
from async_lint.model import Applicability, Diagnostic, Fix, Position, Severity, Span
from async_lint.rule import Finding, Rule
from async_lint.rules.unreadable_file import RULE as UNREADABLE_FILE
from async_lint.trees.nesting import MAX_DEPTH
from async_lint.trees.tree import Slice, parse_slice
from tests.stub_view import StubView


def is_coroutine(node: ast.Expr, facts: Facts) -> bool:
    return isinstance(node.value, ast.Call) and facts.kind_of(node.value).awaitable


def floating(node: cst.Expr, context: Context) -> Iterator[Finding]:
    if isinstance(node.value, cst.Call) and context.kind_of(node.value).awaitable:
        place = context.span(node.value)
        edit = context.insert(context.outer_span(node.value).start, "await ")
        fix = Fix("Await it", (edit,), Applicability.SAFE)
        yield Finding(place, f"{context.code(node.value.func)} is dropped", fix)


def rule(code: str, triggers: dict[Any, Any], visit: dict[Any, Any]) -> Rule:
    return Rule(code, f"name-of-{code}", "says something", triggers=triggers, visit=visit)


FLOATING = rule("ASL101", {ast.Expr: is_coroutine}, {cst.Expr: floating})
EVERY_NAME = rule(
    "ASL199",
    {ast.Name: lambda node, facts: True},
    {cst.Name: lambda node, context: iter([Finding(context.span(node), node.value)])},
)
KINDS = {"f": Kind.COROUTINE}


def run(text: str, rules: Sequence[Rule] = (FLOATING,), view: StubView | None = None) -> list[Diagnostic]:
    source = read_source("a.py", text.encode())
    return check(source, rules, {}, (3, 11), view or StubView(source.tree, KINDS))


def lines(found: Sequence[Diagnostic]) -> list[int]:
    return [each.span.start.line for each in found]


def test_a_finding_says_where_and_what() -> None:
    (found,) = run("class A:\n    def g(self):\n        é = 1; f()\n")
    assert found == Diagnostic(
        path="a.py",
        code="ASL101",
        name="name-of-ASL101",
        message="f is dropped",
        span=Span(Position(3, 15), Position(3, 18)),
        noqa_line=3,
        fix=found.fix,
        severity=Severity.WARNING,
    )
    assert found.fix is not None
    assert found.fix.edits[0].span.start == Position(3, 15)


def test_findings_stand_in_the_order_of_the_file() -> None:
    found = run("f()\ndef g():\n    f(); h()\n    (f)(f())\nclass A:\n    f()\n", [EVERY_NAME, FLOATING])
    assert len(found) > 10
    assert [each.span for each in found] == sorted(each.span for each in found)
    assert [each.span.start.line for each in found if each.code == "ASL101"] == [1, 3, 4, 6]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f(); f(); x = f()\n", [1, 1]),  # three units on one line
        ("class A: f(); x = f()\n", [1]),
        ("x = '''\n'''; f()\n", [2]),
        ("x = '''\n'''; f(); y = '''\n'''; f()\n", [2, 3]),
        ("@f\n@(\n  f)\nasync def g(): f()\n", [4]),
        ("if x: f()\nelse: f()\n", [1, 2]),
        ("\x0cdef g():\n    f()\n\x0c    f()\n", [2, 3]),
        ("def g():\r    f()\r", [2]),
        ("", []),
    ],
)
def test_every_statement_is_looked_at_once(text: str, expected: list[int]) -> None:
    assert lines(run(text)) == expected


def test_only_code_whose_trigger_fired_becomes_a_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[tuple[int, int]] = []

    def parse(source: Source, first_line: int, last_line: int, column: int = 0) -> Slice:
        parsed.append((first_line, last_line))
        return parse_slice(source, first_line, last_line, column)

    monkeypatch.setattr("async_lint.check.parse_slice", parse)
    run("def g():\n    x = f()\n\nclass A:\n    @d\n    def h(self):\n        f()\n    y = f()\nz = f()\n")
    assert parsed == [(5, 7)]


def test_rules_visit_only_where_their_own_trigger_fired() -> None:
    visit = {cst.Return: lambda node, context: iter([Finding(context.span(node), "says")])}
    rules = [rule(f"ASL-{kind.__name__}", {kind: lambda node, facts: True}, visit) for kind in (ast.Call, ast.Await)]
    found = run("def g():\n    return f()\nasync def h():\n    return await x\n", rules)
    assert [(each.code, each.span.start.line) for each in found] == [(rules[0].code, 2), (rules[1].code, 4)]


def test_the_line_of_a_noqa_comment_is_the_last_that_it_covers() -> None:
    found = run("def g():\n    f('''\n\n''')\n    f(\n        1)\n    f(1, \\\n        2)\n    f()\n")
    assert [(each.span.start.line, each.noqa_line) for each in found] == [(2, 4), (5, 5), (7, 8), (9, 9)]


DEEP = "-" * (MAX_DEPTH + 1) + "1"


def test_code_that_is_too_deep_is_a_finding_and_the_rest_is_checked() -> None:
    found = run(f"f()\n\ndef g():\n    f({DEEP})\ndef h():\n    f()\n", [FLOATING, UNREADABLE_FILE])
    assert [(each.code, each.span.start.line, each.severity) for each in found] == [
        ("ASL101", 1, Severity.WARNING),
        ("ASL900", 3, Severity.ERROR),
        ("ASL101", 6, Severity.WARNING),
    ]
    assert found[1].message == "the code is nested too deeply"
    assert lines(run(f"f({DEEP})\n")) == []


def test_recursion_is_a_finding_and_the_rest_is_checked() -> None:
    class Deep(StubView):
        def walk(self, unit: Unit, leaves: bool = True) -> Iterator[tuple[ast.AST, Frame]]:
            if unit.node.lineno == 2:
                raise RecursionError
            return super().walk(unit, leaves)

    text = "f()\nf()\nf()\n"
    found = run(text, [FLOATING, UNREADABLE_FILE], Deep(ast.parse(text), KINDS))
    assert [(each.code, each.span.start.line) for each in found] == [("ASL101", 1), ("ASL900", 2), ("ASL101", 3)]


def test_fixes_are_left_out_where_the_tree_is_not_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    always = rule("ASL197", {ast.Expr: lambda node, facts: True}, {cst.Expr: with_fix})
    assert run("f()\n", [always])[0].fix is not None
    monkeypatch.setattr("async_lint.trees.tree.Slice.exact", False)
    assert run("f()\n", [always])[0].fix is None


def with_fix(node: cst.Expr, context: Context) -> Iterator[Finding]:
    edit = context.insert(context.span(node).start, "x")
    yield Finding(context.span(node), "says", Fix("Do it", (edit,), Applicability.SAFE))


def broken_trigger(node: ast.AST, facts: Facts) -> bool:
    raise ValueError("no trigger")


def broken_check(node: cst.CSTNode, context: Context) -> Iterator[Finding]:
    yield Finding(context.span(node), "before it broke")
    raise ValueError("no check")


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (rule("ASL666", {ast.Name: broken_trigger}, {}), "a.py:1: internal error in ASL666: ValueError: no trigger"),
        (
            rule("ASL666", dict(EVERY_NAME.triggers), {cst.Call: broken_check}),
            "a.py:2: internal error in ASL666: ValueError: no check",
        ),
    ],
)
def test_a_rule_that_fails_costs_its_own_findings_alone(broken: Rule, message: str) -> None:
    with pytest.raises(CheckError) as caught:
        run("def g():\n    f()\n    f()\nf()\n", [broken, FLOATING])
    error = pickle.loads(pickle.dumps(caught.value))
    assert str(error) == message
    assert lines([each for each in error.diagnostics if each.code == "ASL101"]) == [2, 3, 4]
    assert isinstance(caught.value.__cause__, ValueError)


def failing(place: str) -> Callable[..., Any]:
    def fail(*arguments: object) -> Any:
        raise KeyError(place)

    return fail


@pytest.mark.parametrize("place", ["walk", "units"])
def test_inference_that_fails_is_named(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StubView, place, failing(place))
    with pytest.raises(CheckError, match=r"a\.py:1: internal error in inference: KeyError"):
        run("f()\n")
