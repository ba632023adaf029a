"""Whose errors a `gather` makes results that nothing reads."""

import ast

from async_lint.files.source import Source
from async_lint.inference.face import Frame, ModuleView, cited, dotted, is_test, last_name
from async_lint.rules._gathers.escaping import escape, is_known_to_fail
from async_lint.rules._gathers.purpose import ends_things, is_cleaning_up, is_ending, is_said
from async_lint.rules._gathers.works import Work, Works, above, is_named
from async_lint.rules._tasks.function_tree import Tree

# What gives back the results of the awaitable that is its first argument.
_HANDING_ON = ("asyncio.wait_for", "asyncio.shield")
_RUNNING = ("asyncio.AbstractEventLoop.run_until_complete", "asyncio.BaseEventLoop.run_until_complete")
_LAST_WORDS = frozenset(name.rpartition(".")[2] for name in (*_HANDING_ON, *_RUNNING))
# What asks of a collection of awaitables no more than whether there are any, or how many.
_COUNTING = frozenset({"bool", "len"})
_ADDING = frozenset({"add", "append", "extend", "update", "values"})


def makes_results_of_errors(call: ast.Call) -> bool:
    """Whether a call has `return_exceptions=True`."""
    given = (keyword.value for keyword in call.keywords if keyword.arg == "return_exceptions")
    return any(isinstance(value, ast.Constant) and value.value is True for value in given)


def discarded(gather: ast.Call, frame: Frame, view: ModuleView, source: Source) -> str | None:
    """Return a clause about work whose errors are lost with the results of a `gather`; None when none is sure to be."""
    works = Works(gather, view, frame)
    tree = works.tree
    # An end has to go through whatever fails, and tests let things fail on purpose.
    if tree is None or not _is_dropped(gather, frame, view, tree) or is_test(frame) or ends_things(frame):
        return None
    around = above(gather, tree)
    statement = next(node for node in around if isinstance(node, ast.stmt))
    last = statement.end_lineno or statement.lineno
    if is_cleaning_up(around, gather) or is_said(source.lines, statement.lineno, last):
        return None
    clauses = (_clause(work, view) for work in works if _is_only_here(work, gather, tree))
    return next((clause for clause in clauses if clause is not None), None)


def _is_dropped(gather: ast.Call, frame: Frame, view: ModuleView, tree: Tree) -> bool:
    """Whether something waits for the results, and nothing reads them."""
    below: ast.AST = gather
    waited = False
    for outer in above(gather, tree):
        match outer:
            case ast.Await():
                waited = True
            case ast.Call(args=[first, *_]) if first is below and last_name(outer.func) in _LAST_WORDS:
                name = view.names.name_of(outer.func, frame)
                waited = waited or is_named(name, _RUNNING, view)
                if not waited and not is_named(name, _HANDING_ON, view):
                    return False
            case ast.Expr():
                return waited
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                return waited and name not in tree.outward and not _is_read(name, tree)
            case _:
                return False
        below = outer
    return False


def _is_read(name: str, tree: Tree) -> bool:
    return any(isinstance(node.ctx, ast.Load) for node in tree.names.get(name, ()))


def _is_only_here(work: Work, gather: ast.Call, tree: Tree) -> bool:
    """Whether nothing but the `gather` looks at the locals that hold the work: no one else sees its error."""
    return all(_is_harmless(node, gather, tree) for name in work.through for node in tree.names.get(name, ()))


def _is_harmless(node: ast.Name, gather: ast.Call, tree: Tree) -> bool:
    if not isinstance(node.ctx, ast.Load):
        return True
    around = above(node, tree)
    match around[0]:
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) if test is node:
            return True
        case ast.UnaryOp(op=ast.Not()):
            return True
        case ast.Call(func=ast.Name(id=name)) if name in _COUNTING:
            return True
        case ast.Attribute(attr=attr):
            return attr in _ADDING
    return any(outer is gather for outer in around)


def _clause(work: Work, view: ModuleView) -> str | None:
    name = last_name(work.callee)
    if not name or is_ending(name):
        return None
    label = dotted(work.callee) or name
    way = escape(work, view)
    if way is not None:
        return f"an error that `{label}` lets out ({cited(way.path, way.line)})"
    return f"an error of `{label}`" if is_known_to_fail(work, view) else None
