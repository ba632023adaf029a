"""Where a coroutine is put that has no use for one: a parameter, an attribute, a variable."""

import ast

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import ArgumentUse, Declared


def for_parameter(call: cst.Call, argument: cst.Arg, context: Context) -> Declared | None:
    """Return how the parameter that an argument of a call is for is declared, when that rules a coroutine out."""
    counterpart, value = context.counterpart(call), context.counterpart(argument.value)
    if counterpart is None or value is None or not isinstance(counterpart.node, ast.Call):
        return None
    return context.view.uses.parameter_declared(counterpart.node, value.node, counterpart.frame)


def by_function(call: cst.Call, argument: cst.Arg, context: Context) -> ArgumentUse | None:
    """Return what the called function does with an argument that a coroutine could not bear."""
    counterpart, value = context.counterpart(call), context.counterpart(argument.value)
    if counterpart is None or value is None or not isinstance(counterpart.node, ast.Call):
        return None
    return context.view.uses.argument_used(counterpart.node, value.node, counterpart.frame)


def for_target(target: cst.BaseExpression, by: cst.CSTNode, context: Context) -> Declared | None:
    """Return how what is assigned to is declared, there or in its class, when that rules a coroutine out."""
    assigned = context.counterpart(target)
    annotation = None
    if isinstance(by, cst.AnnAssign):
        counterpart = context.counterpart(by.annotation.annotation)
        annotation = counterpart.node if counterpart is not None else None
    if assigned is None or (annotation is None and not isinstance(target, cst.Attribute)):
        return None
    return context.view.uses.target_declared(assigned.node, annotation, assigned.frame)


def for_yield(value: cst.BaseExpression, context: Context) -> Declared | None:
    """Return what the generator that yields a value is declared to give, when that rules a coroutine out."""
    counterpart = context.counterpart(value)
    return context.view.uses.yield_declared(counterpart.frame) if counterpart is not None else None


def rules_out(classes: cst.BaseExpression, context: Context) -> bool:
    """Whether nothing that `isinstance` finds to be one of these classes is a coroutine."""
    counterpart = context.counterpart(classes)
    return counterpart is not None and context.view.uses.rules_out(counterpart.node, counterpart.frame)
