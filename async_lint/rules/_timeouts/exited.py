"""Processes that have exited before a call, or closed their pipes: nothing is left to wait for, or to read."""

import ast
from collections.abc import Iterator, Sequence
from itertools import pairwise

from async_lint.inference.face import Frame, ModuleView, Site, children, descendants, leaves, suppresses
from async_lint.rules._timeouts.given import last_word

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
    if around and isinstance(process, ast.Name | ast.Attribute) and _is_gone_here(process, around):
        return True
    made = view.project.origins(process, frame) if depth else None
    return bool(made) and all(_is_given_gone(site, view, depth - 1) for site in made or ())


def _is_given_gone(site: Site, view: ModuleView, depth: int) -> bool:
    """Whether a function of the project has waited for the process that it returns."""
    given = view.project.results(site)
    return bool(given) and all(
        _is_gone(value, view.project.above(value, frame), frame, view, depth) for value, frame in given or ()
    )


def _is_gone_here(process: ast.Name | ast.Attribute, around: Sequence[ast.AST]) -> bool:
    text = ast.unparse(process)
    known = (_end(node) for node in _on_the_way([*around, process], text))
    # By another assignment the name holds another process.
    assigned = list(_assignments(around[0], text))
    return any(not any(place <= assignment < _start(process) for assignment in assigned) for place in known)


def _on_the_way(chain: Sequence[ast.AST], text: str) -> Iterator[ast.expr | ast.stmt]:
    """Yield what lies on every way to the last of a chain of nodes, and shows that the process has exited."""
    for outer, inner in pairwise(chain):
        match outer:
            case ast.If(test=test) | ast.While(test=test) if isinstance(inner, ast.stmt):
                if _shows(test, inner in outer.body, text) or _awaits(test, text):
                    yield test
        for block in _blocks(outer):
            if inner in block:
                yield from (statement for statement in block[: block.index(inner)] if _ends([statement], text))
        # The `else` runs when the body has come to its end.
        if isinstance(outer, ast.Try) and inner in outer.orelse and _ends(outer.body, text):
            yield outer.body[-1]


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list):
            yield block


def _ends(block: Sequence[ast.stmt], text: str) -> bool:
    """Whether the process has exited where control runs off the end of a block."""
    return any(_does_end(statement, text) for statement in block)


def _does_end(statement: ast.stmt, text: str) -> bool:
    match statement:
        case ast.If(test=test, body=body, orelse=orelse):
            return _awaits(test, text) or (
                _is_over(_shows(test, True, text), body, text) and _is_over(_shows(test, False, text), orelse, text)
            )
        case ast.While(test=test, body=body):
            # A `break` leaves the loop whatever its test says.
            broken = any(isinstance(node, ast.Break) for inner in body for node in descendants(inner))
            return _awaits(test, text) or (_shows(test, False, text) and not broken)
        case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
            # Where an exception is kept back, the block may have ended before the wait.
            return _ends(body, text) and not any(suppresses(item.context_expr) for item in items)
        case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=last):
            whole = _ends([*body, *orelse], text) and all(_is_over(False, handler.body, text) for handler in handlers)
            return whole or _ends(last, text)
        case ast.Assert(test=test):
            return _shows(test, True, text) or _awaits(test, text)
        case ast.Expr() | ast.Assign() | ast.AnnAssign() | ast.AugAssign():
            return _awaits(statement, text)
    return False


def _is_over(shown: bool, block: Sequence[ast.stmt], text: str) -> bool:
    return shown or leaves(block) or _ends(block, text)


def _awaits(node: ast.AST, text: str) -> bool:
    """Whether to run a node waits for the end: `await process.wait()`, `await wait_for(process.wait(), 5)`."""
    if isinstance(node, _PARTLY):
        return False
    if isinstance(node, ast.Await) and isinstance(node.value, ast.Call):
        call = node.value
        handed = (
            [argument for argument in call.args if isinstance(argument, ast.Call)]
            if last_word(call) in _WAITING
            else []
        )
        if any(_is_its_end(candidate, text) for candidate in [call, *handed]):
            return True
    return any(_awaits(child, text) for child in children(node))


def _is_its_end(call: ast.Call, text: str) -> bool:
    """Whether a call comes back when the process is at its end: one for that, or one that reads all that it writes."""
    callee = ast.unparse(call.func)
    if callee in [f"{text}.{method}" for method in _WAITS]:
        return True
    # What has closed its pipes is about to exit.
    whole = not call.keywords and [ast.unparse(argument) for argument in call.args] in ([], ["-1"])
    return whole and callee in [f"{text}.{pipe}.read" for pipe in PIPES]


def _shows(test: ast.expr, outcome: bool, text: str) -> bool:
    """Whether a test with that outcome shows that the process has exited: `process.returncode is not None`."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _shows(operand, not outcome, text)
        case ast.BoolOp(op=op, values=values):
            # All of `and` are true where it is, all of `or` false where it is.
            holds = any if isinstance(op, ast.And) is outcome else all
            return holds(_shows(part, outcome, text) for part in values)
        case ast.Compare(left=left, ops=[op], comparators=[ast.Constant(value=value)]) if _asks(left, text):
            equal = isinstance(op, ast.Is | ast.Eq)
            if not equal and not isinstance(op, ast.IsNot | ast.NotEq):
                return False
            # Any return code but None is that of a process that has exited.
            return equal is not outcome if value is None else equal is outcome
    # A return code that is true is not None; one that is false may be 0 as well.
    return outcome and _asks(test, text)


def _asks(node: ast.expr, text: str) -> bool:
    return ast.unparse(node) in (f"{text}.returncode", f"{text}.poll()")


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
