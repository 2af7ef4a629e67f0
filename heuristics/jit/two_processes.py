"""Compile kernels in two processes, each of which begins at an end of one list.

Compiling is Python's and LLVM's work under locks, so that threads cannot share it; what a process
compiles the other loads from the cache. A kernel is one of them's alone: who begins it first makes
a file for it, since no two may write into the cache for the same kernel at the same moment.

Nothing depends on the second process: what it has not compiled when it ends, for whatever reason,
the first compiles itself.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from polyroute.heuristics.jit.options import IS_COMPILED

Job = Callable[[], object]
"""Compiles one kernel, or loads it where it lies in the cache."""


def can_share() -> bool:
    """Whether a second process could compile into the same cache, on a core of its own."""
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    is_python = bool(sys.executable) and not getattr(sys, "frozen", False)
    return IS_COMPILED and cores > 1 and is_python and "NUMBA_CACHE_DIR" in os.environ


def compile_from_the_front(jobs: Sequence[Job], module: str, *arguments: str) -> None:
    """Do all `jobs`, with a second process that does them from the back.

    That is ``python -m module arguments… FOLDER``, which calls `compile_from_the_back` with the
    folder.
    """
    with suppress(OSError):  # where there can be no process or no folder: alone
        _share(jobs, module, *arguments)
    for job in jobs:  # loads what the second compiled
        job()


def _share(jobs: Sequence[Job], module: str, *arguments: str) -> None:
    with tempfile.TemporaryDirectory(prefix="polyroute-") as folder:
        second = subprocess.Popen(
            # -P: a `polyroute` or `numba` in the working folder is not what this process runs
            [sys.executable, "-P", "-m", module, *arguments, folder],
            stdin=subprocess.PIPE,  # never written to: it ends when this process does
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path or "." for path in sys.path)},
        )
        try:
            if not _do_all(jobs, range(len(jobs)), Path(folder)):
                second.wait()
        finally:  # Ctrl-C, or it has not begun
            second.kill()
            second.communicate()


def compile_from_the_back(jobs: Sequence[Job], folder: str) -> None:
    """Do those of `jobs` that the process at the front has not begun; ends when it does."""
    threading.Thread(target=_end_with_the_first, daemon=True).start()
    _do_all(jobs, reversed(range(len(jobs))), Path(folder))


def _do_all(jobs: Sequence[Job], order: Iterable[int], folder: Path) -> bool:
    """Do jobs in this order up to the first that the other process has begun, if there is any."""
    for index in order:
        try:
            (folder / str(index)).touch(exist_ok=False)
        except OSError:  # it exists, or the first process has cleared up
            return False
        jobs[index]()
    return True


def _end_with_the_first() -> None:
    sys.stdin.read()
    os._exit(1)
