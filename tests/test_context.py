"""What a check may ask: scopes, places, source text, and inference across the two trees."""

import ast
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import libcst as cst
import pytest

from async_lint.context import Context, Facts
from async_lint.files.ports import Disk
from async_lint.files.source import read_source
from async_lint.inference.entry import Inference
from async_lint.inference.modules.library import Library
from async_lint.inference.types.answer import Kind
from async_lint.model import Edit, Position, Span
from async_lint.trees.bridge import Bridge
from async_lint.trees.tree import parse_slice
from async_lint.trees.walk import walk
from tests.stub_view import FRAME, StubView

RUNNING = (sys.version_info[0], sys.version_info[1])


def contexts(
    text: str,
    wanted: Callable[[cst.CSTNode], bool],
    ask: Callable[[Context, cst.CSTNode], None],
    target_version: tuple[int, int] = RUNNING,
    kinds: Mapping[str, Kind] | None = None,
) -> None:
    """Visit the statement of a text as the checks do; call `ask` at the wanted nodes."""
    source = read_source("a.py", text.encode())
    view = StubView(source.tree, kinds)
    tree = parse_slice(source, 1, len(source.lines))
    context = Context({}, target_version, source, tree, Bridge(source, tree, view.units(), view), view)

    def visit(node: cst.CSTNode) -> None:
        context.node = node
        if wanted(node):
            ask(context, node)

    for statement in tree.body:
        walk(statement, context.ancestors, {each for each in vars(cst).values() if isinstance(each, type)}, visit)


def is_mark(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value == "mark"


def in_async_function(text: str, target_version: tuple[int, int] = RUNNING) -> bool:
    answers: list[bool] = []
    contexts(text, is_mark, lambda context, _: answers.append(context.in_async_function()), target_version)
    (answer,) = answers
    return answer


def compiles(text: str) -> bool:
    try:
        compile(text, "a.py", "exec")
    except SyntaxError:
        return False
    return True


PLACES = {
    "module": "mark()",
    "function": "def f(): mark()",
    "async function": "async def f(): mark()",
    "method": "class A:\n    async def f(self): mark()",
    "nested function": "async def f():\n    def g(): mark()",
    "nested async function": "def f():\n    async def g(): mark()",
    "decorator": "async def f():\n    @mark()\n    def g(): pass",
    "decorator outside": "@mark()\nasync def f(): pass",
    "default": "async def f():\n    def g(x=mark()): pass",
    "default outside": "async def f(x=mark()): pass",
    "keyword default": "async def f():\n    async def g(*, x=mark()): pass",
    "lambda": "async def f(): return lambda: mark()",
    "lambda default": "async def f(): return lambda x=mark(): x",
    "lambda in a default": "async def f():\n    def g(x=lambda: mark()): pass",
    "class body": "async def f():\n    class A: mark()",
    "class attribute": "async def f():\n    class A:\n        x = mark()",
    "class base": "async def f():\n    class A(mark()): pass",
    "class keyword": "async def f():\n    class A(x=mark()): pass",
    "class decorator": "async def f():\n    @mark()\n    class A: pass",
    "list": "async def f(): [mark() for x in y]",
    "list condition": "async def f(): {x for x in y if mark()}",
    "list first iterable": "async def f(): [x for x in mark()]",
    "list second iterable": "async def f(): [x for x in y for z in mark()]",
    "dict key": "async def f(): {mark(): x for x in y}",
    "dict value": "async def f(): {x: mark() for x in y}",
    "list in a function": "def f(): [mark() for x in y]",
    "list at module level": "[mark() for x in y]",
    "nested list": "async def f(): [[mark() for x in y] for y in z]",
    "nested list, first iterable": "async def f(): [[x for x in mark()] for y in z]",
    "nested list in the first iterable": "async def f(): [x for x in [mark() for y in z]]",
    "nested twice": "async def f(): [[[x for x in mark()] for y in z] for z in w]",
    "list in a lambda": "async def f(): lambda: [mark() for x in y]",
    "list in a class": "async def f():\n    class A: [mark() for x in y]",
    "generator first iterable": "async def f(): g(x for x in mark())",
    "generator first iterable in a function": "def f(): g(x for x in mark())",
    "f-string": "async def f(): f'{mark()}'",
    "f-string format": "async def f(): f'{x:{mark()}}'",
    "match": "async def f():\n    match mark():\n        case 1: pass",
    "guard": "async def f():\n    match x:\n        case 1 if mark(): pass",
    "except": "async def f():\n    try: pass\n    except mark(): pass",
    "with": "async def f():\n    with mark(): pass",
    "annotated value": "async def f():\n    x: int = mark()",
    "argument": "async def f(): g(*mark())",
    "walrus": "async def f(): [y := mark() for x in z]",
}


@pytest.mark.parametrize("place", PLACES)
def test_await_is_legal_where_the_compiler_says_so(place: str) -> None:
    text = PLACES[place]
    assert in_async_function(text) is compiles(text.replace("mark()", "(await mark())"))


@pytest.mark.parametrize("place", ["nested list", "nested list, first iterable", "list", "nested twice"])
def test_nested_comprehensions_wait_for_python_3_11(place: str) -> None:
    # As `compile` of Python 3.10 has it.
    expected = {"nested list": False, "nested list, first iterable": True, "list": True, "nested twice": False}
    assert in_async_function(PLACES[place], (3, 10)) is expected[place]
    assert in_async_function(PLACES[place], (3, 11)) is True
    if RUNNING == (3, 10):
        assert compiles(PLACES[place].replace("mark()", "(await mark())")) is expected[place]


@pytest.mark.parametrize(
    "text",
    [
        "async def f(): g(mark() for x in y)",  # legal, but it makes another thing of the generator
        "async def f(): (x for x in y if mark())",
        "async def f(): (x for y in z for x in mark())",
        "async def f(): ([mark() for x in y] for y in z)",
        "async def f():\n    def g(x: mark()): pass",  # not evaluated there under 3.14, or the `__future__` import
        "async def f():\n    def g() -> mark(): pass",
        "async def f():\n    x: mark() = 1",
    ],
)
def test_await_is_not_put_where_it_changes_what_is_around(text: str) -> None:
    assert not in_async_function(text)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="new syntax")
