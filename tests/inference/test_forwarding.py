"""What a function of the project does with a callable that it is given, if it only hands it on or calls it."""

import ast
import re
import textwrap

import pytest

from async_lint.inference.entry import Inference
from async_lint.inference.modules.library import Library
from async_lint.inference.types.scope import module_scope
from tests.inference.program import ROOT, Texts

HEAD = """\
import functools

async def work(*arguments): ...

"""


def _text(node: ast.expr) -> str:
    # Python 3.10 writes `lambda : f()`.
    return ast.unparse(node).replace("lambda :", "lambda:")


def handed(program: str, call: str = "wrap(work)") -> list[str]:
    """Return the calls to which `wrap` hands `work`: the call, then what is between and what becomes of the result."""
    text = HEAD + textwrap.dedent(program).lstrip("\n") + "\n" + call + "\n"
    tree = ast.parse(text)
    path = ROOT / "main.py"
    view = Inference(Library(Texts({path: text}), [ROOT])).module(path, tree, text)
    statement = tree.body[-1]
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Call)
    return [
        " ".join([_text(hand.site.node), *["called"] * hand.called, *["awaited"] * hand.awaited, hand.result.value])
        for forward in view.uses.forwards(statement.value, module_scope(view._module), re.compile(""))
        for hand in forward.hands
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("take(f)", "take(f) dropped"),
        ("take(1, to=f)", "take(1, to=f) dropped"),
        ("take(lambda: f())", "take(lambda: f()) called dropped"),
        ("take(lambda x: f(x, 1))", "take(lambda x: f(x, 1)) called dropped"),
        ("take(functools.partial(f, 1))", "take(functools.partial(f, 1)) dropped"),
        ("take(functools.partial(lambda: f()))", "take(functools.partial(lambda: f())) called dropped"),
        ("g = functools.partial(f, 1); take(g)", "take(g) dropped"),
        ("g = lambda: f(); take(g)", "take(g) called dropped"),
        ("g = f; h = g; take(h)", "take(h) dropped"),
        ("return take(f)", "take(f) returned"),
        ("x = take(f); x.add_done_callback(print); return x", "take(f) returned"),
        ("x = take(f); kept.add(x); return x", "take(f) returned"),
        ("x = take(f); kept.add(x)", "take(f) kept"),
        ("x = take(f)", "take(f) dropped"),
        ("x = take(f); return x.result()", "take(f) kept"),
        ("return [take(f) for x in y]", "take(f) kept"),
        ("return other(take(f))", "take(f) kept"),
        ("take(f).start()", "take(f) kept"),
        ("if f is not None and not None: take(f)", "take(f) dropped"),
        ("if not callable(f): raise TypeError(f.__name__, f'{f}')\n    take(f)", "take(f) dropped"),
        ("f()", "f() dropped"),
        ("f(1, to=2)", "f(1, to=2) dropped"),
        ("g = f; g()", "g() dropped"),
        ("g = lambda: f(); g()", "g() called dropped"),
        ("if f: f()", "f() dropped"),
        ("def inner(): take(f)\n    return inner", "take(f) dropped"),
        ("def inner(): return take(f)\n    return inner", "take(f) kept"),
    ],
)
def test_handed_on(body: str, expected: str) -> None:
    assert handed(f"def wrap(f=None):\n    {body}") == [expected]


def test_what_an_async_function_awaits() -> None:
    assert handed("async def wrap(f): return await take(f)") == ["take(f) awaited returned"]
    assert handed("async def wrap(f): await take(f)") == ["take(f) awaited dropped"]


def test_every_call_that_gets_it() -> None:
    assert handed("def wrap(f):\n    if x: take(f)\n    else: other(f)") == ["take(f) dropped", "other(f) dropped"]


@pytest.mark.parametrize(
    "body",
    [
        "x = f()",
        "return f()",
        "await_it(f())",
        "f() and take(f)",
        "f = other; take(f)",
        "take(f); f = None",
        "take(f); return f",
        "take(f); self.f = f",
        "take(f, [f])",
        "take(*f)",
        "take(**f)",
        "take(f or other)",
        "take(f.run)",
        "take(f); f.calls = 1; f.calls += 1",
        "take(lambda: run(f()))",
        "take(lambda: await_it and f())",
        "take(lambda f=f: f())",
        "g = f; g = other; take(g)",
        "for f in fs: take(f)",
        "def inner(f): take(f)\n    return inner",
        "def inner():\n        nonlocal f\n        f = None\n    take(f)",
        "take([f for f in fs], f)",
        "take(f) if iscoroutinefunction(f) else f()",
        "take(f); return inspect.isawaitable(1)",
        "yield take(f)",
        "pass",
    ],
)
def test_something_else_is_done_with_it_too(body: str) -> None:
    assert handed(f"def wrap(f):\n    {body}") == []


@pytest.mark.parametrize(
    ("call", "count"),
    [
        ("wrap(work)", 1),
        ("wrap(f=work)", 1),
        ("wrap(lambda: work())", 1),
        ("wrap(functools.partial(work, 1))", 1),
        ("wrap(alias)", 1),
        ("wrap(*work)", 0),
        ("wrap(print)", 0),
        ("wrap(work())", 0),
    ],
)
def test_only_what_a_glance_finds_asynchronous(call: str, count: int) -> None:
    assert len(handed("alias = work\ndef wrap(f): take(f)", call)) == count


@pytest.mark.parametrize(
    "program",
    [
        "class C:\n    def __init__(self, f): take(f)\nwrap = C",
        "class B:\n    def __init__(self, f): take(f)\nclass C(B): pass\nwrap = C",
        "class C:\n    def m(self, f): take(f)\nwrap = C().m",
        "class C:\n    @classmethod\n    def m(cls, f): take(f)\nwrap = C.m",
        "class C:\n    @staticmethod\n    def m(f): take(f)\nwrap = C.m",
        "def outer():\n    def wrap(f): take(f)\n    return wrap\nwrap = outer()",
    ],
)
def test_methods_constructors_and_closures(program: str) -> None:
    assert handed(program) == ["take(f) dropped"]


def test_what_may_be_another_function() -> None:
    method = "class C:\n    def m(self, f): take(f)\n"
    assert handed(f"{method}class D(C):\n    def m(self, f): pass\nwrap = C().m") == []
    assert handed("class C:\n    def __new__(cls, f): pass\n    def __init__(self, f): take(f)\nwrap = C") == []
    assert handed("@unknown\ndef wrap(f): take(f)") == []
