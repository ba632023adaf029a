"""Exceptions that end something on purpose, or that a framework turns into an answer: they report no failure."""

from collections.abc import Sequence

from async_lint.context import Context, Facts
from async_lint.inference.face import Lineage
from async_lint.rule import Option
from async_lint.rules._exceptions.registered import is_registered

_BUILTIN = frozenset(
    f"builtins.{name}"
    for name in ("SystemExit", "KeyboardInterrupt", "StopIteration", "StopAsyncIteration", "GeneratorExit")
)

CONTROL_FLOW = Option(
    key="control-flow-exceptions",
    kind=tuple,
    default=(
        "aiocoap.error.RenderableError",
        "aiohttp.web.HTTPException",
        "aiortc.mediastreams.MediaStreamError",
        "argparse.ArgumentError",
        "argparse.ArgumentTypeError",
        "asyncclick.Abort",
        "asyncclick.ClickException",
        "asyncclick.exceptions.Exit",
        "asyncio.CancelledError",
        "asyncio.QueueEmpty",
        "asyncio.QueueFull",
        "aws_lambda_powertools.event_handler.exceptions.ServiceError",
        "blacksheep.exceptions.HTTPException",
        "celery.exceptions.Ignore",
        "cherrypy.HTTPError",
        "click.Abort",
        "click.ClickException",
        "click.exceptions.Exit",
        "connexion.exceptions.ProblemException",
        "django.core.exceptions.BadRequest",
        "django.core.exceptions.PermissionDenied",
        "django.core.exceptions.SuspiciousOperation",
        "django.core.exceptions.ValidationError",
        "django.core.management.CommandError",
        "django.http.Http404",
        "django.template.TemplateDoesNotExist",
        "falcon.HTTPError",
        "fastapi.HTTPException",
        "fastapi.WebSocketException",
        "fastapi.exceptions.RequestValidationError",
        "fastmcp.exceptions.ToolError",
        "graphql.GraphQLError",
        "grpclib.GRPCError",
        "invoke.exceptions.Exit",
        "kopf.PermanentError",
        "kopf.TemporaryError",
        "litestar.exceptions.HTTPException",
        "marshmallow.ValidationError",
        "mcp.server.fastmcp.exceptions.ToolError",
        "mcp.server.mcpserver.exceptions.ToolError",
        "mcp.shared.exceptions.MCPError",
        "mcp.shared.exceptions.McpError",
        "ninja.errors.HttpError",
        "optparse.OptionValueError",
        "prompt_toolkit.validation.ValidationError",
        "pytest.UsageError",
        "queue.Empty",
        "queue.Full",
        "rest_framework.exceptions.APIException",
        "sanic.exceptions.SanicException",
        "scrapy.exceptions.DropItem",
        "scrapy.exceptions.IgnoreRequest",
        "starlette.exceptions.HTTPException",
        "starlette.exceptions.WebSocketException",
        "tornado.web.HTTPError",
        "typer.Abort",
        "typer.Exit",
        "unittest.SkipTest",
        "voluptuous.Invalid",
        "werkzeug.exceptions.HTTPException",
        "wtforms.validators.StopValidation",
        "wtforms.validators.ValidationError",
    ),
    help="exceptions that end something on purpose or become an answer: ASL401 and ASL404 let them be",
)

# Where the library is not there to tell its classes' bases: the modules whose exceptions are heirs of an entry.
_HEIRS = {
    "asyncclick.ClickException": ("asyncclick", "asyncclick.exceptions"),
    "blacksheep.exceptions.HTTPException": ("blacksheep.exceptions",),
    "click.ClickException": ("click", "click.exceptions", "typer"),
    "falcon.HTTPError": ("falcon", "falcon.errors"),
    "litestar.exceptions.HTTPException": ("litestar.exceptions",),
    "rest_framework.exceptions.APIException": ("rest_framework.exceptions", "rest_framework.serializers"),
    "sanic.exceptions.SanicException": ("sanic.exceptions",),
    "voluptuous.Invalid": ("voluptuous", "voluptuous.error"),
    "werkzeug.exceptions.HTTPException": ("werkzeug.exceptions", "quart.exceptions"),
}


def is_control_flow(cls: Lineage, context: Context | Facts) -> bool:
    """Whether a class is a control-flow exception, or inherits one.

    That is a built-in one, one that the settings list, or one that the project registers a handler for.
    """
    # Of a base that was not found, the name is known all the same.
    names = cls.names | cls.missing
    if not _BUILTIN.isdisjoint(names):
        return True
    listed = context.settings[CONTROL_FLOW.key]
    assert isinstance(listed, tuple)
    # By last words first: to ask where an entry is defined costs a module.
    words = {_last(name) for name in names}
    is_listed = any(
        (_last(entry) in words and _names(entry, names, context)) or _is_heir(cls.missing, entry) for entry in listed
    )
    return is_listed or is_registered(cls, context)


def _names(entry: str, names: frozenset[str], context: Context | Facts) -> bool:
    """Whether an entry names one of the classes.

    An entry without a dot covers every class of that name. Where nothing tells where a class is defined that a package
    re-exports, its package and its own name count.
    """
    if "." not in entry:
        return True
    defined = context.canonical(entry)
    return defined in names or any(_package_and_last(name) == _package_and_last(entry) for name in names)


def _is_heir(missing: frozenset[str], entry: str) -> bool:
    modules: Sequence[str] = _HEIRS.get(entry, ())
    return any(name.rpartition(".")[0] in modules for name in missing)


def _package_and_last(name: str) -> tuple[str, str]:
    return name.partition(".")[0], _last(name)


def _last(name: str) -> str:
    return name.rpartition(".")[2]
