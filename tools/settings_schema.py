"""Write `async_lint/settings.schema.json`: what settings may be, for editors, as JSON Schema in SchemaStore's form.

python -m tools.settings_schema
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from async_lint.keys import KEYS, SEVERITIES, VERSION, Setting, ignores, path, severities, strings, version
from async_lint.registry import ALL, OPTIONS, PREFIX, RULES
from async_lint.rule import Option

FILE = Path(__file__).parent.parent / "async_lint" / "settings.schema.json"
_ADDRESS = "https://json.schemastore.org/async-lint.json"
_SELECTING = frozenset(
    ["select", "extend-select", "ignore", "extend-ignore", "extend-safe-fixes", "extend-unsafe-fixes"]
)

Json = dict[str, Any]
_RULE: Json = {"$ref": "#/definitions/rule"}
_RULES: Json = {"type": "array", "items": _RULE}
_SHAPES: Mapping[Callable[..., object], Json] = {
    strings: {"type": "array", "items": {"type": "string"}},
    ignores: {"type": "object", "additionalProperties": _RULES},
    severities: {"type": "object", "propertyNames": _RULE, "additionalProperties": {"enum": list(SEVERITIES)}},
    version: {"type": "string", "pattern": rf"^\s*{VERSION}\s*$"},
    path: {"type": "string", "pattern": r"\S"},
}
_KINDS: Mapping[type, Json] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
    tuple: {"type": "array", "items": {"type": "string", "pattern": r"\S"}},
}


def schema() -> Json:
    """Return the schema: one of draft 07, the newest that SchemaStore takes."""
    properties = {key: _setting(key, setting) for key, setting in KEYS.items()}
    properties |= {key: _option(option) for key, option in OPTIONS.items()}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": _ADDRESS,
        "title": "async-lint",
        "description": "Settings of async-lint: `[tool.async-lint]` in pyproject.toml, or async-lint.toml",
        "type": "object",
        "additionalProperties": False,
        "definitions": {"rule": _rule()},
        "properties": dict(sorted(properties.items())),
    }


def text() -> str:
    """Return the file as it should be."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _rule() -> Json:
    codes = [rule.code for rule in RULES]
    families = dict.fromkeys(code[: len(PREFIX) + 1] for code in codes)
    known = [ALL, PREFIX, *families, *codes, *(rule.name for rule in RULES)]
    # Offered by editors. The registry takes codes and names in any case, and any beginning of a code.
    beginning = r"^\s*[Aa][Ss][Ll]\d*\s*$|^\s*[A-Za-z]+(-[A-Za-z]+)*\s*$"
    return {
        "description": "a rule: its code, the beginning of codes, or its name",
        "type": "string",
        "anyOf": [{"enum": known}, {"pattern": beginning}],
    }


def _setting(key: str, setting: Setting) -> Json:
    shape = _RULES if key in _SELECTING else _SHAPES[setting.read]
    return {"description": setting.help, **shape}


def _option(option: Option) -> Json:
    shape: Json = {"description": option.help, **_KINDS[option.kind]}
    if option.choices:
        shape["enum"] = list(option.choices)
    if option.above is not None:
        shape["exclusiveMinimum"] = option.above
    if option.default is not None:
        shape["default"] = list(option.default) if isinstance(option.default, tuple) else option.default
    return shape


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
