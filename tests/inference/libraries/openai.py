import openai
from openai import AsyncOpenAI


async def ask() -> None:
    client = AsyncOpenAI()
    client.chat.completions.create(model="m", messages=[])  # expect: ASL101
    answer = await client.chat.completions.create(model="m", messages=[])
    print(answer.choices)
    client.responses.create(model="m", input="a")  # expect: ASL101
    client.embeddings.create(model="m", input="a")  # expect: ASL101
    client.files.delete("a")  # expect: ASL101
    client.models.list()  # expect: ASL101
    client.with_options(timeout=1).images.generate(prompt="a")  # expect: ASL101
    client.close()  # expect: ASL101


def plain() -> None:
    client = openai.OpenAI()
    client.chat.completions.create(model="m", messages=[])
    client.close()
