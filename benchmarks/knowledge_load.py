"""What it costs to load a module's bundled knowledge, next to importing an empty module of Python.

python benchmarks/knowledge_load.py

`load` reads a module's entry from the archive, nothing of it being at hand. `definition` parses the stub of one name,
which happens when the name is first looked up.
"""

import argparse
import ast
import importlib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from async_lint import knowledge

_EMPTY = 200  # modules whose imports are timed
_LARGEST = 20  # modules whose definitions are timed: parsing takes time by the length of the text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="loads of each module; the quickest counts (default: 5)")
    rounds = parser.parse_args().rounds
    empty = statistics.median(_empty_imports())
    loads = {module: _quickest(lambda name=module: _load(name), rounds) for module in knowledge.modules()}
    largest = sorted(loads, key=loads.__getitem__)[-_LARGEST:]
    definitions = {
        f"{module}.{name}": _quickest(lambda found=texts: [ast.parse(each) for each in found], rounds)
        for module in largest
        for name, texts in _definitions(module)
    }
    print(f"{'an empty module':12} {empty * 1000:38.2f} ms")
    for what, times in (("load", loads), ("definition", definitions)):
        slowest = max(times, key=times.__getitem__)
        _print(what, "median", "", statistics.median(times.values()), empty)
        _print(what, "slowest", slowest, times[slowest], empty)


def _print(what: str, which: str, name: str, seconds: float, empty: float) -> None:
    print(f"{what:10} {which:8} {seconds * 1000:8.2f} ms {seconds / empty:7.1f} empty modules  {name}")


def _load(module: str) -> None:
    knowledge.forget_blocks()
    knowledge.read(module)


def _definitions(module: str) -> Sequence[tuple[str, list[str]]]:
    stub = knowledge.read(module)
    assert stub is not None
    return list(stub.definitions.items())


def _quickest(action: Callable[[], object], rounds: int) -> float:
    found = []
    for _ in range(rounds):
        started = time.perf_counter()
        action()
        found.append(time.perf_counter() - started)
    return min(found)


def _empty_imports() -> list[float]:
    """Return the seconds that it took to import modules without a line, compiled before."""
    with tempfile.TemporaryDirectory() as folder:
        sys.path.insert(0, folder)
        names = [f"empty_module_{number}" for number in range(_EMPTY)]
        for name in names:
            Path(folder, f"{name}.py").touch()
        importlib.invalidate_caches()
        for name in names:
            importlib.import_module(name)
            del sys.modules[name]
        found = []
        for name in names:
            started = time.perf_counter()
            importlib.import_module(name)
            found.append(time.perf_counter() - started)
        sys.path.remove(folder)
    return found


if __name__ == "__main__":
    main()
