"""What is checked when: at once the functions that were typed in, after a pause all open files anew."""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from async_lint.file_run import crash
from async_lint.lsp.checker import Checker
from async_lint.lsp.open_file import Checked, OpenFile, path_of
from async_lint.lsp.stop import Stop
from async_lint.report import Report

# Seconds. A key that is held down, or a paste in pieces, is one change; people pause longer between two thoughts.
_DELAY, _PAUSE = 0.02, 0.7

_Result = TypeVar("_Result")


class Session:
    """The open files of one editor.

    `show` gets each file with a new result, and whether it takes the place of another one for the same text; `tell`
    what went wrong. Both are called on the event loop.
    """

    def __init__(self, show: Callable[[OpenFile, bool], None], tell: Callable[[str], None]) -> None:
        self._show = show
        self._tell = tell
        self._files: dict[str, OpenFile] = {}
        self._checker = Checker()
        # One thread: what is kept warm is not made for several.
        self._thread = ThreadPoolExecutor(1, "async-lint")
        self._anew: asyncio.Task[None] | None = None
        # Whether somebody typed since all files were checked anew.
        self._is_dated = False
        self._anew_stop = Stop()

    def open(self, uri: str, version: int, text: str) -> None:
        path = path_of(uri)
        if path is not None:
            self._files[uri] = OpenFile(uri, path, version, text)
            self._begin(self._files[uri], 0)

    def change(self, uri: str, version: int, text: str) -> None:
        file = self._files.pop(uri, None)
        if file is None:
            return
        # The last is the one that is worked on.
        self._files[uri] = file
        file.change(version, text)
        self._is_dated = True
        self._give_up_anew()
        self._begin(file, _DELAY)

    def close(self, uri: str) -> bool:
        """Forget a file; return whether it was open."""
        file = self._files.pop(uri, None)
        if file is None:
            return False
        file.stop.ask()
        # The others see it as it is on the disk from now on.
        self.check_anew()
        return True

    def set_roots(self, uris: Iterable[str]) -> None:
        self._checker.roots = frozenset(filter(None, map(path_of, uris)))

    def file(self, uri: str) -> OpenFile | None:
        return self._files.get(uri)

    async def checked(self, uri: str) -> OpenFile | None:
        """Return a file with what is found in its text as it is now; None where it is not open any more."""
        while (file := self._files.get(uri)) is not None and not file.is_checked:
            # Not awaited itself, for others wait for it, too: a request that is cancelled leaves it alone.
            await asyncio.wait([self._begin(file, 0)])
        return file

    async def fixed(self, file: OpenFile) -> str | None:
        texts = self._texts()
        return await self._run(lambda: self._checker.fixed(file.path, texts))

    async def explained(self, file: OpenFile, line: int, column: int) -> list[str]:
        texts = self._texts()
        return await self._run(lambda: self._checker.explain(file.path, texts, line, column))

    def check_anew(self, delay: float = _PAUSE) -> None:
        """Check all open files anew once nobody has typed for a while."""
        self._give_up_anew()
        self._anew_stop = Stop()
        self._anew = asyncio.create_task(self._after_pause(delay, self._anew_stop))

    def end(self) -> None:
        """Give up all work."""
        self._give_up_anew()
        for file in self._files.values():
            file.stop.ask()
            if file.check is not None:
                file.check.cancel()
        self._files.clear()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _give_up_anew(self) -> None:
        self._anew_stop.ask()
        if self._anew is not None:
            self._anew.cancel()

    def _begin(self, file: OpenFile, delay: float) -> "asyncio.Task[None]":
        if file.check is None:
            file.check = asyncio.create_task(self._check(file, delay))
        return file.check

    async def _check(self, file: OpenFile, delay: float) -> None:
        version, lines, stop = file.version, file.lines, file.stop
        await asyncio.sleep(delay)
        if file.version != version:
            return
        texts = self._texts()
        try:
            report = await self._run(lambda: self._checker.check(file.path, texts, stop))
        except Exception as error:
            report = Report(errors=[crash(f"{file.path}: internal error", error)])
        if report is not None:
            self._take(file, Checked(version, lines, report.diagnostics), report)
            self._thread.submit(self._checker.tidy)
            if self._is_dated:
                self.check_anew()

    async def _after_pause(self, delay: float, stop: Stop) -> None:
        await asyncio.sleep(delay)
        files = {file.path: file for file in reversed(self._files.values())}
        texts = self._texts()
        versions = {path: (file.version, file.lines) for path, file in files.items()}
        loop = asyncio.get_running_loop()

        def done(path: Path, report: Report) -> None:
            version, lines = versions[path]
            checked = Checked(version, lines, report.diagnostics)
            loop.call_soon_threadsafe(self._take, files[path], checked, report)

        try:
            await self._run(lambda: self._checker.check_anew(list(files), texts, stop, done))
            self._is_dated = False
        except Exception as error:
            self._tell(crash("internal error", error))

    def _take(self, file: OpenFile, checked: Checked, report: Report) -> None:
        for error in report.errors:
            self._tell(error)
        if file.version != checked.version or self._files.get(file.uri) is not file:
            return
        before, again = file.checked, file.is_checked
        file.checked = checked
        if not again or before is None or list(before.diagnostics) != list(checked.diagnostics):
            self._show(file, again)

    def _texts(self) -> dict[Path, bytes]:
        return {file.path: file.data for file in self._files.values()}

    async def _run(self, work: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
