"""Calls that are not awaited, and whose arguments do not fit: `await` would not mend them."""

import ast

import libcst as cst

from async_lint.context import Context

REFUSED = "this call is not awaited, and its arguments do not fit, so it raises TypeError before anything is created"


def is_refused(call: cst.Call, context: Context) -> bool:
    site = context.counterpart(call)
    if site is None or not isinstance(site.node, ast.Call):
        return False
    return context.view.calls.is_refused(site.node, site.frame)
