"""Functions that the project gives to something by a decorator: `@app.exception_handler(OrderError)`."""

import ast
from collections.abc import Iterable, Iterator, Sequence

from async_lint.inference.modules.summary import body_of, functions_on
from async_lint.inference.names.origins import Site
from async_lint.inference.project.project import MAX_MENTIONS, Project
from async_lint.inference.project.searches import modules_of
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function, Module, last_name
from async_lint.inference.types.scope import definition_scope, function_scope
from async_lint.inference.types.values import Frame


def decorated_among(
    evaluator: Evaluator, project: Project, words: Sequence[str], mentions: Iterable[str], module: Module | None
) -> Iterator[tuple[Site, Frame]]:
    """Yield the decorators that are calls of something called one of `words`, each with its function's frame.

    They are those in `module` and in the files that mention something; a mention that is everywhere leads to no file.
    """
    found = [project.mentioning(mention) for mention in mentions]
    paths = {path for mentioning in found if len(mentioning) <= MAX_MENTIONS for path in mentioning}
    for searched in modules_of(evaluator, sorted(paths), module):
        for function in _functions(searched, words):
            for decorator in function.node.decorator_list:
                if isinstance(decorator, ast.Call) and last_name(decorator.func) in words:
                    yield Site(decorator, definition_scope(function)), function_scope(function)


def _functions(module: Module, words: Sequence[str]) -> Iterator[Function]:
    """Yield the functions of a module, and those in bodies that hold one of the words."""
    yield from module.functions
    inside, _ = functions_on(module, [line for word in words for line in module.lines_with(f"{word}(")])
    while inside:
        for bindings in body_of(inside.pop()).table.values():
            defined = [binding.definition for binding in bindings if isinstance(binding.definition, Function)]
            yield from defined
            inside += defined
