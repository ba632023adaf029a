"""Processes that have exited before a call, or closed their pipes: nothing is left to wait for, or to read."""

import ast
from collections.abc import Iterator, Sequence
from itertools import pairwise

from async_lint.inference.face import Frame, ModuleView, Site, children, descendants, last_name, leaves, suppresses
from async_lint.rules._shared.told_exit import Watched, shows, watched

PIPES = ("stdout", "stderr")
_WAITS = ("wait", "communicate")
# What awaits what it is handed, and gives nothing before that is done.
_WAITING = ("wait_for", "shield", "gather")
_SCOPES = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
# Of these a part may not run.
_PARTLY = _SCOPES | ast.IfExp | ast.BoolOp | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_DEEP = 3


def has_exited(site: Site, around: Sequence[ast.AST], view: ModuleView) -> bool:
    """Whether a call waits for a process, or reads a pipe of one, that was waited for, or asked, before."""
    match site.node.func:
        case ast.Attribute(value=ast.Attribute(value=process, attr=pipe)) if pipe in PIPES:
            return is_gone(process, around, site.frame, view)
        case ast.Attribute(value=process, attr=method) if method in _WAITS:
            return is_gone(process, around, site.frame, view)
    return False


def is_gone(process: ast.expr, around: Sequence[ast.AST] | None, frame: Frame, view: ModuleView) -> bool:
    """Whether a process has exited where an expression stands for it, `around` being the nodes above that."""
    return _is_gone(process, around, frame, view, _DEEP)


def _is_gone(process: ast.expr, around: Sequence[ast.AST] | None, frame: Frame, view: ModuleView, depth: int) -> bool:
    if around and isinstance(process, ast.Name | ast.Attribute) and _is_gone_here(process, around, frame, view):
        return True
    made = view.project.origins(process, frame) if depth else None
    return bool(made) and all(_is_given_gone(site, view, depth - 1) for site in made or ())


def _is_given_gone(site: Site, view: ModuleView, depth: int) -> bool:
    """Whether a function of the project has waited for the process that it returns."""
    given = view.project.results(site)
    return bool(given) and all(
        _is_gone(value, view.project.above(value, frame), frame, view, depth) for value, frame in given or ()
    )


def _is_gone_here(process: ast.Name | ast.Attribute, around: Sequence[ast.AST], frame: Frame, view: ModuleView) -> bool:
    seen = watched(process, around[0], frame, view)
    known = (_end(node) for node in _on_the_way([*around, process], seen))
    # By another assignment the name holds another process.
    assigned = [*_assignments(around[0], seen.text), *seen.renewed]
    return any(not any(place <= assignment < _start(process) for assignment in assigned) for place in known)


def _on_the_way(chain: Sequence[ast.AST], process: Watched) -> Iterator[ast.expr | ast.stmt]:
    """Yield what lies on every way to the last of a chain of nodes, and shows that the process has exited."""
    for outer, inner in pairwise(chain):
        match outer:
            case ast.If(test=test) | ast.While(test=test) if isinstance(inner, ast.stmt):
                if shows(test, inner in outer.body, process) or _awaits(test, process):
                    yield test
        for block in _blocks(outer):
            if inner in block:
                yield from (statement for statement in block[: block.index(inner)] if _ends([statement], process))
        # The `else` runs when the body has come to its end.
        if isinstance(outer, ast.Try) and inner in outer.orelse and _ends(outer.body, process):
            yield outer.body[-1]


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list):
            yield block


def _ends(block: Sequence[ast.stmt], process: Watched) -> bool:
    """Whether the process has exited where control runs off the end of a block."""
    return any(_does_end(statement, process) for statement in block)


def _does_end(statement: ast.stmt, process: Watched) -> bool:
    match statement:
        case ast.If(test=test, body=body, orelse=orelse):
            return _awaits(test, process) or (
                _is_over(shows(test, True, process), body, process)
                and _is_over(shows(test, False, process), orelse, process)
            )
        case ast.While(test=test, body=body):
            # A `break` leaves the loop whatever its test says.
            broken = any(isinstance(node, ast.Break) for inner in body for node in descendants(inner))
            return _awaits(test, process) or (shows(test, False, process) and not broken)
        case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
            # Where an exception is kept back, the block may have ended before the wait.
            return _ends(body, process) and not any(suppresses(item.context_expr) for item in items)
        case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=last):
            whole = _ends([*body, *orelse], process) and all(
                _is_over(False, handler.body, process) for handler in handlers
            )
            return whole or _ends(last, process)
        case ast.Assert(test=test):
            return shows(test, True, process) or _awaits(test, process)
        case ast.Expr() | ast.Assign() | ast.AnnAssign() | ast.AugAssign():
            return _awaits(statement, process)
    return False


def _is_over(shown: bool, block: Sequence[ast.stmt], process: Watched) -> bool:
    return shown or leaves(block) or _ends(block, process)


def _awaits(node: ast.AST, process: Watched) -> bool:
    """Whether to run a node waits for the end: `await process.wait()`, `await wait_for(process.wait(), 5)`."""
    if isinstance(node, _PARTLY):
        return False
    if isinstance(node, ast.Await) and isinstance(node.value, ast.Call):
        call = node.value
        handed = (
            [argument for argument in call.args if isinstance(argument, ast.Call)]
            if last_name(call.func) in _WAITING
            else []
        )
        if any(_is_its_end(candidate, process) for candidate in [call, *handed]):
            return True
    return any(_awaits(child, process) for child in children(node))


def _is_its_end(call: ast.Call, process: Watched) -> bool:
    """Whether a call comes back when the process is at its end: one for that, or one that reads all that it writes."""
    callee = ast.unparse(call.func)
    if callee in [f"{process.text}.{method}" for method in _WAITS]:
        return True
    # What has closed its pipes is about to exit.
    whole = not call.keywords and [ast.unparse(argument) for argument in call.args] in ([], ["-1"])
    return whole and callee in [f"{process.text}.{pipe}.read" for pipe in PIPES]


def _assignments(function: ast.AST, text: str) -> Iterator[tuple[int, int]]:
    """Yield where a name, or what stands before one of its dots, is bound anew."""
    for node in descendants(function):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            if f"{text}.".startswith(f"{ast.unparse(node)}."):
                yield _start(node)


def _start(node: ast.expr | ast.stmt) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _end(node: ast.expr | ast.stmt) -> tuple[int, int]:
    return node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
