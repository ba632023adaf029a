import zmq
import zmq.asyncio


class Dealer:
    """What is sent goes on its way at once: the future only says when it has."""

    def __init__(self) -> None:
        self._context = zmq.asyncio.Context()
        self._socket = self._context.socket(zmq.DEALER)

    def send(self, message: bytes) -> None:
        self._socket.send_multipart([b"", message], zmq.NOBLOCK)

    async def talk(self, other: zmq.asyncio.Socket, poller: zmq.asyncio.Poller) -> None:
        other.send(b"a")
        other.send_string("a")
        other.send_json({})
        other.recv_multipart()
        poller.poll()
        self.talk(other, poller)  # expect: ASL101


def plain(socket: zmq.Socket) -> None:
    socket.send(b"a")
