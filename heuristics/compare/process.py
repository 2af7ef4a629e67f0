"""A process seen from outside: started alone in its session, timed, measured, killed when late.

POSIX only: memory comes from ``wait4``.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from polyroute.heuristics.compare.rows import Status

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""What the numeric libraries below a solver ask for their number of threads."""

HOME = Path(__file__).absolute().parents[3]
"""The folder that holds the package `polyroute`, as it was found: links are not followed."""


@dataclass(frozen=True)
class Exit:
    """How a process ended: what it took, and what went wrong if it did not end well."""

    wall_seconds: float
    memory_mb: float  # peak
    failure: Status | None = None
    error: str = ""


def run_watched(command: Sequence[str], *, threads: int, limit: float) -> Exit:
    """Run a command to its end, or kill it after `limit` seconds.

    What it started and left behind is killed as well; so is all of it on KeyboardInterrupt.
    """
    with tempfile.TemporaryFile() as errors:
        began = perf_counter()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env=_environment(threads),
            start_new_session=True,
        )
        timer = threading.Timer(limit, _kill, [process.pid])
        try:
            timer.start()
            _, status, usage = os.wait4(process.pid, 0)
        except KeyboardInterrupt:
            _kill(process.pid)
            process.wait()
            raise
        finally:
            timer.cancel()
        wall = perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        _kill(process.pid)  # what it started and left behind
        errors.seek(0)
        told = errors.read().decode("utf-8", "replace")
    unit = 2**20 if sys.platform == "darwin" else 2**10
    took = round(wall, 3), round(usage.ru_maxrss / unit, 1)
    if process.returncode == 0:
        return Exit(*took)
    if wall >= limit:
        return Exit(*took, Status.TIMEOUT, f"killed after {wall:.0f} s")
    return Exit(*took, Status.CRASH, _reason(process.returncode, told))


def _environment(threads: int) -> dict[str, str]:
    """Ours, by which the command finds our package and numeric libraries their number of threads.

    What the user has on his path comes first: a program of his may have modules of any name.
    """
    environment = dict(os.environ)
    path = [*filter(None, [environment.get("PYTHONPATH")]), str(HOME)]
    environment["PYTHONPATH"] = os.pathsep.join(path)
    return environment | dict.fromkeys(THREAD_VARIABLES, str(threads))


def _reason(code: int, told: str) -> str:
    """Why a process ended that did not end well: its last words, else how it ended."""
    lines = told.strip().splitlines()
    if lines:
        return lines[-1]
    return f"exit code {code}" if code >= 0 else f"ended by {signal.Signals(-code).name}"


def _kill(group: int) -> None:
    """End a process and all that it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
