"""The ways in which an `await` gets lost, each made from an awaited call of real code, in place.

A way is a function of a site and its file; it yields the mutants that the site allows. What the rules define as silent
is not made: a variable whose coroutine leaves the function's sight, or a function that says it returns an awaitable.
"""

import ast
import re
from collections.abc import Callable, Iterator

from mutation import Code, Edit, Mutant, Place, Site
from variables import is_local, is_never_read, stays_in_sight, uses

Way = Callable[[Site, Code], Iterator[Mutant]]

_BUILTINS = (
    "str",
    "repr",
    "print",
    "len",
    "int",
    "float",
    "bool",
    "list",
    "tuple",
    "set",
    "sorted",
    "sum",
    "any",
    "all",
)
_SCHEDULERS = (b"asyncio.create_task", b"asyncio.ensure_future", b"asyncio.get_running_loop().create_task")
_LOOP = re.compile(rb"(?:asyncio|.*loop(?:\(\))?)", re.I)
_PROMISES = re.compile(rb"Awaitable|Coroutine|Future|Task")
_TRIES = tuple(getattr(ast, name) for name in ("Try", "TryStar") if hasattr(ast, name))


def bound(site: Site, code: Code) -> Iterator[Mutant]:
    """Bound and forgotten: a name, an attribute, or a collection that nothing reads; a name bound again first."""
    call = code.text(site.call)
    match site.statement:
        case ast.Expr() if _is_whole(site, code):
            yield _statement("bound", "name", b"lost_result = %s" % call, site, code)
            if not uses("_", site.function):
                yield _statement("bound", "underscore", b"_ = %s" % call, site, code)
            if isinstance(site.owner, ast.ClassDef) and _first_parameter(site) == "self":
                yield _statement("bound", "attribute", b"self.lost_attribute = %s" % call, site, code)
        case ast.Assign(targets=[ast.Name(id=name)]) if _is_whole(site, code):
            if is_never_read(name, site.function):
                yield _in_place("bound", "real name", site, code)
            # An exception may lead from between the two to where the first is read.
            if not uses(name, site.call) and is_local(name, site.function) and not _is_in_try(site):
                again = b"%s = %s; %s" % (name.encode(), call, code.text(site.statement))
                yield _statement("bound", "bound again", again, site, code)
    gathered = _loop(site, code, b"lost_results = [%s for %s in %s]")
    if gathered is not None:
        yield gathered._replace(way="bound", shape="comprehension")


def condition(site: Site, code: Code) -> Iterator[Mutant]:
    """In a condition, or bound to a name that a condition asks for and that never leaves the function's sight."""
    if _is_tested(site.node, site.above):
        yield _in_place("condition", "in place", site, code)
    name = _bound_name(site, code)
    if name is not None and any(_is_tested(*use) for use in uses(name, site.function)):
        yield _in_place("condition", "by name", site, code)


def text(site: Site, code: Code) -> Iterator[Mutant]:
    """In an f-string, or bound to a name that an f-string shows and that never leaves the function's sight."""
    call = code.text(site.call)
    quote = next((each for each in (b'"', b"'", b'"""', b"'''") if each not in call), None)
    if _is_whole(site, code) and quote is not None and not (len(quote) == 1 and b"\n" in call):
        start = b"shown = " if isinstance(site.statement, ast.Expr) else _head(site, code)
        yield _statement("f-string", "made", b"%sf%s{%s}%s" % (start, quote, call, quote), site, code)
    name = _bound_name(site, code)
    if name is not None and any(isinstance(above[-1], ast.FormattedValue) for _, above in uses(name, site.function)):
        yield _in_place("f-string", "by name", site, code)


