"""Programs before and after a fix, run on a service that keeps what happened."""

import asyncio
from collections.abc import Callable, Container
from typing import Any

from tests.harness import lint


class Watched:
    """A service that takes some turns of the loop for each name, and fails for some."""

    def __init__(self, turns: Callable[[Any], int], failing: Container[Any], answer: str) -> None:
        self.started: list[Any] = []
        self.finished: list[Any] = []
        self.cancelled: list[Any] = []
        self.running = self.most = 0
        self._turns = turns
        self._failing = failing
        self._answer = answer

    async def load(self, client: Any, name: Any) -> str:
        self.started.append(name)
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            # Turns of the loop, not seconds: which is first does not depend on the machine.
            for _ in range(self._turns(name)):
                await asyncio.sleep(0)
            if name in self._failing:
                raise LookupError(name)
        except asyncio.CancelledError:
            self.cancelled.append(name)
            raise
        finally:
            self.running -= 1
        self.finished.append(name)
        return f"{self._answer} {name}"


def fixed(text: str, code: str) -> str:
    """Return a program with one rule's fix, which gathers, and leaves nothing to report."""
    outcome = lint({"program.py": text}, [code], fix=True, unsafe=True)
    changed = outcome.texts["program.py"]
    assert "asyncio.gather" in changed
    assert outcome.diagnostics == []
    return changed


def watched(text: str) -> Callable[[Any], Any]:
    """Return what gives the program's `run` once it is given the `load` that it calls."""

    def with_load(load: Any) -> Any:
        names: dict[str, Any] = {}
        # The fix rests on a `load` that it can follow; what runs is one that can be watched.
        runnable = text.replace("import httpx\n", "").replace("httpx.AsyncClient", "object")
        exec(compile(runnable, "program.py", "exec"), names)
        names["load"] = load
        return names["run"]

    return with_load
