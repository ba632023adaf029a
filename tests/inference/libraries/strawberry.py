import strawberry
from strawberry.dataloader import DataLoader
from strawberry.types import Info


@strawberry.type
class Query:
    @strawberry.field
    async def title(self, info: Info) -> str:
        return "a"


async def load(keys: list[int]) -> list[str]:
    return []


loader = DataLoader(load_fn=load)
schema = strawberry.Schema(query=Query)


async def use() -> None:
    schema.execute("{ title }")  # expect: ASL101
    schema.subscribe("{ title }")  # expect: ASL101
    schema.execute_sync("{ title }")
    loader.load_many([1])
    loader.clear(1)
