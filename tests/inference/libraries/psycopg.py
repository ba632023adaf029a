import psycopg
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool


async def query(connection: AsyncConnection) -> None:
    connection.execute("select 1")  # expect: ASL101
    connection.commit()  # expect: ASL101
    connection.cancel()
    async with await psycopg.AsyncConnection.connect("dbname=a") as other:
        other.execute("select 1")  # expect: ASL101
        async with other.cursor() as cursor:
            cursor.execute("select 1")  # expect: ASL101
            cursor.fetchone()  # expect: ASL101
            async for row in cursor:
                print(row)
        async with other.transaction():
            other.execute("select 1")  # expect: ASL101
        other.close()  # expect: ASL101
    found = await connection.execute("select 1")
    found.fetchall()  # expect: ASL101
    async with AsyncConnectionPool("dbname=a") as pool, pool.connection() as borrowed:
        borrowed.rollback()  # expect: ASL101
    pool.open()  # expect: ASL101


def plain() -> None:
    with psycopg.connect("dbname=a") as connection:
        connection.execute("select 1")
        connection.commit()
