"""What the tool says about itself: its rules, a rule's page, the settings in force."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from async_lint.config import Config
from async_lint.model import FixAvailability, OptionValue, RuleInfo
from async_lint.reporters.text import escape

_FIX = {FixAvailability.NONE: "-", FixAvailability.SOMETIMES: "sometimes", FixAvailability.ALWAYS: "always"}


def rules_table(rules: Sequence[RuleInfo]) -> str:
    """Return a line for each rule: its code, name, whether it is on by default, whether it has a fix, its summary."""
    rows = [("code", "name", "default", "fix", "summary")]
    rows += [(rule.code, rule.name, "on" if rule.default else "off", _FIX[rule.fix], rule.summary) for rule in rules]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "".join(
        "  ".join([*(cell.ljust(size) for cell, size in zip(row, widths, strict=False)), row[4]]) + "\n" for row in rows
    )


def rules_json(rules: Sequence[RuleInfo]) -> str:
    """Return the rules as a JSON list of objects."""
    objects = [
        {
            "code": rule.code,
            "name": rule.name,
            "summary": rule.summary,
            "default": rule.default,
            "fix": rule.fix.value,
        }
        for rule in rules
    ]
    return json.dumps(objects, indent=2) + "\n"


def settings(config: Config, codes: Iterable[str], options: Mapping[str, OptionValue], packages: Sequence[Path]) -> str:
    """Return a project's settings as they are in force, written as TOML."""
    lines = [
        f"# project {escape(str(config.root))}",
        f"# settings from {escape(str(config.file or 'nowhere: these are the defaults'))}",
        f"# packages from {escape(', '.join(map(str, packages))) or 'nowhere: no environment was found'}",
    ]
    values: list[tuple[str, object]] = [
        ("select", sorted(codes)),
        ("exclude", [*config.exclude, *config.extend_exclude]),
        ("per-file-ignores", {pattern: list(ignored) for pattern, ignored in config.per_file_ignores}),
        ("severity", {selector: severity.value for selector, severity in config.severity}),
        ("src", list(config.src)),
        ("target-version", ".".join(map(str, config.target_version))),
        ("baseline", str(config.baseline) if config.baseline else None),
        *sorted(options.items()),
    ]
    # TOML has no null: what is not set is said in a comment.
    lines += [f"{key} = {_toml(value)}" if value is not None else f"# {key} is not set" for key, value in values]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, dict):
        inside = ", ".join(f"{_toml(key)} = {_toml(item)}" for key, item in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    # JSON's strings, numbers and booleans are TOML's.
    return json.dumps(value, ensure_ascii=not (isinstance(value, str) and escape(value) == value))
