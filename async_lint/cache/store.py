"""The file that results are kept in: one SQLite database, which any number of processes may use at once."""

import os
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from async_lint.cache.tables import BUSY, prepare
from async_lint.cache.trace import DIGEST, digest, digest_of_text

FOLDER, NAME = ".async_lint_cache", "results.sqlite3"
# Projects with their settings, and whole runs, of which the last are kept.
_WORLDS, _RUNS = 12, 40
_BESIDE = {
    ".gitignore": "# Made by async-lint; it may be removed at any time.\n*\n",
    "CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n# Made by async-lint. See https://bford.info/cachedir/\n",
}
# What SQLite says where the file itself is sound.
_PASSING = ("locked", "disk I/O error", "unable to open", "readonly", "permission denied", "out of memory")

_OF_WORLDS = ("files", "texts", "uses")

Gone = Sequence[str] | None
_Answer = TypeVar("_Answer")
_Ask = Callable[..., list[tuple[Any, ...]]]  # a statement and its values, to rows


class World(NamedTuple):
    """What results of one project with one set of settings rest on. A `generation` is of one state of the files.

    `names` is what was learnt of the project's names.
    """

    generation: str
    trace: str
    names: str


class Row(NamedTuple):
    """What was found in one file; `variant` stands for its text where that need not be what the disk has."""

    path: str
    variant: str
    report: str


