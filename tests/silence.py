"""Which step of a rule was silent where a fixture expects a finding: its trigger, or its check."""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, NamedTuple
from unittest import mock

from async_lint import registry
from async_lint.context import Context, Facts
from async_lint.rule import Check, Finding, Rule, Trigger


class Step(NamedTuple):
    """One time that a rule did something in a file; the line is that of the node, or of the finding."""

    file: str
    code: str
    line: int


class Lines(NamedTuple):
    """An outermost function, or a statement outside functions: what triggers pick and checks go through."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"line {self.first}" if self.first == self.last else f"lines {self.first}-{self.last}"


class Silence:
    """What the rules did in a `run` over `texts`, by the file's name; it is repeated when the first is asked for."""

    def __init__(self, texts: Mapping[str, str], run: Callable[[], object]) -> None:
        self._texts = texts
        self._run = run
        self._picked: list[Step] = []
        self._visited: list[Step] = []
        self._found: list[Step] = []

    def why(self, file: str, line: int, code: str) -> str:
        """Return as a clause why a rule says nothing on a line."""
        rule = self._rules.get(code)
        if rule is None:
            return "no rule has that code"
        if not rule.triggers:
            return "the rule has no trigger, so its checks are never called"
        around = _around(ast.parse(self._texts[file]).body, line)
        if around is None:
            return "no statement stands there"

        def here(steps: list[Step]) -> list[int]:
            return sorted({each.line for each in steps if each[:2] == (file, code) and _holds(around, each.line)})

        if not here(self._picked):
            return f"the trigger was silent: it picked nothing in {around}"
        if not here(self._visited):
            types = ", ".join(sorted(f"cst.{each.__name__}" for each in rule.visit))
            return f"no check was called: a trigger picked {around}, where no {types} stands"
        found = here(self._found)
        if not found:
            return f"the check was silent: a trigger picked {around}, and the check yielded nothing there"
        if line in found:
            return "the check yielded it, and it was dropped later, as by `noqa`"
        where = ", ".join(map(str, found))
        return f"the check was silent: in {around}, which a trigger picked, it yielded only on line {where}"

    @cached_property
    def _rules(self) -> Mapping[str, Rule]:
        rules = registry.RULES
        with mock.patch.object(registry, "RULES", tuple(map(self._watched, rules))):
            self._run()
        return {rule.code: rule for rule in rules}

    def _watched(self, rule: Rule) -> Rule:
        triggers = {each: self._trigger(rule.code, trigger) for each, trigger in rule.triggers.items()}
        visit = {each: self._check(rule.code, check) for each, check in rule.visit.items()}
        return replace(rule, triggers=triggers, visit=visit)

    def _trigger(self, code: str, trigger: Trigger) -> Trigger:
        def watched(node: ast.AST, facts: Facts) -> bool:
            picks = trigger(node, facts)
            if picks:
                line = next((each.lineno for each in ast.walk(node) if hasattr(each, "lineno")), 0)
                self._picked.append(Step(self._name(facts.source.path), code, line))
            return picks

        return watched

    def _check(self, code: str, check: Check) -> Check:
        def watched(node: Any, context: Context) -> Iterator[Finding]:
            file = self._name(context.source.path)
            self._visited.append(Step(file, code, context.span(node).start.line))
            for finding in check(node, context):
                self._found.append(Step(file, code, finding.span.start.line))
                yield finding

        return watched

    def _name(self, path: str) -> str:
        ends = [name for name in self._texts if f"/{path}".replace("\\", "/").endswith(f"/{name}")]
        return max(ends, key=len, default=path)


def _around(statements: list[ast.stmt], line: int) -> Lines | None:
    for each in statements:
        first = min([each.lineno, *(one.lineno for one in getattr(each, "decorator_list", []))])
        lines = Lines(first, each.end_lineno or first)
        if _holds(lines, line):
            return (_around(each.body, line) if isinstance(each, ast.ClassDef) else None) or lines
    return None


def _holds(lines: Lines, line: int) -> bool:
    return lines.first <= line <= lines.last
