"""The awaits of a loop as one `asyncio.gather`, or as tasks of a group."""

from collections.abc import Sequence

from async_lint.rules._loops.concurrency import Means, Way
from async_lint.rules._loops.item_work import Work
from async_lint.rules._loops.loop_shape import Clause, Collected, Shape
from async_lint.rules._shared.layout import Brackets, Code, Layout, Part


def gathered(shape: Shape, work: Work, means: Means, keys: Part | None = None) -> Part:
    """Return the expression that awaits all at once; `keys` is what the results of a dict are kept under."""
    first = shape.clauses[0]
    head = f"await {means.module}.gather("
    # The items are the awaitables themselves: `gather(*tasks)`.
    if work.text.text == first.target and len(shape.clauses) == 1 and not first.tests:
        awaits: Part = Brackets(head, (Code(f"*{first.iterable.text}", first.iterable.indent),), ")")
    else:
        awaits = Brackets(head, (Brackets("*(", (work.text, *_written(shape.clauses)), ")", comma=False),), ")")
    if shape.collected is Collected.SET:
        return Brackets("set(", (awaits,), ")")
    if keys is not None:
        return Brackets("dict(", (Brackets("zip(", (keys, awaits), ")"),), ")")
    return awaits


def listed(shape: Shape, key: Code) -> Part:
    """Return the list of what is `key` for each item."""
    clause = shape.clauses[0]
    if key.text == clause.target and len(shape.clauses) == 1 and not clause.tests:
        return Brackets("list(", (clause.iterable,), ")")
    return Brackets("[", (key, *_written(shape.clauses)), "]", comma=False)


def started(shape: Shape, work: Work, means: Means, layout: Layout, indent: str, group: str) -> list[str]:
    """Return the lines that start a task for each item, in a group that waits for all."""
    start = _start(work, means, group)
    lines = [f"{indent}async with {means.group} as {group}:"]
    inner = indent + layout.unit
    for clause in shape.clauses:
        lines.append(layout.statement(f"for {clause.target} in ", _in_parentheses(clause.iterable), inner, ":"))
        inner += layout.unit
        for test in clause.tests:
            lines.append(layout.statement("if ", _in_parentheses(test), inner, ":"))
            inner += layout.unit
    return [*lines, layout.statement("", start, inner)]


def collected(
    shape: Shape,
    work: Work,
    means: Means,
    layout: Layout,
    indent: str,
    group: str,
    names: Sequence[str],
    key: Part | None,
) -> tuple[list[str], Part]:
    """Return the lines that start a task for each item, and the expression for what they gave.

    `names` are those of the tasks, of one of them, and of a key.
    """
    tasks, task, name = names
    start: tuple[Part, ...] = (_start(work, means, group),)
    opening, closing = ("{", "}") if shape.collected is Collected.DICT else ("[", "]")
    if key is not None:
        start = (_entry(key, start[0]),)
    every = Brackets(opening, (*start, *_written(shape.clauses)), closing, comma=False)
    lines = [f"{indent}async with {means.group} as {group}:"]
    lines.append(layout.statement(f"{tasks} = ", every, indent + layout.unit))
    result = {
        Collected.LIST: f"[{task}.result() for {task} in {tasks}]",
        Collected.SET: f"{{{task}.result() for {task} in {tasks}}}",
        Collected.DICT: f"{{{name}: {task}.result() for {name}, {task} in {tasks}.items()}}",
    }
    return lines, Code(result[shape.collected])


def _entry(key: Part, value: Part) -> Part:
    assert isinstance(key, Code)
    assert isinstance(value, Brackets)
    return value._replace(head=f"{key.text}: {value.head}")


def _start(work: Work, means: Means, group: str) -> Part:
    if means.way is Way.START_SOON:
        assert work.callee is not None
        return Brackets(f"{group}.start_soon(", (work.callee, *work.arguments), ")")
    return Brackets(f"{group}.create_task(", (work.text,), ")")


def _written(clauses: Sequence[Clause]) -> tuple[Part, ...]:
    parts: list[Part] = []
    for clause in clauses:
        parts.append(_prefixed(f"for {clause.target} in ", clause.iterable))
        parts += [_prefixed("if ", test) for test in clause.tests]
    return tuple(parts)


def _prefixed(word: str, part: Code) -> Code:
    return Code(word + part.text, part.indent)


def _in_parentheses(part: Code) -> Code:
    # The header of a statement cannot go over several lines otherwise.
    return part._replace(text=f"({part.text})") if "\n" in part.text else part
