"""The thread that checks: one piece of work after another, on what is kept warm."""

import gc
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from async_lint.lsp.stop import Stop, Stopped
from async_lint.lsp.warm import Warm
from async_lint.report import Report

# What is learnt of a text stays until everything is learnt anew. Whoever types without a pause would fill the memory.
_MOST_CHECKS = 100


class Checker:
    """All methods are for one thread. `texts` are those of the editor, by absolute path."""

    def __init__(self) -> None:
        self.roots: Collection[Path] = ()
        self._warm: Warm | None = None
        self._checks = 0
        self._is_tidy = False

    def check(self, path: Path, texts: Mapping[Path, bytes], stop: Stop) -> Report | None:
        """Return what is found in a file at once: answers about other files may be older; None when stopped."""
        self._checks += 1
        if self._checks > _MOST_CHECKS:
            self._warm = None
        try:
            return self._kept(texts).check(path, texts[path], stop)
        except Stopped:
            return None

    def check_anew(
        self, paths: Sequence[Path], texts: Mapping[Path, bytes], stop: Stop, done: Callable[[Path, Report], None]
    ) -> None:
        """Check files as if nothing were known, and hand over what is found in each: just what a run would find."""
        try:
            for number, path in enumerate(paths):
                if number:
                    done(path, self._kept(texts).check(path, texts[path], stop))
                    continue
                fresh = Warm(self.roots, texts, self._warm)
                report = fresh.learn(path, stop)
                self._keep(fresh)
                done(path, report)
        except Stopped:
            return
        self.tidy()

    def fixed(self, path: Path, texts: Mapping[Path, bytes]) -> str | None:
        return self._kept(texts).fixed(path, texts[path])

    def explain(self, path: Path, texts: Mapping[Path, bytes], line: int, column: int) -> list[str]:
        return self._kept(texts).explain(path, texts[path], line, column)

    def tidy(self) -> None:
        """Collect the garbage of a check: after the first, among all there is; then among what came since the last.

        Python itself would look through everything that is kept, again and again, in the middle of a check.
        """
        if not self._is_tidy:
            gc.unfreeze()
            self._is_tidy = True
        gc.collect()
        # What is kept of a text is kept until everything is learnt anew: it is not looked at before.
        gc.freeze()

    def _kept(self, texts: Mapping[Path, bytes]) -> Warm:
        return self._warm or self._keep(Warm(self.roots, texts))

    def _keep(self, warm: Warm) -> Warm:
        self._warm, self._checks, self._is_tidy = warm, 0, False
        return warm
