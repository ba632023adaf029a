"""One file to diagnostics: triggers over `ast`, then checks over libcst where one fired."""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.files.source import Source
from async_lint.files.suppression import noqa_ranges
from async_lint.inference.face import ModuleView, Unit
from async_lint.model import Diagnostic, OptionValue, Position
from async_lint.rule import Check, Finding, Rule, Trigger
from async_lint.rules.unreadable_file import RULE as UNREADABLE_FILE
from async_lint.rules.unreadable_file import unreadable
from async_lint.trees.bridge import Bridge
from async_lint.trees.tree import Slice, SliceError, parse_slice
from async_lint.trees.walk import walk

_TOO_DEEP = "the code is nested too deeply"


class CheckError(Exception):
    """A rule, or inference, failed on a file: a defect of async-lint, and the cause says where.

    `message` names the rule and the line. `diagnostics` are what the others found: the failure costs no more than
    that rule's findings in that file.
    """

    def __init__(self, message: str, diagnostics: list[Diagnostic]) -> None:
        super().__init__(message, diagnostics)
        self.message = message
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        return self.message


# Given the first and the last of some lines that are checked together: whether to check them.
Wanted = Callable[[int, int], bool]


def check(
    source: Source,
    rules: Sequence[Rule],
    settings: Mapping[str, OptionValue],
    target_version: tuple[int, int],
    view: ModuleView,
    wanted: Wanted | None = None,
) -> list[Diagnostic]:
    """Return what the rules find, sorted by place. Code that cannot be checked is a finding of ASL900, if selected.

    Lines that are not `wanted` are passed over. Raises CheckError after the whole file was looked at.
    """
    return _Check(source, rules, settings, target_version, view).run(wanted)


