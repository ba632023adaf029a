"""Whether somebody awaits what an asynchronous function gave when it was awaited."""

import ast
import re
import textwrap
from collections.abc import Sequence

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Frame, ModuleView, Site, descendants, last_name

# Calls that take a coroutine over, by the last word of their name.
_TAKERS = frozenset(
    ["create_task", "ensure_future", "gather", "run", "run_coroutine_threadsafe", "run_until_complete"]
    + ["shield", "spawn", "start_soon", "wait", "wait_for"]
)
_RUNNERS = frozenset({"run", "run_until_complete"})
_CALLERS_DEEP = 3
_ASKS = re.compile(r"\b(?:isawaitable|iscoroutine|isfuture|maybe_\w*(?:await|coro|async)\w*)\(")


def is_awaited_again(function: cst.FunctionDef, frame: Frame, context: Context) -> bool:
    """Whether a decorator of the function asks what it gave, or some caller awaits that; `frame` is the function's."""
    view = context.view
    for decorator in function.decorators:
        counterpart = context.counterpart(decorator.decorator)
        if counterpart is not None and _asks_again(view.names.source_of(_callee(counterpart.node), counterpart.frame)):
            return True
    return any(_awaits_again(caller.site, view, _CALLERS_DEEP) for caller in view.project.callers(frame))


def _asks_again(source: str) -> bool:
    """Whether a decorator asks what awaiting the function gave: to ask what the call gave settles nothing."""
    if not _ASKS.search(source):
        return False
    try:
        tree = ast.parse(textwrap.dedent(source))
    except SyntaxError:
        # Nobody sees what is asked there: it may be what awaiting gave.
        return True
    # In a loop, what is asked on the second turn is what the first one got.
    loops = [
        range(loop.lineno, (loop.end_lineno or 0) + 1) for loop in descendants(tree) if isinstance(loop, ast.While)
    ]
    for node in descendants(tree):
        if isinstance(node, ast.Call) and _ASKS.match(f"{last_name(node.func)}("):
            asked = node.args[0] if node.args else None
            if any(node.lineno in lines for lines in loops) or not _was_called(asked, node.lineno, tree):
                return True
    return False


def _was_called(asked: ast.expr | None, line: int, tree: ast.Module) -> bool:
    """Whether it is what a call gave that nobody had awaited up to that line."""
    if not isinstance(asked, ast.Name):
        return isinstance(asked, ast.Call)
    given = [
        assignment.value
        for assignment in descendants(tree)
        if isinstance(assignment, ast.Assign)
        and assignment.lineno < line
        and any(isinstance(target, ast.Name) and target.id == asked.id for target in assignment.targets)
    ]
    return bool(given) and all(isinstance(value, ast.Call) for value in given)


def _callee(decorator: ast.expr) -> ast.expr:
    return decorator.func if isinstance(decorator, ast.Call) else decorator


def _awaits_again(site: Site, view: ModuleView, depth: int) -> bool:
    around = view.project.above(site.node, site.frame)
    if around is None:
        return False
    if isinstance(around[-1], ast.Call) and last_name(around[-1].func) in _RUNNERS:
        return _is_handed_on(around[-2], around[0])
    if not isinstance(around[-1], ast.Await):
        return False
    match around[-2]:
        case ast.Await():
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append")):
            return _is_awaited(name, around[0])
        case ast.Call(func=func):
            return last_name(func) in _TAKERS
        case ast.Return() if depth > 0:
            return any(_awaits_again(caller.site, view, depth - 1) for caller in view.project.callers(site.frame))
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return _is_awaited(name, around[0])
        case ast.NamedExpr(target=ast.Name(id=name)):
            return _is_awaited(name, around[0])
    return False


def _is_handed_on(holder: ast.AST, function: ast.AST) -> bool:
    """Whether synchronous code that runs it returns what it gave, or leaves that to a function around it."""
    if not isinstance(holder, ast.Assign):
        return isinstance(holder, ast.Return)
    names = {target.id for target in holder.targets if isinstance(target, ast.Name)}
    for node in descendants(function):
        match node:
            case ast.Return(value=ast.Name(id=name)) if name in names:
                return True
            case ast.Nonlocal(names=outer) if names & set(outer):
                return True
    return False


def _is_awaited(name: str, function: ast.AST) -> bool:
    for node in descendants(function):
        match node:
            case ast.Await(value=ast.Name(id=awaited)) if awaited == name:
                return True
            case ast.For(iter=ast.Name(id=many), target=ast.Name(id=one)) if many == name:
                if _is_awaited(one, node):
                    return True
            case ast.Call(func=func, args=arguments) if last_name(func) in _TAKERS:
                if any(isinstance(argument, ast.Name) and argument.id == name for argument in _unstarred(arguments)):
                    return True
    return False


def _unstarred(arguments: Sequence[ast.expr]) -> list[ast.expr]:
    return [argument.value if isinstance(argument, ast.Starred) else argument for argument in arguments]
