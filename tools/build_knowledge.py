#!/usr/bin/env python3
"""Make async_lint/knowledge/stubs.zip from published wheels: python -m tools.build_knowledge WHEELS

WHEELS is a folder with the wheels that tools/packages.txt pins; mypy's brings typeshed's standard library. The result
is the same, byte for byte, for the same wheels, the same minor version of Python and the same zlib. While it is made,
async-lint knows the standard library alone: an older archive would stand before the wheels that it was made from.
"""

import argparse
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tools.additions import added
from tools.archive import write
from tools.entries import Entries
from tools.pruning import pruned
from tools.typeshed import standard_library
from tools.wheels import Wheel, entries_of, is_stub_package, origins, pin_of, remembered, unpack

OUTPUT = Path(__file__).parent.parent / "async_lint" / "knowledge" / "stubs.zip"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheels", type=Path)
    parser.add_argument("--memory", type=Path, help="a folder that keeps what each wheel gave for the next build")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        found = sorted(options.wheels.glob("*.whl"))
        stubbed = [wheel for wheel in found if is_stub_package(wheel)]
        # Stub packages last: their files take the place of stubs in the package itself.
        wheels = [unpack(wheel, folder) for wheel in sorted(found, key=lambda each: (each in stubbed, each))]
        known = dict(standard_library(folder / "mypy" / "typeshed" / "stdlib"))
        # What follows is seen through the standard library's stubs.
        write(OUTPUT, known, known)
        libraries = _libraries(wheels, folder, options.memory)
    owned = {prefix: pin for prefix, pin in origins(wheels).items() if prefix not in known}
    for module, entry in pruned(libraries).items():
        known.setdefault(module, entry)
    write(OUTPUT, known, {**libraries, **known}, _tops(wheels, stubbed), map(pin_of, found), owned)


def _libraries(wheels: list[Wheel], folder: Path, memory: Path | None) -> Entries:
    made: Entries = {}
    wheels = [wheel for wheel in wheels if not wheel.path.name.startswith("mypy-")]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        for entries in pool.map(_entries, wheels, [folder] * len(wheels), [memory] * len(wheels)):
            made.update(entries)
    return added(made)


def _entries(wheel: Wheel, folder: Path, memory: Path | None) -> Entries:
    return remembered(wheel, folder, memory) if memory else entries_of(wheel, folder)


def _tops(wheels: list[Wheel], chosen: list[Path]) -> set[str]:
    return {module.partition(".")[0] for wheel in wheels if wheel.path in chosen for module in wheel.modules}


if __name__ == "__main__":
    main()
