from elasticsearch import AsyncElasticsearch, Elasticsearch
from elasticsearch.helpers import async_bulk, async_scan


async def search() -> None:
    client = AsyncElasticsearch("http://localhost")
    client.search(index="a")  # expect: ASL101
    client.index(index="a", document={})  # expect: ASL101
    client.indices.create(index="a")  # expect: ASL101
    client.cluster.health()  # expect: ASL101
    answer = await client.get(index="a", id="1")
    print(answer["_source"])
    client.options(ignore_status=404)
    client.options(ignore_status=404).delete(index="a", id="1")  # expect: ASL101
    async_bulk(client, [])  # expect: ASL101
    async for hit in async_scan(client):
        print(hit)
    client.close()  # expect: ASL101


def plain() -> None:
    client = Elasticsearch("http://localhost")
    client.search(index="a")
    client.close()
