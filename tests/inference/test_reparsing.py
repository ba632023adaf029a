"""A module whose tree was given up: its functions have their bodies again when somebody asks."""

import ast
import warnings

import pytest

from async_lint.inference.modules.summary import body_of, detach, summarize
from async_lint.inference.syntax.binding import Function, Module

TEXTS = {
    "a function": "x = 1\n\nasync def get(url: str = 'a') -> int:\n    '''Text.'''\n    return await read(url)\n",
    "a method": "class A:\n    x = 1\n    def get(self):\n        if self.x:\n            return self.x\n",
    "a nested class": "class A:\n    class B:\n\n        @property\n        def get(self):\n            def a(): ...\n",
    "one line": "class A:\n    def get(self): a = 1; return a\n",
    "tabs": "class A:\n\tdef get(self):\n\t\treturn 1\n",
    "the first line": "def get():\n    return 1\n",
    "the end of the file": "if sys:\n    def get():\n        return 1",
    "columns in bytes": "class Ä:\n    def größe(self, ä):\n        return 'ö', ä.größe('ü')\n",
    "a string over lines": "class A:\n    def get(self):\n        return '''\nx = 1\n    ''' + f'{self.a + 1}'\n",
    "a form feed": "x = 1\n\fdef get():\n    return 1\n",
    "a form feed inside": "class A:\n    def get(self):\n        a = '\f'\n\f\n        return a\n",
    "a backslash": "class A:\n    \\\ndef get(self):\n        return 1\n",
    "other ends of lines": "class A:\r\n    def get(self):\r        return 1\r\n",
    "an invalid escape": "class A:\n    def get(self):\n        return '\\d'\n",
    "a comment less indented": "class A:\n    def get(self):\n# nothing\n        return 1\n  # nothing\n",
    "two of them": "class A:\n    def get(self): ...\n    def get(self): return 1\n",
}


def module_of(text: str) -> Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(text)
    return summarize("main", "/project/main.py", text, tree, is_package=False, whole=True)


def function_of(module: Module, name: str) -> Function:
    return next(function for function in module.functions if function.name == name)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.filterwarnings("error")
def test_a_body_is_what_it_was(text: str) -> None:
    module = module_of(text)
    before = [ast.dump(function.node, include_attributes=True) for function in module.functions]
    assert before
    detach(module)
    assert [function.node.body for function in module.functions] == [[] for _ in before]
    assert [ast.dump(function.whole(), include_attributes=True) for function in module.functions] == before


def test_a_body_is_parsed_again_once() -> None:
    module = module_of("def get():\n    return 1\n")
    detach(module)
    get = function_of(module, "get")
    whole = get.whole()
    assert body_of(get).statements is whole.body
    assert get.whole() is whole
    assert body_of(get) is body_of(get)


def test_the_tree_is_left_as_it_is() -> None:
    text = "class A:\n    def get(self):\n        self.a = 1\n"
    tree = ast.parse(text)
    before = ast.dump(tree, include_attributes=True)
    module = summarize("main", "/project/main.py", text, tree, is_package=False, whole=True)
    detach(module)
    function_of(module, "get").whole()
    assert ast.dump(tree, include_attributes=True) == before


def test_an_assignment_that_the_class_holds_stands_in_the_body() -> None:
    module = module_of(
        "class A:\n    def set(self):\n        with b as c:\n            if c:\n                self.a = c\n"
    )
    detach(module)
    owner = function_of(module, "set").owner
    assert owner is not None
    ((_, held),) = owner.attributes["a"]
    found = [node for node in ast.walk(function_of(module, "set").whole()) if isinstance(node, ast.Assign)]
    assert found == [held.node]


def test_a_body_of_which_the_module_holds_parts_is_kept() -> None:
    module = module_of("def set():\n    global a\n    a = 1\n")
    set_ = function_of(module, "set")
    whole = set_.node
    detach(module)
    assert set_.whole() is whole
    ((_, held),) = module.inner["a"]
    assert held.node in whole.body
