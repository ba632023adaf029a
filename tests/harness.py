"""Fixtures: small programs whose comments say what async-lint finds in them.

`tests/fixtures/<rule-name>/` holds a rule's cases. `name.py` is a program of one file, a folder `name/` one of several
modules. A comment at the end of a line names the rules that report that line, with a part of the message if it
matters; no other line is reported by any rule that the case names, or by its own:

    save()  # expect: ASL101
    save()  # expect: ASL101 "is a coroutine function" ASL102

`name.fixed.py` beside `name.py` (in a folder, too) is what `--fix` makes of it, with comments for what is left. Lines
that begin a file may set the case up:

    # config: default-timeout = 5       a line of the settings, in TOML
    # fixes: unsafe                     the fixes are those of --unsafe-fixes
    # python: 3.11                      the interpreter must be as new to parse it
"""

import io
import re
import sys
import tempfile
import tokenize
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from async_lint.engine import run
from async_lint.file_run import Request
from async_lint.files.ports import Disk
from async_lint.files.source import read_source
from async_lint.model import Applicability, Diagnostic, Edit
from async_lint.projects import Projects
from async_lint.registry import RULES
from async_lint.rule import Rule
from tests.silence import Silence

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "tests" / "fixtures"
FIXED = ".fixed.py"

_EXPECT = re.compile(r"[ \t]*# expect: ([^\r\n]*)")
_EXPECTED = re.compile(r'(ASL\d{3})(?:\s+"([^"]*)")?')
_HEADER = re.compile(r"# (config|fixes|python): (.*)")


class Expectation(NamedTuple):
    """One finding of `code` on `line` of a file; its message contains `message`."""

    file: str
    line: int
    code: str
    message: str


class Outcome(NamedTuple):
    """What a run said, and the texts it left. The paths of diagnostics are names of `texts`."""

    diagnostics: list[Diagnostic]
    applied: list[Diagnostic]
    texts: dict[str, str]


@dataclass(frozen=True)
class Case:
    """One program under `tests/fixtures/<rule-name>/`. Texts are by the file's name in the program."""

    rule: str
    path: Path

    @property
    def id(self) -> str:
        return f"{self.rule}/{self.path.name}"

    @cached_property
    def files(self) -> dict[str, Path]:
        if self.path.is_file():
            return {self.path.name: self.path}
        found = (each for each in sorted(self.path.rglob("*")) if each.is_file() and "__pycache__" not in each.parts)
        return {each.relative_to(self.path).as_posix(): each for each in found if not each.name.endswith(FIXED)}

    @cached_property
    def texts(self) -> dict[str, str]:
        """The program, without what is expected of it."""
        return {name: without_expectations(_text(path)) for name, path in self.files.items()}

    @cached_property
    def expected(self) -> list[Expectation]:
        return [each for name, path in self.files.items() for each in expectations(name, _text(path))]

    @cached_property
    def fixed(self) -> dict[str, Path]:
        """The files that say what the fixes make of a file."""
        beside = {name: path.with_name(path.stem + FIXED) for name, path in self.files.items() if path.suffix == ".py"}
        return {name: path for name, path in beside.items() if path.exists()}

    @property
    def fixed_texts(self) -> dict[str, str]:
        fixed = {name: without_expectations(_text(path)) for name, path in self.fixed.items()}
        return {**self.texts, **fixed}

    @property
    def expected_after(self) -> list[Expectation]:
        """What is found in the files after the fixes."""
        fixed = [each for name, path in self.fixed.items() for each in expectations(name, _text(path))]
        return [each for each in self.expected if each.file not in self.fixed] + fixed

    @cached_property
    def codes(self) -> list[str]:
        own = [rule.code for rule in RULES if rule.name == self.rule]
        return sorted({*own, *(each.code for each in self.expected)})

    @cached_property
    def settings(self) -> str:
        return "\n".join(self._header("config"))

    @property
    def unsafe(self) -> bool:
        return "unsafe" in self._header("fixes")

    @property
    def too_new(self) -> bool:
        """Whether this interpreter is too old to parse the program."""
        needed = [tuple(map(int, version.split("."))) for version in self._header("python")]
        return any(version > sys.version_info for version in needed)

    def _header(self, word: str) -> list[str]:
        found = []
        for text in self.texts.values():
            for line in text.splitlines():
                match = _HEADER.fullmatch(line)
                if match is None:
                    break
                if match[1] == word:
                    found.append(match[2].strip())
        return found

    @property
    def outcome(self) -> Outcome:
        return self.found_in(self.texts)

    def found_in(self, texts: Mapping[str, str]) -> Outcome:
        """What a run over the program, or what was made of it, says: one for all who ask in this process."""
        key = tuple(texts.items())
        if key not in self._outcomes:
            self._outcomes[key] = self.run(texts)
        return self._outcomes[key]

    @cached_property
    def _outcomes(self) -> dict[tuple[tuple[str, str], ...], Outcome]:
        return {}

    def run(self, texts: Mapping[str, str] | None = None, fix: bool = False, unsafe: bool | None = None) -> Outcome:
        """Run the tool over the program, or over `texts` in its place, with the rules and settings of the case."""
        unsafe = self.unsafe if unsafe is None else unsafe
        return lint(self.texts if texts is None else texts, self.codes, self.settings, fix=fix, unsafe=unsafe)

    def put(self, folder: Path) -> None:
        """Write the program into a folder."""
        for name, text in self.texts.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(_bytes(text))

    def wrong(self, found: Sequence[Diagnostic] | None = None) -> list[str]:
        """Return a line for each difference between what a run `found` and what is expected, with its reason."""
        found = self.outcome.diagnostics if found is None else found
        return differences(self.expected, found, Silence(self.texts, self.run))


