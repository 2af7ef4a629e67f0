"""The search against costs that are stored in files of many instances, such as RouteFinder's.

``python -m polyroute.heuristics.compare.stored FILE.npz… --time 1 --first 20`` prints a table: the
mean cost of the first instances of each file beside the mean of those stored in it
(``pyvrp_cost``).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from polyroute.heuristics.compare.machine import load_average, machine
from polyroute.vrp.api import solve
from polyroute.vrp.errors import PolyrouteError, ReadError
from polyroute.vrp.io import read_problems

STORED = "pyvrp_cost"


@dataclass(frozen=True)
class Line:
    """The means over the instances of one file, in its own units."""

    name: str
    ours: float
    stored: float
    infeasible: int
    seconds: float

    @property
    def gap(self) -> float:
        """Ours above the stored mean, in percent."""
        return 100.0 * (self.ours / self.stored - 1.0)

    def __str__(self) -> str:
        return (
            f"| {self.name} | {self.ours:.4f} | {self.stored:.4f} | {self.gap:+.3f} "
            f"| {self.infeasible} | {self.seconds:.2f} |"
        )


def compare_file(path: Path, *, time: float, first: int, seed: int, threads: int) -> Line:
    """Solve the first instances of a file. Raises ReadError where no costs are stored in it."""
    problems = read_problems(path, rows=slice(first))
    with np.load(path, allow_pickle=False) as held:
        if STORED not in held:
            raise ReadError(f"holds no {STORED}, expected costs to compare with", path=path)
        stored = np.asarray(held[STORED], dtype=np.float64)[: len(problems)]
    costs, seconds, infeasible = [], [], 0
    for problem in problems:
        result = solve(problem, time=time, seed=seed, threads=threads)
        costs.append(result.evaluation.cost / problem.scales.cost)
        seconds.append(result.seconds)
        infeasible += not result.feasible
    mean = float(np.mean(costs)), float(stored.mean())
    return Line(path.stem, *mean, infeasible, float(np.mean(seconds)))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m polyroute.heuristics.compare.stored")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--time", type=float, default=1.0, help="seconds for each instance")
    parser.add_argument("--first", type=int, default=20, help="so many instances of each file")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args(argv)
    print(f"{machine()}, load {load_average():.1f}\n")
    print("| file | ours | stored | gap % | infeasible | seconds |\n|---|--:|--:|--:|--:|--:|")
    try:
        for path in options.files:
            line = compare_file(
                path,
                time=options.time,
                first=options.first,
                seed=options.seed,
                threads=options.threads,
            )
            print(line, flush=True)
    except PolyrouteError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
