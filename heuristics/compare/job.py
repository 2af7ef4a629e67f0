"""One run of a comparison: hand a solver its job, and price the plan that it leaves."""

from __future__ import annotations

import json
import shlex
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from polyroute.heuristics.compare.process import Exit, run_watched
from polyroute.heuristics.compare.rows import Row, Status
from polyroute.vrp.check import evaluate
from polyroute.vrp.errors import PolyrouteError
from polyroute.vrp.io import read_solution
from polyroute.vrp.problem import Problem, Quantity
from polyroute.vrp.solution import Route, Solution

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
    ended = run_watched(command, threads=job.threads, limit=job.limit)
    row = _with_exit(row, ended)
    if ended.failure is not None:
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
    ended = run_watched(words, threads=job.threads, limit=job.limit)
    row = _with_exit(row, ended)
    if ended.failure is not None:
        return row
    row = replace(row, seconds=row.wall_seconds)
    if not out.exists():
        return replace(row, status=Status.NONE, error="the program wrote no solution")
    try:
        plan = read_solution(out, problem)
    except PolyrouteError as error:
        return replace(row, status=Status.CRASH, error=str(error))
    return _judged(problem, plan, row)


def _with_exit(row: Row, ended: Exit) -> Row:
    """The row with what the process took, and how it failed if it did."""
    row = replace(row, wall_seconds=ended.wall_seconds, memory_mb=ended.memory_mb)
    if ended.failure is None:
        return row
    return replace(row, status=ended.failure, error=ended.error)


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
