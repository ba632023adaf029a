import aio_pika
from aio_pika.abc import AbstractIncomingMessage


async def publish() -> None:
    connection = await aio_pika.connect_robust("amqp://localhost")
    async with connection:
        channel = await connection.channel()
        channel.set_qos(prefetch_count=1)  # expect: ASL101
        queue = await channel.declare_queue("jobs")
        queue.consume(receive)  # expect: ASL101
        queue.bind("exchange")  # expect: ASL101
        exchange = await channel.declare_exchange("exchange")
        exchange.publish(aio_pika.Message(b"a"), "jobs")  # expect: ASL101
        channel.default_exchange.publish(aio_pika.Message(b"a"), "jobs")  # expect: ASL101
        async with queue.iterator() as messages:
            async for message in messages:
                message.ack()  # expect: ASL101
        channel.close()  # expect: ASL101
    connection.close()  # expect: ASL101


async def receive(message: AbstractIncomingMessage) -> None:
    async with message.process():
        message.reject()  # expect: ASL101
        message.info()
