"""What calling a function changes, as far as others could see it."""

import ast
import textwrap
from collections.abc import Mapping
from pathlib import Path

import pytest

from async_lint.files.ports import Disk
from async_lint.inference.effects.effect import Effect, Touch
from async_lint.inference.entry import Inference
from async_lint.inference.modules.library import Library
from async_lint.inference.project.project import Project

READS, WRITES, UNKNOWN = Touch.READS, Touch.WRITES, Touch.UNKNOWN


def effect(folder: Path, text: str, others: Mapping[str, str] | None = None, callee: str = "f") -> Effect:
    """Return the effect of `callee`, an expression at the top level of a program, with other modules by file name."""
    texts = {"main.py": textwrap.dedent(text) + f"\n{callee}\n"}
    texts |= {name: textwrap.dedent(other) for name, other in (others or {}).items()}
    for name, each in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(each, "utf-8")
    paths = [folder / name for name in texts]
    inference = Inference(Library(Disk(), [folder]), Project(Disk(), lambda: paths))
    tree = ast.parse(texts["main.py"])
    view = inference.module(folder / "main.py", tree, texts["main.py"])
    *_, last = view.units()
    assert isinstance(last.node, ast.Expr)
    return view.effects.of_callee(last.node.value, last.frame)


@pytest.mark.parametrize(
    ("body", "touch"),
    [
        ("return x + 1", READS),
        ("return [each for each in x if each]", READS),
        ("items = []; items.append(x); return items", READS),
        ("counts = {}; counts[x] = 1; counts['a'] += 1", READS),
        ("x.items.append(1)", UNKNOWN),
        ("x.name = 1", WRITES),
        ("x['name'] = 1", WRITES),
        ("del x['name']", WRITES),
        ("x += [1]", UNKNOWN),
        ("STATE['x'] = x", WRITES),
        ("STATE.update(x)", WRITES),
        ("return STATE.get(x)", READS),
        ("alias = STATE; alias['x'] = x", WRITES),
        ("copy = dict(STATE); copy['x'] = x", READS),
        ("for each in NAMES: each.name = x", WRITES),
        ("for each in list(NAMES): each.name = x", WRITES),
        ("dict(STATE)[x].name = 1", WRITES),
        ("tuple(NAMES)[0].rename()", UNKNOWN),
        ("own = list(NAMES); own.append(x)", READS),
        ("global COUNT; COUNT = x", WRITES),
        ("global COUNT; return COUNT", READS),
        ("NAMES.sort()", WRITES),
        ("return sorted(NAMES)", READS),
        ("print(x)", UNKNOWN),
        ("return json.loads(x)['name']", READS),
        ("return re.sub('a', 'b', x).strip().encode()", READS),
        ("logging.getLogger('f').info(x)", READS),
        ("logger.warning(x)", READS),
        ("random.choice(NAMES)", READS),
        ("return GROUPS[x]", WRITES),
        ("return (lambda y: y + 1)(x)", READS),
        ("return x()", UNKNOWN),
        ("return nothing(x)", UNKNOWN),
        ("import nothing; return nothing.f(x)", UNKNOWN),
        ("class Inner: pass", UNKNOWN),
        ("with open(x) as file: return file.read()", WRITES),
        ("with LOCK: return x", WRITES),
        ("with contextlib.suppress(KeyError): return x[0]", READS),
        ("try: return x[0]\nexcept KeyError as error: raise ValueError(x) from error", READS),
        ("heapq.heappush(NAMES, x)", WRITES),
        ("heap = []; heapq.heappush(heap, x); return heap", READS),
        ("setattr(x, 'name', 1)", WRITES),
        ("return next(NAMES)", WRITES),
        ("time.sleep(1)", WRITES),
    ],
)
def test_plain_functions(tmp_path: Path, body: str, touch: Touch) -> None:
    program = """
import collections, contextlib, heapq, json, logging, random, re, threading, time
STATE = {}
NAMES = []
COUNT = 0
LOCK = threading.Lock()
GROUPS = collections.defaultdict(list)
logger = logging.getLogger(__name__)
def f(x):
"""
    assert effect(tmp_path, program + textwrap.indent(body, "    ")).touch is touch


@pytest.mark.parametrize(
    ("body", "touch", "waits"),
    [
        ("return await client.get(x)", READS, "`AsyncClient.get`"),
        ("return (await client.get('/')).json()", READS, "`AsyncClient.get`"),
        ("await client.delete('/all')", WRITES, ""),
        ("client.headers['x'] = x", WRITES, ""),
        ("await asyncio.sleep(1)", WRITES, ""),
        ("await asyncio.sleep(0)", READS, ""),
        ("await asyncio.wait_for(client.get(x), 5)", READS, "`AsyncClient.get`"),
        ("async with asyncio.timeout(5): await client.get(x)", READS, "`AsyncClient.get`"),
        ("await asyncio.to_thread(len, x)", READS, "`to_thread`"),
        ("await asyncio.to_thread(x)", UNKNOWN, ""),
        ("await asyncio.to_thread(STATE.clear)", UNKNOWN, ""),
        ("await asyncio.to_thread(change, x)", WRITES, ""),
        ("await asyncio.gather(client.get(x), helper(client))", READS, "`AsyncClient.get`"),
        ("await queue.put(x)", WRITES, ""),
        ("own = asyncio.Queue(); await own.put(x)", READS, ""),
        ("async with lock: return x", WRITES, ""),
        ("async with asyncio.Lock(): return x", READS, ""),
        ("await x", UNKNOWN, ""),
        ("task = asyncio.create_task(helper(client)); await task", READS, "`AsyncClient.get`"),
        ("task = asyncio.create_task(changing()); await task", WRITES, ""),
        ("async for each in x: pass", UNKNOWN, ""),
        ("async for each in several(client): pass", READS, "`AsyncClient.get`"),
        ("async with opened(client) as response: return response.text", READS, "`AsyncClient.get`"),
        ("async with httpx.AsyncClient() as own: await own.get(x)", READS, "`AsyncClient.get`"),
        ("await connection.fetchval('select 1')", WRITES, ""),
        ("async with pool.acquire() as own: await own.fetchval('select 1')", READS, "`Pool.acquire`"),
    ],
)
def test_coroutine_functions(tmp_path: Path, body: str, touch: Touch, waits: str) -> None:
    program = """
import asyncio, contextlib
import asyncpg, httpx
STATE = {}
def change(x):
    STATE['x'] = x
async def changing():
    STATE['x'] = 1
async def helper(client: httpx.AsyncClient):
    return await client.get('/')
async def several(client: httpx.AsyncClient):
    yield await client.get('/')
@contextlib.asynccontextmanager
async def opened(client: httpx.AsyncClient):
    yield await client.get('/')
async def f(x, client: httpx.AsyncClient, queue: asyncio.Queue, lock: asyncio.Lock,
            connection: asyncpg.Connection, pool: asyncpg.Pool):
"""
    found = effect(tmp_path, program + textwrap.indent(body, "    "))
    assert (found.touch, found.waits) == (touch, waits), found.reason