class Store:
    """Reads and writes. Every fault of the file or of the disk is an empty answer, or nothing written."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / NAME
        self._is_out = False

    def world(self, world: str) -> tuple[str, str] | None:
        """Return the generation and the trace of a world."""

        def work(ask: _Ask) -> tuple[str, str] | None:
            rows = ask("select generation, trace from worlds where world = ?", world)
            return (rows[0][0], opened(rows[0][1])) if rows else None

        return self._read(work, None)

    def names(self, world: str, generation: str) -> str:
        """Return what was learnt of the project's names; empty where the generation is gone."""
        query = "select names from worlds where world = ? and generation = ?"
        return self._read(lambda ask: "".join(opened(names) for (names,) in ask(query, world, generation)), "")

    def parts(self, world: str) -> int:
        """Return in how many parts it was noted what the results of a world rest on."""
        return self._read(lambda ask: ask("select count(*) from uses where world = ?", world)[0][0], 0)

    def uses(self, world: str, generation: str) -> list[str]:
        """Return what was noted, in its parts; none where the generation is gone."""
        query = "select uses from uses join worlds using (world) where world = ? and generation = ? order by part"
        return self._read(lambda ask: [opened(part) for (part,) in ask(query, world, generation)], [])

    def reports(self, world: str, generation: str) -> list[Row]:
        """Return the reports that a generation has."""
        query = "select path, variant, report from files join worlds using (world) where world = ? and generation = ?"
        return self._read(
            lambda ask: [Row(os.fsdecode(row[0]), row[1], opened(row[2])) for row in ask(query, world, generation)], []
        )

    def texts(self, world: str, generation: str, paths: Iterable[str]) -> dict[str, bytes]:
        """Return the texts that the files of a generation had, of those that were kept."""

        def work(ask: _Ask) -> dict[str, bytes]:
            query = (
                "select texts.digest, texts.packed from texts join worlds using (world)"
                " where world = ? and generation = ? and path = ?"
            )
            found = {path: ask(query, world, generation, os.fsencode(path)) for path in paths}
            return {path: _unpacked(*rows[0]) for path, rows in found.items() if rows}

        return self._read(work, {})

    def run(self, run: str) -> tuple[str, str] | None:
        """Return what a whole run rested on, and its report."""

        def work(ask: _Ask) -> tuple[str, str] | None:
            rows = ask("select basis, report from runs where run = ?", run)
            return (opened(rows[0][0]), opened(rows[0][1])) if rows else None

        return self._read(work, None)

    def put_world(
        self,
        world: str,
        before: str | None,
        now: World,
        rows: Sequence[Row],
        gone: Gone,
        texts: Mapping[str, bytes],
        uses: str,
        together: bool,
    ) -> bool:
        """Put a generation in the place of `before`; `gone` are files whose reports hold no more, None for all of them.

        `uses` are what the new reports rest on, or, if `together`, all that there are; `texts` are what the project's
        files hold. Nothing is written, and False returned, where another process has put its own there.
        """

        def work(ask: _Ask) -> bool:
            found = ask("select generation from worlds where world = ?", world)
            if (found[0][0] if found else None) != before:
                return False
            if gone is None:
                for table in _OF_WORLDS:
                    ask(f"delete from {table} where world = ?", world)
            for path in gone or ():
                ask("delete from files where world = ? and path = ?", world, os.fsencode(path))
            if together:
                ask("delete from uses where world = ?", world)
            ask("insert into uses (world, uses) values (?, ?)", world, sealed(uses))
            values = (world, now.generation, sealed(now.trace), sealed(now.names))
            ask("insert or replace into worlds values (?, ?, ?, ?, strftime('%s', 'now'))", *values)
            for path, variant, report in rows:
                row = (world, os.fsencode(path), variant, sealed(report))
                ask("insert or replace into files values (?, ?, ?, ?)", *row)
            known: dict[bytes, str] = dict(ask("select path, digest from texts where world = ?", world))
            for path, text in texts.items():
                name, now_it_is = os.fsencode(path), digest(text)
                if known.get(name) != now_it_is:
                    packed = zlib.compress(text, 1)
                    ask("insert or replace into texts values (?, ?, ?, ?)", world, name, now_it_is, packed)
            ask("delete from worlds where world not in (select world from worlds order by used desc limit ?)", _WORLDS)
            for table in _OF_WORLDS:
                ask(f"delete from {table} where world not in (select world from worlds)")
            return True

        return self._write(work)

    def put_trace(self, world: str, generation: str, trace: str) -> None:
        """Put new times of the same files in a generation."""

        def work(ask: _Ask) -> bool:
            ask("update worlds set trace = ? where world = ? and generation = ?", sealed(trace), world, generation)
            return True

        self._write(work)

    def put_run(self, run: str, basis: str, report: str) -> None:
        def work(ask: _Ask) -> bool:
            values = (run, sealed(basis), sealed(report))
            ask("insert or replace into runs values (?, ?, ?, strftime('%s', 'now'))", *values)
            ask("delete from runs where run not in (select run from runs order by used desc limit ?)", _RUNS)
            return True

        self._write(work)

    def _read(self, work: Callable[[_Ask], _Answer], otherwise: _Answer) -> _Answer:
        if self._is_out or not os.path.isfile(self._file):
            return otherwise
        return self._transact("begin", work, otherwise)

    def _write(self, work: Callable[[_Ask], bool]) -> bool:
        if self._is_out:
            return False
        try:
            self._make_folder()
        except OSError:
            self._is_out = True
            return False
        return self._transact("begin immediate", work, False)

    def _make_folder(self) -> None:
        folder = self._file.parent
        is_new = not folder.is_dir()
        folder.mkdir(parents=True, exist_ok=True)
        # A folder of another name may be full of what git is to see.
        if is_new or (folder.name == FOLDER and not (folder / ".gitignore").exists()):
            for name, text in _BESIDE.items():
                (folder / name).write_text(text, "utf-8")

    def _transact(self, begin: str, work: Callable[[_Ask], _Answer], otherwise: _Answer) -> _Answer:
        try:
            import sqlite3
        # Python may be built without.
        except ImportError:
            self._is_out = True
            return otherwise
        try:
            # For each transaction anew: processes that begin as copies of this one must not share it.
            with closing(sqlite3.connect(self._file, timeout=BUSY, isolation_level=None)) as connection:
                prepare(connection)
                connection.execute(begin)
                answer = work(lambda statement, *values: connection.execute(statement, values).fetchall())
                connection.execute("commit")
                return answer
        except (sqlite3.Error, OSError, ValueError, TypeError, OverflowError) as error:
            self._is_out = True
            # Held by another process for long, or in a folder that nobody may write to, it may be sound.
            if not (isinstance(error, sqlite3.OperationalError) and any(each in str(error) for each in _PASSING)):
                self._discard()
        return otherwise

    def _discard(self) -> None:
        """Remove a file that is no database of ours, or has no room left: the next run begins a new one."""
        for ending in ("", "-wal", "-shm"):
            with suppress(OSError):
                self._file.with_name(NAME + ending).unlink()


def sealed(text: str) -> str:
    return digest_of_text(text) + text


def opened(text: str) -> str:
    """Return a text that was sealed. Raises ValueError for one that is not as it was written."""
    seal, content = str(text)[:DIGEST], str(text)[DIGEST:]
    if seal != digest_of_text(content):
        raise ValueError("a cached text is not as it was written")
    return content


def _unpacked(known: str, packed: bytes) -> bytes:
    """Return a text that was packed. Raises ValueError for one that is not as it was written."""
    try:
        text = zlib.decompress(packed)
    except zlib.error as error:
        raise ValueError("a cached text cannot be unpacked") from error
    if digest(text) != known:
        raise ValueError("a cached text is not as it was written")
    return text
