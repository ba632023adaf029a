"""Published wheels: unpacked, never installed, their modules written down as inference sees them."""

import json
import re
import sys
import time
import zipfile
from itertools import accumulate
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from tools.entries import Entries

_UNWANTED = re.compile(
    r"[._](tests?|testing|_vendor|vendor|vendored|examples?|migrations|locale|benchmarks?|conftest|compat_tests)[._]"
)
# What users test their own programs with.
_WANTED = re.compile(r"^(starlette|fastapi|litestar|quart|sanic|aiohttp|trio|temporalio|asgiref)\.(testing|testclient)")
# Generated tables of plain data, and synchronous twins: nothing in them is asynchronous, and they take minutes.
_PLAIN = re.compile(
    r"^(telethon\.(tl\.(types|functions|alltlobjects)|errors)|pyrogram\.(raw|errors)|.*_pb2|.*\.proto"
    r"|(anthropic|openai|groq|together|cohere)\.(types|cli)|google\.genai\.types|mistralai\..*\.models"
    r"|kubernetes_asyncio\.client\.models|temporalio\.(api|bridge|contrib)|(pymongo|gridfs)\.synchronous"
    r"|playwright\.(sync_api|_impl\._driver)|(elasticsearch|neo4j)\.(_sync|dsl)|azure\..*\.(models|_?sync|operations)"
    r"|sqlalchemy\.(dialects|testing)|litestar\.cli|modal_proto|modal\.cli|weaviate\.(proto|.*\.sync)"
    r"|django\.(contrib\.(admin|gis|postgres|sites|flatpages)|core\.management|db\.(backends|migrations)|forms"
    r"|template|utils|db\.models\.(sql|functions|lookups|expressions)))(\.|_grpc|$)"
)
_SLOW = 2.0  # seconds for one module that are worth a word


class Wheel(NamedTuple):
    """A wheel's file, and the modules that it brings."""

    path: Path
    modules: tuple[str, ...]


def unpack(wheel: Path, folder: Path) -> Wheel:
    """Unpack the Python files. A stub package's stand beside those that they describe."""
    modules = set()
    only_stubs = is_stub_package(wheel)
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.namelist():
            path = PurePosixPath(member)
            if only_stubs and not path.parts[0].endswith("-stubs"):
                continue  # a type checker's plugin
            is_source = path.suffix in (".py", ".pyi")
            if not (is_source or path.name == "VERSIONS") or path.parts[0].endswith((".dist-info", ".data")):
                continue
            placed = PurePosixPath(path.parts[0].removesuffix("-stubs"), *path.parts[1:])
            target = folder / placed
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(archive.read(member))
            name = ".".join(placed.with_suffix("").parts).removesuffix(".__init__").removesuffix(".__main__")
            if is_source and is_wanted(name):
                modules.add(name)
    return Wheel(wheel, tuple(sorted(modules)))


def is_stub_package(wheel: Path) -> bool:
    with zipfile.ZipFile(wheel) as archive:
        return any(PurePosixPath(member).parts[0].endswith("-stubs") for member in archive.namelist())


def pin_of(wheel: Path) -> str:
    """Return what pins a wheel, its name as package indexes spell it: `discord-py==2.6.4`."""
    name, version = wheel.name.split("-")[:2]
    return f"{re.sub('[-_.]+', '-', name).lower()}=={version}"


def origins(wheels: list[Wheel]) -> dict[str, str]:
    """Return the shortest prefixes of modules that one wheel alone has, each with what pins the wheel.

    A stub package's modules are those of the package that it describes, where that is there.
    """
    owners: dict[str, set[str]] = {}
    described: set[str] = set()
    for wheel in sorted(wheels, key=lambda each: is_stub_package(each.path)):
        stubs = is_stub_package(wheel.path)
        for module in wheel.modules:
            top = module.partition(".")[0]
            if stubs and top in described:
                continue
            for prefix in accumulate(module.split("."), "{}.{}".format):
                owners.setdefault(prefix, set()).add(pin_of(wheel.path))
        if not stubs:
            described.update(module.partition(".")[0] for module in wheel.modules)
    return {
        prefix: min(found)
        for prefix, found in owners.items()
        if len(found) == 1 and len(owners.get(prefix.rpartition(".")[0], "12")) > 1
    }


def is_wanted(module: str) -> bool:
    return bool(_WANTED.match(module)) or not (_UNWANTED.search(f".{module}.") or _PLAIN.match(module))


def entries_of(wheel: Wheel, folder: Path) -> Entries:
    """Return the stubs of a wheel's modules; `folder` holds it and what it imports, unpacked."""
    from async_lint.files.ports import Disk
    from async_lint.inference.evaluator.evaluator import ExpressionEvaluator
    from async_lint.inference.modules.library import Library
    from tools.stub_modules import module_entry

    evaluator = ExpressionEvaluator(Library(Disk(), [], [folder]))
    found: Entries = {}
    for module in wheel.modules:
        started = time.perf_counter()
        source = evaluator.library.module(module)
        if source is None or not source.path:
            continue
        made = module_entry(evaluator, source)
        if made["definitions"] or made["stars"] or source.is_package:
            found[module] = made
        seconds = time.perf_counter() - started
        if seconds > _SLOW:
            print(f"{module}: {seconds:.1f} s", file=sys.stderr)
    return found


def remembered(wheel: Wheel, folder: Path, memory: Path) -> Entries:
    """Return what an earlier build kept of the wheel in the folder `memory`, or make it and keep it."""
    file = memory / f"{wheel.path.stem}.json"
    if file.exists():
        kept: Entries = json.loads(file.read_text("utf-8"))
        return kept
    found = entries_of(wheel, folder)
    memory.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(found), "utf-8")
    return found
