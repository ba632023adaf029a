import asyncio

import async_timeout


async def wait() -> None:
    async with async_timeout.timeout(1) as deadline:
        asyncio.sleep(1)  # expect: ASL101
        deadline.update(2)
        deadline.reject()
