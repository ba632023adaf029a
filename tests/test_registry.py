"""How rules are found, selected and configured, on rules made for the purpose."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from async_lint import registry
from async_lint.config import Config
from async_lint.config_error import ConfigError
from async_lint.model import Applicability
from async_lint.rule import Option, Rule
from async_lint.rules.unreadable_file import RULE as UNREADABLE_FILE

SCOPE = Option("raise-scope", str, "all", "where", choices=("all", "async"))
RULES = (
    Rule("ASL101", "floating-coroutine", "one"),
    Rule("ASL102", "unused-coroutine", "two"),
    Rule("ASL203", "unbounded-fan-out", "three", default=False),
    Rule("ASL401", "raise-without-cause", "four", options=(SCOPE, Option("names", tuple, ("Exit",), "which"))),
    Rule("ASL402", "verbose-reraise", "five", options=(SCOPE, Option("seconds", float, None, "how long"))),
    UNREADABLE_FILE,
)
ON = ["ASL101", "ASL102", "ASL401", "ASL402", "ASL900"]


@pytest.fixture(autouse=True)
def _rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "RULES", RULES)
    monkeypatch.setattr(registry, "OPTIONS", {each.key: each for rule in RULES for each in rule.options})


def config(**keys: object) -> Config:
    return Config(Path("/project"), Path("/project/pyproject.toml"), **keys)  # type: ignore[arg-type]


def codes(**keys: object) -> list[str]:
    return [rule.code for rule in registry.selected(config(**keys))]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({}, ON),
        ({"select": ("ASL1",)}, ["ASL101", "ASL102", "ASL900"]),
        ({"select": ("ASL10",)}, ["ASL101", "ASL102", "ASL900"]),
        ({"select": ("verbose-reraise",)}, ["ASL402", "ASL900"]),
        ({"select": ("asl402",)}, ["ASL402", "ASL900"]),
        ({"select": ()}, ["ASL900"]),
        ({"ignore": ("ASL1",)}, ["ASL401", "ASL402", "ASL900"]),
        ({"extend_ignore": ("raise-without-cause",)}, ["ASL101", "ASL102", "ASL402", "ASL900"]),
        # The narrower selector decides.
        ({"ignore": ("ASL1",), "extend_select": ("ASL101",)}, ["ASL101", "ASL401", "ASL402", "ASL900"]),
        ({"select": ("ASL1",), "ignore": ("ASL101",)}, ["ASL102", "ASL900"]),
        ({"select": ("ASL101",), "ignore": ("ASL101",)}, ["ASL900"]),
        # Off by default: only when it is named more narrowly than `ASL`.
        ({"select": ("ASL",)}, ON),
        ({"extend_select": ("ASL2",)}, ["ASL101", "ASL102", "ASL203", "ASL401", "ASL402", "ASL900"]),
        ({"select": ("ALL",)}, ["ASL101", "ASL102", "ASL203", "ASL401", "ASL402", "ASL900"]),
        # A file that could not be checked is no clean file, unless somebody says so.
        ({"ignore": ("ASL900",)}, ON[:-1]),
    ],
)
def test_selection(keys: dict[str, tuple[str, ...]], expected: list[str]) -> None:
    assert codes(**keys) == expected


@pytest.mark.parametrize("key", ["select", "extend_select", "ignore", "extend_ignore"])
def test_a_selector_that_fits_no_rule(key: str) -> None:
    with pytest.raises(ConfigError) as raised:
        codes(**{key: ("floating-corutine",)})
    expected = f"`{key.replace('_', '-')}` names no rule: `floating-corutine`; did you mean `floating-coroutine`?"
    assert str(raised.value) == f"/project/pyproject.toml: {expected}"


@pytest.mark.parametrize("selector", ["", "A", "ASL6", "ASL1011", "E501"])
def test_what_is_no_selector(selector: str) -> None:
    with pytest.raises(ConfigError):
        registry.canonical([selector], "--select")


def test_per_file_ignores_become_codes() -> None:
    found = registry.ignores(config(per_file_ignores=(("tests/*", ("ASL4", "unused-coroutine")), ("a.py", ("ALL",)))))
    assert found[0] == ("tests/*", frozenset({"ASL102", "ASL401", "ASL402"}))
    assert found[1] == ("a.py", frozenset(rule.code for rule in RULES))


@pytest.mark.parametrize(
    ("safe", "unsafe", "expected"),
    [
        ((), (), {}),
        (("ASL101",), (), {"ASL101": Applicability.SAFE}),
        ((), ("verbose-reraise",), {"ASL402": Applicability.UNSAFE}),
        (("ASL4",), ("ASL401",), {"ASL401": Applicability.UNSAFE, "ASL402": Applicability.SAFE}),
        (("ASL401",), ("ASL4",), {"ASL401": Applicability.SAFE, "ASL402": Applicability.UNSAFE}),
        (("ASL101",), ("ASL101",), {"ASL101": Applicability.UNSAFE}),
    ],
)
def test_how_safe_fixes_are(safe: tuple[str, ...], unsafe: tuple[str, ...], expected: dict[str, Applicability]) -> None:
    assert registry.fix_safety(config(extend_safe_fixes=safe, extend_unsafe_fixes=unsafe)) == expected


def test_fixes_of_a_rule_that_is_not_known() -> None:
    with pytest.raises(ConfigError, match="`extend-safe-fixes` names no rule: `ASL7`"):
        registry.fix_safety(config(extend_safe_fixes=("ASL7",)))


def test_options_have_defaults() -> None:
    assert registry.options(config()) == {"raise-scope": "all", "names": ("Exit",), "seconds": None}


def test_options_are_read() -> None:
    given = {"raise-scope": "async", "names": ["A", "B"], "seconds": 3}
    assert registry.options(config(options=given)) == {"raise-scope": "async", "names": ("A", "B"), "seconds": 3.0}


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("raise-scop", "all", "unknown key `raise-scop`; did you mean `raise-scope`?"),
        ("selct", [], "unknown key `selct`; did you mean `select`?"),
        ("qqq", 1, "unknown key `qqq`"),
        ("raise-scope", 1, "`raise-scope` must be a string, not an integer"),
        ("raise-scope", "some", '`raise-scope` must be one of "all", "async", not "some"'),
        ("names", "A", "`names` must be an array of strings, not a string"),
        ("names", [1], "`names` must be an array of strings"),
        ("seconds", True, "`seconds` must be a number, not a boolean"),
    ],
)
def test_an_option_that_cannot_be_used(key: str, value: object, sentence: str) -> None:
    with pytest.raises(ConfigError) as raised:
        registry.options(config(options={key: value}))
    assert str(raised.value).startswith(f"/project/pyproject.toml: {sentence}")


def test_rules_by_code_or_name() -> None:
    assert registry.by_code_or_name("asl401") is RULES[3]
    assert registry.by_code_or_name("Raise-Without-Cause") is RULES[3]
    assert registry.by_code_or_name("ASL4") is None


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.syspath_prepend(str(tmp_path))
    folder = tmp_path / "made_rules"
    folder.mkdir()
    (folder / "__init__.py").touch()
    yield folder
    for name in [name for name in sys.modules if name.startswith("made_rules")]:
        del sys.modules[name]


def rule(folder: Path, file: str, code: str, name: str, extra: str = "") -> None:
    text = f"from async_lint.rule import Option, Rule\nRULE = Rule('{code}', '{name}', 'summary'{extra})\n"
    (folder / f"{file}.py").write_text(text)


def made() -> ModuleType:
    importlib.invalidate_caches()
    return importlib.import_module("made_rules")


def test_every_module_is_a_rule_unless_it_is_private(package: Path) -> None:
    rule(package, "b_rule", "ASL101", "b-rule")
    rule(package, "a_rule", "ASL102", "a-rule")
    (package / "_shared.py").touch()
    assert [each.code for each in registry.find(made())] == ["ASL101", "ASL102"]


def test_a_module_without_a_rule(package: Path) -> None:
    (package / "empty.py").touch()
    with pytest.raises(TypeError, match="exactly one Rule"):
        registry.find(made())


def test_a_module_with_two_rules(package: Path) -> None:
    rule(package, "double", "ASL101", "double")
    with (package / "double.py").open("a") as file:
        file.write("OTHER = Rule('ASL102', 'other', 'summary')\n")
    with pytest.raises(TypeError, match="exactly one Rule"):
        registry.find(made())


def test_a_file_that_is_not_named_as_its_rule(package: Path) -> None:
    rule(package, "one", "ASL101", "two")
    with pytest.raises(ValueError, match=r"the rule is named two, so its file is not one\.py"):
        registry.find(made())


def test_a_code_that_is_taken(package: Path) -> None:
    rule(package, "one", "ASL101", "one")
    rule(package, "two", "ASL101", "two")
    with pytest.raises(ValueError, match="two rules have the code ASL101"):
        registry.find(made())


def test_an_option_that_means_two_things(package: Path) -> None:
    rule(package, "one", "ASL101", "one", ", options=(Option('x', int, 1, 'help'),)")
    rule(package, "two", "ASL102", "two", ", options=(Option('x', int, 2, 'help'),)")
    with pytest.raises(ValueError, match="the option x means something else already"):
        registry.find(made())


def test_an_option_may_not_hide_a_key_of_the_settings(package: Path) -> None:
    rule(package, "one", "ASL101", "one", ", options=(Option('select', int, 1, 'help'),)")
    with pytest.raises(ValueError, match="the option select means something else already"):
        registry.find(made())


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), 10**400, 1 << 60_000], ids=["nan", "inf", "large", "huge"]
)
def test_a_number_is_finite(value: object) -> None:
    with pytest.raises(ConfigError, match="`seconds` must be a finite number, not "):
        registry.options(config(options={"seconds": value}))


@pytest.mark.parametrize("value", [0, -5, -0.5])
def test_a_number_may_have_to_be_above_another(monkeypatch: pytest.MonkeyPatch, value: object) -> None:
    monkeypatch.setattr(registry, "OPTIONS", {"seconds": Option("seconds", float, None, "how long", above=0)})
    assert registry.options(config(options={"seconds": 1})) == {"seconds": 1.0}
    with pytest.raises(ConfigError, match=f"`seconds` must be a finite number above 0, not {value}"):
        registry.options(config(options={"seconds": value}))


def test_an_array_has_no_empty_string_in_it() -> None:
    with pytest.raises(ConfigError, match="`names` has an empty string in it"):
        registry.options(config(options={"names": ["A", ""]}))


def test_all_ignored_leaves_what_is_named() -> None:
    assert codes(ignore=("ALL",)) == []
    assert codes(select=("ALL",), ignore=("ALL",)) == []
    assert codes(extend_select=("ASL401",), ignore=("all",)) == ["ASL401"]
    assert codes(extend_select=("ASL203",)) == sorted([*ON, "ASL203"])
