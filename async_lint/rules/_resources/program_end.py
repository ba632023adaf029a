"""Functions with which the program ends: the operating system closes what they leave open."""

import ast

from async_lint.context import Context
from async_lint.inference.face import Frame, Site, descendants, last_name
from async_lint.rules._resources.opened import is_called

_METHOD = "run_until_complete"
_RUNNING = ("asyncio.run", "uvloop.run")


def ends_program(frame: Frame, context: Context) -> bool:
    """Whether a function is called in the project only to be run as its program: `asyncio.run(main())`."""
    callers = [caller.site for caller in context.view.project.callers(frame) if caller.proved]
    return bool(callers) and all(_is_run(site, context) for site in callers)


def _is_run(site: Site, context: Context) -> bool:
    chain = context.view.project.above(site.node, site.frame)
    around = chain[-1] if chain is not None else _outside_functions(site, context)
    if not isinstance(around, ast.Call):
        return False
    return last_name(around.func) == _METHOD or is_called(around, _RUNNING, site.frame, context.view)


def _outside_functions(site: Site, context: Context) -> ast.AST | None:
    """Return the call of the checked file that is given what a site gives."""
    place = site.node.lineno, site.node.col_offset
    for node in descendants(context.source.tree):
        if isinstance(node, ast.Call) and any((one.lineno, one.col_offset) == place for one in node.args):
            return node
    return None
