"""Elements of lists, dicts, sets, tuples and iterators."""

from tests.inference.program import holds

CLIENT = """
        # file: client.py
        class Client:
            async def send(self): ...
        class Plain:
            def send(self): return 1
"""


def test_literals() -> None:
    holds(
        """
        from client import Client, Plain

        def use():
            [Client()][0].send()  # is: coroutine
            {"a": Client()}["a"].send()  # is: coroutine
            (1, Client())[1].send()  # is: coroutine
            (1, Client())[-1].send()  # is: coroutine
            [Client(), Plain()][0].send()  # is: unknown
            [*[Client()]][0].send()  # is: coroutine
            {**{"a": Client()}}["a"].send()  # is: coroutine
            for each in [Client(), Client()]:
                each.send()  # is: coroutine
            for each in (Client(), Plain()):
                each.send()  # is: unknown
            for each in {Client()}:
                each.send()  # is: coroutine
            [][0].send()  # is: unknown
            ([Client()] + [Client()])[0].send()  # is: coroutine
            ([Client()] * 3)[0].send()  # is: coroutine
    """
        + CLIENT
    )


def test_comprehensions() -> None:
    holds(
        """
        from client import Client

        def use(names, clients: list[Client]):
            [Client() for _ in names][0].send()  # is: coroutine
            {name: Client() for name in names}["a"].send()  # is: coroutine
            for each in (Client() for _ in names):
                each.send()  # is: coroutine
            for each in {c for c in clients}:
                each.send()  # is: coroutine
            made = [c for c in clients if c]
            made[0].send()  # is: coroutine
            [a.send() for a, b in zip(clients, names)]  # is: coroutine
            [b.send() for a, b in [(1, c) for c in clients]]  # is: coroutine
    """
        + CLIENT
    )


def test_methods_of_dicts() -> None:
    holds(
        """
        from client import Client

        def use(named: dict[str, Client]):
            named["a"].send()  # is: coroutine
            named.get("a").send()  # is: coroutine
            named.get("a", Client()).send()  # is: coroutine
            named.pop("a").send()  # is: coroutine
            named.pop("a", None).send()  # is: coroutine
            named.setdefault("a", Client()).send()  # is: coroutine
            named.copy()["a"].send()  # is: coroutine
            list(named.values())[0].send()  # is: coroutine
            for each in named.values():
                each.send()  # is: coroutine
            for key, each in named.items():
                each.send()  # is: coroutine
                key.upper()  # is: value
            for key in named:
                key.send()  # is: unknown
            for item in named.items():
                item[1].send()  # is: coroutine
            (named | named)["a"].send()  # is: coroutine
            _, popped = named.popitem()
            popped.send()  # is: coroutine
    """
        + CLIENT
    )


def test_methods_of_lists_and_sets() -> None:
    holds(
        """
        from collections import deque
        from client import Client

        def use(clients: list[Client], some: set[Client], queue: deque[Client]):
            clients.pop().send()  # is: coroutine
            clients.copy()[0].send()  # is: coroutine
            clients[1:][0].send()  # is: coroutine
            clients[-1].send()  # is: coroutine
            clients.append(Client())  # is: value
            clients.index(1)  # is: value
            some.pop().send()  # is: coroutine
            [each.send() for each in some - some]  # is: coroutine
            [each.send() for each in some.union(some)]  # is: coroutine
            queue.popleft().send()  # is: coroutine
            queue[0].send()  # is: coroutine
    """
        + CLIENT
    )


