"""flake8 as a process, with workers that are forked where that is usual, and with workers that are spawned."""

import sys

FLAKE8 = (sys.executable, "-m", "flake8")
SPAWNING = (
    sys.executable,
    "-c",
    "import multiprocessing, sys; multiprocessing.set_start_method('spawn'); "
    "from flake8.main.cli import main; sys.exit(main())",
)