def builtin(site: Site, code: Code) -> Iterator[Mutant]:
    """In an argument of a builtin."""
    match site.above[-1]:
        case ast.Call(func=ast.Name(id=name), args=args) if name in _BUILTINS and site.node in args:
            yield _in_place("builtin", "in place", site, code)
        case ast.ListComp(elt=elt) as made if elt is site.node and not _is_asynchronous(made, but=site.node):
            start, end = code.place(made)
            edits = (Edit(start, start + 1, b"any("), _without_await(site, code), Edit(end - 1, end, b")"))
            yield Mutant("builtin", "any of a comprehension", Place(start, end), edits)
    if _is_whole(site, code):
        used = (b"str", b"len", b"print" if isinstance(site.statement, ast.Expr) else b"int")
        for each in used:
            changed = b"%s%s(%s)" % (_head(site, code), each, code.text(site.call))
            yield _statement("builtin", each.decode(), changed, site, code)
    gathered = _loop(site, code, b"any(%s for %s in %s)")
    if gathered is not None:
        yield gathered._replace(way="builtin", shape="any of a loop")


def returned(site: Site, code: Code) -> Iterator[Mutant]:
    """In a `return` inside a `try` or `with`."""
    promise = site.function.returns
    if not isinstance(site.statement, ast.Return) or not _is_whole(site, code):
        return
    if promise is not None and _PROMISES.search(code.text(promise)):
        return
    if any(isinstance(each, (*_TRIES, ast.With, ast.AsyncWith)) for each in site.above):
        yield _in_place("returned", "in place", site, code)
    elif not code.before(site.statement).strip():
        indent = code.before(site.statement)
        wrapped = b"try:\n%s    return %s\n%sfinally:\n%s    pass" % (indent, code.text(site.call), indent, indent)
        yield _statement("returned", "made", wrapped, site, code)


def task(site: Site, code: Code) -> Iterator[Mutant]:
    """A task that nothing holds."""
    if isinstance(site.statement, ast.Expr) and _is_whole(site, code):
        for each in _SCHEDULERS:
            yield _statement("task", each.decode(), b"%s(%s)" % (each, code.text(site.call)), site, code, code.imports)
    if isinstance(site.node, ast.Call) and isinstance(site.node.func, ast.Attribute):
        if _LOOP.fullmatch(code.text(site.node.func.value)):
            yield _statement("task", "unbound", code.text(site.node), site, code)


def callback(site: Site, code: Code) -> Iterator[Mutant]:
    """A coroutine function given to `map`, to an executor, to the event loop."""
    match site.above[-1], site.call:
        case ast.For(target=ast.Name(id=name)), ast.Call(args=[ast.Name(id=given)], keywords=[]) if name == given:
            gathered = _loop(site, code, b"list(map(%s, %s))")
            if gathered is not None:
                yield gathered._replace(way="callback", shape="map of a loop")
    if not isinstance(site.statement, ast.Expr) or not _is_whole(site, code):
        return
    function, values = _callable(site.call, code), [code.text(each) for each in _positional(site.call)]
    together = b", ".join([function, *values])
    if values:
        mapped = b", ".join([function, *(b"[%s]" % each for each in values)])
        yield _statement("callback", "map", b"list(map(%s))" % mapped, site, code, code.imports)
    submitted = b"concurrent.futures.ThreadPoolExecutor().submit(%s)" % together
    yield _statement("callback", "submit", submitted, site, code, code.imports)
    soon = b"asyncio.get_running_loop().call_soon(%s)" % together
    yield _statement("callback", "call_soon", soon, site, code, code.imports)


WAYS: dict[str, tuple[Way, frozenset[str]]] = {
    "bound": (bound, frozenset({"ASL102"})),
    "condition": (condition, frozenset({"ASL102", "ASL103"})),
    "f-string": (text, frozenset({"ASL103"})),
    "builtin": (builtin, frozenset({"ASL103"})),
    "returned": (returned, frozenset({"ASL106"})),
    "task": (task, frozenset({"ASL104"})),
    "callback": (callback, frozenset({"ASL301", "ASL302"})),
}
"""Each way with the rules that are to report it."""


