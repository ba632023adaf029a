"""Tests that tell whether a process has exited: of its return code, or of a property or a method that looks at that."""

import ast
from collections.abc import Mapping
from typing import NamedTuple

from async_lint.inference.face import Frame, ModuleView, Site, descendants, parameters


class Watched(NamedTuple):
    """A process, by the text that stands for it in a function.

    `answers`: what else is asked there, with the outcome that shows the exit (`self.is_running`: False). `renewed`:
    where the function calls a method that may put another process in its place.
    """

    text: str
    answers: Mapping[str, bool]
    renewed: tuple[tuple[int, int], ...]


def watched(process: ast.Name | ast.Attribute, function: ast.AST, frame: Frame, view: ModuleView) -> Watched:
    """Return what a function knows of a process: of one in an attribute, what the other members of its object tell."""
    text = ast.unparse(process)
    if not isinstance(process, ast.Attribute):
        return Watched(text, {}, ())
    owner = ast.unparse(process.value)
    answers: dict[str, bool] = {}
    renewed: list[tuple[int, int]] = []
    for node in descendants(function):
        if isinstance(node, ast.Call) and _is_of(node.func, owner):
            if _renews(node, process.attr, frame, view):
                renewed.append((node.lineno, node.col_offset))
        elif not _is_of(node, owner):
            continue
        assert isinstance(node, ast.Call | ast.Attribute)
        outcome = _outcome(node, process.attr, frame, view)
        if outcome is not None:
            answers[ast.unparse(node)] = outcome
    return Watched(text, answers, tuple(renewed))


def _is_of(node: ast.AST, owner: str) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and ast.unparse(node.value) == owner


def _renews(call: ast.Call, attribute: str, frame: Frame, view: ModuleView) -> bool:
    """Whether a method of the project that is called binds the attribute of its object."""
    statements, _ = view.project.body(call.func, frame) or ((), None)
    nodes = (node for statement in statements for node in descendants(statement))
    return any(
        isinstance(node, ast.Attribute) and node.attr == attribute and isinstance(node.ctx, ast.Store) for node in nodes
    )


def _outcome(asked: ast.Call | ast.Attribute, attribute: str, frame: Frame, view: ModuleView) -> bool | None:
    """Return what a property, or a method, of the process's owner gives only if the process has exited."""
    if isinstance(asked, ast.Call):
        given = () if asked.args or asked.keywords else view.project.results(Site(asked, frame)) or ()
    else:
        # Of an attribute that is no property, what it was given tells how it was then.
        given = view.project.sources(asked, frame).seen
        if any(inner.function is None or inner.function.name != asked.attr for _, inner in given):
            return None
    outcomes = (True, False) if given else ()
    return next((each for each in outcomes if all(_tells(*one, each, attribute, view) for one in given)), None)


def _tells(value: ast.expr, frame: Frame, outcome: bool, attribute: str, view: ModuleView) -> bool:
    """Whether the process has exited, or there is none, where a method returns a value, and that is `outcome`."""
    own = parameters(frame.function.node.args) if frame.function is not None else []
    if not own:
        return False
    process = Watched(f"{own[0].arg}.{attribute}", {}, ())
    none = (f"{process.text} is None", f"not {process.text}")
    match value:
        case ast.Constant(value=bool() as constant):
            above = view.project.above(value, frame) or ()
            tests = [ast.unparse(node.test) for node in above if isinstance(node, ast.If)]
            return constant is not outcome or any(test in none for test in tests)
        case ast.BoolOp(op=ast.And(), values=[first, rest]) if not outcome:
            is_there = ast.unparse(first) in (process.text, f"{process.text} is not None")
            return is_there and shows(rest, outcome, process)
        case ast.BoolOp(op=ast.Or(), values=[first, rest]) if outcome:
            return ast.unparse(first) in none and shows(rest, outcome, process)
    return shows(value, outcome, process)


def shows(test: ast.expr, outcome: bool, process: Watched) -> bool:
    """Whether a test with that outcome shows that the process has exited: `process.returncode is not None`."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return shows(operand, not outcome, process)
        case ast.BoolOp(op=op, values=values):
            # All of `and` are true where it is, all of `or` false where it is.
            holds = any if isinstance(op, ast.And) is outcome else all
            return holds(shows(part, outcome, process) for part in values)
        case ast.Compare(left=left, ops=[op], comparators=[ast.Constant(value=value)]) if asks(left, process):
            equal = isinstance(op, ast.Is | ast.Eq)
            if not equal and not isinstance(op, ast.IsNot | ast.NotEq):
                return False
            # Any return code but None is that of a process that has exited.
            return equal is not outcome if value is None else equal is outcome
    if process.answers and process.answers.get(ast.unparse(test)) is outcome:
        return True
    # A return code that is true is not None; one that is false may be 0 as well.
    return outcome and asks(test, process)


def asks(node: ast.expr, process: Watched) -> bool:
    return ast.unparse(node) in (f"{process.text}.returncode", f"{process.text}.poll()")
