"""ASL602: a private coroutine function that awaits nothing, and that nobody needs to be one."""

import ast
import re
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.inference.face import Frame, children, has_yield, is_test
from async_lint.rule import Finding, Rule
from async_lint.rules._shared.names import own_nodes

_SUSPENDING = (ast.Await, ast.AsyncFor, ast.AsyncWith)
_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
# What may have been meant to be replaced, or cannot be told.
_LEFT_OPEN = (ast.Pass, ast.Raise)
# Who says so keeps it a coroutine function on purpose.
_SAYS_SO = re.compile(
    r"\basync(?:hronous)? (?:counterpart|twin|variant|version|wrapper)\b|\bno await|\bnothing (?:is |to )?await"
    r"|\b(?:does not|doesn't|without) await|\bkept async",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"^(_+)(?:async_|a(?=[a-z]))")


def could_be_plain(function: ast.AsyncFunctionDef, facts: Facts) -> bool:
    return _awaits_nothing(function, facts.frame)


def _awaits_nothing(function: ast.AsyncFunctionDef, outer: Frame) -> bool:
    return (
        _is_private(function.name)
        and outer.enclosing_function() is None
        and not function.decorator_list
        and not is_test(outer)
        and not has_yield(function)
        and not _is_placeholder(function)
        and not any(_suspends(statement) for statement in function.body)
    )


def check(function: cst.FunctionDef, context: Context) -> Iterator[Finding]:
    if function.asynchronous is None or not _is_private(function.name.value):
        return
    frame = _frame_in(function, context)
    if frame is None or frame.function is None or not isinstance(frame.function.node, ast.AsyncFunctionDef):
        return
    outer, node = context.frame_around(function), frame.function.node
    if outer is None or not _awaits_nothing(node, outer) or not _may_be_changed(node, outer, context):
        return
    if _SAYS_SO.search(ast.get_docstring(node, clean=False) or "") or _is_twin(node.name, outer):
        return
    calls = context.view.project.callers(frame)
    if calls and all(call.proved and _is_awaited(call.site.node, call.site.frame, context) for call in calls):
        name = function.name.value
        times = "its one call is" if len(calls) == 1 else f"each of its {len(calls)} calls is"
        yield Finding(
            context.span(function.name),
            f"`{name}` awaits nothing, and {times} awaited at once: it need be no coroutine",
        )


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")


def _is_placeholder(function: ast.AsyncFunctionDef) -> bool:
    return all(
        isinstance(statement, _LEFT_OPEN)
        or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        for statement in function.body
    )


def _suspends(node: ast.AST) -> bool:
    if isinstance(node, _NESTED):
        return False
    if isinstance(node, _SUSPENDING) or (isinstance(node, ast.comprehension) and node.is_async):
        return True
    return any(map(_suspends, children(node)))


def _frame_in(function: cst.FunctionDef, context: Context) -> Frame | None:
    """Return the frame of a function's own names."""
    for node in own_nodes(function.body):
        counterpart = context.counterpart(node) if isinstance(node, cst.BaseExpression) else None
        if counterpart is not None:
            return counterpart.frame.enclosing_function()
    return None


def _may_be_changed(function: ast.AsyncFunctionDef, outer: Frame, context: Context) -> bool:
    """Whether the text of the project shows that a function overrides nothing and is only called."""
    if not _overrides_nothing(outer):
        return False
    name = re.escape(function.name)
    text = context.source.text
    mentions = len(re.findall(rf"\b{name}\b", text))
    if len(re.findall(rf"\bdef {name}\b", text)) != 1 or mentions != len(re.findall(rf"\b{name}\(", text)):
        return False
    return not context.view.project.may_be_read_elsewhere(function.name, outer)


def _is_twin(name: str, outer: Frame) -> bool:
    """Whether a plain function of its class or module has the name without what makes it one of a coroutine function.

    `_load_async`, `_async_load` and `_aload` stand beside `_load`.
    """
    others = {name.removesuffix("_async"), _PREFIX.sub(r"\1", name)} - {name}
    table = outer.cls.table if outer.cls is not None else outer.module.table
    bindings = (binding for other in others for binding in table.get(other, ()))
    definitions = (getattr(binding.definition, "node", None) for binding in bindings)
    return any(isinstance(definition, ast.FunctionDef) for definition in definitions)


def _overrides_nothing(outer: Frame) -> bool:
    """Whether a function of a frame is no method, or one of a class that inherits from nothing."""
    if outer.cls is None:
        return True
    node = outer.cls.node
    bases = [ast.unparse(base) for base in node.bases]
    return not node.decorator_list and not node.keywords and bases in ([], ["object"])


def _is_awaited(call: ast.Call, frame: Frame, context: Context) -> bool:
    around = context.view.project.above(call, frame)
    return around is not None and isinstance(around[-1], ast.Await)


RULE = Rule(
    code="ASL602",
    name="async-without-await",
    summary="coroutine function awaits nothing",
    default=False,
    triggers={ast.AsyncFunctionDef: could_be_plain},
    visit={cst.FunctionDef: check},
)
