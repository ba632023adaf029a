import anyio
from anyio import Path, from_thread, to_thread
from anyio.abc import SocketStream, TaskGroup


async def work(stream: SocketStream, path: Path) -> None:
    anyio.sleep(1)  # expect: ASL101
    to_thread.run_sync(print)  # expect: ASL101
    anyio.run_process(["ls"])  # expect: ASL101
    stream.send(b"a")  # expect: ASL101
    stream.aclose()  # expect: ASL101
    path.read_text()  # expect: ASL101
    path.joinpath("a")
    async with anyio.create_task_group() as group:
        group.start_soon(work, stream, path)
        group.start(work, stream, path)  # expect: ASL101
        group.cancel_scope.cancel()
    async with await anyio.open_file("a") as file:
        file.write("a")  # expect: ASL101
    send, receive = anyio.create_memory_object_stream[int](1)
    async with send, receive:
        send.send(1)  # expect: ASL101
        send.send_nowait(1)
        receive.receive()  # expect: ASL101
    event = anyio.Event()
    event.set()
    event.wait()  # expect: ASL101
    with anyio.move_on_after(1):
        anyio.connect_tcp("localhost", 80)  # expect: ASL101
    async with await anyio.connect_tcp("localhost", 80) as client:
        client.receive()  # expect: ASL101


async def more(group: TaskGroup) -> None:
    group.start(print)  # expect: ASL101


def plain() -> None:
    anyio.run(print)
    from_thread.run_sync(print)
