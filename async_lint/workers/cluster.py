"""Files checked by the workers of a cluster of dask."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any

from async_lint.config_error import ConfigError
from async_lint.file_run import Request
from async_lint.files.discovery import Found
from async_lint.files.ports import Files
from async_lint.progress import UNSEEN, Progress
from async_lint.projects import Projects
from async_lint.report import Report
from async_lint.workers.futures import Futures, forget

_SCHEME = "dask://"
_DEADLINE = 10  # seconds, for the scheduler to answer, and for a first worker to be there
_GOODBYE = 2


class Cluster:
    """An executor for the engine: the workers that the scheduler at `address`, `dask://HOST:PORT`, has."""

    def __init__(self, address: str, projects: Projects, files: Files, progress: Progress = UNSEEN) -> None:
        self._address = address
        self._projects = projects
        self._files = files
        self._progress = progress

    def reports(self, request: Request, wanted: Sequence[Found]) -> Iterator[Report]:
        """Yield the report on each file, in their order. Raises ConfigError where no workers are to be had."""
        if not wanted:
            return
        # What would be logged of lost workers and connections, the run says itself.
        logging.disable()
        try:
            yield from self._checked(request, wanted)
        finally:
            logging.disable(logging.NOTSET)

    def _checked(self, request: Request, wanted: Sequence[Found]) -> Iterator[Report]:
        client = _connected(self._address)
        try:
            futures = Futures(
                self._projects,
                self._files,
                lambda: client.get_executor(pure=False),
                lambda: _is_alive(client),
                self._progress,
            )
            yield from futures.reports(request, wanted)
            # They outlive the run, and need not keep what they learnt in it.
            with suppress(Exception):
                client.run(forget, on_error="ignore")
        finally:
            with suppress(Exception):
                client.close(timeout=_GOODBYE)


def _connected(address: str) -> Any:
    """Return a client of dask's that has at least one worker."""
    try:
        distributed = import_module("distributed")
    except ImportError as error:
        said = f"--executor: {address} wants the package `distributed`, which cannot be imported ({error})"
        raise ConfigError(f"{said}; async-lint's extra `dask` brings it along") from error
    scheduler = "tcp://" + address.removeprefix(_SCHEME)
    try:
        client = distributed.Client(scheduler, timeout=_DEADLINE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise ConfigError(f"--executor: no scheduler of dask answers at {address}") from error
    try:
        client.wait_for_workers(1, timeout=_DEADLINE)
    except (OSError, TimeoutError) as error:
        client.close(timeout=_GOODBYE)
        raise ConfigError(f"--executor: the scheduler at {address} has no worker") from error
    return client


def _is_alive(client: Any) -> bool:
    try:
        return bool(client.nthreads())
    except Exception:
        return False
