"""The loops on one line of a file, each with whether it is reported, and the way to that verdict."""

import ast
from collections.abc import Iterator, Mapping

from async_lint.inference.explain import at, short
from async_lint.inference.independence.verdict import Awaited, Gate, Tier, Verdict
from async_lint.inference.types.values import Frame
from async_lint.inference.view.module_view import ModuleView

_AnyLoop = ast.For | ast.AsyncFor | ast.While | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_NEVER = {
    ast.AsyncFor: "its items come one by one, each when it is asked for",
    ast.GeneratorExp: "a generator makes each item when it is asked for it",
}
_GOOD = {Tier.SHOWN: "nothing seen in it needs that", Tier.PLAUSIBLE: "it probably needs not"}


def explain_loops(view: ModuleView, line: int, reported: Mapping[Tier, str], tests: str) -> Iterator[str]:
    """Yield lines of text about each loop and each comprehension whose header stands on `line`.

    `reported` says what becomes of a verdict of a tier; `tests`, what has test code looked at, empty where it is.
    """
    for loop, frame in _loops(view, line):
        header = f"`{_header(loop)}`"
        place = f"{loop.lineno}:{loop.col_offset + 1}: {header}"
        if isinstance(loop, ast.AsyncFor | ast.GeneratorExp):
            yield f"{place} is not reported: {_NEVER[type(loop)]}"
            continue
        verdict = view.effects.iterations(loop, frame, not tests)
        yield f"{place} {_says(verdict, reported)}"
        if verdict.gate is Gate.TEST:
            verdict = view.effects.iterations(loop, frame, in_tests=True)
            yield f"    with {tests}, test code is looked at: {header} {_says(verdict, reported)}"
        yield from _way(verdict)


def lines_of_loops(tree: ast.Module) -> list[int]:
    """Return the lines on which loops and comprehensions begin, in order."""
    return sorted({node.lineno for node in ast.walk(tree) if isinstance(node, _LOOPS)})


def _says(verdict: Verdict, reported: Mapping[Tier, str]) -> str:
    if verdict.tier is Tier.NONE:
        return f"is not reported: {verdict.against}"
    return f"{reported[verdict.tier]}: each iteration waits for the one before, and {_GOOD[verdict.tier]}"


def _way(verdict: Verdict) -> Iterator[str]:
    for gate in Gate:
        # Whether there is a ground for each await is told await by await.
        if gate is verdict.gate or gate is Gate.GROUND:
            break
        yield f"    passed: {gate.value}"
    for awaited in verdict.awaited:
        yield from _of_await(awaited)
    if verdict.gate is Gate.FAILURE:
        return
    if verdict.tier is not Tier.NONE:
        yield f"    passed: {Gate.FAILURE.value}"
    if verdict.unproved:
        yield f"    not shown: {verdict.unproved}"
    told = {awaited.ground for awaited in verdict.awaited}
    yield from (f"    shown: {ground.text}" for ground in verdict.grounds if ground not in told)


def _of_await(awaited: Awaited) -> Iterator[str]:
    ground = awaited.ground
    said = "there is no ground" if ground is None else f"{ground.tier.name.lower()}, {ground.text}"
    yield f"    line {awaited.node.lineno}, waits for `{short(awaited.node)}`: {said}"
    for function in dict.fromkeys(awaited.followed):
        yield f"        may run `{function.qualname}` ({at(function.module, function.node)}), which was read"


def _header(loop: _AnyLoop) -> str:
    match loop:
        case ast.For():
            return f"for {short(loop.target)} in {short(loop.iter)}"
        case ast.AsyncFor():
            return f"async for {short(loop.target)} in {short(loop.iter)}"
        case ast.While():
            return f"while {short(loop.test)}"
    return short(loop)


def _loops(view: ModuleView, line: int) -> list[tuple[_AnyLoop, Frame]]:
    here: list[tuple[_AnyLoop, Frame]] = []
    for unit in view.units():
        if unit.node.lineno <= line <= (unit.node.end_lineno or unit.node.lineno):
            for node, frame in view.walk(unit, leaves=False):
                if isinstance(node, _LOOPS) and _has_header_on(line, node):
                    here.append((node, frame))
    return sorted(here, key=lambda item: (item[0].lineno, item[0].col_offset))


def _has_header_on(line: int, loop: _AnyLoop) -> bool:
    if isinstance(loop, ast.For | ast.AsyncFor | ast.While):
        last = loop.test if isinstance(loop, ast.While) else loop.iter
        return loop.lineno <= line <= (last.end_lineno or last.lineno)
    result = loop.value if isinstance(loop, ast.DictComp) else loop.elt
    last = loop.generators[-1].iter
    return line == loop.lineno or (result.end_lineno or 0) <= line <= (last.end_lineno or 0)
