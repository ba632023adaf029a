import aiosmtplib


async def send(message: str) -> None:
    aiosmtplib.send(message, hostname="localhost")  # expect: ASL101
