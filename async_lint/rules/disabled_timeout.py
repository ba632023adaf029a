"""ASL502: a deadline switched off by hand."""

import ast
import re
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.inference.face import ModuleView, Site, argument, is_test
from async_lint.rule import Finding, Rule
from async_lint.rules._shared.comments import comments
from async_lint.rules._shared.names import SCOPES, mentions, own_nodes
from async_lint.rules._timeouts.given import Given, given, last_word
from async_lint.rules._timeouts.handed_work import peer_waited_for
from async_lint.rules._timeouts.holders import holders
from async_lint.rules._timeouts.in_process import answers_in_process, goes_nowhere
from async_lint.rules._timeouts.limits import TELLING
from async_lint.rules._timeouts.may_do_without import may_do_without
from async_lint.rules._timeouts.reached import reaches_a_client
from async_lint.rules._timeouts.table import Disabled, disabled
from async_lint.rules._timeouts.used_under import is_used_under_one

_LONG = 40
_OF_LIMITS = re.compile(r"\b(?:time-?outs?|deadlines?|for ?ever|indefinitely|as long as)\b", re.IGNORECASE)


def could_disable(node: ast.Call, facts: Facts) -> bool:
    word, entries = last_word(node), disabled()
    return word in entries and any(_switched_off(node, entry) for entry in entries.called(word))


def check(node: cst.Call, context: Context) -> Iterator[Finding]:
    site, view = _site(node, context), context.view
    # A hang shows itself in a test.
    if site is None or is_test(site.frame):
        return
    hit = disabled().find(view.calls.kind_of(site.node, site.frame).name, view.names.canonical)
    if hit is None:
        return
    _, entry = hit
    said = _switched_off(site.node, entry)
    if not said or _has_no_default(entry, view) or (entry.movable and _may_be_moved(node, context)):
        return
    if _is_default(site, context) or answers_in_process(site, view) or goes_nowhere(_beside(context), site.frame, view):
        return
    if _is_never_used(site, context) or _is_explained(node, context) or _is_asked_for(context):
        return
    if entry.receivers and not reaches_a_client(site, holders(context), entry, context.view):
        return
    stuck = _stuck(site, entry, view)
    if stuck is None or may_do_without(site, entry, view) or is_used_under_one(site, view):
        return
    instead = f" and takes away the default of {entry.instead}" if entry.instead else ""
    yield Finding(context.span(node), f"{said}{instead}, so {stuck} holds the task for ever")


def _stuck(site: Site, entry: Disabled, view: ModuleView) -> str | None:
    """Return what holds the task then; None where what the call is handed is not seen to wait for a peer."""
    for name, position in entry.work.items():
        work = argument(site.node, name, position)
        wait = peer_waited_for(work, site.frame, view) if work is not None else None
        return wait.stuck if wait is not None else None
    return entry.stuck


def _is_explained(node: cst.Call, context: Context) -> bool:
    """Whether a comment on the lines of the call, or right above, says why there is no limit."""
    span = context.span(node)
    return any(map(_OF_LIMITS.search, comments(context.source.lines, span.start.line, span.end.line)))


def _is_asked_for(context: Context) -> bool:
    """Whether the visited call stands under a test of a limit: `if timeout is None: limits = Timeout(None)`."""
    for ancestor in reversed(context.ancestors):
        if isinstance(ancestor, SCOPES):
            return False
        if isinstance(ancestor, cst.If | cst.IfExp) and any(map(_is_limit, own_nodes(ancestor.test))):
            return True
    return False


def _is_limit(node: cst.CSTNode) -> bool:
    name = node.attr if isinstance(node, cst.Attribute) else node
    return isinstance(name, cst.Name) and TELLING.search(name.value) is not None


def _site(node: cst.Call, context: Context) -> Site | None:
    counterpart = context.counterpart(node)
    return (
        Site(counterpart.node, counterpart.frame)
        if counterpart is not None and isinstance(counterpart.node, ast.Call)
        else None
    )