def test_iterators_of_the_builtins() -> None:
    holds(
        """
        from client import Client

        def use(clients: list[Client], named: dict[str, Client]):
            for index, each in enumerate(clients):
                each.send()  # is: coroutine
            for index, each in enumerate(clients, 1):
                each.send()  # is: coroutine
            for a, (b, c) in zip(clients, enumerate(clients)):
                a.send()  # is: coroutine
                c.send()  # is: coroutine
            for each in reversed(clients):
                each.send()  # is: coroutine
            for each in sorted(clients, key=id):
                each.send()  # is: coroutine
            for each in filter(None, clients):
                each.send()  # is: coroutine
            for each in list(clients):
                each.send()  # is: coroutine
            for each in tuple(clients):
                each.send()  # is: coroutine
            for each in set(clients):
                each.send()  # is: coroutine
            for index, (name, each) in enumerate(named.items()):
                each.send()  # is: coroutine
            next(iter(clients)).send()  # is: coroutine
            next(iter(named.values())).send()  # is: coroutine
            next(iter(named.items()))[1].send()  # is: coroutine
            next(iter(clients), None).send()  # is: coroutine
            max(clients, key=id).send()  # is: coroutine
            list(map(Client, "ab"))[0].send()  # is: coroutine
            dict(named)["a"].send()  # is: coroutine
            dict(a=Client())["a"].send()  # is: coroutine
    """
        + CLIENT
    )


def test_iterators_of_the_standard_library() -> None:
    holds(
        """
        import itertools, random
        from client import Client

        def use(clients: list[Client]):
            for each in itertools.chain(clients, clients):
                each.send()  # is: coroutine
            for each in itertools.chain.from_iterable([clients]):
                each.send()  # is: coroutine
            for each in itertools.islice(clients, 3):
                each.send()  # is: coroutine
            for each in itertools.cycle(clients):
                each.send()  # is: coroutine
            for key, group in itertools.groupby(clients):
                for each in group:
                    each.send()  # is: coroutine
            for a, b in itertools.pairwise(clients):
                b.send()  # is: coroutine
            random.choice(clients).send()  # is: coroutine
    """
        + CLIENT
    )


def test_special_dicts() -> None:
    holds(
        """
        from collections import ChainMap, Counter, OrderedDict, defaultdict
        from weakref import WeakKeyDictionary, WeakSet, WeakValueDictionary
        from client import Client

        made = defaultdict(Client)
        lists = defaultdict(list)
        ordered: OrderedDict[str, Client] = OrderedDict()
        grouped: defaultdict[str, list[Client]] = defaultdict(list)
        weak: WeakSet[Client] = WeakSet()
        values: WeakValueDictionary[int, Client] = WeakValueDictionary()

        def use():
            made["a"].send()  # is: coroutine
            lists["a"].append(1)  # is: value
            ordered["a"].send()  # is: coroutine
            grouped["a"][0].send()  # is: coroutine
            [each.send() for each in weak]  # is: coroutine
            values[1].send()  # is: coroutine
    """
        + CLIENT
    )


def test_own_containers() -> None:
    holds(
        """
        from client import Client

        class Clients:
            def __getitem__(self, index) -> Client: ...
            def __iter__(self): return iter(self._clients)
            def __init__(self): self._clients: list[Client] = []
        class Stream:
            def __aiter__(self): return self
            async def __anext__(self) -> Client: ...
        class Generated:
            async def __aiter__(self):
                yield Client()
            def __iter__(self):
                yield Client()
        class Heirs(list[Client]): ...
        class Named(dict[str, Client]): ...

        async def use(clients: Clients, stream: Stream, generated: Generated, heirs: Heirs, named: Named):
            clients[0].send()  # is: coroutine
            for each in clients:
                each.send()  # is: coroutine
            async for each in stream:
                each.send()  # is: coroutine
            async for each in generated:
                each.send()  # is: coroutine
            for each in generated:
                each.send()  # is: coroutine
            heirs[0].send()  # is: coroutine
            for each in heirs:
                each.send()  # is: coroutine
            named["a"].send()  # is: coroutine
            [each.send() for each in named.values()]  # is: coroutine
    """
        + CLIENT
    )