@pytest.mark.parametrize(
    "text",
    [
        "async def f():\n    class A[T](mark()): pass",
        "async def f():\n    def g[T: mark()](): pass",
        "async def f():\n    type X = mark()",
        "async def f():\n    def g[T](x=mark()): pass",
    ],
)
def test_type_parameters_have_a_scope_of_their_own(text: str) -> None:
    assert in_async_function(text) is compiles(text.replace("mark()", "(await mark())"))


def test_functions_and_ancestors_of_nodes_above_and_below_the_visited_one() -> None:
    text = "async def f(x=outer()):\n    def g(): return lambda: [inner() for i in j]\n"
    asked: list[cst.CSTNode] = []

    def ask(context: Context, node: cst.CSTNode) -> None:
        outermost = cst.ensure_type(context.slice.body[0], cst.FunctionDef)
        visited = cst.ensure_type(node, cst.FunctionDef)
        returned = cst.ensure_type(cst.ensure_type(visited.body, cst.SimpleStatementSuite).body[0], cst.Return)
        lambda_ = cst.ensure_type(returned.value, cst.Lambda)
        inner = cst.ensure_type(lambda_.body, cst.ListComp).elt
        assert context.parent() is outermost.body
        assert context.function() is outermost
        assert context.in_async_function()
        assert context.function(lambda_) is visited
        assert context.function(inner) is lambda_
        assert not context.in_async_function(inner)
        assert context.function(outermost.body) is outermost
        assert context.ancestors_of(outermost) == []
        with pytest.raises(LookupError):
            context.ancestors_of(outermost.params)
        asked.append(node)

    contexts(text, lambda node: isinstance(node, cst.FunctionDef) and node.name.value == "g", ask)
    assert len(asked) == 1