@cache
def cases() -> list[Case]:
    found = []
    for folder in sorted(each for each in FIXTURES.iterdir() if each.is_dir()):
        for path in sorted(folder.iterdir()):
            if path.name != "__pycache__" and (path.is_dir() or (path.suffix == ".py" and FIXED not in path.name)):
                found.append(Case(folder.name, path))
    return found


def cases_of(rule: Rule) -> list[Case]:
    return [case for case in cases() if case.rule == rule.name]


def shortest(rule: Rule, number: int) -> list[Case]:
    """Return the shortest programs in which the rule finds something, whatever else is selected."""
    able = [
        case
        for case in cases()
        if not case.too_new
        and rule.code in {each.code for each in case.expected}
        and (not case.settings or case.settings.startswith("extend-select"))
    ]
    return sorted(able, key=lambda case: len("".join(case.texts.values())))[:number]


def lacking(rules: Iterable[Rule], root: Path = ROOT) -> list[str]:
    """Return a line for each page or folder of fixtures that a rule lacks, or that belongs to no rule."""
    rules = list(rules)
    fixtures, pages = root / "tests" / "fixtures", root / "docs" / "rules"
    report = []
    for rule in rules:
        if not any((fixtures / rule.name).glob("*")):
            report.append(f"{rule.code} {rule.name}: no case in the folder tests/fixtures/{rule.name}/")
        if not (pages / f"{rule.name}.md").is_file():
            report.append(f"{rule.code} {rule.name}: no page docs/rules/{rule.name}.md")
    names = {rule.name for rule in rules}
    report += [
        f"{each.relative_to(root).as_posix()}: of no rule"
        for each in sorted(pages.glob("*.md"))
        if each.stem not in names
    ]
    folders = (each for each in sorted(fixtures.iterdir()) if each.is_dir() and each.name not in names)
    return report + [f"{each.relative_to(root).as_posix()}/: of no rule" for each in folders]


def lint(
    texts: Mapping[str, str], codes: Sequence[str], settings: str = "", fix: bool = False, unsafe: bool = False
) -> Outcome:
    """Run the tool over a project made of `texts`, by relative path, with the rules `codes` and TOML `settings`."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        for name, text in texts.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(_bytes(text))
        (root / "async-lint.toml").write_text(f"select = {list(codes)}\n{settings}\n", "utf-8")
        disk = Disk()
        report = run(Request([str(root)], fix=fix, unsafe=unsafe, write=fix), Projects(disk), disk)
        assert not report.errors, "\n".join(report.errors)
        return Outcome(
            [_relative(each, root) for each in report.diagnostics],
            [_relative(each, root) for each in report.applied],
            {name: _text(root / name) for name in texts},
        )


def expectations(file: str, text: str) -> list[Expectation]:
    """Return what the comments of a text expect."""
    found = []
    for number, line in enumerate(_lines(text), 1):
        match = _EXPECT.search(line)
        if match is not None:
            entries = _EXPECTED.findall(match[1])
            assert entries, f"{file}:{number}: no code in `{match[0].strip()}`"
            found += [Expectation(file, number, code, message) for code, message in entries]
    return found


def without_expectations(text: str) -> str:
    return "".join(_EXPECT.sub("", line) for line in _lines(text))


def differences(
    expected: Sequence[Expectation], found: Sequence[Diagnostic], silence: Silence | None = None
) -> list[str]:
    """Return a line for each finding that is missing, not expected, or has another message.

    With `silence`, a line for one that is missing says which step of the rule was silent.
    """
    left = list(found)
    report = []
    for each in expected:
        here = [one for one in left if (one.path, one.span.start.line, one.code) == (each.file, each.line, each.code)]
        match = next((one for one in here if each.message in one.message), None)
        if match is not None:
            left.remove(match)
        else:
            why = f" ({silence.why(each.file, each.line, each.code)})" if silence is not None else ""
            said = f' "{each.message}", but {[one.message for one in here]}' if here else why
            report.append(f"{each.file}:{each.line}: missing {each.code}{said}")
    report += [f"{one.path}:{one.span.start.line}: not expected: {one.code} {one.message}" for one in left]
    return report


def edited(text: str, edits: Sequence[Edit]) -> str:
    """Return `text` with the edits of one fix applied."""
    source = read_source("edited", _bytes(text))
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        start, end = source.offset(edit.span.start), source.offset(edit.span.end)
        text = text[:start] + edit.content + text[end:]
    return text


def is_applicable(diagnostic: Diagnostic) -> bool:
    """Whether the finding has a fix that a flag applies."""
    return diagnostic.fix is not None and diagnostic.fix.applicability is not Applicability.DISPLAY


@cache
def comments(text: str) -> list[str]:
    """Return the comments of a program, sorted."""
    tokens = tokenize.generate_tokens(io.StringIO(text, newline="").readline)
    return sorted(token.string for token in tokens if token.type == tokenize.COMMENT)


def _relative(diagnostic: Diagnostic, root: Path) -> Diagnostic:
    return replace(diagnostic, path=Path(diagnostic.path).relative_to(root).as_posix())


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)


# Fixtures may hold bytes that no encoding explains: they pass through a text unchanged.
def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "surrogateescape")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
