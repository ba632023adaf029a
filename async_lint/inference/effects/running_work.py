"""What is awaited though no call stands there: work that runs already, or that the run made itself."""

import ast

from async_lint.inference.effects.interprocedural import follow
from async_lint.inference.effects.library_effects import Change, LibraryEffect
from async_lint.inference.effects.reader import Reader
from async_lint.inference.kinds import kinds
from async_lint.inference.syntax.binding import How
from async_lint.inference.types.answer import Kind
from async_lint.inference.types.values import Coroutine, Frame, FunctionType, Type


def wait_for(reader: Reader, node: ast.expr, frame: Frame) -> None:
    """Read what awaiting the value of an expression does, or of several after a star. Raises StopReadingError."""
    node = node.value if isinstance(node, ast.Starred) else node
    of = reader.evaluate(node, frame)
    text = ast.unparse(node)
    if _is_task(reader, of):
        if not _is_started_here(reader, node, frame):
            gains_nothing(reader, f"`{text}` runs already", node, frame)
        else:
            reader.waited(f"`{text}`")
    elif isinstance(of, Coroutine) and of.function is not None:
        follow(reader, FunctionType(of.function), node, frame)
    elif not (isinstance(node, ast.Name) and node.id not in reader.run.given and reader.owner(node, frame)):
        # What was made here was read where it was made.
        reader.unknown(f"nobody knows what `{text}` does", node, frame)


def gains_nothing(reader: Reader, why: str, node: ast.AST, frame: Frame) -> None:
    """Note an await of what takes as long whether or not others are awaited meanwhile: no loop is to be rewritten."""
    if reader.depth == 0:
        reader.unknown(why, node, frame)


def is_handed_on(library_effect: LibraryEffect, node: ast.Call) -> bool:
    """Whether a call waits for something that it is given and that was not made in its place: `wait_for(task, 5)`."""
    if (
        library_effect.change is not Change.WRAPS
        or library_effect.calls is not None
        or not node.args
        or _has_calls(node)
    ):
        return False
    first = node.args[0].value if isinstance(node.args[0], ast.Starred) else node.args[0]
    return isinstance(first, ast.Name | ast.Attribute | ast.Subscript)


def _is_task(reader: Reader, of: Type) -> bool:
    """Whether it is a task or a future, or a collection of those."""
    evaluator = reader.effects.evaluator
    return Kind.TASK in (kinds.kind(evaluator, of), kinds.kind(evaluator, evaluator.element(of, False)))


def _is_started_here(reader: Reader, node: ast.expr, frame: Frame) -> bool:
    """Whether the run itself has scheduled the work: `task = create_task(f(x))`."""
    if isinstance(node, ast.NamedExpr):
        return _starts(reader, node.value, frame)
    if not isinstance(node, ast.Name) or node.id in reader.run.given:
        return False
    bindings = reader.run.table.get(node.id, ())
    # What a loop takes from a collection may have been started long before this run.
    return bool(bindings) and all(
        binding.how is not How.ITERATE and _starts(reader, binding.value, frame) for binding in bindings
    )


def _starts(reader: Reader, value: ast.expr | None, frame: Frame) -> bool:
    if not isinstance(value, ast.Call):
        return False
    library_effect = reader.effects.library_effects.of(reader.evaluate(value.func, frame))
    return (
        library_effect is not None
        and library_effect.change is Change.WRAPS
        and (library_effect.calls is not None or _has_calls(value))
    )


def _has_calls(node: ast.Call) -> bool:
    return any(isinstance(argument, ast.Call) for argument in node.args)
