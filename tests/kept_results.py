"""A small program, and the file in which what is found in it is kept."""

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from async_lint.cache.store import FOLDER, NAME

ROOT = Path(__file__).parent.parent
PROGRAM = {
    "pyproject.toml": "[tool.async-lint]\n",
    "client.py": "class Client:\n    async def send(self, text): ...\n",
    "main.py": "from client import Client\n\n\nasync def main(client: Client) -> None:\n    client.send('x')\n",
    "load.py": "try:\n    load()\nexcept ValueError as error:\n    raise RuntimeError\n",
    "quiet.py": "x = 1  # noqa: floating-coroutine\n",
}
FILE = Path(FOLDER, NAME)


def ask(statement: str, *values: object) -> list[tuple[object, ...]]:
    """Return the rows that the file answers with."""
    with closing(sqlite3.connect(FILE)) as connection, connection:
        return connection.execute(statement, values).fetchall()


def environment() -> Mapping[str, str]:
    """Return that of a process that runs this very async-lint."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}
