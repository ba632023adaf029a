from fastapi import BackgroundTasks, FastAPI, Request, UploadFile, WebSocket
from fastapi.concurrency import run_in_threadpool

application = FastAPI()


@application.post("/")
async def upload(file: UploadFile, request: Request, tasks: BackgroundTasks) -> None:
    file.read()  # expect: ASL101
    file.close()  # expect: ASL101
    request.json()  # expect: ASL101
    request.body()  # expect: ASL101
    request.is_disconnected()  # expect: ASL101
    request.url_for("upload")
    run_in_threadpool(print)  # expect: ASL101
    tasks.add_task(print)


@application.websocket("/ws")
async def talk(socket: WebSocket) -> None:
    socket.accept()  # expect: ASL101
    socket.send_text("a")  # expect: ASL101
    socket.receive_json()  # expect: ASL101
    socket.close()  # expect: ASL101
