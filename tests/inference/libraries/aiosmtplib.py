import aiosmtplib


async def send(message: str) -> None:
    aiosmtplib.send(message, hostname="localhost")  # expect: ASL101
    async with aiosmtplib.SMTP("localhost") as client:
        client.login("a", "b")  # expect: ASL101
        client.sendmail("a", "b", message)  # expect: ASL101
    client.connect()  # expect: ASL101
    client.quit()  # expect: ASL101
    client.close()
