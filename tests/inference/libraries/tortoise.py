from tortoise import Tortoise, fields
from tortoise.models import Model
from tortoise.transactions import in_transaction


class Author(Model):
    name = fields.CharField(max_length=10)


class Book(Model):
    title = fields.CharField(max_length=10)
    author = fields.ForeignKeyField("models.Author")


async def query() -> None:
    Tortoise.init(db_url="sqlite://:memory:", modules={})  # expect: ASL101
    Tortoise.generate_schemas()  # expect: ASL101
    Author.create(name="a")  # expect: ASL101
    Author.get(name="a")  # expect: ASL101
    Author.filter(name="a").first()  # expect: ASL101
    Author.all().count()  # expect: ASL101
    Author.filter(name="a").delete()  # expect: ASL101
    author = await Author.get(name="a")
    author.save()  # expect: ASL101
    author.fetch_related("books")  # expect: ASL101
    for each in await Author.all():
        each.delete()  # expect: ASL101
    found, created = await Author.get_or_create(name="a")
    found.save()  # expect: ASL101
    async with in_transaction() as connection:
        connection.execute_query("select 1")  # expect: ASL101
    Tortoise.close_connections()  # expect: ASL101
    Book(title="a").save()  # expect: ASL101
