"""What a rule is: data, and functions without state."""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.model import Fix, FixAvailability, OptionValue, RuleInfo, Span


class Finding(NamedTuple):
    """What a rule yields: `message` states the fact and the evidence, `fix` the remedy."""

    span: Span
    message: str
    fix: Fix | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """A setting of a rule, `[tool.async-lint]` key `key`.

    `kind` is the type that TOML must give: bool, int, float, str, or tuple for a list of strings. `choices` limits a
    string; a number is finite, and greater than `above`. `default` is what the rule sees when the key is absent.
    """

    key: str
    kind: type
    default: OptionValue
    help: str
    choices: tuple[str, ...] = ()
    above: float | None = None


# A trigger looks at one `ast` node and says whether the rule could find anything in the function around it.
# It may be generous, never wrong in the other direction. Returns True to have the function made a libcst tree.
Trigger = Callable[[Any, Facts], bool]

# A check looks at one libcst node and yields findings.
Check = Callable[[Any, Context], Iterator[Finding]]


@dataclass(frozen=True)
class Rule:
    """One rule. `triggers` maps `ast` node types to triggers, `visit` libcst node types to checks."""

    code: str
    name: str
    summary: str
    fix: FixAvailability = FixAvailability.NONE
    default: bool = True
    triggers: Mapping[type[ast.AST], Trigger] = field(default_factory=dict)
    visit: Mapping[type[cst.CSTNode], Check] = field(default_factory=dict)
    options: tuple[Option, ...] = ()

    @property
    def info(self) -> RuleInfo:
        return RuleInfo(self.code, self.name, self.summary, self.default, self.fix)
