from aiobotocore.session import AioSession, get_session


async def store() -> None:
    session = get_session()
    async with session.create_client("s3") as client:
        client.put_object(Bucket="b", Key="k")  # expect: ASL101
        answer = await client.get_object(Bucket="b", Key="k")
        answer["Body"].read()
        client.get_paginator("list_objects")
        client.close()  # expect: ASL101
    AioSession().get_credentials()  # expect: ASL101