class _Check:
    """One file under check."""

    def __init__(
        self,
        source: Source,
        rules: Sequence[Rule],
        settings: Mapping[str, OptionValue],
        target_version: tuple[int, int],
        view: ModuleView,
    ) -> None:
        self._source = source
        self._rules = rules
        self._settings = settings
        self._target_version = target_version
        self._view = view
        self._facts = Facts(settings, target_version, source, view)
        self._triggers: dict[type[ast.AST], list[tuple[str, Trigger]]] = {}
        for rule in rules:
            for node_type, trigger in rule.triggers.items():
                self._triggers.setdefault(node_type, []).append((rule.code, trigger))
        # Names and constants make up most of a tree: they are walked only where a trigger waits for them.
        self._leaves = ast.Name in self._triggers or ast.Constant in self._triggers
        self._found: list[Diagnostic] = []
        self._crash: tuple[str, Exception] | None = None
        # Rules that failed in this file: they are not asked again.
        self._failed: set[str] = set()

    def run(self, wanted: Wanted | None) -> list[Diagnostic]:
        for units in self._runs_of_lines():
            if wanted is not None and not wanted(_first_line(units[0].node, self._source), _last_of(units)):
                continue
            fired: set[str] = set().union(*map(self._fired, units))
            if fired:
                self._check_lines(units, fired)
        diagnostics = sorted(dict.fromkeys(self._found), key=lambda diagnostic: (diagnostic.span, diagnostic.code))
        if self._crash is not None:
            message, error = self._crash
            raise CheckError(message, diagnostics) from error
        return diagnostics

    def _runs_of_lines(self) -> Iterator[list[Unit]]:
        """Yield the units; those that share a line come together."""
        units: list[Unit] = []
        for unit in self._units():
            # libcst is given whole lines: what shares one cannot be parsed apart.
            if units and _first_line(unit.node, self._source) > _last_line(units[-1].node):
                yield units
                units = []
            units.append(unit)
        if units:
            yield units

    def _units(self) -> Iterator[Unit]:
        try:
            yield from self._view.units()
        except RecursionError:
            self._unreadable(_TOO_DEEP, Position(1, 0))
        except Exception as error:
            self._crashed("inference", 1, error)

    def _fired(self, unit: Unit) -> set[str]:
        """Return the codes of the rules that could find something in a unit."""
        fired: set[str] = set()
        asked = ""
        facts, triggers, failed = self._facts, self._triggers, self._failed
        try:
            for node, frame in self._view.walk(unit, self._leaves):
                waiting = triggers.get(type(node))
                if waiting is None:
                    continue
                facts.frame = frame
                for code, trigger in waiting:
                    if code in fired or code in failed:
                        continue
                    asked = code
                    if trigger(node, facts):
                        fired.add(code)
                asked = ""
        except RecursionError:
            self._unreadable(_TOO_DEEP, self._source.span(unit.node).start)
            return set()
        except Exception as error:
            self._crashed(asked or "inference", unit.node.lineno, error)
            # The failed rule out of the way, the others get their turn.
            return self._fired(unit) if asked else fired
        return fired

    def _check_lines(self, units: list[Unit], fired: set[str]) -> None:
        first = _first_line(units[0].node, self._source)
        start = self._source.span(units[0].node).start
        try:
            last = _last_of(units)
            slice = parse_slice(self._source, first, last, start.column if start.line == first else 0)
            findings = self._findings(slice, units, [rule for rule in self._rules if rule.code in fired])
        except SliceError as error:
            self._unreadable(error.message, error.position)
        except RecursionError:
            self._unreadable(_TOO_DEEP, start)
        else:
            self._report(findings, first, last)

    def _findings(self, slice: Slice, units: list[Unit], rules: Sequence[Rule]) -> list[tuple[Rule, Finding]]:
        source, view = self._source, self._view
        context = Context(self._settings, self._target_version, source, slice, Bridge(source, slice, units, view), view)
        checks: dict[type[cst.CSTNode], list[tuple[Rule, Check]]] = {}
        for rule in rules:
            for node_type, rule_check in rule.visit.items():
                checks.setdefault(node_type, []).append((rule, rule_check))
        findings: list[tuple[Rule, Finding]] = []
        visit = self._visitor(checks, context, findings)
        for statement in slice.body:
            walk(statement, context.ancestors, checks, visit)
        return findings if slice.exact else [(rule, finding._replace(fix=None)) for rule, finding in findings]

    def _visitor(
        self,
        checks: Mapping[type[cst.CSTNode], list[tuple[Rule, Check]]],
        context: Context,
        findings: list[tuple[Rule, Finding]],
    ) -> Callable[[cst.CSTNode], None]:
        def visit(node: cst.CSTNode) -> None:
            context.node = node
            for rule, rule_check in checks[type(node)]:
                if rule.code in self._failed:
                    continue
                try:
                    findings.extend((rule, finding) for finding in rule_check(node, context))
                # No defect of the rule: whoever walks the tree reports that it is too deep.
                except RecursionError:
                    raise
                except Exception as error:
                    self._crashed(rule.code, context.span(node).start.line, error)

        return visit

    def _report(self, findings: list[tuple[Rule, Finding]], first: int, last: int) -> None:
        if not findings:
            return
        covered = _noqa_lines(self._source.lines[first - 1 : last])
        for rule, finding in findings:
            line = finding.span.start.line
            noqa_line = covered.get(line - first + 1, line - first + 1) + first - 1
            self._found.append(
                Diagnostic(
                    self._source.path, rule.code, rule.name, finding.message, finding.span, noqa_line, finding.fix
                )
            )

    def _unreadable(self, message: str, position: Position) -> None:
        if UNREADABLE_FILE in self._rules:
            self._found.append(unreadable(self._source.path, message, position))

    def _crashed(self, who: str, line: int, error: Exception) -> None:
        self._failed.add(who)
        if self._crash is None:
            message = f"{self._source.path}:{line}: internal error in {who}: {type(error).__name__}: {error}"
            self._crash = (message, error)


def _first_line(node: ast.stmt, source: Source) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    if not decorators:
        return node.lineno
    line = decorators[0].lineno
    # The `@` may stand on a line before its expression: `@(`.
    while line > 1 and not source.lines[line - 1].lstrip().startswith("@"):
        line -= 1
    return line


def _last_line(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _last_of(units: Sequence[Unit]) -> int:
    return max(_last_line(unit.node) for unit in units)


def _noqa_lines(lines: Sequence[str]) -> Mapping[int, int]:
    """Map the lines of a slice, counted from 1, to the line where a `noqa` for them may stand."""
    text = "".join(lines)
    # Nothing else joins lines, and tokens are dear.
    if '"""' in text or "'''" in text or "\\\n" in text or "\\\r" in text:
        return {line: last for line, (_, last) in noqa_ranges(lines).items()}
    return {}
