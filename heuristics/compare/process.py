"""One run, seen from outside: start a process, watch its time and memory, price what it leaves.

POSIX only: memory comes from ``wait4``.
"""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from polyroute.heuristics.compare.machine import ROOT
from polyroute.heuristics.compare.rows import Row, Status
from polyroute.vrp.check import evaluate
from polyroute.vrp.errors import PolyrouteError
from polyroute.vrp.io import read_solution
from polyroute.vrp.problem import Problem, Quantity
from polyroute.vrp.solution import Route, Solution

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""What the numeric libraries below a solver ask for their number of threads."""

Stopovers = tuple[tuple[int, int], ...]

MOST_VIOLATIONS = 5
"""Violations told in a row; the rest is counted."""


@dataclass(frozen=True)
class Job:
    """What a run is to do; `limit` is the wall-clock time after which it is killed."""

    instance: Path
    format: str | None
    round: str | None
    solver: str
    params: Mapping[str, str]
    budget: float
    seed: int
    threads: int
    limit: float


def run_job(job: Job, problem: Problem, row: Row) -> Row:
    """Run `job` and return `row` with what came out; KeyboardInterrupt ends the process too."""
    with tempfile.TemporaryDirectory(prefix="polyroute-") as folder:
        if job.solver.startswith("cmd:"):
            return _run_program(job, problem, row, Path(folder) / "out.sol")
        return _run_solver(job, problem, row, Path(folder))


def _run_solver(job: Job, problem: Problem, row: Row, folder: Path) -> Row:
    """One of our solvers by its name, in a Python of its own."""
    task, out = folder / "job.json", folder / "out.json"
    names = ("format", "round", "solver", "budget", "seed", "threads")
    data = {name: getattr(job, name) for name in names}
    data |= {"instance": str(job.instance), "params": dict(job.params)}
    task.write_text(json.dumps(data), encoding="utf-8")
    command = [sys.executable, "-m", f"{__package__}.worker", str(task), str(out)]
    row, finished = _watched(command, job, row)
    if not finished:
        return row
    found = json.loads(out.read_text(encoding="utf-8"))
    row = replace(row, memory_mb=found["memory_mb"] or row.memory_mb)
    if "refused" in found:
        return replace(row, status=Status.REFUSED, error=found["refused"])
    row = replace(
        row,
        notes=tuple(found["notes"]),
        iterations=found["iterations"],
        trace=tuple((seconds, cost) for seconds, cost in found["trace"]),
        load_seconds=found["load_seconds"],
        compile_seconds=found["compile_seconds"],
        seconds=found["seconds"],
    )
    return _judged(problem, _plan(problem, found), row)


def _plan(problem: Problem, found: Mapping[str, list]) -> Solution:
    """The plan that a worker wrote."""
    shift = problem.num_depots - 1
    columns = (found[name] for name in ("routes", "vehicle_types", "reloads", "breaks"))
    return Solution(
        tuple(
            Route(
                tuple(number + shift for number in visits),
                kind,
                tuple((position, depot) for position, depot in reloads),
                tuple((position, index) for position, index in breaks),
            )
            for visits, kind, reloads, breaks in zip(*columns, strict=True)
        )
    )


def _run_program(job: Job, problem: Problem, row: Row, out: Path) -> Row:
    """A program behind ``cmd:``, which leaves a CVRPLIB ``.sol`` at {out}."""
    values = {
        "{file}": str(job.instance),
        "{seconds}": f"{job.budget:g}",
        "{seed}": str(job.seed),
        "{out}": str(out),
    }
    words = shlex.split(job.solver.removeprefix("cmd:"))
    for name, value in values.items():
        words = [word.replace(name, value) for word in words]
    row, finished = _watched(words, job, row)
    if not finished:
        return row
    row = replace(row, seconds=row.wall_seconds)
    if not out.exists():
        return replace(row, status=Status.NONE, error="the program wrote no solution")
    try:
        plan = read_solution(out, problem)
    except PolyrouteError as error:
        return replace(row, status=Status.CRASH, error=str(error))
    return _judged(problem, plan, row)


def _judged(problem: Problem, plan: Solution, row: Row) -> Row:
    """The row with the plan, its cost and what it breaks, all by the checker."""
    evaluation = evaluate(problem, plan)
    empty = not any(route.visits for route in plan.routes)
    if empty and not evaluation.feasible:  # where nobody must be served, that is a plan as well
        return replace(row, status=Status.NONE, error="; ".join(row.notes))
    told = [item.describe(problem) for item in evaluation.violations[:MOST_VIOLATIONS]]
    more = len(evaluation.violations) - len(told)
    return replace(
        row,
        status=Status.OK if evaluation.feasible else Status.INFEASIBLE,
        cost=problem.scales.show(evaluation.cost, Quantity.COST),
        num_routes=evaluation.num_routes,
        routes=tuple(tuple(route) for route in plan.numbers(problem)),
        vehicle_types=tuple(route.vehicle_type for route in plan.routes),
        reloads=_unless_empty([route.reloads for route in plan.routes]),
        breaks=_unless_empty([route.breaks for route in plan.routes]),
        violations=(*told, f"and {more} more") if more else tuple(told),
    )


def _unless_empty(stopovers: list[Stopovers]) -> tuple[Stopovers, ...]:
    """One entry a route, or none where no route has any."""
    return tuple(stopovers) if any(stopovers) else ()


# -- processes -----------------------------------------------------------------------------


def _watched(command: Sequence[str], job: Job, row: Row) -> tuple[Row, bool]:
    """Run a command to its end or its limit; whether it ended well, and the row saying so."""
    environment = dict(os.environ)
    path = [str(ROOT), *filter(None, [environment.get("PYTHONPATH")])]
    environment["PYTHONPATH"] = os.pathsep.join(path)
    environment |= dict.fromkeys(THREAD_VARIABLES, str(job.threads))
    with tempfile.TemporaryFile() as errors:
        began = perf_counter()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env=environment,
            start_new_session=True,
        )
        timer = threading.Timer(job.limit, _kill, [process.pid])
        timer.start()
        try:
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
        lines = errors.read().decode("utf-8", "replace").strip().splitlines()
    unit = 2**20 if sys.platform == "darwin" else 2**10
    row = replace(row, wall_seconds=round(wall, 3), memory_mb=round(usage.ru_maxrss / unit, 1))
    if process.returncode == 0:
        return row, True
    if wall >= job.limit:
        return replace(row, status=Status.TIMEOUT, error=f"killed after {wall:.0f} s"), False
    how = f"exit code {process.returncode}"
    if process.returncode < 0:
        how = f"ended by {signal.Signals(-process.returncode).name}"
    return replace(row, status=Status.CRASH, error=lines[-1] if lines else how), False


def _kill(group: int) -> None:
    """End a process and all that it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
