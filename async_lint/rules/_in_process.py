"""Clients whose requests never leave the process: nobody is there who could fall silent."""

import ast
from collections.abc import Iterator

from async_lint.inference.origins import Site
from async_lint.inference.resolver import ModuleView
from async_lint.rules._timeouts import Given, Transports, argument, given, last_word, transports


def answers_in_process(site: Site, view: ModuleView) -> bool:
    """Whether a call makes, or is one of, a client that was given a transport, unless that is known for a network's."""
    known = transports()
    return any(_is_in_process(each, known, view) for each in _makers(site, known, view))


def _makers(site: Site, known: Transports, view: ModuleView) -> Iterator[Site]:
    of_receiver = view.origins(site.node.func.value, site.frame) if isinstance(site.node.func, ast.Attribute) else ()
    words = {name.rpartition(".")[2] for name in known.clients}
    for each in [site, *(of_receiver or ())]:
        if last_word(each.node) in words and _is_one(each, known.clients, view):
            yield each


def _is_in_process(maker: Site, known: Transports, view: ModuleView) -> bool:
    if given(maker.node, known.parameters, (None,)) is not Given.SET:
        return False
    values = (argument(maker.node, name, position) for name, position in known.parameters.items())
    for value in values:
        made = view.origins(value, maker.frame) if value is not None else ()
        # None for what cannot be followed: it may well be one.
        if made is None or any(not _is_one(each, known.networks, view) for each in made):
            return True
    return False


def _is_one(site: Site, names: tuple[str, ...], view: ModuleView) -> bool:
    name = view.kind_of(site.node, site.frame).name
    return any(name in (each, view.canonical(each)) for each in names)
