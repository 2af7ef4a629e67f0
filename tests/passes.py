"""The passes of the fast suite, side by side: ``python -m tests.passes [NAME…] [--workers N]``.

What each of them alone catches stands in `docs/testing.md`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parents[1]

SEARCH = ("tests/heuristics/search",)
WITH_KERNELS = (
    "tests/heuristics/jit",
    "tests/heuristics/kernels",
    "tests/heuristics/layout",
    "tests/heuristics/compare/test_compare.py",
    "tests/test_pages.py",
    "tests/test_signals.py",
    "tests/test_solve.py",
)
"""Where kernels are run, besides the search."""


@dataclass(frozen=True)
class Pass:
    """One run of pytest: which tests, and how kernels are compiled for them."""

    marked: str
    places: tuple[str, ...] = ("tests",)
    without: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    own_cache: bool = False
    """Whether kernels have a cache of their own: Numba does not tell checked code from other."""


PASSES = {
    "others": Pass("not plain and not slow", without=(*SEARCH, *WITH_KERNELS)),
    "plain": Pass(
        "(plain or both) and not slow",
        ("tests/heuristics",),
        environment={"NUMBA_DISABLE_JIT": "1"},
    ),
    "searches": Pass("not plain and not slow", SEARCH),
    "compiled": Pass("not plain and not slow", WITH_KERNELS),
    "checked": Pass(
        "checked and not slow",
        ("tests/heuristics/kernels", "tests/heuristics/search/test_squeeze.py"),
        environment={"NUMBA_BOUNDSCHECK": "1"},
        own_cache=True,
    ),
}
"""All passes, the longest first."""

COMPILING = {"searches", "compiled"}
"""Passes for which all kernels are compiled beforehand, so that each is compiled once."""


def run(name: str) -> bool:
    """Run a pass and print what it said; whether all its tests passed."""
    chosen, began = PASSES[name], perf_counter()
    words = ["-q", "-m", chosen.marked, *chosen.places]
    words += [f"--ignore={place}" for place in chosen.without]
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | chosen.environment
        if chosen.own_cache:
            environment["NUMBA_CACHE_DIR"] = folder
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", *words],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert process.stdout is not None
        with process.stdout as said:
            output = said.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds, of_cpu = perf_counter() - began, used.ru_utime + used.ru_stime
    print(f"-- {name}: {seconds:.0f} s, {of_cpu:.0f} s of CPU\n{output}", flush=True)
    return process.returncode == 0


HALVES = (
    ("rich", "labelled", "rich-few-vehicles", "labelled-few-vehicles"),
    ("load", "timed", "load-few-vehicles", "timed-few-vehicles", "reloads", "reloads-few-vehicles"),
)
"""All sets of kernels, for a process each: they take about as long. What those with reloads share
with the first half is compiled by then."""


def warm_up() -> None:
    """Compile every kernel into the cache, half of them in each of two processes."""
    began = perf_counter()
    with ThreadPoolExecutor(len(HALVES)) as pool:
        ended = [*pool.map(_compile, range(len(HALVES)))]
    if any(ended):
        sys.exit("the kernels could not be compiled")
    print(f"-- warm-up: {perf_counter() - began:.0f} s", flush=True)


ALONE = """
import os, sys
from polyroute.__main__ import main
if hasattr(os, "sched_setaffinity"):
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, [cores[int(sys.argv[1]) % len(cores)]])
sys.exit(main(["warm-up", *sys.argv[2:]]))
"""
"""Compiles sets of kernels on one core, so that no second process is begun for each of them."""


def _compile(half: int) -> int:
    words = [sys.executable, "-c", ALONE, str(half), *HALVES[half]]
    return subprocess.run(words, cwd=ROOT, check=False).returncode


def main() -> int:
    """Run the passes that are named, or all; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(PASSES)}")
    parser.add_argument("--workers", type=int, default=2, help="passes at a time")
    options = parser.parse_args()
    if unknown := set(options.names) - PASSES.keys():
        parser.error(f"found {', '.join(sorted(unknown))}, expected {', '.join(PASSES)}")
    names = options.names or [*PASSES]
    if not COMPILING.isdisjoint(names):
        warm_up()
    with ThreadPoolExecutor(options.workers) as pool:
        passed = [*pool.map(run, names)]
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
