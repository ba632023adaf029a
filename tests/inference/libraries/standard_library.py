import asyncio
import contextlib
import queue
from asyncio import subprocess


async def crawl(jobs: asyncio.Queue[str], done: asyncio.Event) -> None:
    asyncio.sleep(1)  # expect: ASL101
    jobs.put("a")  # expect: ASL101
    jobs.put_nowait("a")
    jobs.join()  # expect: ASL101
    done.wait()  # expect: ASL101
    done.set()
    reader, writer = await asyncio.open_connection("localhost", 80)
    reader.readline()  # expect: ASL101
    writer.write(b"")
    writer.drain()  # expect: ASL101
    writer.close()
    process = await asyncio.create_subprocess_exec("ls", stdout=subprocess.PIPE)
    process.communicate()  # expect: ASL101
    process.kill()
    asyncio.wait_for(jobs.get(), 1)  # expect: ASL101
    asyncio.to_thread(print)  # expect: ASL101
    async with asyncio.TaskGroup() as group:
        group.create_task(jobs.get())
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_async_context(asyncio.Lock())  # expect: ASL101
        stack.callback(print)
        stack.aclose()  # expect: ASL101
    server = await asyncio.start_server(print, "localhost", 80)
    async with server:
        server.serve_forever()  # expect: ASL101
    server.close()


def plain(jobs: queue.Queue[str]) -> None:
    jobs.put("a")
    jobs.join()
