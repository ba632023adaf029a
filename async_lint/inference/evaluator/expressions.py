"""What an expression is."""

import ast
from typing import Any

from async_lint.inference.evaluator.annotations import from_value
from async_lint.inference.members.members import of_heirs
from async_lint.inference.modules.summary import body_of
from async_lint.inference.names.bound_values import binding_type
from async_lint.inference.names.names import name_type
from async_lint.inference.names.narrowing import decided, narrow
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax import conditions, flow
from async_lint.inference.syntax.binding import MANY, dotted
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.unions import join, without_none
from async_lint.inference.types.values import (
    NONE,
    NOTHING_YET,
    UNKNOWN,
    Alias,
    ClassType,
    Frame,
    FunctionType,
    Instance,
    LambdaType,
    Literal,
    NoneType,
    OverloadedType,
    SpecialForm,
    TupleType,
    Type,
    TypeVariable,
    Union,
    Unknown,
    unknown,
)

_MANY = 200  # items of a display: more are data


def expression_type(evaluator: Evaluator, node: ast.expr, frame: Frame) -> Type:
    evaluate = _BY_NODE.get(type(node))
    return UNKNOWN if evaluate is None else evaluate(evaluator, node, frame)


def _constant(evaluator: Evaluator, node: ast.Constant, frame: Frame) -> Type:
    value = node.value
    if value is None:
        return NONE
    # In a stub or an abstract body it stands for a value that is not there.
    if value is ...:
        return UNKNOWN
    made = evaluator.builtin(type(value).__name__)
    return Literal(value, made) if isinstance(value, str | int) else made


def _attribute(evaluator: Evaluator, node: ast.Attribute, frame: Frame) -> Type:
    receiver = evaluator.evaluate(node.value, frame)
    value = evaluator.attribute(receiver, node.attr)
    if isinstance(value, Unknown) and isinstance(receiver, Instance) and _is_self(node.value, frame):
        value = of_heirs(evaluator, receiver.cls, node.attr)
    value = _assigned_before(evaluator, node, value, frame)
    if isinstance(value, Union):
        scope = frame.enclosing_function()
        name = dotted(node)
        if scope is not None and scope.function is not None and name:
            body, place = body_of(scope.function), (node.lineno, node.col_offset)
            reach = flow.reaching(name, place, body.statements, False, body.lines_of(name))
            tests = [*[*conditions.inside(reach.statement, place)][::-1], *reach.tests]
            return narrow(evaluator, name, value, tests, frame)
    return value


def _is_self(node: ast.expr, frame: Frame) -> bool:
    """Whether a name is the first parameter of the method around it."""
    method = frame.method()
    if method is None or method.function is None or not isinstance(node, ast.Name):
        return False
    arguments = method.function.node.args
    return [arg.arg for arg in (*arguments.posonlyargs, *arguments.args)[:1]] == [node.id]


def _assigned_before(evaluator: Evaluator, node: ast.Attribute, attribute: Type, frame: Frame) -> Type:
    """What the function itself assigned to it on the way to the use, where that is known; else `attribute`."""
    scope = frame.enclosing_function()
    if scope is None or scope.function is None:
        return attribute
    body = body_of(scope.function)
    name = dotted(node) if body.stores else ""
    if not 0 < len(body.stores.get(name, ())) <= MANY:
        return attribute
    reach = flow.reaching(name, (node.lineno, node.col_offset), body.statements, False, body.lines_of(name))
    values = [
        binding_type(evaluator, binding, scope) for binding in body.stores[name] if id(binding.node) in reach.nodes
    ]
    if not values or any(isinstance(value, NoneType) for value in values):
        return attribute  # a None is there to be replaced, by a method that was called since
    now = join([*values, attribute] if reach.start else values)
    # An unknown value says less than the attribute does; but a method that it replaced is there no more.
    return attribute if isinstance(now, Unknown) and not isinstance(attribute, FunctionType | OverloadedType) else now