def test_a_statement_of_the_slice_has_the_module_above_it() -> None:
    asked: list[bool] = []

    def ask(context: Context, node: cst.CSTNode) -> None:
        asked.append(context.parent() is context.slice.module and context.function() is None)

    contexts("x = 1\n", lambda node: isinstance(node, cst.SimpleStatementLine), ask)
    assert asked == [True]


def test_text_and_places_are_those_of_the_file() -> None:
    def ask(context: Context, node: cst.CSTNode) -> None:
        assert context.code(node) == "(mark(\r\n    'é'))"
        assert context.span(node) == Span(Position(2, 9), Position(3, 8))
        assert context.outer_span(node) == Span(Position(2, 8), Position(3, 9))
        here = Position(2, 4)
        assert context.insert(here, "a\nb\r\nc") == Edit(Span(here, here), "a\r\nb\r\nc")
        assert context.replace(context.span(node), "x") == Edit(context.span(node), "x")
        asked.append(node)

    asked: list[cst.CSTNode] = []
    contexts("if x:\r\n    x = (mark(\r\n    'é'))\r\n", is_mark, ask)
    assert len(asked) == 1


KINDS = {"a.b": Kind.COROUTINE, "mark": Kind.COROUTINE, "é.mark": Kind.TASK}


def test_calls_are_the_calls_of_the_other_tree() -> None:
    text = (
        "async def f():\n    x = 'é', (a.b)(mark(), k=((é.mark())))\n    return [mark(), a . b (\n), (lambda: 1)()]\n"
    )
    seen: dict[str, Kind] = {}

    def ask(context: Context, node: cst.CSTNode) -> None:
        call = cst.ensure_type(node, cst.Call)
        seen[context.code(call)] = context.kind_of(call).kind

    contexts(text, lambda node: isinstance(node, cst.Call), ask, kinds=KINDS)
    assert seen == {
        "(a.b)(mark(), k=((é.mark())))": Kind.COROUTINE,
        "mark()": Kind.COROUTINE,
        "((é.mark()))": Kind.TASK,
        "a . b (\n)": Kind.COROUTINE,
        "(lambda: 1)()": Kind.UNKNOWN,
    }


def test_names_receivers_and_callables_are_found_too() -> None:
    def ask(context: Context, node: cst.CSTNode) -> None:
        call = cst.ensure_type(node, cst.Call)
        assert context.receiver_of(call) == "x.y"
        assert context.name_of(call.func) == "x.y.m"
        assert context.name_of(cst.ensure_type(call.func, cst.Attribute).value) == "x.y"
        assert context.returns(call.args[0].value).kind is Kind.COROUTINE
        asked.append(node)

    asked: list[cst.CSTNode] = []
    contexts("(x.y.m)((a.b), *c)\n", lambda node: isinstance(node, cst.Call), ask, kinds=KINDS)
    assert len(asked) == 1


FORMATTED = {
    "one": "f'{mark()}'",
    "after text": "f'é {x} {mark()} {a.b()}'",
    "twice": "f'{mark()} {mark()}'",
    "in another call": "é.mark(f'{mark()}')",
    "several lines": "f'''é\n  {x}\n{mark()} {\na.b()}'''",
    "joined": "('é' f'{mark()}'\n    f'{a.b()}' 'x')",
    "format": "f'{mark()!r:>{a.b()}}'",
    "nested": "f'{a.b(f\"{mark()}\")}'",
    "a text that looks like it": "f'mark() {{mark()}} {mark()} a.b()'",
}


