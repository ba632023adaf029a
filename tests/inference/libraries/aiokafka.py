from aiokafka import AIOKafkaConsumer, AIOKafkaProducer


async def produce() -> None:
    producer = AIOKafkaProducer(bootstrap_servers="localhost")
    producer.start()  # expect: ASL101
    producer.send("topic", b"a")  # expect: ASL101
    producer.send_and_wait("topic", b"a")  # expect: ASL101
    sent = await producer.send("topic", b"a")
    sent.cancel()
    producer.create_batch()
    async with producer.transaction():
        producer.flush()  # expect: ASL101
    producer.stop()  # expect: ASL101


async def consume() -> None:
    async with AIOKafkaConsumer("topic") as consumer:
        consumer.getone()  # expect: ASL101
        consumer.commit()  # expect: ASL101
        consumer.seek_to_end()  # expect: ASL101
        consumer.subscribe(["topic"])
        consumer.assignment()
        async for message in consumer:
            print(message.value)
