import grpc
from grpc import aio


class GreeterServicer:
    def Hello(self, request: object, context: grpc.aio.ServicerContext) -> None: ...


class Greeter(GreeterServicer):
    async def Hello(self, request: object, context: grpc.aio.ServicerContext) -> None:
        context.abort(grpc.StatusCode.NOT_FOUND, "a")  # expect: ASL101
        context.write(b"a")  # expect: ASL101
        context.set_code(grpc.StatusCode.OK)


async def serve() -> None:
    server = grpc.aio.server()
    server.add_insecure_port("[::]:1")
    server.start()  # expect: ASL101
    server.wait_for_termination()  # expect: ASL101
    server.stop(1)  # expect: ASL101


async def call() -> None:
    async with aio.insecure_channel("localhost:1") as channel:
        channel.channel_ready()  # expect: ASL101
        channel.get_state()
        hello = channel.unary_unary("/greeter/Hello")
        hello(b"a")
    channel.close()  # expect: ASL101


def plain() -> None:
    server = grpc.server(None)
    server.start()
    server.stop(1)
    channel = grpc.insecure_channel("localhost:1")
    channel.close()
