"""The fix for a task that nobody holds: a module-level set keeps it until it is done."""

import ast
import re
from collections.abc import Collection, Iterator, Sequence

import libcst as cst

from async_lint.context import Context
from async_lint.files.source import Source
from async_lint.model import Applicability, Edit, Fix, Position, Span
from async_lint.rules._tasks.task_holder import By, Held
from async_lint.trees.walk import children

_SET = "_background_tasks"
_TITLE = "Keep a strong reference to it in a module-level set until it is done"
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_SCOPES = (cst.FunctionDef, cst.ClassDef, cst.Lambda)


def strong_reference(call: cst.Call, object_: str, holder: Held, context: Context) -> Fix | None:
    """Return the fix; None unless the call is the whole of a statement in a function, on lines of its own.

    `object_` is what the fix calls the task or future where it has no name yet.
    """
    statement = holder.node
    indent = _indentation(statement, context)
    if indent is None or not isinstance(statement, (cst.Expr, cst.Assign, cst.AnnAssign, cst.Return)):
        return None
    value = holder.chained or call
    if statement.value is not value or not _is_plain(call, holder.chained, context):
        return None
    outermost = next(ancestor for ancestor in context.ancestors if isinstance(ancestor, cst.FunctionDef))
    kept, edits = _existing_set(outermost, context), []
    if kept is None:
        kept = _fresh(_SET, context.source.once(_words))
        made = _definition(kept, context.span(outermost).start.line, context)
        if made is None:
            return None
        edits.append(made)
    # `_` is for what nobody needs, and may be bound again at once.
    nameless = holder.by is not By.NAME or (isinstance(statement, cst.Assign) and not holder.name.strip("_"))
    name = _fresh(object_, context.slice.once(_names_of, outermost)) if nameless else holder.name
    keep = f"\n{indent}{kept}.add({name})\n{indent}{name}.add_done_callback({kept}.discard)"
    if isinstance(statement, cst.Return):
        before = Span(context.span(statement).start, context.outer_span(value).start)
        edits.append(context.replace(before, f"{name} = "))
        keep += f"\n{indent}return {name}"
    elif holder.by is By.NOTHING:
        edits.append(context.insert(context.outer_span(value).start, f"{name} = "))
    elif nameless and isinstance(statement, cst.Assign):
        edits.append(context.replace(context.span(statement.targets[0].target), name))
    if holder.chained is not None:
        edits.append(context.insert(context.span(call).end, f"{keep}\n{indent}{name}"))
    else:
        # Behind a comment, which may be a `noqa` for the line.
        edits.append(context.insert(_end_of_line(context.span(statement).end.line, context), keep))
    return Fix(_TITLE, tuple(edits), Applicability.UNSAFE)


def _indentation(statement: cst.CSTNode, context: Context) -> str | None:
    """Return what the line of a statement begins with; None where lines cannot be added after it in a function."""
    above = context.ancestors_of(statement)
    scope = next((ancestor for ancestor in reversed(above) if isinstance(ancestor, _SCOPES)), None)
    line = above[-1] if above else None
    if not isinstance(scope, cst.FunctionDef) or not isinstance(line, cst.SimpleStatementLine) or len(line.body) > 1:
        return None
    start = context.span(statement).start
    indent = context.source.lines[start.line - 1][: start.column]
    return None if indent.strip() else indent


def _is_plain(call: cst.Call, chained: cst.Call | None, context: Context) -> bool:
    """Whether lines may go between a call and the `.add_done_callback(...)` behind it."""
    if chained is None:
        return True
    if call.lpar or chained.lpar or not isinstance(chained.func, cst.Attribute) or chained.func.lpar:
        return False
    end, dot = context.span(call).end, context.span(chained.func.attr).start
    return end.line == dot.line and dot.column == end.column + 1


def _existing_set(function: cst.FunctionDef, context: Context) -> str | None:
    """Return a module-level set from which done-callbacks discard already; not one that `function` has its own of."""
    sets = context.source.once(_discarding_sets)
    if not sets:
        return None
    code = context.code(function)
    # A local of the name would hide the set.
    return next((name for name in sets if not re.search(rf"(?<![\w.]){name}\s*(?::[^=\n]*)?=(?!=)", code)), None)


def _discarding_sets(source: Source) -> list[str]:
    names = []
    for statement in source.tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(name)], value=ast.Call(func=ast.Name("set"), args=[])):
                names.append(name)
            case ast.AnnAssign(target=ast.Name(name), value=ast.Call(func=ast.Name("set"), args=[])):
                names.append(name)
    return [name for name in names if re.search(rf"add_done_callback\(\s*{name}\.discard\s*\)", source.text)]


def _definition(name: str, before: int, context: Context) -> Edit | None:
    """Return the edit that makes the set behind the imports, above the line `before`."""
    body = [statement for statement in context.source.tree.body if _first_line(statement) < before]
    index = _last_import(body)
    # Any task or future goes in, and nothing has to be imported for the annotation.
    made = f"{name}: set[object] = set()" if context.target_version >= (3, 9) else f"{name} = set()"
    if index is None:
        return context.insert(Position(_first_line(context.source.tree.body[0]), 0), f"{made}\n\n\n")
    last = body[index].end_lineno or body[index].lineno
    following = context.source.tree.body[index + 1] if index + 1 < len(context.source.tree.body) else None
    # `import a; run()`: what stands on the line of the import would run before the set is made.
    if following is None or _first_line(following) <= last:
        return None
    blank = not context.source.lines[last].strip()
    return context.insert(_end_of_line(last, context), f"\n\n{made}" + ("" if blank else "\n"))


def _last_import(body: Sequence[ast.stmt]) -> int | None:
    """Return the index of the last import before the first definition, or of the module's docstring."""
    last = None
    for index, statement in enumerate(body):
        if isinstance(statement, _DEFINITIONS):
            break
        docstring = index == 0 and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if docstring or _imports(statement):
            last = index
    return last


def _imports(statement: ast.stmt) -> bool:
    if isinstance(statement, (ast.If, ast.Try)):
        return any(_imports(child) for child in statement.body)
    return isinstance(statement, (ast.Import, ast.ImportFrom))


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _end_of_line(line: int, context: Context) -> Position:
    return Position(line, len(context.source.lines[line - 1].rstrip("\r\n")))


def _fresh(name: str, used: Collection[str]) -> str:
    """Return `name`, or one like it, that is not used."""
    fresh, number = name, 1
    while fresh in used:
        number += 1
        fresh = f"{name}_{number}"
    return fresh


def _words(source: Source) -> set[str]:
    return set(re.findall(r"(?<![\w.])[^\W\d]\w*", source.text))


def _names_of(function: cst.FunctionDef) -> set[str]:
    return set(_names(function))


def _names(node: cst.CSTNode) -> Iterator[str]:
    """Yield the names below a node, but for those of attributes and of keyword arguments."""
    if isinstance(node, cst.Name):
        yield node.value
    for child in children(node):
        if child is not (getattr(node, "attr", None) or getattr(node, "keyword", None)):
            yield from _names(child)
