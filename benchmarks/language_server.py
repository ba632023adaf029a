"""How long the language server takes from a keystroke to diagnostics, in the middle of a large project.

python benchmarks/language_server.py DIRECTORY [--file FILE]

An editor opens a file of some 3,000 lines and types 50 characters into an async function: into the longest there is,
then into one of median length. Some of what it types cannot be parsed, as when a person does. Nothing is written.

Wall time has the 20 ms in it that the server waits for the next key. CPU time is the server's own, as Linux tells it:
where the machine is busy with other things, wall time says more of those.
"""

import argparse
import ast
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stopwatch import Cost

TYPED = "await asyncio.sleep(1)\n{}items = client.get(1, [2])"
KEYS = 50
# Seconds between two keys: a quick typist.
PAUSE = 0.1


class Server:
    """A language server with one open file."""

    def __init__(self, root: Path, path: Path) -> None:
        command = [sys.executable, "-m", "async_lint.lsp.script"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._uri = path.as_uri()
        folder = {"uri": root.as_uri(), "name": root.name}
        self._send("initialize", {"processId": None, "capabilities": {}, "workspaceFolders": [folder]}, 1)
        self._until(lambda message: message.get("id") == 1)
        self._send("initialized", {})

    def open(self, text: str) -> Cost:
        """Return what the file's first diagnostics took."""
        document = {"uri": self._uri, "languageId": "python", "version": 0, "text": text}
        return self._timed(0, "textDocument/didOpen", {"textDocument": document})

    def type(self, version: int, text: str) -> Cost:
        """Return what the diagnostics of that version took."""
        document = {"uri": self._uri, "version": version}
        parameters = {"textDocument": document, "contentChanges": [{"text": text}]}
        return self._timed(version, "textDocument/didChange", parameters)

    def end(self) -> None:
        self._send("shutdown", None, 2)
        self._until(lambda message: message.get("id") == 2)
        self._send("exit", None)
        self._process.wait()

    def _timed(self, version: int, method: str, parameters: Any) -> Cost:
        started, used = time.perf_counter(), self._cpu()
        self._send(method, parameters)
        self._until(lambda message: message.get("params", {}).get("version") == version)
        return Cost(time.perf_counter() - started, self._cpu() - used)

    def _cpu(self) -> float:
        threads = Path(f"/proc/{self._process.pid}/task").glob("*/schedstat")
        return sum(int(each.read_text().split()[0]) for each in threads) / 1e9

    def _send(self, method: str, parameters: Any, number: int | None = None) -> None:
        message = {"jsonrpc": "2.0", "method": method, "params": parameters}
        body = json.dumps(message if number is None else {**message, "id": number}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()

    def _until(self, wanted: Any) -> None:
        stdout = self._process.stdout
        assert stdout is not None
        while header := stdout.readline():
            while stdout.readline().strip():
                pass
            if wanted(json.loads(stdout.read(int(header.partition(b":")[2])))):
                return
        sys.exit("the server ended")


def functions(tree: ast.Module) -> list[ast.AsyncFunctionDef]:
    """Return the async functions, the longest last."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef)]
    return sorted(found, key=lambda node: (node.end_lineno or node.lineno) - node.lineno)


def typing(text: str, function: ast.AsyncFunctionDef) -> Iterator[str]:
    """Yield the text after each key, typed in front of the function's last statement."""
    lines = text.splitlines(keepends=True)
    last = function.body[-1]
    indent = " " * last.col_offset
    before, after = "".join(lines[: last.lineno - 1]), "".join(lines[last.lineno - 1 :])
    typed = TYPED.format(indent)
    for length in range(1, KEYS + 1):
        yield f"{before}{indent}{typed[:length]}\n{after}"


def largest(root: Path) -> Path:
    """Return the file of 2,500 to 3,500 lines that awaits most."""
    texts = {path: path.read_bytes() for path in root.rglob("*.py")}
    sized = {path: text for path, text in texts.items() if 2500 <= text.count(b"\n") <= 3500 and b"await " in text}
    if not sized:
        sys.exit("no file of 2,500 to 3,500 lines awaits anything: name one with --file")
    return max(sized, key=lambda path: sized[path].count(b"await "))


def spread(seconds: list[float]) -> str:
    middle, most = statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]
    return f"p50 {middle * 1000:4.0f} ms, p95 {most * 1000:4.0f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--file", type=Path, help="the file to type in (default: the one that awaits most)")
    arguments = parser.parse_args()
    root = arguments.directory.resolve()
    path = arguments.file.resolve() if arguments.file else largest(root)
    text = path.read_text("utf-8")
    lines = sum(each.read_bytes().count(b"\n") for each in root.rglob("*.py"))
    print(f"{path.relative_to(root)}: {text.count(chr(10)):,} lines, of {lines:,}")
    found = functions(ast.parse(text))
    server = Server(root, path)
    opened = server.open(text)
    print(f"{'opened':30} wall {opened.wall * 1000:5.0f} ms              CPU {opened.cpu * 1000:5.0f} ms")
    version = 0
    for name, function in (("longest", found[-1]), ("median", found[len(found) // 2])):
        times = []
        for each in typing(text, function):
            version += 1
            times.append(server.type(version, each))
            time.sleep(PAUSE)
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        print(f"{f'{name} function, {length} lines':30} wall {spread([each.wall for each in times])}", end="")
        print(f"   CPU {spread([each.cpu for each in times])}", flush=True)
        # As when somebody reads: all open files are checked anew.
        time.sleep(6)
    server.end()


if __name__ == "__main__":
    main()