def test_is_followed_into_other_modules(tmp_path: Path) -> None:
    others = {
        "shop/__init__.py": "from .client import Client as Client",
        "shop/client.py": """
            from .log import note
            class Client:
                def __init__(self): self.count = 0
                def read(self): return self.count
                def write(self): note(self)
        """,
        "shop/log.py": "def note(client): client.count += 1",
    }
    program = """
        from shop import Client
        def f(client: Client): return client.read()
        def g(client: Client): return client.write()
        def own(): Client().write()
    """
    assert effect(tmp_path, program, others, "f").touch is READS
    written = effect(tmp_path, program, others, "g")
    assert written.touch is WRITES
    assert written.reason == "`client.count` is assigned to (log.py:1)"
    assert effect(tmp_path, program, others, "own").touch is READS


def test_functions_that_call_one_another(tmp_path: Path) -> None:
    program = """
        STATE = {}
        def even(n): return n == 0 or odd(n - 1)
        def odd(n): return n != 0 and even(n - 1)
        def left(n): return n == 0 or right(n - 1)
        def right(n):
            STATE['n'] = n
            return left(n - 1)
    """
    assert effect(tmp_path, program, callee="even").touch is READS
    assert effect(tmp_path, program, callee="odd").touch is READS
    assert effect(tmp_path, program, callee="left").touch is WRITES
    assert effect(tmp_path, program, callee="right").touch is WRITES


def test_the_depth_is_bounded(tmp_path: Path) -> None:
    chain = "\n".join(f"def f{number}(x): return f{number + 1}(x)" for number in range(20)) + "\ndef f20(x): return x\n"
    assert effect(tmp_path, chain, callee="f16").touch is READS
    assert effect(tmp_path, chain, callee="f0").touch is UNKNOWN


def test_what_stands_in_for_a_method_counts(tmp_path: Path) -> None:
    program = """
        from abc import ABC, abstractmethod
        class Source(ABC):
            @abstractmethod
            def name(self): ...
            @abstractmethod
            def kind(self): ...
            def hook(self): pass
            def size(self): return 1
        def name(source: Source): return source.name()
        def kind(source: Source): return source.kind()
        def hook(source: Source): return source.hook()
        def size(source: Source): return source.size()
    """
    heirs = """
        from main import Source
        class File(Source):
            def name(self): return 'file'
            def kind(self): self.asked = True
    """
    later = """
        from files import File
        class Counted(File):
            def size(self):
                self.asked = True
                return 2
    """
    others = {"files.py": heirs, "later.py": later}
    assert effect(tmp_path, program, others, "name").touch is READS
    assert effect(tmp_path, program, others, "kind").touch is WRITES
    assert effect(tmp_path, program, others, "hook").touch is UNKNOWN
    assert effect(tmp_path, program, others, "size").touch is WRITES


def test_objects_made_in_the_function_are_its_own(tmp_path: Path) -> None:
    program = """
        REGISTRY = []
        class Plain:
            def __init__(self, parts: list):
                self.parts = parts
                self.own = []
            def fill(self): self.own.append(1)
            def add(self): self.parts.append(1)
        class Registered:
            def __init__(self): REGISTRY.append(self)
        class Setter:
            @property
            def name(self): return ''
            @name.setter
            def name(self, value): REGISTRY.append(value)
        def fills(): Plain([]).fill()
        def adds(parts): Plain(parts).add()
        def registers(): return Registered()
        def sets():
            made = Setter()
            made.name = 'x'
    """
    assert effect(tmp_path, program, callee="fills").touch is READS
    assert effect(tmp_path, program, callee="adds").touch is WRITES
    assert effect(tmp_path, program, callee="registers").touch is WRITES
    assert effect(tmp_path, program, callee="sets").touch is UNKNOWN


def test_functions_that_are_handed_over_count(tmp_path: Path) -> None:
    program = """
        STATE = []
        def key(x): return -x
        def counting(x):
            STATE.append(x)
            return x
        def f(xs): return sorted(xs, key=key)
        def g(xs): return sorted(xs, key=counting)
        def h(xs): return list(map(counting, xs))
        def i(xs): return sorted(xs, key=lambda x: STATE.append(x))
    """
    assert effect(tmp_path, program, callee="f").touch is READS
    assert [effect(tmp_path, program, callee=name).touch for name in "ghi"] == [WRITES, WRITES, WRITES]
