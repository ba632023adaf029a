from django.contrib.auth import aauthenticate, alogin
from django.core.cache import cache
from django.db import models
from django.http import HttpRequest
from django.shortcuts import aget_object_or_404


class Author(models.Model):
    name = models.CharField(max_length=10)


class Shelf(models.QuerySet):
    def tall(self) -> "Shelf":
        return self.filter(height__gt=1)


class Book(models.Model):
    title = models.CharField(max_length=10)
    author = models.ForeignKey(Author, models.CASCADE)
    objects = Shelf.as_manager()


async def view(request: HttpRequest) -> None:
    Author.objects.aget(pk=1)  # expect: ASL101
    Author.objects.acreate(name="a")  # expect: ASL101
    Author.objects.filter(name="a").afirst()  # expect: ASL101
    Author.objects.exclude(name="a").order_by("name").acount()  # expect: ASL101
    Author.objects.filter(name="a").adelete()  # expect: ASL101
    author = await Author.objects.aget(pk=1)
    author.asave()  # expect: ASL101
    author.adelete()  # expect: ASL101
    author.arefresh_from_db()  # expect: ASL101
    async for each in Author.objects.all():
        print(each)
    Author(name="a").asave()  # expect: ASL101
    aget_object_or_404(Author, pk=1)  # expect: ASL101
    aauthenticate(request)  # expect: ASL101
    alogin(request, None)  # expect: ASL101
    cache.aget("a")  # expect: ASL101
    cache.aset("a", 1)  # expect: ASL101
    request.auser()  # expect: ASL101
    request.session.aflush()  # expect: ASL101
    Book.objects.tall().acount()


def plain(author: Author) -> None:
    Author.objects.create(name="a")
    Author.objects.filter(name="a").delete()
    author.save()
    cache.set("a", 1)
