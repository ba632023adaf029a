"""A run that looks at files: projects by the flags, files checked, what was found kept for the next run."""

import os
import sys
from argparse import Namespace
from collections.abc import Sequence

from async_lint.cache.kept import Kept
from async_lint.cache.store import Store
from async_lint.cache.trace import Trace, TracedDisk
from async_lint.cache.whole_runs import Outcome
from async_lint.cache.worlds import Worlds
from async_lint.engine import Executor, run
from async_lint.file_run import Request
from async_lint.files.absolute import absolute
from async_lint.files.parts import Part
from async_lint.files.ports import Files
from async_lint.inputs import projects_of
from async_lint.kept_back import apply_baselines
from async_lint.progress import Progress
from async_lint.projects import Projects
from async_lint.workers.executor import Workers, processors


def fresh_run(
    flags: Namespace, paths: Sequence[str], files: Files, store: Store | None
) -> tuple[Outcome, Trace | None]:
    """Return what is found, and all that it rests on, if that can be told. Raises ConfigError."""
    asked = list(map(absolute, paths))
    # What workers elsewhere note does not come back.
    noted = store is not None and not flags.executor
    projects = projects_of(flags, files, [path for path in asked if files.is_dir(path)], noted)
    progress = Progress(sys.stderr if isinstance(files, TracedDisk) and _is_watched(flags) else None)
    executor: Executor | None = None
    if isinstance(files, TracedDisk):
        executor = _workers(flags, projects, files, progress)
        if store is not None:
            executor = Kept(Worlds(store, files), projects, files, executor, progress)
    # Standard input is repaired on standard output: the path beside it is only a name.
    write = flags.fix and isinstance(files, TracedDisk)
    request = Request(paths, flags.fix or flags.diff, flags.unsafe_fixes, write, flags.force_exclude)
    # What decides where one part ends, what is found in a file does not rest on.
    sizes = TracedDisk()
    part = Part(flags.shard, sizes) if flags.shard else None
    try:
        report = run(request, projects, files, executor, part, progress)
    finally:
        progress.close()
    warnings = [] if flags.write_baseline else apply_baselines(report, projects, asked, files, part)
    trace = executor.basis if isinstance(executor, Kept) and not projects.baselines() else None
    if trace is not None and (sizes.is_lost or not trace.add(sizes.trace)):
        trace = None
    return Outcome(report, list(map(str, projects.idle())), warnings), trace


def _is_watched(flags: Namespace) -> bool:
    return not flags.quiet and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _workers(flags: Namespace, projects: Projects, files: Files, progress: Progress) -> Executor:
    if flags.executor:
        from async_lint.workers.cluster import Cluster

        return Cluster(flags.executor, projects, files, progress)
    return Workers(projects, files, flags.jobs or processors(), progress)