@pytest.mark.parametrize("name", FORMATTED)
def test_calls_in_formatted_strings_are_never_taken_for_others(name: str) -> None:
    seen: list[tuple[str, Kind]] = []

    def ask(context: Context, node: cst.CSTNode) -> None:
        call = cst.ensure_type(node, cst.Call)
        answer = context.kind_of(call)
        callee = "".join(context.code(call.func).split())
        seen.append((callee, answer.kind))
        # Before 3.12 `ast` has wrong places for some of them: nothing is said of those.
        assert answer.kind is KINDS[callee] or (answer.kind is Kind.UNKNOWN and RUNNING < (3, 12))

    text = f"é = 1; mark(); a.b()\nx = {FORMATTED[name]}\nmark(); a.b()\n"
    contexts(text, lambda node: isinstance(node, cst.Call), ask, kinds=KINDS)
    assert [kind for callee, kind in seen if kind is not Kind.UNKNOWN]
    assert [kind is Kind.UNKNOWN for _, kind in (*seen[:2], *seen[-2:])] == [False] * 4


def test_a_slice_that_is_not_exact_is_not_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("async_lint.trees.tree.Slice.exact", False)
    answers: list[Kind] = []

    def ask(context: Context, node: cst.CSTNode) -> None:
        answers.append(context.kind_of(cst.ensure_type(node, cst.Call)).kind)

    contexts("mark()\n", is_mark, ask, kinds=KINDS)
    assert answers == [Kind.UNKNOWN]


def test_triggers_ask_in_the_frame_of_their_node() -> None:
    source = read_source("a.py", b"mark(a.b)\n")
    facts = Facts({"x": 1}, (3, 11), source, StubView(source.tree, KINDS))
    facts.frame = FRAME
    call = next(node for node in ast.walk(source.tree) if isinstance(node, ast.Call))
    assert facts.kind_of(call).kind is Kind.COROUTINE
    assert facts.returns(call.args[0]).kind is Kind.COROUTINE
    assert facts.name_of(call.args[0]) == "a.b"
    assert facts.receiver_of(call) is None


CALLED = """import asyncio
import asyncio as aio
from asyncio import sleep as pause
from asyncio.tasks import sleep
import missing
from missing import ask as question
import time

async def f(box: asyncio.Queue[int], other):
    asyncio.sleep(1)  # asyncio.sleep
    aio.sleep(1)  # asyncio.sleep
    pause(1)  # asyncio.sleep
    sleep(1)  # asyncio.sleep
    asyncio.tasks.sleep(1)  # asyncio.sleep
    again = asyncio.sleep
    again(1)  # asyncio.sleep
    missing.ask()  # missing.ask
    question()  # missing.ask
    box.get()  # asyncio.Queue.get
    time.sleep(1)  # none
    other.sleep(1)  # none
    other.get()  # none
    asyncio.sleep(1).close()  # asyncio.sleep
"""
PUBLIC = ("asyncio.sleep", "missing.ask", "asyncio.Queue.get")


@pytest.mark.parametrize("name", PUBLIC)
def test_a_call_is_known_by_its_public_name_wherever_it_is_defined(name: str) -> None:
    source = read_source("called.py", CALLED.encode())
    view = Inference(Library(Disk(), [])).module(Path("/project/called.py"), source.tree, CALLED)
    expected = [number for number, line in enumerate(source.lines, 1) if line.rstrip().endswith(f"# {name}")]
    facts = Facts({}, RUNNING, source, view)
    by_trigger: list[int] = []
    for unit in view.units():
        for node, facts.frame in view.walk(unit):
            if isinstance(node, ast.Call) and facts.is_called(node, name):
                assert facts.is_called(node, "no.such", name)
                by_trigger.append(node.lineno)
    assert by_trigger == expected

    tree = parse_slice(source, 1, len(source.lines))
    context = Context({}, RUNNING, source, tree, Bridge(source, tree, view.units(), view), view)
    by_check: list[int] = []

    def visit(node: cst.CSTNode) -> None:
        call = cst.ensure_type(node, cst.Call)
        if context.is_called(call, "no.such", name):
            by_check.append(context.span(call).start.line)
        assert not context.is_called(call)

    for statement in tree.body:
        walk(statement, context.ancestors, {cst.Call}, visit)
    assert by_check == expected
