"""ASL304: a method that the interpreter calls, and does not await, is an `async def`."""

import ast
import re
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.rule import Finding, Rule
from async_lint.rules._callbacks.consumers import handed, hands_over
from async_lint.rules._callbacks.wording import message
from async_lint.rules._shared.comments import comments, comments_above
from async_lint.rules._shared.decorated import public_name
from async_lint.rules._shared.names import own_nodes

CODE = "ASL304"

# Those that give their result to the code around them (`__getitem__`, `__call__`, `__add__`) can be awaited.
_DROPPED = "the {object} is dropped and the body never runs"
_TRUE = "the {object} itself is the answer, which is always true"
SPECIAL = {
    **dict.fromkeys(
        ("__init_subclass__", "__set_name__", "__post_init__", "__del__", "__setattr__", "__delattr__", "__setitem__")
        + ("__delitem__", "__set__", "__delete__", "__setstate__"),
        _DROPPED,
    ),
    **dict.fromkeys(
        ("__init__", "__iter__", "__aiter__", "__await__", "__str__", "__repr__", "__bytes__", "__format__", "__hash__")
        + ("__bool__", "__len__", "__int__", "__float__", "__complex__", "__index__", "__dir__", "__sizeof__")
        + ("__length_hint__", "__fspath__", "__reduce__", "__reduce_ex__", "__getstate__", "__prepare__")
        + ("__mro_entries__",),
        "it returns {article} {object}, which raises TypeError",
    ),
    **dict.fromkeys(
        ("__contains__", "__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__instancecheck__")
        + ("__subclasscheck__",),
        _TRUE,
    ),
    **dict.fromkeys(
        ("__iadd__", "__isub__", "__imul__", "__imatmul__", "__itruediv__", "__ifloordiv__", "__imod__", "__ipow__")
        + ("__ilshift__", "__irshift__", "__iand__", "__ior__", "__ixor__"),
        "the assignment binds the {object} itself, and the body never runs",
    ),
    "__next__": "each item is the {object} itself, and the iteration never ends",
    "__enter__": "`with` binds the {object} itself, and the body never runs",
    "__exit__": "the {object} counts as a true result, so that every exception is swallowed",
}
_ACCESSORS = {"setter": "an assignment drops the {object}", "deleter": "deleting it drops the {object}"}
# They leave the function as it is.
_TRANSPARENT = ("typing.override", "typing_extensions.override", "abc.abstractmethod", "builtins.classmethod")


# The maintainer says that a framework awaits it, or has told the type checker that it is right as it is.
_MEANT = re.compile(r"\b(?:async\w*|await\w*|coroutines?)\b", re.IGNORECASE)
_ACCEPTED = re.compile(r"#\s*(?:type|pyright):\s*ignore(?!\[(?![^\]]*\b(?:misc|override|reportIncompatible\w*)\b))")


def could_report(function: ast.AsyncFunctionDef, facts: Facts) -> bool:
    return function.name in SPECIAL or any(
        isinstance(decorator, ast.Attribute) and decorator.attr in _ACCESSORS for decorator in function.decorator_list
    )


def check(function: cst.FunctionDef, context: Context) -> Iterator[Finding]:
    if function.asynchronous is None or not _is_method(context):
        return
    is_generator = any(isinstance(node, cst.Yield) for node in own_nodes(function.body))
    happens = _special(function, is_generator, context) or _accessor(function, context)
    if happens is not None:
        object_, article = ("async generator", "an") if is_generator else ("coroutine", "a")
        text = f"`{function.name.value}` is an `async def`; {happens.format(object=object_, article=article)}"
        yield Finding(context.span(function.name), text)


def check_call(call: cst.Call, context: Context) -> Iterator[Finding]:
    handover = handed(call, CODE, context)
    if handover is not None:
        yield Finding(context.span(call), message(handover, context))


def _is_method(context: Context) -> bool:
    """Whether the visited function may be a method: what is above an outermost one is not in the slice."""
    around = [ancestor for ancestor in context.ancestors if isinstance(ancestor, (cst.FunctionDef, cst.ClassDef))]
    return not around or isinstance(around[-1], cst.ClassDef)


def _special(function: cst.FunctionDef, is_generator: bool, context: Context) -> str | None:
    # An asynchronous generator is just what `__aiter__` should be.
    if function.name.value == "__aiter__" and is_generator:
        return None
    if any(public_name(decorator.decorator, _TRANSPARENT, context) is None for decorator in function.decorators):
        return None
    if function.name.value not in SPECIAL or _is_meant(function, context):
        return None
    frame = context.frame_around(function)
    # A project or a framework may give the name a meaning of its own, and await the method itself.
    if frame is None or context.view.project.may_be_called_by_others(function.name.value, frame):
        return None
    return SPECIAL[function.name.value]


def _is_meant(function: cst.FunctionDef, context: Context) -> bool:
    """Whether a comment on the line of the `def`, or right above it or its decorators, says that async is meant."""
    line = context.span(function.name).start.line
    first = min([line, *(context.span(decorator).start.line for decorator in function.decorators)])
    lines = context.source.lines
    said = (*comments(lines, line, line), *comments_above(lines, first))
    return any(_MEANT.search(comment) or _ACCEPTED.search(comment) for comment in said)


def _accessor(function: cst.FunctionDef, context: Context) -> str | None:
    """`@name.setter` where `name` is a property, whose getter has that name."""
    for decorator in (node.decorator for node in function.decorators[-1:]):
        if isinstance(decorator, cst.Attribute) and decorator.attr.value in _ACCESSORS:
            getter = context.name_of(decorator.value) or ""
            if getter.endswith(f".{function.name.value}"):
                return _ACCESSORS[decorator.attr.value]
    return None


RULE = Rule(
    code=CODE,
    name="async-special-method",
    summary="method that the interpreter calls is an async def",
    triggers={ast.AsyncFunctionDef: could_report, ast.Call: hands_over(CODE)},
    visit={cst.FunctionDef: check, cst.Call: check_call},
)
