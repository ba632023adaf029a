"""A function that schedules something and returns it to callers that drop it: one defect, where the task is made."""

import ast
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Frame, ModuleView, Site, cited
from async_lint.rule import Finding
from async_lint.rules._tasks.course import as_it_goes
from async_lint.rules._tasks.scheduling import consequence, last_name, schedulers
from async_lint.rules._tasks.spawners import droppers, spawned_by
from async_lint.rules._tasks.strong_reference import strong_reference
from async_lint.rules._tasks.task_holder import By, Held

_NAMED = 2  # callers that a message names


def is_dropped_by_several(frame: Frame, view: ModuleView) -> bool:
    """Whether more than one call in the project drops what the function of a frame makes and returns."""
    # Whoever looks for callers reads all files that mention the function's name.
    return spawned_by(frame, view) is not None and len(droppers(frame, view)) > 1


def returned_to_droppers(call: cst.Call, holder: Held | None, context: Context) -> Iterator[Finding]:
    """Yield what is wrong with the visited call when it makes what its function returns to several that drop it."""
    statement = context.parent()
    if holder is None and not isinstance(statement, cst.Return):
        return
    site = context.counterpart(call) if last_name(call.func) in schedulers() else None
    if site is None or not isinstance(site.node, ast.Call):
        return
    made = spawned_by(site.frame, context.view)
    if made is None or not made.is_at(Site(site.node, site.frame)):
        return
    callers = droppers(site.frame, context.view)
    # A single caller that drops it is reported itself.
    if len(callers) < 2:
        return
    by = as_it_goes(made.by, made.call, made.frame, context.view)
    if by is None:
        return
    fix = None
    # Where several calls make it, to keep that of one would not be enough.
    if by.collected and made.alone:
        fix = strong_reference(call, by.object, holder or Held(By.NOTHING, statement), context)
    subject = f"the {by.object} of `{last_name(call.func)}`"
    message = f"{subject} is returned to callers that drop it ({_places(callers)}): {consequence(by, call)}"
    yield Finding(context.span(call), message, fix)


def _places(callers: list[Site]) -> str:
    named = [cited(caller.frame.module.path, caller.node.lineno) for caller in callers[:_NAMED]]
    more = len(callers) - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")
