"""What a `raise` raises: a new exception, or one that is already there."""

import builtins
import re

import libcst as cst

from async_lint.context import Context

_BUILTIN: dict[str, type[BaseException]] = {
    name: value
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
}

# They end something on purpose: whoever raises one in a handler does not report the error that was caught.
_CONTROL_FLOW = ("SystemExit", "KeyboardInterrupt", "StopIteration", "StopAsyncIteration", "GeneratorExit")
_HOLDS_A_CLASS = re.compile(r"(^|_)(cls|klass|class|type)_?$")


def dotted(expression: cst.BaseExpression) -> str | None:
    """Return `a.b.C` for a name and for attributes of one, None for anything else."""
    if isinstance(expression, cst.Name):
        return expression.value
    if isinstance(expression, cst.Attribute):
        before = dotted(expression.value)
        return f"{before}.{expression.attr.value}" if before else None
    return None


def classes_made(expression: cst.BaseExpression) -> list[cst.BaseExpression]:
    """Return the classes whose new instance `raise expression` raises: of `New`, `New(...)`, `type(e)(...)`.

    A conditional expression has one for each arm. Empty where the exception may exist already, or nothing tells: a
    name in lower case, or a function's result.
    """
    if isinstance(expression, cst.IfExp):
        arms = [classes_made(expression.body), classes_made(expression.orelse)]
        return [each for arm in arms for each in arm] if all(arms) else []
    if _is_class(expression):
        return [expression]
    return [expression.func] if isinstance(expression, cst.Call) and _is_callable_class(expression.func) else []


def _is_class(expression: cst.BaseExpression) -> bool:
    name = _last(expression)
    if name == "__class__" or _is_type_of(expression):
        return True
    # A name in capitals alone may be a constant: an instance, a member of an enumeration.
    return name.lstrip("_")[:1].isupper() and not name.isupper() and name not in ("None", "True", "False")


def _is_callable_class(expression: cst.BaseExpression) -> bool:
    name = _last(expression)
    if name.lstrip("_")[:1].isupper() or _is_class(expression):
        return True
    return _HOLDS_A_CLASS.search(name) is not None


def _is_type_of(expression: cst.BaseExpression) -> bool:
    return isinstance(expression, cst.Call) and _last(expression.func) == "type" and len(expression.args) == 1


def _last(expression: cst.BaseExpression) -> str:
    written = expression.attr if isinstance(expression, cst.Attribute) else expression
    return written.value if isinstance(written, cst.Name) else ""


def is_control_flow(expression: cst.BaseExpression, listed: tuple[str, ...], context: Context) -> bool:
    """Whether a class expression denotes a control-flow exception: a built-in one, or one that `listed` names.

    An entry `click.Abort` covers `click.exceptions.Abort` too, for packages re-export: its package and its class
    count. An entry without a dot covers every class of that name.
    """
    written = dotted(expression)
    if written is None:
        return False
    names = {written, context.name_of(expression) or written}
    entries = [*_CONTROL_FLOW, *listed]
    return any(_matches(name, entry) for name in names for entry in entries)


def _matches(name: str, entry: str) -> bool:
    if name.rpartition(".")[2] != entry.rpartition(".")[2]:
        return False
    return "." not in entry or name.partition(".")[0] == entry.partition(".")[0]


def may_catch(caught: cst.BaseExpression | None, made: cst.BaseExpression) -> bool:
    """Whether `except caught` could catch a new instance of the class `made`. Without proof to the contrary: yes."""
    if caught is None:
        return True
    if isinstance(caught, cst.Tuple):
        return any(may_catch(element.value, made) for element in caught.elements)
    raised = _BUILTIN.get(dotted(made) or "")
    if raised is None or not isinstance(caught, cst.Name):
        return True
    # A class that is not built in is never the base of one that is.
    handled = _BUILTIN.get(caught.value)
    return handled is not None and issubclass(raised, handled)
