"""Containers that a display begins and other code fills: the display alone does not say what is in them."""

import ast
import re

from async_lint.inference.binding import Binding, Module
from async_lint.inference.types import UNKNOWN, Instance, Type

_DISPLAYS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
_METHODS = "append|appendleft|add|insert|update|setdefault|extend"


def blurred(value: Type, binding: Binding, module: Module) -> Type:
    """Return `value`, its items unknown where the module's text puts more into a container of that name."""
    if isinstance(binding.value, _DISPLAYS) and isinstance(value, Instance) and value.args and not binding.path:
        if any(_grows(name, module.text) for name in _targets(binding.node)):
            return Instance(value.cls, (UNKNOWN,) * len(value.args))
    return value


def _targets(node: ast.AST) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else []
    return [getattr(each, "id", getattr(each, "attr", "")) for each in targets]


def _grows(name: str, text: str) -> bool:
    pattern = rf"\b{re.escape(name)}\s*(?:\[[^\]\n]*\]\s*=[^=]|\+=|\|=|\.(?:{_METHODS})\()"
    return bool(name) and re.search(pattern, text) is not None
