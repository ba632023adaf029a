"""Slices: any run of whole statements becomes a tree that knows its place in the file exactly."""

import ast
import itertools
import sys
from collections import Counter
from collections.abc import Iterator

import libcst as cst
import pytest

from async_lint.files.source import read_source
from async_lint.model import Position, Span
from async_lint.trees.nesting import MAX_DEPTH, depth_of
from async_lint.trees.tree import Slice, SliceError, parse_slice
from async_lint.trees.walk import children, path_to, walk

PAIRS: dict[type[ast.AST], type[cst.CSTNode]] = {
    ast.Call: cst.Call,
    ast.Attribute: cst.Attribute,
    ast.Await: cst.Await,
    ast.Name: cst.Name,
    ast.For: cst.For,
    ast.AsyncFor: cst.For,
    ast.With: cst.With,
    ast.AsyncWith: cst.With,
    ast.Try: cst.Try,
    ast.ExceptHandler: cst.ExceptHandler,
    ast.Raise: cst.Raise,
    ast.Return: cst.Return,
    ast.Expr: cst.Expr,
    ast.Assign: cst.Assign,
    ast.If: cst.If,
    ast.FunctionDef: cst.FunctionDef,
    ast.AsyncFunctionDef: cst.FunctionDef,
    ast.Lambda: cst.Lambda,
    ast.ListComp: cst.ListComp,
    ast.GeneratorExp: cst.GeneratorExp,
    ast.Tuple: cst.Tuple,
    ast.Subscript: cst.Subscript,
    ast.IfExp: cst.IfExp,
    ast.ImportFrom: cst.ImportFrom,
    ast.Import: cst.Import,
    ast.Match: cst.Match,
}

PROGRAM = '''\
@first
@second(a, b=c)
async def f(self, x: int = g(), *args: h, key=lambda: k(), **rest) -> "T":
    """Says
no more.
"""
    ((a()))
    (b, c)
    x = (a.b(c)(d)[e].f)
    é = 'é' + g("😀", h())  ; i()
    async with a() as b, c(d):
        async for x, y in z():  # comment
            await (x.
                y())
        else: q()
    with (open(a)) as b: pass
    try:
        return (
            a()
        )
    except (A, B) as err:
        raise C(err) from (err)  # why
    # last of the block
    except D: pass
    else: r = (yield x())
    finally:
        a(); b(); c()
    if a(): b()
    elif c: d = [e(f) for g in h() if i(g) for j in k]
    else:
        x = f(y for y in (z(w) for w in v)) if u else (t for t in s)
    from a import (
        b,
        c as d,
    )
    from .e import f
    import g.h
    def inner(): return \\
        a(b)
    match x():
        case A(b=c()) if d(): e()
        case _:
            f()
    x[a:b()] = -c() ** d(), *e()
    print(f"{a()} {b.c(d)!r:>{e()}}" "tail" 'more')
'''.replace("case A(b=c()) if", "case A(b=c) if")


def outline(text: str) -> Iterator[tuple[int, int, ast.stmt]]:
    """Yield statements with their first and last line; classes are entered."""
    waiting = list(ast.parse(text).body)
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.ClassDef):
            waiting = node.body + waiting
        else:
            first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
            yield first, node.end_lineno or 0, node


