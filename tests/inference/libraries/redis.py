import redis
import redis.asyncio
from redis.asyncio import Redis, RedisCluster
from redis.asyncio.client import Pipeline


async def use(client: Redis, cluster: RedisCluster, pipeline: Pipeline) -> None:
    client.get("a")  # expect: ASL101
    client.hset("a", "b", "c")  # expect: ASL101
    client.sadd("a", "b")  # expect: ASL101
    client.lpush("a", "b")  # expect: ASL101
    client.json().arrappend("a", "$", 1)  # expect: ASL101
    client.eval("return 1", 0)  # expect: ASL101
    client.execute_command("GET", "a")  # expect: ASL101
    client.aclose()  # expect: ASL101
    redis.asyncio.from_url("redis://localhost").delete("a")  # expect: ASL101
    Redis.from_url("redis://localhost").publish("a", "b")  # expect: ASL101
    client.pubsub().subscribe("a")  # expect: ASL101
    async for key in client.scan_iter():
        print(key)
    async with client.lock("a"):
        client.get("b")  # expect: ASL101
    cluster.set("a", "b")  # expect: ASL101
    pipeline.set("a", "b")
    pipeline.execute()  # expect: ASL101
    async with client.pipeline() as batch:
        batch.set("a", "b")
        batch.hset("a", "b", "c")
        batch.set("a", "b").get("a")
        batch.execute()  # expect: ASL101
        batch.multi()
        batch.json().arrappend("a", "$", 1)
        batch.watch("a")  # expect: ASL101


def plain(client: redis.Redis) -> None:
    client.get("a")
    client.hset("a", "b", "c")
    client.pipeline().set("a", "b").execute()
    client.close()
