"""What a definition takes, and whether what it gives can be awaited or entered."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from tools.published import Definition, Published

_ASYNCHRONOUS = ("__await__", "__aenter__")
_GIVING = ("Awaitable", "Coroutine", "AsyncContextManager", "AsyncIterator", "AsyncGenerator", "Future", "Task")
_DEEP = 6


class Parameter(NamedTuple):
    """A parameter: its position, -1 where it is given by its name alone; its default, None where it has to be given."""

    position: int
    default: str | None


class Signature(NamedTuple):
    """Parameters by their names, and whether there is a `**`."""

    parameters: dict[str, Parameter]
    takes_more: bool


def signature(definition: Definition, published: Published) -> Signature:
    """Return what a call of a function, a method of an instance or a class takes."""
    node = definition.node
    if not isinstance(node, ast.ClassDef):
        return _of_function(node, definition.owner is not None)
    for name in ("__init__", "__new__"):
        maker = published.member(definition, name)
        if maker is not None and not isinstance(maker.node, ast.ClassDef):
            return _of_function(maker.node, bound=True)
    return Signature(dict(_fields(node)), takes_more=False)


def _of_function(node: ast.FunctionDef | ast.AsyncFunctionDef, bound: bool) -> Signature:
    arguments = node.args
    plain = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(plain) - len(arguments.defaults)) + [ast.unparse(each) for each in arguments.defaults]
    # The arguments of a call do not count `self`.
    is_static = any(ast.unparse(decorator) == "staticmethod" for decorator in node.decorator_list)
    skipped = 1 if bound and not is_static else 0
    found = {
        arg.arg: Parameter(position, default)
        for position, (arg, default) in enumerate(zip(plain[skipped:], defaults[skipped:], strict=True))
    }
    for arg, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        found[arg.arg] = Parameter(-1, ast.unparse(value) if value is not None else None)
    return Signature(found, arguments.kwarg is not None)


def _fields(node: ast.ClassDef) -> Iterator[tuple[str, Parameter]]:
    """Yield the fields of a dataclass, or of a class of `attrs`, as the parameters that they are."""
    position = 0
    for statement in node.body:
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            continue
        options = {each.arg: ast.unparse(each.value) for each in getattr(statement.value, "keywords", ())}
        if options.get("init") == "False":
            continue
        is_field = isinstance(statement.value, ast.Call) and "field" in ast.unparse(statement.value.func)
        plain = ast.unparse(statement.value) if statement.value is not None else None
        default = options.get("default") if is_field else plain
        by_name_alone = options.get("kw_only") == "True"
        yield (
            options.get("alias", statement.target.id).strip("'"),
            Parameter(-1 if by_name_alone else position, default),
        )
        position += not by_name_alone


def is_asynchronous(definition: Definition, published: Published, depth: int = _DEEP) -> bool:
    """Whether what a call gives is awaited or entered by `async with`."""
    node = definition.node
    if isinstance(node, ast.AsyncFunctionDef):
        return True
    if isinstance(node, ast.ClassDef):
        return any(published.member(definition, name) for name in _ASYNCHRONOUS)
    if depth == 0:
        return False
    texts = [ast.unparse(each) for each in (node.returns, *node.decorator_list) if each is not None]
    if any(word in text for text in texts for word in (*_GIVING, "asynccontextmanager")):
        return True
    return any(
        found is not None and is_asynchronous(found, published, depth - 1)
        for found in _given(definition, published, depth - 1)
    )


def _given(definition: Definition, published: Published, depth: int) -> Iterator[Definition | None]:
    """Yield the definitions of what a function returns: by its annotation, and by the calls that it returns."""
    node = definition.node
    if isinstance(node, ast.ClassDef):
        return
    names = [each for each in ast.walk(node.returns or ast.Tuple([])) if isinstance(each, ast.Name | ast.Attribute)]
    strings = [each.value for each in ast.walk(node.returns or ast.Tuple([])) if isinstance(each, ast.Constant)]
    written = [str(each).partition("[")[0] for each in strings if isinstance(each, str)]
    for name in [*map(ast.unparse, names), *written]:
        yield published.named(name, definition.module, depth)
    for each in ast.walk(node):
        match each:
            case ast.Return(ast.Call(ast.Attribute(ast.Name("self"), method))) if definition.owner is not None:
                yield published.member(definition.owner, method)
            case ast.Return(ast.Call(ast.Name() | ast.Attribute() as callee)):
                yield published.named(ast.unparse(callee), definition.module, depth)