def below(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    yield node
    for child in node.children:
        yield from below(child)


def differing(text: str) -> list[str]:
    """Compare the places of every node of the two trees, for each statement of a text as a slice."""
    source = read_source("a.py", text.encode())
    report = []
    for first, last, statement in outline(text):
        tree = parse_slice(source, first, last)
        assert tree.exact
        places = Counter((type(node), tree.span(node)) for each in tree.body for node in below(each))
        in_strings = set()
        if sys.version_info < (3, 12):
            strings = (node for node in ast.walk(statement) if isinstance(node, ast.JoinedStr))
            in_strings = {id(node) for string in strings for node in ast.walk(string)}
        for node in ast.walk(statement):
            wanted = PAIRS.get(type(node))
            if wanted is not None and id(node) not in in_strings:
                place = (wanted, source.span(node))  # type: ignore[arg-type]
                if places[place] == 0:
                    report.append(f"{type(node).__name__} at {place[1]}")
                places[place] -= 1
        report += [
            f"more of {kind.__name__} at {span}" for (kind, span), left in places.items() if left and kind in EXACT
        ]
    return report


# Of these no other node of libcst has the class: names of attributes and keywords are `Name` too.
EXACT = (cst.Call, cst.Await, cst.Lambda, cst.For, cst.Raise) if sys.version_info >= (3, 12) else (cst.Await, cst.For)

# `f(y for y in ys)`: `ast` counts the call's parentheses.
SHAPES = {
    "module level": PROGRAM.replace("f(y for y in (z(w) for w in v))", "f((y for y in (z(w) for w in v)))"),
}
SHAPES["method"] = "class A:\n    class B:\n" + "".join(
    line if line.startswith(("no more", '"""')) else "        " + line
    for line in SHAPES["module level"].splitlines(True)
)
SHAPES["tabs"] = SHAPES["method"].replace("    ", "\t")
SHAPES["crlf"] = SHAPES["method"].replace("\n", "\r\n")
SHAPES["cr"] = SHAPES["method"].replace("\n", "\r")
SHAPES["mixed newlines"] = "\r\n".join(SHAPES["method"].split("\n", 20))
SHAPES["form feeds"] = (
    SHAPES["method"]
    .replace("        @first", "\x0c  \x0c        @first")
    .replace("            ((a", "\x0c            ((a")
    .replace("x = (a.b", "x = \x0c(a.b")
)
SHAPES["byte order mark"] = "\ufeff" + SHAPES["module level"]
SHAPES["no last newline"] = SHAPES["method"].rstrip()
SHAPES["backslash at the end of comments"] = "def f():\n    a()  # b \\\n    # c \\\n\nd()  # e \\\nf()  # g \\"


@pytest.mark.parametrize("shape", SHAPES)
def test_places_are_those_of_ast(shape: str) -> None:
    text = SHAPES[shape]
    assert differing(text.removeprefix("\ufeff")) == []
    assert read_source("a.py", text.encode()).bom is text.startswith("\ufeff")


def slice_of(text: str, first: int = 1, last: int | None = None, column: int = 0) -> Slice:
    source = read_source("a.py", text.encode())
    return parse_slice(source, first, len(source.lines) if last is None else last, column)


def find(tree: Slice, kind: type[cst.CSTNode]) -> cst.CSTNode:
    return next(node for each in tree.body for node in below(each) if isinstance(node, kind))


def span(line: int, start: int, end_line: int, end: int) -> Span:
    return Span(Position(line, start), Position(end_line, end))


def test_parentheses_belong_to_the_outer_span() -> None:
    tree = slice_of("x = ((  f(a)\n ))\n")
    call = find(tree, cst.Call)
    assert tree.span(call) == span(1, 8, 1, 12)
    assert tree.outer_span(call) == span(1, 4, 2, 3)
    assert tree.outer_span(find(tree, cst.Assign)) == tree.span(find(tree, cst.Assign)) == span(1, 0, 2, 3)


def test_tuples_and_generators_have_their_innermost_parentheses() -> None:
    tree = slice_of("x = (( 1, 2 ))\n")
    assert tree.span(find(tree, cst.Tuple)) == span(1, 5, 1, 13)
    assert tree.outer_span(find(tree, cst.Tuple)) == span(1, 4, 1, 14)


def test_parentheses_of_statements_are_no_parentheses_of_their_own() -> None:
    tree = slice_of("with (a() as b, c()):\n    pass\nfrom a import (b)\nclass A(B): pass\n")
    for kind in (cst.With, cst.ImportFrom, cst.ClassDef):
        assert tree.outer_span(find(tree, kind)) == tree.span(find(tree, kind))


def test_layout_has_a_place_too() -> None:
    tree = slice_of("f(a , b=c)\n")
    argument = cst.ensure_type(find(tree, cst.Call), cst.Call).args[1]
    assert tree.span(argument) == span(1, 6, 1, 9)


def test_a_generator_that_is_the_only_argument_leaves_the_parentheses_to_the_call() -> None:
    tree = slice_of("f(x for x in y)\n")
    assert tree.span(find(tree, cst.GeneratorExp)) == span(1, 2, 1, 14)


def test_what_shares_the_first_line_is_left_out() -> None:
    text = "if a: b()\nelse: c(\n  d)\n"
    tree = slice_of(text, 2, 3, column=6)
    assert len(tree.body) == 1
    assert tree.span(find(tree, cst.Call)) == span(2, 6, 3, 4)


def test_a_class_on_one_line_is_left_out() -> None:
    tree = slice_of("class A: x = f(); y = g()\n", column=9)
    assert [type(each) for each in cst.ensure_type(tree.body[0], cst.SimpleStatementLine).body] == [cst.Assign] * 2
    assert tree.span(find(tree, cst.Call)) == span(1, 13, 1, 16)


def test_a_node_of_another_tree_is_refused() -> None:
    with pytest.raises(KeyError):
        slice_of("f()\n").span(cst.Name("f"))


DEEP = MAX_DEPTH + 1
CHAINS = {
    "sum": "x = " + "a + " * DEEP + "a",
    "and": "x = " + "a and " * DEEP + "a",
    "not": "x = " + "not " * DEEP + "a",
    "minus": "x = " + "-" * DEEP + "1",
    "attributes": "x = a" + ".b" * DEEP,
    "calls": "x = a" + ".b()" * (DEEP // 2 + 1),
    "subscripts": "x = a" + "[b]" * DEEP,
    "conditions": "x = " + "a if b else " * DEEP + "c",
    "lambdas": "x = " + "lambda: " * DEEP + "a",
    "strings": "x = (" + "'a'\n" * (DEEP + 1) + ")",
    "loops": "x = [a" + " for b in c" * DEEP + "]",
    "branches": "if a: b\n" + "elif a: b\n" * (DEEP + 1),
    "modules": "import " + "a." * DEEP + "b",
    "brackets": "x = " + "f(-a, " * 150 + "1" + ")" * 150,
}


@pytest.mark.parametrize("chain", CHAINS)
def test_what_would_take_the_parser_down_is_refused_before(chain: str) -> None:
    text = CHAINS[chain] + "\n"
    if chain != "brackets":
        with pytest.raises(SliceError, match="nested too deeply"):
            slice_of(text)
    # Twice the shortest text that is refused is still far from harm, and half of it is accepted.
    assert depth_of(text) <= 2 * MAX_DEPTH + 2


def test_nesting_that_python_accepts_is_accepted() -> None:
    assert slice_of("x = " + "(" * 100 + "1" + ")" * 100 + "\n").exact
    assert slice_of("".join(f"{' ' * depth}if a:\n" for depth in range(90)) + " " * 90 + "b\n").exact


@pytest.mark.parametrize(
    "text",
    [
        "x = [\n" + "    'a', -1, a.b(c),\n" * 400 + "]\n",
        "x = f'''\n" + "a + b.c(d) # e\n" * 400 + "'''\n",
        "def f():\n" + "    a.b(c) + d  # e + f.g.h((((\n" * 400,
        "x = {\n" + "    'a': b + c,\n" * 400 + "}\n",
        "x = '" + "((((" * 400 + "'\n",
        "x = 1 \\\n" + "\\\n" * 100 + "+ 1\n",
        "def f():\n" + "    if a: b\n    elif c: d\n" * 100,
    ],
)
def test_long_code_is_not_deep_code(text: str) -> None:
    assert slice_of(text).exact


def test_what_libcst_refuses_is_said_with_its_place() -> None:
    # Python accepts it; libcst 1.9 does not.
    with pytest.raises(SliceError) as caught:
        slice_of("x\n\nclass A:\n    def f():\n        pass\n        (x): int\n", 4, 6)
    assert "libcst" in caught.value.message
    assert caught.value.position.line == 6


def test_what_only_the_compiler_refuses_is_said() -> None:
    # `ast.parse` takes it.
    with pytest.raises(SliceError, match="no code"):
        slice_of("try:\n    x\nexcept:\n    raise\nexcept OSError:\n    raise\n")


def test_the_walk_reaches_all_that_means_something() -> None:
    tree = slice_of(PROGRAM)
    meaningful: tuple[type[cst.CSTNode], ...] = (
        cst.BaseExpression,
        cst.BaseStatement,
        cst.BaseSmallStatement,
        cst.ExceptHandler,
        cst.Arg,
        cst.Param,
    )
    meaningful += (cst.MatchPattern, cst.CompFor, cst.Decorator, cst.WithItem, cst.Annotation, cst.BaseSuite)
    expected = [id(node) for each in tree.body for node in below(each) if isinstance(node, meaningful)]
    kinds = {type(node) for each in tree.body for node in below(each)}
    ancestors: list[cst.CSTNode] = []
    reached: list[int] = []

    def visit(node: cst.CSTNode) -> None:
        assert not ancestors or any(child is node for child in ancestors[-1].children)
        if isinstance(node, meaningful):
            reached.append(id(node))

    for each in tree.body:
        walk(each, ancestors, kinds, visit)
    assert Counter(reached) == Counter(expected)
    assert ancestors == []


def test_the_path_to_a_node_leads_through_its_parents() -> None:
    tree = slice_of("x = a(b(c))\n")
    name = next(node for node in below(tree.module) if isinstance(node, cst.Name) and node.value == "c")
    path = path_to(name, tree.module)
    assert path is not None
    assert [type(each).__name__ for each in path] == [
        *("Module", "SimpleStatementLine", "Assign", "Call", "Arg", "Call", "Arg", "Name"),
    ]
    assert all(any(child is each for child in children(above)) for above, each in itertools.pairwise(path))
    assert path_to(cst.Name("c"), tree.module) is None
