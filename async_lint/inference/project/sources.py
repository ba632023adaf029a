"""Where a value stood before: one step back, from a name to what it was bound to, from a parameter to the arguments."""

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from async_lint.inference.modules.summary import body_of
from async_lint.inference.names.origins import VALUES, LostError, bindings_of, frame_of
from async_lint.inference.project.dynamic_parameters import DynamicParameters
from async_lint.inference.project.project import Project
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Binding, Class, Function, How, last_name
from async_lint.inference.types.scope import class_scope, function_scope
from async_lint.inference.types.values import ClassType, Frame, Instance

_CAST = "typing.cast"


class Sources(NamedTuple):
    """Expressions that a value may come from, each with its frame.

    `unseen`: it may be the argument of a call, too, that was not seen, or does not show what it gives.
    """

    seen: tuple[tuple[ast.expr, Frame], ...] = ()
    unseen: bool = False


def sources(evaluator: Evaluator, project: Project, expression: ast.expr, frame: Frame) -> Sources:
    """Return what an expression stands for, one step back; nothing where it is no name of something else."""
    match expression:
        # `client if ready else None`: a constant comes from nowhere else.
        case ast.Await(value=inner) | ast.NamedExpr(value=inner) | ast.IfExp(body=inner, orelse=ast.Constant()):
            return Sources(((inner, frame),))
        case ast.IfExp(body=first, orelse=second):
            return Sources(((first, frame), (second, frame)))
        case ast.BoolOp(values=values):
            return Sources(tuple((value, frame) for value in values))
        case ast.Call(func=callee, args=[_, inner]) if last_name(callee) == "cast":
            is_cast = evaluator.qualified_name(evaluator.evaluate(callee, frame)) == _CAST
            return Sources(((inner, frame),) if is_cast else ())
        case ast.Name():
            try:
                return _bound(evaluator, project, *bindings_of(expression, frame))
            except LostError:
                return Sources()
        case ast.Attribute():
            owner = evaluator.evaluate(expression.value, frame)
            if isinstance(owner, Instance | ClassType):
                return _joined(_of_member(evaluator, project, owner.cls, expression.attr))
    return Sources()


def _joined(several: Iterator[Sources]) -> Sources:
    joined = list(several)
    return Sources(tuple(pair for part in joined for pair in part.seen), any(part.unseen for part in joined))


def _bound(evaluator: Evaluator, project: Project, bindings: Sequence[Binding], frame: Frame) -> Sources:
    return _joined(_of_binding(evaluator, project, binding, frame) for binding in bindings)


def _of_binding(evaluator: Evaluator, project: Project, binding: Binding, frame: Frame) -> Sources:
    if binding.how is How.PARAMETER and isinstance(binding.node, ast.arg) and frame.function is not None:
        given = list(DynamicParameters(evaluator, project).arguments(frame.function, binding.node))
        # Where nobody in the project calls the function, others do.
        return Sources(tuple(filter(None, given)), not given or None in given)
    if binding.how in VALUES and not binding.path and binding.value is not None:
        return Sources(((binding.value, frame_of(binding, frame)),))
    return Sources()


def _of_member(evaluator: Evaluator, project: Project, cls: Class, name: str) -> Iterator[Sources]:
    for base in evaluator.order(cls).bases:
        for binding in base.cls.table.get(name, ()):
            if isinstance(binding.definition, Function):
                yield _of_property(binding.definition)
            else:
                yield _bound(evaluator, project, [binding], class_scope(base.cls))
        for function, binding in base.cls.attributes.get(name, ()):
            yield _bound(evaluator, project, [binding], function_scope(function))


def _of_property(function: Function) -> Sources:
    decorators = {last_name(decorator) for decorator in function.node.decorator_list}
    if not decorators & {"property", "cached_property"}:
        return Sources()
    returned = (value for value in body_of(function).returns if value is not None)
    return Sources(tuple((value, function_scope(function)) for value in returned))
