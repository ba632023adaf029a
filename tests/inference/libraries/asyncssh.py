import asyncssh


async def run() -> None:
    async with asyncssh.connect("localhost") as connection:
        connection.run("ls")  # expect: ASL101
        result = await connection.run("ls", check=True)
        print(result.stdout)
        process = await connection.create_process("ls")
        process.wait()  # expect: ASL101
        process.terminate()
        async with connection.start_sftp_client() as sftp:
            sftp.get("a")  # expect: ASL101
            sftp.listdir("/")  # expect: ASL101
            async with sftp.open("a") as file:
                file.read()  # expect: ASL101
        connection.close()
        connection.wait_closed()  # expect: ASL101
    asyncssh.scp("a", "b")  # expect: ASL101
    asyncssh.listen("", 22)  # expect: ASL101
    other = await asyncssh.connect("localhost")
    other.run("ls")  # expect: ASL101
