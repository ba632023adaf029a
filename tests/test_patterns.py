"""Patterns of .gitignore's language: the wrong ones are told apart, and none takes long."""

import time
from pathlib import Path

import pytest
from pathspec import GitIgnoreSpec

from async_lint.files.patterns import Patterns, fault

ROOT = Path("/project")
RIGHT = ("gen", "/gen", "gen/", "tests/*", "**/old/**", "*.py[cod]", "[!a]b", "[]a]", "[a-]", "a\\[b", "!kept", "\\#x")


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("[z-a].py", "has the range `z-a`, which runs backwards; write `a-z`"),
        ("[", "has a `[` without its `]`"),
        ("[!]", "has a `[` without its `]`"),
        ("a[b/c]", "has a `[` without its `]`"),
        ("", "names nothing"),
        ("  ", "names nothing"),
        ("!", "names nothing"),
        ("/", "names nothing"),
        ("# gen", "is a comment"),
        ("./gen", "write `/gen`"),
        ("../gen", "is compared with names below the root"),
        ("gen\\", "ends with a lone backslash"),
    ],
)
def test_a_pattern_that_can_match_nothing(pattern: str, reason: str) -> None:
    assert reason in fault(pattern)


@pytest.mark.parametrize("pattern", RIGHT)
def test_a_pattern_that_is_right(pattern: str) -> None:
    assert fault(pattern) == ""


def test_a_wrong_pattern_matches_nothing_and_the_others_count() -> None:
    patterns = Patterns(ROOT, ["[z-a].py", "[", "\\", "!", "gen"])
    assert not patterns.match(ROOT / "a.py")
    assert not patterns.match(ROOT / "[")
    assert patterns.match(ROOT / "gen" / "a.py")


PATHS = ("a", "b", "ab", "aab", "a/b", "a/ab/b", "b/a/a/b", "a/b/a/b/ab", "aaaa/b", "a/b/b/b/a", "gen/x.py", "x/gen/y")
SHAPES = (
    "a", "/a", "a/", "a*b", "*a*b*", "?b", "a/**/b", "**/a/**/b", "a/**", "**/", "**", "a/*/b", "**/a*/**/*b/**/a*b",
    "!a", "!**/b", "[ab]*[ab]", "a**b", "*/*", "a*/b", "gen", "*a?*b",
)  # fmt: skip


@pytest.mark.parametrize("pattern", SHAPES)
@pytest.mark.parametrize("is_dir", [False, True])
def test_they_match_what_pathspec_matches(pattern: str, is_dir: bool) -> None:
    patterns, spec = Patterns(ROOT, ["*b", pattern]), GitIgnoreSpec.from_lines(["*b", pattern])
    for path in PATHS:
        assert patterns.decides(ROOT / path, is_dir) == spec.check_file(path + "/" * is_dir).include, path


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 20 + "*b", "a" * 250 + ".py"),
        ("a/**/" * 12 + "b", "a/" * 200 + "c.py"),
        ("**/a*a*a*/" * 9 + "b", "aa/" * 99),
    ],
)
def test_many_wildcards_take_no_longer_than_few(pattern: str, path: str) -> None:
    start = time.process_time()
    assert not Patterns(ROOT, [pattern]).match(ROOT / path)
    assert time.process_time() - start < 1


def test_no_warning_of_what_python_may_make_of_a_set_some_day() -> None:
    # Warnings are errors in these tests.
    assert Patterns(ROOT, ["[a&&b]x"]).match(ROOT / "&x")
