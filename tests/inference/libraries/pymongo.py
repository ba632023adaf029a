from pymongo import AsyncMongoClient, MongoClient
from pymongo.asynchronous.collection import AsyncCollection


async def query(collection: AsyncCollection) -> None:
    client = AsyncMongoClient("mongodb://localhost")
    client.db.books.insert_one({})  # expect: ASL101
    client["db"]["books"].find_one({})  # expect: ASL101
    client.aconnect()  # expect: ASL101
    database = client.get_database("db")
    database.command("ping")  # expect: ASL101
    collection.update_one({}, {})  # expect: ASL101
    collection.find({})
    collection.find({}).sort("a").to_list()  # expect: ASL101
    collection.aggregate([])  # expect: ASL101
    async with client.start_session() as session:
        session.commit_transaction()  # expect: ASL101
    client.close()  # expect: ASL101


def plain() -> None:
    client = MongoClient("mongodb://localhost")
    client.db.books.insert_one({})
    client.close()
