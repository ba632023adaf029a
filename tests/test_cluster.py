"""Files checked by a cluster of dask, begun for the test on this machine: two workers, two threads each."""

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.in_process import lint, put
from tests.kept_results import PROGRAM, environment

pytestmark = pytest.mark.skipif(find_spec("distributed") is None, reason="dask's `distributed` is not installed")

CLUSTER = """
import sys
from distributed import LocalCluster

if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=2, dashboard_address=None) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()
"""
# What is defined here is sent to the workers as it is.
RUN = """
import os, pickle, signal
from async_lint import cli
from async_lint.workers import cluster, futures, shares

shares._CHUNK = 1
cluster._DEADLINE = 30

def dying(job, part):
    from async_lint.workers.futures import check

    if "load.py" in {found.path for found in pickle.loads(part)}:
        os.kill(os.getpid(), signal.SIGKILL)
    return check(job, part)

PATCH
cli.script()
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    script = tmp_path_factory.mktemp("cluster") / "cluster.py"
    script.write_text(CLUSTER)
    # A task whose worker was lost is given to one other, and then to none.
    variables = {**environment(), "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, str(script)], env=variables, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip().replace("tcp://", "dask://")
            process.stdin.close()
            process.wait(60)
        finally:
            process.kill()


def lint_there(address: str, patch: str = "") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", RUN.replace("PATCH", patch), "--output-format", "concise", "--executor", address]
    return subprocess.run(command, env=environment(), capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture(autouse=True)
def _program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    put(PROGRAM)


def test_a_cluster_finds_what_one_process_finds(address: str) -> None:
    done, here = lint_there(address), lint("--output-format", "concise", "--no-cache")
    assert "main.py" in here.out
    assert (done.returncode, done.stdout, done.stderr) == here


def test_a_worker_that_is_lost_costs_the_files_that_it_had(address: str) -> None:
    done = lint_there(address, "futures.check = dying")
    assert done.returncode == 2
    lost = re.findall(r"^async-lint: error: (\S+): not checked: its worker was lost: ", done.stderr, re.M)
    # Who was with it in the same worker, twice, is lost as well.
    assert "load.py" in lost
    assert len(lost) < 4
    assert ("main.py" in lost) != ("main.py" in done.stdout)


def test_nobody_answers() -> None:
    done = lint_there("dask://127.0.0.1:1", "cluster._DEADLINE = 1")
    error = "async-lint: error: --executor: no scheduler of dask answers at dask://127.0.0.1:1\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", error)
