from tornado import gen, web
from tornado.httpclient import AsyncHTTPClient, HTTPClient
from tornado.ioloop import IOLoop
from tornado.locks import Event
from tornado.queues import Queue
from tornado.websocket import websocket_connect


class Handler(web.RequestHandler):
    async def get(self) -> None:
        self.write("a")
        self.finish("a")
        self.flush()
        AsyncHTTPClient().fetch("/")


async def work(queue: Queue, event: Event) -> None:
    queue.put(1)
    queue.join()
    event.wait()
    gen.sleep(1)
    socket = await websocket_connect("ws://localhost")
    socket.write_message("a")
    IOLoop.current().add_callback(print)


def plain() -> None:
    HTTPClient().fetch("/")
