from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.websockets import WebSocket


async def page(request: Request) -> Response:
    request.json()  # expect: ASL101
    request.form()  # expect: ASL101
    request.close()  # expect: ASL101
    async with request.form() as form:
        form.get("a")
    run_in_threadpool(print)  # expect: ASL101
    BackgroundTask(print)()  # expect: ASL101
    response = JSONResponse({})
    response.set_cookie("a")
    return response


async def talk(socket: WebSocket, application: Starlette) -> None:
    socket.accept()  # expect: ASL101
    socket.send_json({})  # expect: ASL101
    socket.receive_text()  # expect: ASL101
    socket.close()  # expect: ASL101
    application.mount("/", application)
