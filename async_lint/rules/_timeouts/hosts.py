"""Connections to this host, which answers or refuses at once."""

import ast
from ipaddress import ip_address
from urllib.parse import urlsplit

from async_lint.inference.face import ModuleView, Site, argument
from async_lint.rules._timeouts.parameter import Parameter, parameter
from async_lint.rules._timeouts.waits import Unbounded

_DEEP = 4


def is_this_host(unlimited: Unbounded, site: Site, view: ModuleView) -> bool:
    """Whether a call connects to a loopback address: written out, by a constant, or for a parameter by every caller.

    So does one that leaves out the host, where the library's default is this one.
    """
    hosts = [argument(site.node, *host_parameter) for host_parameter in unlimited.wait.hosts.items()]
    given = [host for host in hosts if host is not None]
    if not given:
        return unlimited.wait.at_home
    return any(_is_loopback(host, site, view, _DEEP) for host in given)


def _is_loopback(host: ast.expr, at: Site, view: ModuleView, depth: int) -> bool:
    known = parameter(host, at.frame)
    if known is not None and not known.rebound:
        return depth > 0 and _is_given_loopback(known, at, view, depth - 1)
    values = [constant.value for constant in view.project.constants(host, at.frame) or ()]
    # A host that is not set yet is connected to by nobody.
    named = [value for value in values if value is not None]
    return bool(named) and all(map(_is_address, named))


def _is_given_loopback(known: Parameter, at: Site, view: ModuleView, depth: int) -> bool:
    """Whether the project calls the function around a call, and never for another host."""
    callers = view.project.callers(at.frame)
    # A call without proof may be of another function of that name.
    given = [(known.given(caller.site.node), caller) for caller in callers]
    return bool(given) and all(
        value is not None and caller.proved and _is_loopback(value, caller.site, view, depth) for value, caller in given
    )


def _is_address(host: object) -> bool:
    if not isinstance(host, str):
        return False
    try:
        name = (urlsplit(host).hostname or "") if "://" in host else host
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False
