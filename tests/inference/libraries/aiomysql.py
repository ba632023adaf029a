import aiomysql


async def query() -> None:
    async with aiomysql.create_pool(host="localhost") as pool:
        async with pool.acquire() as connection:
            connection.begin()  # expect: ASL101
            async with connection.cursor() as cursor:
                cursor.execute("select 1")  # expect: ASL101
                cursor.fetchone()
            connection.commit()  # expect: ASL101
            connection.close()
        pool.close()
        pool.wait_closed()  # expect: ASL101
    single = await aiomysql.connect(host="localhost")
    cursor = await single.cursor(aiomysql.DictCursor)
    cursor.fetchall()
