import nats
from nats.aio.client import Client
from nats.aio.msg import Msg


async def talk() -> None:
    client = await nats.connect("nats://localhost")
    client.publish("a", b"b")  # expect: ASL101
    client.request("a", b"b")  # expect: ASL101
    subscription = await client.subscribe("a")
    subscription.next_msg()  # expect: ASL101
    subscription.unsubscribe()  # expect: ASL101
    stream = client.jetstream()
    stream.publish("a", b"b")  # expect: ASL101
    stream.add_stream(name="a")  # expect: ASL101
    pulled = await stream.pull_subscribe("a", "b")
    pulled.fetch(1)  # expect: ASL101
    bucket = await stream.key_value("a")
    bucket.put("a", b"b")  # expect: ASL101
    client.drain()  # expect: ASL101
    client.new_inbox()


async def receive(message: Msg) -> None:
    message.ack()  # expect: ASL101
    message.respond(b"a")  # expect: ASL101


async def older() -> None:
    client = Client()
    client.connect("nats://localhost")  # expect: ASL101
