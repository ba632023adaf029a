"""Every rule there is, which of them a project selects, and the settings they see."""

import math
import pkgutil
from collections.abc import Iterable, Mapping
from importlib import import_module
from types import ModuleType

import async_lint.rules
from async_lint.config import Config
from async_lint.config_error import ConfigError
from async_lint.keys import KEYS, nearest, toml_type
from async_lint.model import Applicability, OptionValue, Severity
from async_lint.rule import Option, Rule
from async_lint.rules.unreadable_file import RULE as UNREADABLE_FILE

PREFIX = "ASL"
# Selects every rule, those that are off by default included; `ASL` selects what is on by default.
ALL = "ALL"


def find(package: ModuleType) -> tuple[Rule, ...]:
    """Return the rules of a package, one for each module that does not begin with `_`, sorted by code.

    Raises TypeError for a module without exactly one `RULE`, ValueError for a code, name or option that is taken.
    """
    rules: list[Rule] = []
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        if not module.startswith("_"):
            rules.append(_rule(import_module(f"{package.__name__}.{module}"), module))
    for what, words in (("code", [rule.code for rule in rules]), ("name", [rule.name for rule in rules])):
        for word in words:
            if words.count(word) > 1:
                raise ValueError(f"{package.__name__}: two rules have the {what} {word}")
    _by_key(rules)
    return tuple(sorted(rules, key=lambda rule: rule.code))


def _rule(module: ModuleType, name: str) -> Rule:
    rule = getattr(module, "RULE", None)
    if not isinstance(rule, Rule) or sum(isinstance(value, Rule) for value in vars(module).values()) != 1:
        raise TypeError(f"{module.__name__}: a rule's module has exactly one Rule, named RULE")
    if rule.name.replace("-", "_") != name:
        raise ValueError(f"{module.__name__}: the rule is named {rule.name}, so its file is not {name}.py")
    return rule


def _by_key(rules: Iterable[Rule]) -> dict[str, Option]:
    by_key: dict[str, Option] = {}
    for rule in rules:
        for option in rule.options:
            # Rules of one family may share a setting, so long as they agree on what it is.
            if option.key in KEYS or by_key.setdefault(option.key, option) != option:
                raise ValueError(f"{rule.code}: the option {option.key} means something else already")
    return by_key


RULES = find(async_lint.rules)
OPTIONS: Mapping[str, Option] = _by_key(RULES)


def by_code_or_name(text: str) -> Rule | None:
    """Return the rule that `text` names, by code in any case or by name."""
    for rule in RULES:
        if text.upper() == rule.code or text.lower() == rule.name:
            return rule
    return None


def selected(config: Config) -> tuple[Rule, ...]:
    """Return the rules that `config` selects, sorted by code.

    The narrower of a rule's selectors decides, and an ignoring one where both are as narrow; `ALL` is the widest. A
    rule that is off by default wants a selector narrower than `ASL`. ASL900 is on unless it is ignored: a file that
    could not be checked must not pass for a clean one. Raises ConfigError for a selector that fits no rule.
    """
    select = [*canonical(config.select or (), _at(config, "select"))]
    select += canonical(config.extend_select, _at(config, "extend-select"))
    ignore = canonical(config.ignore, _at(config, "ignore"))
    ignore += canonical(config.extend_ignore, _at(config, "extend-ignore"))
    # What nobody chose is wider than what anybody ignores.
    unasked = [rule for rule in RULES if config.select is None and rule.default]
    widths = {rule.code: max(_width(rule, select, True), 0 if rule in unasked else -1) for rule in RULES}
    return tuple(rule for rule in RULES if widths[rule.code] > _width(rule, ignore, False))


