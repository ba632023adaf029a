import asyncpg


async def query(pool: asyncpg.Pool) -> None:
    connection = await asyncpg.connect("postgresql://localhost")
    connection.execute("select 1")  # expect: ASL101
    connection.fetchrow("select 1")  # expect: ASL101
    connection.is_closed()
    async with connection.transaction():
        connection.executemany("insert", [])  # expect: ASL101
    transaction = connection.transaction()
    transaction.start()  # expect: ASL101
    transaction.commit()  # expect: ASL101
    statement = await connection.prepare("select 1")
    statement.fetchval()  # expect: ASL101
    statement.get_query()
    connection.close()  # expect: ASL101
    async with pool.acquire() as borrowed:
        borrowed.fetch("select 1")  # expect: ASL101
    pool.execute("select 1")  # expect: ASL101
    async with asyncpg.create_pool("postgresql://localhost") as other:
        other.fetchval("select 1")  # expect: ASL101
    third = await asyncpg.create_pool("postgresql://localhost")
    third.close()  # expect: ASL101
    third.terminate()
