import sqlite3

import aiosqlite


async def query() -> None:
    async with aiosqlite.connect("db") as connection:
        connection.execute("select 1")  # expect: ASL101
        async with connection.execute("select 1") as cursor:
            cursor.fetchone()  # expect: ASL101
            async for row in cursor:
                print(row)
        found = await connection.execute("select 1")
        found.fetchall()  # expect: ASL101
        connection.commit()  # expect: ASL101
    other = await aiosqlite.connect("db")
    other.close()  # expect: ASL101


def plain() -> None:
    connection = sqlite3.connect("db")
    connection.execute("select 1")
    connection.commit()
