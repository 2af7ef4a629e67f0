"""Baseline: HGS-CVRP, hybrid genetic search with SWAP* (Vidal 2022), through hygese."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

import numpy as np

from polyroute.heuristics.baselines.fleet import trivial_outcome
from polyroute.heuristics.baselines.magnitudes import power_of_ten, without_forbidden
from polyroute.heuristics.baselines.request import (
    need_time,
    notes_on_threads,
    parse_params,
    refuse_goals,
    refuse_start,
    require,
)
from polyroute.heuristics.baselines.watch import Watch
from polyroute.vrp.budget import Budget, Callback
from polyroute.vrp.errors import PolyrouteError
from polyroute.vrp.problem import UNLIMITED, Array, Problem
from polyroute.vrp.result import Outcome
from polyroute.vrp.solution import Solution

LARGEST = 100_000
"""HGS-CVRP refuses demands and distances beyond this for the sake of its epsilons."""

PARAMS = {
    "nbGranular": 20,
    "mu": 25,
    "lambda_": 40,
    "nbElite": 4,
    "nbClose": 5,
    "nbIter": 20_000,
    "useSwapStar": 1,
}
"""HGS-CVRP's own parameters and defaults; `nbIter` without improvement lead to a restart."""


class HgsSolver:
    """HGS-CVRP on our matrix, unrounded; one depot, one type of vehicle, no windows.

    It stops by the processor time that the process has used, and reports its best at the end only.
    """

    SUPPORTS = frozenset(
        "delivery capacity count service max_distance max_duration unit_distance_cost "
        "asymmetric".split()
    )

    def solve(
        self,
        problem: Problem,
        budget: Budget,
        *,
        seed: int,
        threads: int,
        start: Solution | None,
        callback: Callback | None,
        params: dict[str, str],
    ) -> Outcome:
        """Solve `problem`; raises PolyrouteError for what HGS-CVRP has no word for."""
        values = parse_params("hgs", params, PARAMS)
        seconds = need_time("hgs", budget)
        refuse_goals("hgs", budget)
        refuse_start("hgs", start)
        prepared = perf_counter()
        hygese = require("hygese", "hygese")
        trivial = trivial_outcome(problem)
        if trivial is not None:
            return trivial
        notes = notes_on_threads(threads)
        if problem.num_clients == 1:  # HGS-CVRP would look for neighbours forever
            only = Solution.from_visits([list(problem.clients)])
            return Outcome(only, notes=(*notes, "one client: solved without HGS-CVRP"))
        data, unit = build_data(problem)
        # The generator of HGS-CVRP (minstd_rand) takes 0 for 1.
        parameters = hygese.AlgorithmParameters(timeLimit=seconds, seed=seed + 1, **values)
        engine = hygese.Solver(parameters, verbose=False)
        compile_seconds = perf_counter() - prepared
        with Watch(budget, callback) as watch, _stdout_to_stderr():
            try:
                found = watch.attend(lambda: engine.solve_cvrp(data, rounding=False))
            except TypeError as error:
                if "null" not in str(error):
                    raise
                raise PolyrouteError(
                    "solver 'hgs' refuses the problem; HGS-CVRP's reason is on the line before"
                ) from None
            routes = [] if found is None else found.routes
            solution = Solution.from_visits(
                [node + problem.num_depots - 1 for node in route] for route in routes
            )
            if found is None:
                notes += ("interrupted before it told of a plan, which it does at the end only",)
            elif solution.routes:
                cost = round(found.cost * unit) * int(problem.unit_distance_cost[0])
                watch.improved(0, cost, feasible=True, num_routes=len(solution.routes))
            else:
                notes += ("found no feasible solution",)
        return Outcome(
            solution,
            trace=watch.trace,
            interrupted=watch.interrupted,
            compile_seconds=compile_seconds,
            notes=notes,
        )


def build_data(problem: Problem) -> tuple[dict[str, object], int]:
    """The problem as hygese's dictionary, and how many of our lengths make one of its.

    Raises PolyrouteError if both lengths and durations are limited, durations are not the
    distances, or the fleet cannot carry the demand.
    """
    matrix = without_forbidden(problem.distance_matrix())
    unit = power_of_ten(int(matrix.max()), LARGEST)
    demand, capacity = problem.delivery[:, 0], int(problem.capacity[0, 0])
    if not demand.any() or capacity >= UNLIMITED:
        demand = np.ones(problem.num_nodes, dtype=np.int64)
        demand[0], capacity = 0, problem.num_clients
    load = power_of_ten(int(demand.max()), LARGEST)
    data: dict[str, object] = {
        "distance_matrix": matrix / unit,
        "demands": demand / load,
        "vehicle_capacity": capacity / load,
        "service_times": np.zeros(problem.num_nodes),
    }
    count = int(problem.count[0])
    if count * capacity < int(demand.sum()):
        raise PolyrouteError(
            f"{count} vehicles of capacity {capacity} cannot carry {int(demand.sum())}, "
            "and solver 'hgs' refuses to try"
        )
    if count < problem.num_clients:
        data["num_vehicles"] = count
    return data | _limit(problem, unit), unit


def _limit(problem: Problem, unit: int) -> dict[str, object]:
    """HGS-CVRP's one limit: driving plus service of a route."""
    if "max_duration" not in problem.active:
        if "max_distance" not in problem.active:
            return {}
        return {"duration_limit": int(problem.max_distance[0]) / unit}
    if "max_distance" in problem.active:
        raise PolyrouteError("solver 'hgs' knows one limit, found max_distance and max_duration")
    if problem.duration is not None:
        raise PolyrouteError("solver 'hgs' limits durations only where they are the distances")
    service: Array = problem.service / unit
    return {"duration_limit": int(problem.max_duration[0]) / unit, "service_times": service}


@contextmanager
def _stdout_to_stderr() -> Iterator[None]:
    """Send what a shared library prints to stderr: stdout belongs to our own output."""
    sys.stdout.flush()
    saved = os.dup(1)
    try:
        os.dup2(2, 1)
        yield
    finally:
        os.dup2(saved, 1)
        os.close(saved)
