"""The status by which an exception answers a request: that it is made with, or that its class fixes."""

import ast
import re
from collections.abc import Iterable
from http import HTTPStatus

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Frame, ModuleView

_STATUS = frozenset(
    {"code", "grpc_code", "grpc_status", "http_code", "http_status", "http_status_code", "status", "status_code"}
)
_HTTP = frozenset({"http.HTTPStatus", "http.client"})
# Modules of constants that are called by their numbers: `HTTP_404_NOT_FOUND`.
_NUMBERED = frozenset({"fastapi.status", "litestar.status_codes", "rest_framework.status", "starlette.status"})
_NUMBER = re.compile(r"HTTP_([45]\d\d)_")
_GRPC = ("grpc.StatusCode", "grpclib.Status", "grpclib.const.Status")
# As google/rpc/code.proto of googleapis maps them to HTTP.
_GRPC_CODES = {
    "ABORTED": 409,
    "ALREADY_EXISTS": 409,
    "CANCELLED": 499,
    "DATA_LOSS": 500,
    "DEADLINE_EXCEEDED": 504,
    "FAILED_PRECONDITION": 400,
    "INTERNAL": 500,
    "INVALID_ARGUMENT": 400,
    "NOT_FOUND": 404,
    "OUT_OF_RANGE": 400,
    "PERMISSION_DENIED": 403,
    "RESOURCE_EXHAUSTED": 429,
    "UNAUTHENTICATED": 401,
    "UNAVAILABLE": 503,
    "UNIMPLEMENTED": 501,
    "UNKNOWN": 500,
}


def answered_status(raised: cst.BaseExpression, context: Context) -> int | None:
    """Return the HTTP status, of those that say that something went wrong, that `raise raised` answers with.

    What the exception is made with comes before what its class says. None, too, where several classes differ.
    """
    counterpart = context.counterpart(raised)
    if counterpart is None:
        return None
    node, frame, view = counterpart.node, counterpart.frame, context.view
    if isinstance(node, ast.Call):
        named = [keyword.value for keyword in node.keywords if keyword.arg in _STATUS]
        given = _first_status(((value, frame) for value in [*node.args, *named]), view)
        if given is not None:
            return given
    fixed = {
        next((status for values in bases if (status := _first_status(values, view)) is not None), None)
        for bases in view.exceptions.fixed_values(node, frame, _STATUS)
    }
    return fixed.pop() if len(fixed) == 1 else None


def _first_status(values: Iterable[tuple[ast.expr, Frame]], view: ModuleView) -> int | None:
    statuses = (_status(value, frame, view) for value, frame in values)
    return next((status for status in statuses if status is not None and 400 <= status < 600), None)


def _status(value: ast.expr, frame: Frame, view: ModuleView) -> int | None:
    number = _NUMBER.match(view.names.last_word(value, frame))
    match value:
        case ast.Constant(value=int(status)):
            return status
        case ast.Attribute(value=member, attr="value"):
            return _status(member, frame, view)
        case ast.Attribute(value=holder, attr=name) if name in HTTPStatus.__members__ or name in _GRPC_CODES:
            held = view.names.name_of(holder, frame)
            if held in {*_GRPC, *map(view.names.canonical, _GRPC)}:
                return _GRPC_CODES.get(name)
            if held in _HTTP and name in HTTPStatus.__members__:
                return HTTPStatus[name].value
        case ast.Attribute(value=holder) if number and view.names.name_of(holder, frame) in _NUMBERED:
            return int(number[1])
    if isinstance(value, ast.Name | ast.Attribute):
        known = view.project.constants(value, frame)
        if known is not None and len(known) == 1 and isinstance(known[0].value, int):
            return known[0].value
    return None
