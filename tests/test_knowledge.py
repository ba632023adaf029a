"""The bundled knowledge: what it holds, how large it is, and that tools/build_knowledge.py makes it."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from async_lint import knowledge
from async_lint.files.ports import Disk
from async_lint.inference.evaluator.evaluator import ExpressionEvaluator
from async_lint.inference.modules.library import Library
from tools.additions import added, additions
from tools.archive import line
from tools.entries import Entries, Entry
from tools.pruning import pruned
from tools.stub_modules import module_entry
from tools.wheels import Wheel, entries_of, origins, unpack

TOOLS = Path(__file__).parent.parent / "tools"
# Small, of Python alone, without dependencies, and annotated: what is found in it rests on its own source.
REBUILT = "aiosqlite"


def entry(module: str) -> Entry:
    stub = knowledge.read(module)
    assert stub is not None, module
    exports = None if stub.exports is None else list(stub.exports)
    return Entry(package=stub.is_package, stars=list(stub.stars), exports=exports, definitions=stub.definitions)


def test_it_fits_into_three_megabytes() -> None:
    assert Path(knowledge.__file__).with_name("stubs.zip").stat().st_size <= 3_000_000


def test_modules_are_found_by_name_and_nothing_else_is() -> None:
    modules = knowledge.modules()
    assert modules == sorted(set(modules))
    assert all(entry(module)["package"] in (True, False) for module in modules)
    assert [knowledge.read(name) for name in ("nobody", "aiohttp.nothing", "aiohttp.client.ClientSession", "")] == [
        None
    ] * 4


def test_names_of_functions_are_plain_only_where_nothing_asynchronous_has_them() -> None:
    assert {"splitlines", "isdigit"} <= knowledge.plain_names()
    assert not knowledge.plain_names() & {"close", "get", "gather", "sleep"}
    assert knowledge.plain_names() | {"close", "get"} <= knowledge.synchronous_names()
    assert {"close", "get", "gather", "sleep", "aclose"} <= knowledge.asynchronous_names()
    assert not knowledge.asynchronous_names() & knowledge.plain_names()


def test_additions_are_in_it() -> None:
    for module, addition in additions().items():
        known = entry(module)["definitions"]
        for name, (text, *_) in addition["definitions"].items():
            if not text.startswith(("from ", "import ")):
                assert set(re.findall(r"def (\w+)", text)) <= set(re.findall(r"def (\w+)", known[name][0]))


def test_a_package_is_rebuilt_byte_for_byte(tmp_path: Path) -> None:
    wheel = unpack(download(REBUILT, tmp_path), tmp_path / "unpacked")
    made = pruned(added(entries_of(wheel, tmp_path / "unpacked")))
    known: Entries = {module: entry(module) for module in knowledge.modules() if module.partition(".")[0] == REBUILT}
    assert known
    assert made.keys() == known.keys()
    for module in known:
        assert line(module, made) == line(module, known)


def test_what_a_decorator_wraps_is_seen_through_its_wrapper(tmp_path: Path) -> None:
    (tmp_path / "client.py").write_text(
        "from functools import wraps\n"
        "def logged(*names):\n"
        "    def around(function):\n"
        "        @wraps(function)\n"
        "        def wrapper(*args, **kwargs):\n"
        "            return function(*args, **kwargs)\n"
        "        return wrapper\n"
        "    return around\n"
        "class Client:\n"
        "    @logged('a')\n"
        "    async def send(self) -> int: ...\n"
        "    @logged('b')\n"
        "    def close(self) -> int: ...\n"
    )
    evaluator = ExpressionEvaluator(Library(Disk(), [], [tmp_path]))
    module = evaluator.library.module("client")
    assert module is not None
    [client] = module_entry(evaluator, module)["definitions"]["Client"]
    assert re.search(r"async def send\(.*\) -> int:", client)
    assert re.search(r"(?<!async )def close\(", client)


def test_annotations_are_kept_where_a_method_or_an_attribute_has_the_name_of_what_they_mean(tmp_path: Path) -> None:
    (tmp_path / "transaction.py").write_text("class Transaction:\n    async def start(self) -> None: ...\n")
    (tmp_path / "client.py").write_text(
        "import transaction\n"
        "class Client:\n"
        "    @property\n"
        "    def first(self) -> transaction.Transaction: ...\n"
        "    def transaction(self) -> transaction.Transaction: ...\n"
        "    def list(self) -> 'list[transaction.Transaction]': ...\n"
        "    async def last(self) -> list[transaction.Transaction]: ...\n"
    )
    evaluator = ExpressionEvaluator(Library(Disk(), [], [tmp_path]))
    module = evaluator.library.module("client")
    assert module is not None
    [client] = module_entry(evaluator, module)["definitions"]["Client"]
    assert client.count("-> _m_transaction.Transaction") == 2
    assert client.count("-> list[_m_transaction.Transaction]") == 2


def test_a_module_is_of_the_one_distribution_that_brings_it(tmp_path: Path) -> None:
    def wheel(name: str, *members: str) -> Wheel:
        path = tmp_path / f"{name}-py3-none-any.whl"
        with zipfile.ZipFile(path, "w") as archive:
            for member in members:
                archive.writestr(member, "")
        return unpack(path, tmp_path / "unpacked")

    wheels = [
        wheel("types_Store-9.0", "store-stubs/__init__.pyi", "store-stubs/core.pyi"),
        wheel("Store-1.2", "store/__init__.py", "store/core.py"),
        wheel("cloud_blob-2.0", "cloud/blob/__init__.py"),
        wheel("cloud_queue-3.0", "cloud/queue/__init__.py", "cloud/queue/aio.py"),
        wheel("types_alone-4.0", "alone-stubs/__init__.pyi"),
    ]
    assert origins(wheels) == {
        "store": "store==1.2",
        "cloud.blob": "cloud-blob==2.0",
        "cloud.queue": "cloud-queue==3.0",
        "alone": "types-alone==4.0",
    }


def test_it_was_made_from_the_wheels_that_are_pinned() -> None:
    lines = (TOOLS / "packages.txt").read_text("utf-8").splitlines()
    assert knowledge.wheels() == {each for each in lines if each and not each.startswith("#")}


def download(package: str, folder: Path) -> Path:
    pinned = [each for each in (TOOLS / "packages.txt").read_text("utf-8").split() if each.startswith(f"{package}==")]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", *pinned]
    done = subprocess.run([*command, "--dest", str(folder)], capture_output=True, text=True, check=False)
    if done.returncode != 0 and "Retrying" in done.stderr:
        pytest.skip(f"the package index cannot be reached: {done.stderr.splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))
