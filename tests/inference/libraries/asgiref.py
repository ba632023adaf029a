from asgiref.sync import async_to_sync, sync_to_async


def load(key: str) -> str:
    return key


async def send(key: str) -> None:
    sync_to_async(load)("a")  # expect: ASL101
    asynchronous = sync_to_async(load)
    asynchronous("a")  # expect: ASL101
    wait("a")  # expect: ASL101
    later("a")  # expect: ASL101


@sync_to_async
def wait(key: str) -> None: ...


@sync_to_async(thread_sensitive=False)
def later(key: str) -> None: ...


def plain() -> None:
    async_to_sync(send)("a")