def ignores(config: Config) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return the patterns of `per-file-ignores`, each with the codes it ignores. Raises ConfigError as `selected`."""
    ignored = []
    for pattern, selectors in config.per_file_ignores:
        known = canonical(selectors, _at(config, f"per-file-ignores.{pattern}"))
        ignored.append((pattern, frozenset(rule.code for rule in RULES if _width(rule, known, False) >= 0)))
    return tuple(ignored)


def fix_safety(config: Config) -> Mapping[str, Applicability]:
    """Return what `config` says of the fixes of rules, by code. Raises ConfigError as `selected`.

    The narrower of a rule's selectors decides, and the one that calls its fixes unsafe where both are as narrow.
    """
    safe = canonical(config.extend_safe_fixes, _at(config, "extend-safe-fixes"))
    unsafe = canonical(config.extend_unsafe_fixes, _at(config, "extend-unsafe-fixes"))
    widths = {rule.code: (_width(rule, safe, False), _width(rule, unsafe, False)) for rule in RULES}
    return {
        code: Applicability.SAFE if trusted > doubted else Applicability.UNSAFE
        for code, (trusted, doubted) in widths.items()
        if max(trusted, doubted) >= 0
    }


def severities(config: Config) -> Mapping[str, Severity]:
    """Return what `config` says of the severity of rules, by code. Raises ConfigError as `selected`.

    The narrowest of a rule's selectors decides, and the last of several that are as narrow.
    """
    found: dict[str, Severity] = {}
    widths: dict[str, int] = {}
    for given, severity in config.severity:
        selector = canonical([given], _at(config, "severity"))
        for rule in RULES:
            width = _width(rule, selector, False)
            if width >= widths.get(rule.code, 0):
                found[rule.code], widths[rule.code] = severity, width
    return found


def canonical(selectors: Iterable[str], where: str) -> list[str]:
    """Return selectors (a code, the beginning of one, a name, `ALL`) in capitals, names as their codes.

    Raises ConfigError for one that fits no rule; `where` is how the message calls the place it stands.
    """
    resolved = []
    for given in dict.fromkeys(selectors):
        rule = by_code_or_name(given.strip())
        selector = rule.code if rule else given.strip().upper()
        fits = selector.startswith(PREFIX) and any(rule.code.startswith(selector) for rule in RULES)
        if selector != ALL and not fits:
            known = [word for rule in RULES for word in (rule.code, rule.name)]
            raise ConfigError(f"{where} names no rule: `{given}`{nearest(given, known)}")
        resolved.append(selector)
    return resolved


def named(selectors: Iterable[str], where: str) -> list[Rule]:
    """Return the rules that selectors fit, each once, in the order of these. Raises ConfigError as `canonical`."""
    found = {
        rule.code: rule
        for selector in canonical(selectors, where)
        for rule in RULES
        if selector == ALL or rule.code.startswith(selector)
    }
    return list(found.values())


def _at(config: Config, key: str) -> str:
    return f"{config.label}: `{key}`"


def _width(rule: Rule, selectors: Iterable[str], selecting: bool) -> int:
    widest = -1
    if selecting and rule is UNREADABLE_FILE:
        widest = 0
    for selector in selectors:
        if selector == ALL:
            width = 0
        elif not rule.code.startswith(selector) or (selecting and selector == PREFIX and not rule.default):
            continue
        else:
            width = len(selector)
        widest = max(widest, width)
    return widest


def options(config: Config) -> Mapping[str, OptionValue]:
    """Return every rule's settings, the defaults where `config` says nothing.

    Raises ConfigError for an unknown key, naming the nearest known one, and for a value of the wrong type.
    """
    values = {key: option.default for key, option in OPTIONS.items()}
    for key, value in config.options.items():
        option = OPTIONS.get(key)
        if option is None:
            raise ConfigError(f"{config.label}: unknown key `{key}`{nearest(key, [*KEYS, *OPTIONS])}")
        values[key] = _value(option, value, config)
    return values


def _value(option: Option, value: object, config: Config) -> OptionValue:
    expected = _EXPECTED[option.kind]
    wrong = ConfigError(f"{config.label}: `{option.key}` must be {expected}, not {toml_type(value)}")
    if option.kind is tuple:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise wrong
        if not all(item.strip() for item in value):
            raise ConfigError(f"{config.label}: `{option.key}` has an empty string in it")
        return tuple(value)
    # TOML tells `5` from `5.0`; somebody who writes a number of seconds does not.
    if option.kind is float and type(value) in (int, float):
        return _number(option, value, config)
    # `True` is an int to isinstance, and not to somebody who writes TOML.
    if type(value) is not option.kind or not isinstance(value, (bool, int, float, str)):
        raise wrong
    if isinstance(value, int) and option.kind is int:
        _number(option, value, config)
    if option.choices and value not in option.choices:
        choices = ", ".join(f'"{choice}"' for choice in option.choices)
        raise ConfigError(f'{config.label}: `{option.key}` must be one of {choices}, not "{value}"')
    return value


def _number(option: Option, value: object, config: Config) -> float:
    try:
        number = float(str(value))
    except ValueError:
        number = math.inf
    if not math.isfinite(number) or (option.above is not None and number <= option.above):
        above = "" if option.above is None else f" above {option.above:g}"
        # Python writes no integer of thousands of digits.
        shown = value if isinstance(value, float) or abs(number) < math.inf else "one of that size"
        raise ConfigError(f"{config.label}: `{option.key}` must be a finite number{above}, not {shown}")
    return number


_EXPECTED: Mapping[type, str] = {
    bool: "a boolean",
    int: "an integer",
    float: "a number",
    str: "a string",
    tuple: "an array of strings",
}
