from sanic import Request, Sanic, Websocket
from sanic.response import file

application = Sanic("a")


@application.get("/")
async def handler(request: Request) -> None:
    request.receive_body()  # expect: ASL101
    response = await request.respond()
    file("a")  # expect: ASL101
    request.get_form()


async def talk(request: Request, socket: Websocket) -> None:
    socket.send("a")  # expect: ASL101
    socket.recv()  # expect: ASL101
    application.dispatch("a.b.c")  # expect: ASL101
    application.add_task(talk)
