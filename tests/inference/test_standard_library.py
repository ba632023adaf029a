"""The standard library, as the bundled stubs know it."""

from tests.inference.program import canonical, holds


def test_coroutines() -> None:
    holds("""
        import asyncio
        from asyncio import sleep
        from asyncio.subprocess import Process

        async def work(): ...

        async def use(queue: asyncio.Queue, event: asyncio.Event, lock: asyncio.Lock, process: Process):
            asyncio.sleep(1)  # is: coroutine; name: asyncio.tasks.sleep
            sleep(1)  # is: coroutine
            queue.get()  # is: coroutine; name: asyncio.queues.Queue.get
            queue.put(1)  # is: coroutine
            queue.join()  # is: coroutine
            queue.get_nowait()  # is: unknown
            queue.put_nowait(1)  # is: value
            event.wait()  # is: coroutine
            event.set()  # is: value
            lock.acquire()  # is: coroutine
            lock.release()  # is: value
            asyncio.wait_for(work(), 1)  # is: coroutine
            asyncio.wait([])  # is: coroutine
            asyncio.open_connection("h", 1)  # is: coroutine
            asyncio.create_subprocess_exec("ls")  # is: coroutine
            asyncio.start_server(work)  # is: coroutine
            asyncio.to_thread(len, "a")  # is: coroutine
            process.wait()  # is: coroutine
            process.communicate()  # is: coroutine
            process.kill()  # is: value
            work()  # is: coroutine
    """)


def test_tasks_and_futures() -> None:
    holds("""
        import asyncio
        from concurrent.futures import ThreadPoolExecutor

        async def work(): ...

        async def use(task: asyncio.Task):
            asyncio.create_task(work())  # is: task
            asyncio.ensure_future(work())  # is: task
            asyncio.gather(work(), work())  # is: task
            asyncio.gather(*[])  # is: task
            asyncio.gather(work(), return_exceptions=True)  # is: task
            asyncio.shield(work())  # is: task
            asyncio.run_coroutine_threadsafe(work(), 1)  # is: task
            loop = asyncio.get_running_loop()
            loop.create_task(work())  # is: task
            loop.create_future()  # is: task
            loop.run_in_executor(None, print)  # is: task
            asyncio.get_event_loop().create_task(work())  # is: task
            ThreadPoolExecutor().submit(print)  # is: task
            task.cancel()  # is: value
            task.result()  # is: unknown
            task.add_done_callback(print)  # is: value
            loop.call_soon(print)  # is: value
            asyncio.current_task().cancel()  # is: value
    """)


def test_event_loops() -> None:
    holds("""
        import asyncio

        async def work(): ...

        def use(loop: asyncio.AbstractEventLoop):
            loop.create_task(work())  # is: task
            loop.sock_recv(1, 2)  # is: coroutine
            loop.create_connection(print)  # is: coroutine
            loop.run_until_complete(work())  # is: unknown
            loop.shutdown_asyncgens()  # is: coroutine
            loop.stop()  # is: value
            asyncio.new_event_loop().close()  # is: value
            asyncio.run(work())  # is: unknown
            asyncio.iscoroutine(1)  # is: value
    """)


def test_what_they_give() -> None:
    holds("""
        import asyncio

        class Client:
            async def send(self): ...
        async def make() -> Client: ...

        async def use(queue: asyncio.Queue[Client]):
            (await queue.get()).send()  # is: coroutine
            queue.get_nowait().send()  # is: coroutine
            (await asyncio.wait_for(make(), 1)).send()  # is: coroutine
            (await asyncio.create_task(make())).send()  # is: coroutine
            (await asyncio.shield(make())).send()  # is: coroutine
            a, b = await asyncio.gather(make(), make())
            a.send()  # is: coroutine
            b.send()  # is: coroutine
            (await asyncio.gather(*[make()]))[0].send()  # is: coroutine
            (await asyncio.to_thread(Client)).send()  # is: coroutine
            asyncio.run(make()).send()  # is: coroutine
            task = asyncio.create_task(make())
            task.result().send()  # is: coroutine
            reader, writer = await asyncio.open_connection("h", 1)
            reader.readline()  # is: coroutine
            reader.read(1)  # is: coroutine
            writer.drain()  # is: coroutine
            writer.wait_closed()  # is: coroutine
            writer.write(b"")  # is: value
            for each in asyncio.as_completed([make()]):
                (await each).send()  # is: coroutine
            done, pending = await asyncio.wait([task])
            for one in done:
                one.result().send()  # is: coroutine
            server = await asyncio.start_server(print, "h")
            server.serve_forever()  # is: coroutine
            server.wait_closed()  # is: coroutine
            server.close()  # is: value
            process = await asyncio.create_subprocess_exec("ls", stdout=-1)
            process.stdout.readline()  # is: coroutine
    """)


def test_task_groups() -> None:
    holds("""
        import asyncio

        class Client:
            async def send(self): ...
        async def make() -> Client: ...

        async def use():
            async with asyncio.TaskGroup() as group:
                task = group.create_task(make())
            task.result().send()  # is: coroutine
            group.create_task(make())  # is: task
    """)


def test_synchronous_things() -> None:
    holds("""
        import json, logging, os, pathlib, re, threading, time, subprocess, queue
        from collections import deque

        logger = logging.getLogger(__name__)

        def use(items: list[int], named: dict[str, int], path: pathlib.Path):
            print("a")  # is: value
            logger.info("a")  # is: value
            logging.info("a")  # is: value
            time.sleep(1)  # is: value; name: time.sleep
            os.getcwd()  # is: value
            os.path.join("a", "b")  # is: value
            items.append(1)  # is: value
            items.sort()  # is: value
            named.update({})  # is: value
            named.clear()  # is: value
            "a".join(items)  # is: value
            "a".upper().strip()  # is: value
            path.read_text()  # is: value
            (path / "a").mkdir()  # is: value
            open("a").close()  # is: value
            threading.Thread(target=print).start()  # is: value
            threading.Event().wait()  # is: value
            queue.Queue().get()  # is: unknown
            subprocess.run([])  # is: value
            re.match("a", "b")  # is: value
            json.dumps(1)  # is: value
            isinstance(1, int)  # is: value
            deque().append(1)  # is: value
    """)


def test_canonical_names() -> None:
    assert canonical("asyncio.sleep") == "asyncio.tasks.sleep"
    assert canonical("asyncio.Queue.get") == "asyncio.queues.Queue.get"
    assert canonical("absent.sleep") == "absent.sleep"
    assert canonical("asyncio.no_such_name") == "asyncio.no_such_name"
    assert canonical("sleep") == "sleep"
