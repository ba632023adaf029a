"""How many lost awaits does async-lint find where the coroutine is more than a statement of its own?

Real code is mutated: an awaited call loses its `await` in one of seven ways, in place, so that the file still compiles.
Only calls count whose callee ASL101 proves: a first run has a copy of each awaited call stand alone, in front of the
statement that it is in. Then, way by way, up to --per-file of them are mutated in each file. Printed are, for each
package and way, how many of the mutants the rules for that way report on their own lines, and

  extra   reports that are neither those nor the untouched package's

    python benchmarks/lost_awaits.py [--packages FILE] [DIRECTORY ...] [--ways WAY,...] [--misses]

FILE lists packages as pip does. Their wheels are unpacked without their dependencies, as in a pre-commit environment.
"""

import argparse
import ast
import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from lost_await_ways import WAYS
from mutation import Code, Edit, Edited, Mutant, Place, Site
from packages import Package, Report, requirements, unpacked


class Result(NamedTuple):
    """Of one way; `missed` and `extra` are lines to print."""

    mutants: int = 0
    missed: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.mutants - len(self.missed)}/{self.mutants}"

    @property
    def share(self) -> float:
        return 1 - len(self.missed) / max(1, self.mutants)


def proved(package: Package) -> dict[str, list[Site]]:
    """Return each file's sites whose callee ASL101 proves."""
    probes = {path: _probe(code) for path, code in package.codes.items()}
    reports = package.reports({path: edited for path, (edited, _) in probes.items()})
    reported = {(path, line) for path, line, code in reports if code == "ASL101"}
    return {
        path: [site for site, lines in probed if any((path, line) in reported for line in lines)]
        for path, (_, probed) in probes.items()
    }


def _probe(code: Code) -> tuple[Edited, list[tuple[Site, range]]]:
    """Return the file with its calls as statements, and where each of them stands."""
    at: dict[int, list[tuple[Site, bytes]]] = {}
    for site in code.sites:
        statement = _statement(site, code)
        start, indent = code.place(statement).start, code.before(statement)
        text = b"(%s)\n%s" % (code.text(site.call), indent)
        if not indent.strip() and Edited(code, [Edit(start, start, text)]).compiles():
            at.setdefault(start, []).append((site, text))
    edited = Edited(code, [Edit(start, start, b"".join(text for _, text in each)) for start, each in at.items()])
    probed = []
    for start, each in at.items():
        line = edited.lines(Place(start, start)).start
        for site, text in each:
            probed.append((site, range(line, line + text.count(b"\n"))))
            line += text.count(b"\n")
    return edited, probed


def _statement(site: Site, code: Code) -> ast.stmt:
    """Return the innermost statement around a site in front of which there is room for another: no `elif`."""
    statements = [each for each in site.above if isinstance(each, ast.stmt)]
    return next(each for each in reversed(statements) if not code.text(each).startswith(b"elif"))


def mutants(code: Code, sites: list[Site], way: str, limit: int, rng: random.Random) -> list[Mutant]:
    """Return up to `limit` mutants, one a site, apart from one another."""
    chosen: list[Mutant] = []
    for site in rng.sample(sites, len(sites)):
        made = list(WAYS[way][0](site, code)) if len(chosen) < limit else ()
        if made:
            one = rng.choice(made)
            apart = all(one.place.end <= each.place.start or each.place.end <= one.place.start for each in chosen)
            if apart and Edited(code, [edit for each in [*chosen, one] for edit in each.edits]).compiles():
                chosen.append(one)
    return chosen


def measure(
    package: Package, chosen: Mapping[str, list[Mutant]], codes: frozenset[str], before: Counter[Report]
) -> Result:
    """Return what was found of the mutants chosen in each file; `before` are the untouched package's reports."""
    edited = {
        path: Edited(package.codes[path], [edit for each in many for edit in each.edits])
        for path, many in chosen.items()
    }
    rest = package.reports(edited)
    for (path, line, code), times in before.items():
        if path in edited:
            rest[path, edited[path].line(line), code] -= times
    missed = []
    for path, many in chosen.items():
        for mutant in many:
            lines = edited[path].lines(mutant.place)
            found = next((each for each in +rest if each[0] == path and each[1] in lines and each[2] in codes), None)
            if found is not None:
                rest[found] -= 1
            else:
                missed.append(f"{path}:{lines.start} {mutant.shape}: {edited[path].text(lines)}")
    return Result(
        sum(map(len, chosen.values())), tuple(missed), tuple(" ".join(map(str, each)) for each in (+rest).elements())
    )


def results(package: Package, options: argparse.Namespace) -> Iterator[Result]:
    sites = proved(package)
    before = package.reports({path: Edited(code, []) for path, code in package.codes.items()})
    for way in options.ways:
        rng = random.Random(f"{options.seed} {way}")
        chosen = {path: mutants(package.codes[path], each, way, options.per_file, rng) for path, each in sites.items()}
        chosen = {path: each for path, each in chosen.items() if each}
        yield measure(package, chosen, WAYS[way][1], before)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directories", nargs="*", type=Path, metavar="DIRECTORY")
    parser.add_argument("--packages", type=Path, metavar="FILE")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "lost-awaits")
    parser.add_argument("--ways", type=lambda text: text.split(","), default=list(WAYS))
    parser.add_argument("--per-file", type=int, default=3, help="mutants of one way in one file (default: 3)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--misses", action="store_true", help="print each mutant that is not found, and each extra")
    options = parser.parse_args()
    sources = {each.name: each for each in options.directories}
    if options.packages is not None:
        sources |= {each: unpacked(each, options.cache) for each in requirements(options.packages)}
    print(f"{'':28}" + "".join(f"{way:>11}" for way in options.ways) + "  extra")
    table = {}
    for name, source in sources.items():
        table[name] = list(results(Package(source, options.cache / "mutated"), options))
        _print(name, table[name], options)
    if len(table) > 1:
        columns = list(zip(*table.values(), strict=True))
        total = [
            Result(sum(each.mutants for each in many), sum((each.missed for each in many), ())) for many in columns
        ]
        print(f"{'all':28}" + "".join(f"{each!s:>11}" for each in total))
        print(f"{'':28}" + "".join(f"{each.share:11.1%}" for each in total))


def _print(name: str, row: list[Result], options: argparse.Namespace) -> None:
    extra = [line for each in row for line in each.extra]
    print(f"{name:28}" + "".join(f"{each!s:>11}" for each in row) + f"{len(extra):7}", flush=True)
    if options.misses:
        for way, each in zip(options.ways, row, strict=True):
            for line in each.missed:
                print(f"    missed, {way}: {line}")
            for line in each.extra:
                print(f"    extra, {way}: {line}")


if __name__ == "__main__":
    main()
