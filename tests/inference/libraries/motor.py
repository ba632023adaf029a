from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection


async def query(collection: AsyncIOMotorCollection) -> None:
    client = AsyncIOMotorClient("mongodb://localhost")
    client.db.books.insert_one({})  # expect: ASL101
    client["db"]["books"].find_one({})  # expect: ASL101
    client.get_database("db").get_collection("books").count_documents({})  # expect: ASL101
    database = client["db"]
    database.list_collection_names()  # expect: ASL101
    database.command("ping")  # expect: ASL101
    collection.update_one({}, {})  # expect: ASL101
    collection.find({})
    collection.find({}).sort("a").to_list(1)
    collection.aggregate([])
    collection.aggregate([]).to_list(None)
    async for book in collection.find({}):
        print(book)
    async with await client.start_session() as session:
        session.start_transaction()
        session.commit_transaction()  # expect: ASL101
    client.close()
