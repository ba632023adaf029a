"""Whether a client, or a request, that is told to wait for ever may do so, or never does.

    client.stream("GET", url, headers={"Accept": "text/event-stream"}, timeout=httpx.Timeout(None))

It is the request that is told, not the `Timeout`.
"""

import ast

from async_lint.inference.face import ModuleView, Site
from async_lint.rules._timeouts.event_streams import is_for_events, opens_events
from async_lint.rules._timeouts.limited_requests import limits_each_request
from async_lint.rules._timeouts.table import Disabled, disabled
from async_lint.rules._timeouts.used_under import is_lent


def may_do_without(site: Site, entry: Disabled, view: ModuleView) -> bool:
    told = _told(site, entry, view)
    if told is None:
        return False
    if opens_events(told, view):
        return True
    hit = disabled().find(view.calls.kind_of(told.node, told.frame).name, view.names.canonical)
    if hit is None or not hit[1].lent:
        return False
    return is_lent(told, view) or is_for_events(told, view) or limits_each_request(told, view)


def _told(site: Site, entry: Disabled, view: ModuleView) -> Site | None:
    """Return the call that is given the limit: of what only says how long to wait, the one right around it."""
    if not entry.receivers:
        return site
    for call in (view.project.above_call(site) or ())[-2:]:
        if isinstance(call, ast.Call) and any(keyword.value is site.node for keyword in call.keywords):
            return Site(call, site.frame)
    return None