def _is_whole(site: Site, code: Code) -> bool:
    """Whether the statement is `await f()`, `x = await f()` or `return await f()`, without parentheses around it."""
    statement = site.statement
    if not isinstance(statement, ast.Expr | ast.Assign | ast.Return) or statement.value is not site.node:
        return False
    start, end = code.place(statement)
    own = code.place(site.node)
    parenthesized = b"(" in code.data[start : own.start].rpartition(b"=")[2]
    return isinstance(site.node, ast.Await) and end == own.end and not parenthesized


def _is_in_try(site: Site) -> bool:
    return any(isinstance(each, _TRIES) for each in site.above)


def _head(site: Site, code: Code) -> bytes:
    return code.data[code.place(site.statement).start : code.place(site.node).start]


def _statement(way: str, shape: str, changed: bytes, site: Site, code: Code, imports: tuple[Edit, ...] = ()) -> Mutant:
    place = code.place(site.statement)
    return Mutant(way, shape, place, (*imports, Edit(place.start, place.end, changed)))


def _in_place(way: str, shape: str, site: Site, code: Code) -> Mutant:
    return Mutant(way, shape, code.place(site.node), (_without_await(site, code),))


def _without_await(site: Site, code: Code) -> Edit:
    start, end = code.place(site.node)
    return Edit(start, end - len(code.text(site.node).removeprefix(b"await").lstrip(b" \t")), b"")


def _loop(site: Site, code: Code, template: bytes) -> Mutant | None:
    """Return `for x in xs: await f(x)` as one expression; with two holes, the template takes `f` and `xs`."""
    match site.above[-2:]:
        case [ast.For(body=[ast.Expr(value=value)], orelse=[]) as loop, ast.Expr()] if value is site.node:
            if _is_asynchronous(loop.iter) or _is_asynchronous(site.call) or b"#" in code.text(loop):
                return None
            parts = (site.call, loop.target, loop.iter) if template.count(b"%s") == 3 else (site.call.func, loop.iter)
            place = code.place(loop)
            return Mutant("", "", place, (Edit(*place, template % tuple(map(code.text, parts))),))
    return None


def _is_asynchronous(node: ast.AST, but: ast.AST | None = None) -> bool:
    nodes = (each for each in ast.walk(node) if each is not but)
    return any(isinstance(each, ast.Await) or getattr(each, "is_async", 0) for each in nodes)


def _first_parameter(site: Site) -> str:
    parameters = [*site.function.args.posonlyargs, *site.function.args.args]
    return parameters[0].arg if parameters else ""


def _bound_name(site: Site, code: Code) -> str | None:
    match site.statement:
        case ast.Assign(targets=[ast.Name(id=name)]) if _is_whole(site, code) and stays_in_sight(name, site.function):
            return name
    return None


def _is_tested(node: ast.AST, above: tuple[ast.AST, ...]) -> bool:
    for parent in reversed(above):
        if node is getattr(parent, "test", None) or node in getattr(parent, "ifs", ()):
            return True
        if not isinstance(parent, ast.UnaryOp | ast.BoolOp | ast.Compare | ast.NamedExpr):
            return False
        node = parent
    return False


def _positional(call: ast.Call) -> list[ast.expr]:
    return [] if any(isinstance(each, ast.Starred) for each in call.args) else call.args


def _callable(call: ast.Call, code: Code) -> bytes:
    """Return what takes the positional arguments: the function, a `partial` of it, or a `lambda` that needs none."""
    if len(_positional(call)) < len(call.args) or any(each.arg is None for each in call.keywords):
        return b"lambda: " + code.text(call)
    function = code.text(call.func)
    given = [b"%s=%s" % ((each.arg or "").encode(), code.text(each.value)) for each in call.keywords]
    return b"functools.partial(%s)" % b", ".join([function, *given]) if given else function
