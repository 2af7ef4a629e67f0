"""One run in a process of its own: ``python -m polyroute.heuristics.compare.worker JOB OUT``.

JOB is a JSON file that says what to solve, OUT is the JSON file to write. Nothing is judged here.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import perf_counter

BEGAN = perf_counter()
"""Before any import of ours: loading counts them."""

MOST_POINTS = 300
"""About how many improvements are kept of a trace, the last one always."""


def main(argv: list[str]) -> int:
    """Run the job in the file `argv[0]` and write its outcome to `argv[1]`."""
    from polyroute.vrp.api import read, solve
    from polyroute.vrp.errors import PolyrouteError
    from polyroute.vrp.problem import Quantity

    job = json.loads(Path(argv[0]).read_text(encoding="utf-8"))
    try:
        problem = read(job["instance"], format=job["format"], round=job["round"])
        load_seconds = perf_counter() - BEGAN
        result = solve(
            problem,
            solver=job["solver"],
            time=job["budget"],
            seed=job["seed"],
            threads=job["threads"],
            params=job["params"],
        )
    except PolyrouteError as error:
        outcome: dict[str, object] = {"refused": str(error)}
    else:
        show = problem.scales.show
        trace = [(t.seconds, show(t.cost, Quantity.COST)) for t in result.trace if t.feasible]
        outcome = {
            "routes": result.solution.numbers(problem),
            "vehicle_types": [route.vehicle_type for route in result.solution.routes],
            "reloads": [route.reloads for route in result.solution.routes],
            "breaks": [route.breaks for route in result.solution.routes],
            "iterations": result.iterations,
            "notes": result.notes,
            "trace": trace[:: -max(len(trace) // MOST_POINTS, 1)][::-1],
            "load_seconds": load_seconds,
            "compile_seconds": result.compile_seconds,
            "seconds": result.seconds,
        }
    outcome["memory_mb"] = peak_memory()
    Path(argv[1]).write_text(json.dumps(outcome), encoding="utf-8")
    return 0


def peak_memory() -> float | None:
    """The peak of this process in MiB; None where the system does not tell.

    What it tells from outside counts the parent's memory as well, which a child shares at first.
    """
    try:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    peaks = [line.split()[1] for line in lines if line.startswith("VmHWM")]
    return round(int(peaks[0]) / 1024, 1) if peaks else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
