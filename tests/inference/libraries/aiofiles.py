import aiofiles
import aiofiles.os
from aiofiles import tempfile


async def copy(path: str) -> None:
    async with aiofiles.open(path) as file:
        file.read()  # expect: ASL101
        file.fileno()
        async for line in file:
            print(line)
    async with aiofiles.open(path, "wb") as target:
        target.write(b"a")  # expect: ASL101
        target.flush()  # expect: ASL101
    other = await aiofiles.open(path, mode="rb")
    other.close()  # expect: ASL101
    aiofiles.os.remove(path)  # expect: ASL101
    aiofiles.os.path.exists(path)  # expect: ASL101
    async with tempfile.TemporaryDirectory() as folder:
        print(folder)
    async with tempfile.NamedTemporaryFile("wb") as scratch:
        scratch.write(b"a")  # expect: ASL101
    with open(path, "w") as plain:
        plain.write("a")
