import trio


async def work(channel: trio.MemorySendChannel[int]) -> None:
    trio.sleep(1)  # expect: ASL101
    trio.to_thread.run_sync(print)  # expect: ASL101
    trio.run_process(["ls"])  # expect: ASL101
    async with trio.open_nursery() as nursery:
        nursery.start_soon(work, channel)
        nursery.start(work, channel)  # expect: ASL101
        nursery.cancel_scope.cancel()
    async with channel:
        channel.send(1)  # expect: ASL101
        channel.send_nowait(1)
        channel.aclose()  # expect: ASL101
    async with await trio.open_file("a") as file:
        file.read()  # expect: ASL101
    stream = await trio.open_tcp_stream("localhost", 80)
    stream.send_all(b"a")  # expect: ASL101
    stream.receive_some()  # expect: ASL101
    lock = trio.Lock()
    lock.acquire()  # expect: ASL101
    lock.release()
    event = trio.Event()
    event.set()
    event.wait()  # expect: ASL101
    trio.Path("a").read_text()  # expect: ASL101
    trio.lowlevel.checkpoint()  # expect: ASL101
    with trio.move_on_after(1):
        trio.sleep_forever()  # expect: ASL101


def plain() -> None:
    trio.run(work)
    trio.from_thread.run_sync(print)