def test_what_is_put_into_a_container() -> None:
    holds(
        """
        from collections import defaultdict, deque
        from client import Client, Plain

        REGISTRY = {}
        SHARED = []
        LISTED = []
        LISTED.append(Client())

        def register(name):
            REGISTRY[name] = Client()

        class Service:
            waiting = []
            bare: list = []
            def __init__(self):
                self.clients = []
                self.named = {}
                self.queue = deque()
                self.unique = set()
                self.both = [Client()]
                self.more = [Client()]
                self.lent = []
                self.unseen = []
                self.extended = list()
                self.updated = dict()
            def fill(self, given, clients: list[Client], named: dict[str, Client]):
                self.clients.append(Client())
                self.clients.insert(0, Client())
                self.named["a"] = Client()
                self.named.setdefault("b", Client())
                self.queue.appendleft(Client())
                self.unique.add(Client())
                self.both.append(Plain())
                self.more += clients
                self.lent.append(Client())
                self.unseen.append(given)
                self.extended.extend(clients)
                self.updated.update(named)
                self.waiting.append(Client())
                self.bare.append(Client())
            def use(self, key):
                self.clients[0].send()  # is: coroutine
                self.named[key].send()  # is: coroutine
                self.named.pop(key, None).send()  # is: coroutine
                self.queue.popleft().send()  # is: coroutine
                [each.send() for each in self.unique]  # is: coroutine
                self.both[1].send()  # is: unknown
                self.more[1].send()  # is: coroutine
                self.lent[0].send()  # is: unknown
                self.unseen[0].send()  # is: unknown
                self.extended[0].send()  # is: coroutine
                self.updated[key].send()  # is: coroutine
                self.waiting[0].send()  # is: coroutine
                self.bare[0].send()  # is: coroutine
                REGISTRY[key].send()  # is: coroutine
                SHARED[0].send()  # is: coroutine
                LISTED[0].send()  # is: coroutine

        def use(names):
            clients = []
            never = []
            nested = []
            for name in names:
                clients.append(Client())
            def inner():
                nested.append(Client())
            clients[0].send()  # is: coroutine
            nested[0].send()  # is: coroutine
            never[0].send()  # is: unknown

        # file: other.py
        from client import Client, Plain
        from main import SHARED, Service

        SHARED.append(Client())

        class Other:
            def __init__(self):
                self.clients = []
            def fill(self):
                self.clients.append(Plain())
        def fill(service: Service):
            service.lent.append(Plain())
    """
        + CLIENT
    )


def test_what_is_put_into_queues_and_nested_containers() -> None:
    holds(
        """
        import asyncio
        from collections import defaultdict
        from client import Client, Plain

        class Service:
            def __init__(self):
                self.queue = asyncio.Queue(10)
                self.bare: asyncio.Queue = asyncio.Queue()
                self.mixed = asyncio.Queue()
                self.grouped = defaultdict(list)
                self.nested = {}
                self.either = defaultdict(list)
            async def fill(self, key):
                await self.queue.put(Client())
                self.queue.put_nowait(Client())
                self.bare.put_nowait(Client())
                self.mixed.put_nowait(Client())
                self.mixed.put_nowait(Plain())
                self.grouped[key].append(Client())
                self.nested.setdefault(key, []).append(Client())
                self.either[key].append(Client())
                self.either[key].append(Plain())
            async def use(self, key):
                (await self.queue.get()).send()  # is: coroutine
                self.queue.get_nowait().send()  # is: coroutine
                (await self.bare.get()).send()  # is: coroutine
                (await self.mixed.get()).send()  # is: unknown
                self.grouped[key][0].send()  # is: coroutine
                for each in self.nested.get(key, []):
                    each.send()  # is: coroutine
                for several in self.nested.values():
                    several[0].send()  # is: coroutine
                self.either[key][0].send()  # is: unknown
    """
        + CLIENT
    )


def test_asynchronous_iteration() -> None:
    holds(
        """
        from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator
        from client import Client

        async def use(a: AsyncIterator[Client], b: AsyncIterable[Client], c: AsyncGenerator[Client, None]):
            async for each in a:
                each.send()  # is: coroutine
            async for each in b:
                each.send()  # is: coroutine
            [each.send() async for each in c]  # is: coroutine
            found = [each async for each in a]
            found[0].send()  # is: coroutine
            (await anext(a)).send()  # is: coroutine
            (await a.__anext__()).send()  # is: coroutine
            c.aclose()  # is: coroutine
            c.asend(None)  # is: coroutine
    """
        + CLIENT
    )
