"""An editor without a screen: it starts `async-lint-lsp` and speaks the protocol over standard input and output."""

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

SERVER = (sys.executable, "-m", "async_lint.lsp.script")
SECONDS = 30.0

Message = dict[str, Any]


class Editor:
    """One session with a server. `texts` are the files that are open, by URI."""

    def __init__(self, roots: Sequence[Path], command: Sequence[str] = SERVER, **capabilities: Any) -> None:
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=roots[0])
        self.seen: list[Message] = []
        self._messages: queue.Queue[Message] = queue.Queue()
        self._versions: dict[str, int] = {}
        self._number = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        folders = [{"uri": root.as_uri(), "name": root.name} for root in roots]
        parameters = {"processId": None, "rootUri": None, "capabilities": capabilities, "workspaceFolders": folders}
        self.server: Message = self.ask("initialize", parameters)
        self.tell("initialized", {})

    def tell(self, method: str, parameters: Any) -> None:
        self._write({"method": method, "params": parameters})

    def ask(self, method: str, parameters: Any) -> Any:
        """Return the result of a request; raises RuntimeError for an error."""
        return self.answer(self.request(method, parameters))

    def request(self, method: str, parameters: Any) -> int:
        self._number += 1
        self._write({"id": self._number, "method": method, "params": parameters})
        return self._number

    def answer(self, number: int) -> Any:
        reply = self.wait(lambda message: message.get("id") == number and "method" not in message)
        if "error" in reply:
            raise RuntimeError(reply["error"])
        return reply["result"]

    def open(self, path: Path, text: str) -> str:
        uri = path.as_uri()
        self._versions[uri] = 1
        document = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})
        return uri

    def change(self, uri: str, text: str) -> int:
        """Replace the text of a file; return its version."""
        self._versions[uri] += 1
        document = {"uri": uri, "version": self._versions[uri]}
        self.tell("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})
        return self._versions[uri]

    def close(self, uri: str) -> None:
        self.tell("textDocument/didClose", {"textDocument": {"uri": uri}})

    def published(self, uri: str, wanted: Callable[[list[str]], bool] | None = None) -> list[Message]:
        """Return the next diagnostics of the file's version as it is, or the next whose codes are `wanted`."""

        def is_wanted(message: Message) -> bool:
            if message.get("method") != "textDocument/publishDiagnostics":
                return False
            found = message["params"]
            is_current = found["uri"] == uri and found.get("version") == self._versions[uri]
            return is_current and (wanted is None or wanted([each["code"] for each in found["diagnostics"]]))

        diagnostics: list[Message] = self.wait(is_wanted)["params"]["diagnostics"]
        return diagnostics

    def wait(self, wanted: Callable[[Message], bool]) -> Message:
        """Return the next message that is wanted. Those before it are kept in `seen`, and requests are agreed to."""
        while True:
            try:
                message = self._messages.get(timeout=SECONDS)
            except queue.Empty:
                raise TimeoutError(f"nothing of that kind came; the last was {self.seen[-1:]}") from None
            self.seen.append(message)
            if "id" in message and "method" in message:
                self._write({"id": message["id"], "result": None})
            if wanted(message):
                return message

    def end(self) -> int:
        """Shut the server down; return its exit code."""
        self.ask("shutdown", None)
        self.tell("exit", None)
        return self.leave()

    def leave(self) -> int:
        """Close the connection, as the system does for an editor that was killed; return the server's exit code."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        try:
            return self.process.wait(SECONDS)
        finally:
            self.process.kill()
            self._reader.join(SECONDS)
            self.process.stdout.close()

    def _write(self, message: Message) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self.process.stdin.flush()

    def _read(self) -> None:
        stdout = self.process.stdout
        assert stdout is not None
        while header := stdout.readline():
            length = int(header.partition(b":")[2])
            while stdout.readline().strip():
                pass
            self._messages.put(json.loads(stdout.read(length)))