def _beside(context: Context) -> dict[str, ast.expr]:
    """Return the options that the visited call is one of: `{"transport": ..., "timeout": Timeout(None)}`."""
    around, parent = [None, None, *context.ancestors][-2:]
    if not isinstance(around, cst.Call | cst.Dict) or not isinstance(parent, cst.Arg | cst.DictElement):
        return {}
    counterpart = context.counterpart(around)
    match counterpart.node if counterpart is not None else None:
        case ast.Call(keywords=keywords):
            return {keyword.arg: keyword.value for keyword in keywords if keyword.arg is not None}
        case ast.Dict(keys=keys, values=values):
            pairs = zip(keys, values, strict=True)
            return {str(key.value): value for key, value in pairs if isinstance(key, ast.Constant)}
    return {}


def _is_default(site: Site, context: Context) -> bool:
    """Whether the visited call is the default of a parameter, or of a field: whoever calls may say otherwise."""
    for ancestor in reversed(context.ancestors):
        if isinstance(ancestor, cst.Param):
            return True
        if isinstance(ancestor, cst.BaseSmallStatement):
            return isinstance(ancestor, cst.AnnAssign) and site.frame.cls is not None
    return False


def _is_never_used(site: Site, context: Context) -> bool:
    """Whether the visited call's value is bound to a global that nothing in the project reads."""
    name: str | None = None
    match context.parent():
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))]):
            pass
        case cst.AnnAssign(target=cst.Name(value=name)):
            pass
    if name is None or site.frame.enclosing_function() is not None or site.frame.cls is not None:
        return False
    return not any(_reads(node, name) for node in ast.walk(context.source.tree)) and (
        not context.view.project.may_be_read_elsewhere(name, site.frame)
    )


def _reads(node: ast.AST, name: str) -> bool:
    """Whether a node reads a name, or tells others of it, as `__all__` does."""
    if isinstance(node, ast.Name):
        return node.id == name and not isinstance(node.ctx, ast.Store)
    return isinstance(node, ast.Constant) and node.value == name


def _switched_off(call: ast.Call, entry: Disabled) -> str:
    """Return how the call switches the deadline off, empty where it does not or may not."""
    if given(call, entry.unless, (None,)) in (Given.SET, Given.HIDDEN):
        return ""
    name, position = entry.argument
    match given(call, {name: position}, (None, 0) if entry.zero else (None,)):
        case Given.NOTHING:
            limit = f"no limit on {entry.of}" if given(call, entry.others) is Given.SET else "no limit"
            return f"`{_written(call, argument(call, name, position))}` sets {limit}"
        case Given.ABSENT if entry.absent:
            return f"`{_written(call, None)}` sets neither {' nor '.join(f'`{arg}`' for arg in (name, *entry.unless))}"
    return ""


def _written(call: ast.Call, shown: ast.expr | None) -> str:
    """Return the call as the source says it, with `shown` alone of its arguments, or with all where that is None."""
    callee = ast.unparse(call.func)
    if len(callee) > _LONG or "(" in callee:
        callee = last_word(call)
    texts: list[str] = []
    for value, prefix in [
        *((positional, "") for positional in call.args),
        *((k.value, f"{k.arg}=") for k in call.keywords),
    ]:
        if shown is None or value is shown:
            texts.append(f"{prefix}{ast.unparse(value)}")
        elif texts[-1:] != ["..."]:
            texts.append("...")
    return f"{callee}({', '.join(texts)})"


def _has_no_default(entry: Disabled, view: ModuleView) -> bool:
    """Whether the version that is installed has no limit anyway: then this call switches nothing off."""
    default = view.names.default(*entry.probe) if entry.probe else None
    return isinstance(default, ast.Constant) and default.value is None


def _may_be_moved(node: cst.Call, context: Context) -> bool:
    """Whether what a call gives may get a deadline later: it has a name that is used, or is not entered here."""
    parent = context.parent()
    if not isinstance(parent, cst.WithItem):
        return True
    if parent.asname is None:
        return False
    statement = next(ancestor for ancestor in reversed(context.ancestors) if isinstance(ancestor, cst.With))
    target = parent.asname.name
    return not isinstance(target, cst.Name) or mentions(statement.body, target.value)


RULE = Rule(
    code="ASL502",
    name="disabled-timeout",
    summary="deadline switched off",
    triggers={ast.Call: could_disable},
    visit={cst.Call: check},
)