def _call(evaluator: Evaluator, node: ast.Call, frame: Frame) -> Type:
    return evaluator.call_node(node, frame)


def _await(evaluator: Evaluator, node: ast.Await, frame: Frame) -> Type:
    return evaluator.awaited(evaluator.evaluate(node.value, frame))


def _subscript(evaluator: Evaluator, node: ast.Subscript, frame: Frame) -> Type:
    base = evaluator.evaluate(node.value, frame)
    if isinstance(base, SpecialForm | ClassType | Alias):
        return from_value(evaluator, node, base, frame)
    return evaluator.subscript(base, node.slice, frame)


def _either(evaluator: Evaluator, node: ast.IfExp, frame: Frame) -> Type:
    known = decided(node.test, frame)
    # The test is about an argument that is known: one side is not run.
    if known is not None:
        return evaluator.evaluate(node.body if known else node.orelse, frame)
    tests = [conditions.Test(node.test, True)]
    yes, no = evaluator.evaluate(node.body, frame), evaluator.evaluate(node.orelse, frame)
    name, other = dotted(node.body), dotted(node.orelse)
    if name:
        yes = narrow(evaluator, name, yes, tests, frame)
    if other:
        no = narrow(evaluator, other, no, [conditions.Test(node.test, False)], frame)
    return join([yes, no])


def _boolean(evaluator: Evaluator, node: ast.BoolOp, frame: Frame) -> Type:
    # What can be awaited counts as true, so a left side that ends the test is nothing to await.
    if isinstance(node.op, ast.And):
        return evaluator.evaluate(node.values[-1], frame)
    operands = [evaluator.evaluate(value, frame) for value in node.values]
    # A None on the left is what the right side replaces.
    return join(
        [*(without_none(operand) for operand in operands[:-1] if not isinstance(operand, NoneType)), operands[-1]]
    )


def _binary(evaluator: Evaluator, node: ast.BinOp, frame: Frame) -> Type:
    left = evaluator.evaluate(node.left, frame)
    if isinstance(node.op, ast.BitOr) and isinstance(left, ClassType | Alias | NoneType | SpecialForm | TypeVariable):
        right = evaluator.evaluate(node.right, frame)
        return Alias(join([evaluator.as_annotation(left), evaluator.as_annotation(right)]))
    if isinstance(left, Literal):
        left = left.type
    method = _OPERATORS.get(type(node.op))
    if isinstance(left, Instance | Union) and method:
        return evaluator.returned(evaluator.attribute(left, method), [node.right], frame)
    return UNKNOWN


_OPERATORS = {
    ast.Add: "__add__",
    ast.Sub: "__sub__",
    ast.Mult: "__mul__",
    ast.Div: "__truediv__",
    ast.Mod: "__mod__",
    ast.BitOr: "__or__",
}


def _unary(evaluator: Evaluator, node: ast.UnaryOp, frame: Frame) -> Type:
    if isinstance(node.op, ast.Not):
        return evaluator.builtin("bool")
    operand = evaluator.evaluate(node.operand, frame)
    # `-1` is another number than 1: only the type stays.
    return operand.type if isinstance(operand, Literal) else UNKNOWN


def _compare(evaluator: Evaluator, node: ast.Compare, frame: Frame) -> Type:
    left = evaluator.evaluate(node.left, frame)
    # A class may overload comparison (a column of a table gives an expression).
    # Python itself makes a bool of what `in` gives.
    plain = isinstance(left, Literal | NoneType) or isinstance(node.ops[0], ast.Is | ast.IsNot | ast.In | ast.NotIn)
    return evaluator.builtin("bool") if plain else UNKNOWN


def _tuple(evaluator: Evaluator, node: ast.Tuple, frame: Frame) -> Type:
    # Nobody knows how many items a star brings, so no position is certain.
    if any(isinstance(element, ast.Starred) for element in node.elts):
        return evaluator.builtin("tuple", join([_element(evaluator, element, frame) for element in node.elts]))
    return TupleType(tuple(evaluator.evaluate(element, frame) for element in node.elts))


