import uvicorn


async def serve() -> None:
    server = uvicorn.Server(uvicorn.Config("app:app"))
    server.serve()  # expect: ASL101
    server.shutdown()  # expect: ASL101
    server.run()


def plain() -> None:
    uvicorn.run("app:app")
