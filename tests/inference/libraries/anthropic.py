import anthropic
from anthropic import AsyncAnthropic


async def ask() -> None:
    client = AsyncAnthropic()
    client.messages.create(model="m", max_tokens=1, messages=[])  # expect: ASL101
    answer = await client.messages.create(model="m", max_tokens=1, messages=[])
    print(answer.content)
    client.messages.count_tokens(model="m", messages=[])  # expect: ASL101
    client.beta.messages.create(model="m", max_tokens=1, messages=[])  # expect: ASL101
    client.models.list()  # expect: ASL101
    async with client.messages.stream(model="m", max_tokens=1, messages=[]) as stream:
        stream.get_final_message()  # expect: ASL101
        async for text in stream.text_stream:
            print(text)
    client.close()  # expect: ASL101
    client.copy()


def plain() -> None:
    client = anthropic.Anthropic()
    client.messages.create(model="m", max_tokens=1, messages=[])
    client.close()