def _element(evaluator: Evaluator, node: ast.expr, frame: Frame) -> Type:
    if isinstance(node, ast.Starred):
        return evaluator.element(evaluator.evaluate(node.value, frame), False)
    return evaluator.evaluate(node, frame)


def _list(evaluator: Evaluator, node: ast.List | ast.Set, frame: Frame) -> Type:
    name = "list" if isinstance(node, ast.List) else "set"
    if not node.elts or len(node.elts) > _MANY:
        return evaluator.builtin(name, UNKNOWN if node.elts else NOTHING_YET)
    return evaluator.builtin(name, join([_element(evaluator, element, frame) for element in node.elts]))


def _dict(evaluator: Evaluator, node: ast.Dict, frame: Frame) -> Type:
    if not node.keys or len(node.keys) > _MANY:
        return evaluator.builtin("dict", *((UNKNOWN,) * 2 if node.keys else (NOTHING_YET,) * 2))
    keys: list[Type] = []
    values: list[Type] = []
    for key, value in zip(node.keys, node.values, strict=True):
        value_type = evaluator.evaluate(value, frame)
        if key is None:  # `**value`
            merged = (
                isinstance(value_type, Instance)
                and value_type.cls.full_name == "builtins.dict"
                and len(value_type.args) == 2
            )
            keys.append(value_type.args[0] if isinstance(value_type, Instance) and merged else UNKNOWN)
            values.append(value_type.args[1] if isinstance(value_type, Instance) and merged else UNKNOWN)
        else:
            keys.append(evaluator.evaluate(key, frame))
            values.append(value_type)
    return evaluator.builtin("dict", join(keys), join(values))


def _comprehension(evaluator: Evaluator, node: ast.ListComp | ast.SetComp | ast.GeneratorExp, frame: Frame) -> Type:
    inner = Frame(frame.module, frame, node=node)
    item = evaluator.evaluate(node.elt, inner)
    if isinstance(node, ast.GeneratorExp):
        # An `await` makes a generator expression asynchronous, as an `async for` does.
        is_async = any(generator.is_async for generator in node.generators) or any(
            isinstance(part, ast.Await) for part in descendants(node.elt)
        )
        return evaluator.typing("AsyncGenerator" if is_async else "Generator", item, NONE, NONE)
    return evaluator.builtin("list" if isinstance(node, ast.ListComp) else "set", item)


def _dict_comprehension(evaluator: Evaluator, node: ast.DictComp, frame: Frame) -> Type:
    inner = Frame(frame.module, frame, node=node)
    return evaluator.builtin("dict", evaluator.evaluate(node.key, inner), evaluator.evaluate(node.value, inner))


def _lambda(evaluator: Evaluator, node: ast.Lambda, frame: Frame) -> Type:
    return LambdaType(node, frame)


def _named(evaluator: Evaluator, node: ast.NamedExpr, frame: Frame) -> Type:
    return evaluator.evaluate(node.value, frame)


def _text(evaluator: Evaluator, node: ast.JoinedStr, frame: Frame) -> Type:
    return evaluator.builtin("str")


def _unknown(evaluator: Evaluator, node: ast.expr, frame: Frame) -> Type:
    return unknown("what is sent into the generator")


_BY_NODE: dict[type[ast.expr], Any] = {
    ast.Name: name_type,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.Await: _await,
    ast.Constant: _constant,
    ast.Subscript: _subscript,
    ast.IfExp: _either,
    ast.BoolOp: _boolean,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.Compare: _compare,
    ast.Tuple: _tuple,
    ast.List: _list,
    ast.Set: _list,
    ast.Dict: _dict,
    ast.Starred: _element,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.DictComp: _dict_comprehension,
    ast.Lambda: _lambda,
    ast.NamedExpr: _named,
    ast.JoinedStr: _text,
    ast.Yield: _unknown,
    ast.YieldFrom: _unknown,
}
