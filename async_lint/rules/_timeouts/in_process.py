"""Clients whose requests never leave the process: nobody is there who could fall silent."""

import ast
from collections.abc import Iterator, Mapping

from async_lint.inference.face import Frame, ModuleView, Site, argument
from async_lint.rules._timeouts.given import last_word
from async_lint.rules._timeouts.table import transports


def answers_in_process(site: Site, view: ModuleView) -> bool:
    """Whether a call makes, or is one of, a client that is given a transport, unless that is known for a network's."""
    parameters = transports().parameters.items()
    for maker in _makers(site, view):
        given = {name: argument(maker.node, name, position) for name, position in parameters}
        if goes_nowhere({name: value for name, value in given.items() if value is not None}, maker.frame, view):
            return True
    return False


def goes_nowhere(options: Mapping[str, ast.expr], frame: Frame, view: ModuleView) -> bool:
    """Whether options of a client have something in place of the network, or may."""
    for name in transports().parameters:
        made = view.project.origins(options[name], frame) if name in options else ()
        # None for what cannot be followed: it may well be one.
        if made is None or any(not _is_one(transport, transports().networks, view) for transport in made):
            return True
    return False


def _makers(site: Site, view: ModuleView) -> Iterator[Site]:
    callee = site.node.func
    of_receiver = view.project.origins(callee.value, site.frame) if isinstance(callee, ast.Attribute) else ()
    words = {name.rpartition(".")[2] for name in transports().clients}
    for candidate in [site, *(of_receiver or ())]:
        if last_word(candidate.node) in words and _is_one(candidate, transports().clients, view):
            yield candidate


def _is_one(site: Site, names: tuple[str, ...], view: ModuleView) -> bool:
    name = view.calls.kind_of(site.node, site.frame).name
    return any(name in (public, view.names.canonical(public)) for public in names)
