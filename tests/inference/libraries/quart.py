from quart import Quart, render_template, request, websocket

application = Quart(__name__)


@application.post("/")
async def handler() -> str:
    request.get_json()  # expect: ASL101
    request.get_data()  # expect: ASL101
    render_template("a.html")  # expect: ASL101
    form = await request.form
    form.get("a")
    return await render_template("a.html")


@application.websocket("/ws")
async def talk() -> None:
    websocket.receive()  # expect: ASL101
    websocket.send("a")  # expect: ASL101
    websocket.accept()  # expect: ASL101


async def check() -> None:
    client = application.test_client()
    client.get("/")  # expect: ASL101
    response = await client.post("/")
    response.get_json()  # expect: ASL101
    application.run_task()  # expect: ASL101
    application.add_url_rule("/")
