"""The tables of the file that results are kept in, made where there are none, or another version's."""

from time import monotonic, sleep
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

BUSY = 4.0  # seconds: who has to wait longer for another process goes on without
_PAUSE = 0.01
_FORMAT = 1
_MOST_PAGES = 125_000  # of 4 kB
_TABLES = (
    "CREATE TABLE worlds (world text primary key, generation text not null, trace text not null,"
    " names text not null, used integer not null)",
    "CREATE TABLE uses (world text not null, part integer primary key, uses text not null)",
    # `variant`: flake8 may have another text of a file than the disk.
    "CREATE TABLE files (world text not null, path blob not null, variant text not null,"
    " report text not null, primary key (world, path, variant)) without rowid",
    "CREATE TABLE texts (world text not null, path blob not null, digest text not null, packed blob"
    " not null, primary key (world, path)) without rowid",
    "CREATE TABLE runs (run text primary key, basis text not null, report text not null, used integer not null)",
)


def prepare(connection: "sqlite3.Connection") -> None:
    """See to it that the tables are there. Raises ValueError where they bear our number and are somebody else's."""
    # After a loss of power, the last results may be missing.
    connection.execute("pragma synchronous = normal")
    connection.execute(f"pragma max_page_count = {_MOST_PAGES}")
    if _is_prepared(connection):
        return
    write_ahead(connection)
    connection.execute("begin immediate")
    # Another process may have been quicker.
    if not _is_prepared(connection):
        # Another version's.
        for (table,) in connection.execute("select name from sqlite_master where type = 'table'").fetchall():
            connection.execute(f"drop table {_quoted(table)}")
        for statement in _TABLES:
            connection.execute(statement)
        connection.execute(f"pragma user_version = {_FORMAT}")
    connection.execute("commit")


def write_ahead(connection: "sqlite3.Connection") -> None:
    """Let readers and a writer in at once. SQLite waits for no other process in this, whatever the timeout."""
    from sqlite3 import OperationalError

    until = monotonic() + BUSY
    while True:
        try:
            connection.execute("pragma journal_mode = wal")
            return
        except OperationalError as error:
            if "locked" not in str(error) or monotonic() > until:
                raise
        sleep(_PAUSE)


def _is_prepared(connection: "sqlite3.Connection") -> bool:
    """Whether the tables are ours. Raises ValueError where they bear our number and are not."""
    if connection.execute("pragma user_version").fetchone() != (_FORMAT,):
        return False
    tables = connection.execute("select sql from sqlite_master where sql is not null").fetchall()
    if {sql for (sql,) in tables} != set(_TABLES):
        raise ValueError("the tables are somebody else's")
    return True


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
