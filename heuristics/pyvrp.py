"""Baseline: PyVRP, iterated local search with penalties (Wouda, Lan, Kool 2024)."""

from __future__ import annotations

from time import perf_counter
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from heuristics.peer import notes_on_threads, parse_params, require, without_forbidden
from heuristics.watch import Watch
from vrp.api import Budget, Callback, Outcome
from vrp.errors import PolyrouteError
from vrp.problem import UNLIMITED, Array, Problem
from vrp.solution import Route, Solution

if TYPE_CHECKING:
    import pyvrp
    from pyvrp import Solution as Plan

FINE = 1000
"""Steps of cost a unit of load or time up to which PyVRP's bound of its penalties fits: its own
rounding ``exact`` has as many."""

NO_LIMIT = int(np.iinfo(np.int64).max)
"""PyVRP's own word for no limit."""


class PyVrpSolver:
    """PyVRP on our scaled integers, with its default parameters (but see `_penalties`).

    The budget starts after the model is built, which is reported as compile time; computing the
    neighbourhoods and the start solution count.
    """

    SUPPORTS = frozenset(
        "delivery pickup capacity several_loads tw_early tw_late service release required prize "
        "count several_vehicle_types fixed_cost unit_distance_cost unit_duration_cost "
        "several_depots start_depot end_depot shift_early shift_late max_distance max_duration "
        "regular_duration overtime_cost profile profiles asymmetric".split()
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
        """Solve `problem`; a start may leave clients out, but serves none twice."""
        parse_params("pyvrp", params, {})
        prepared = perf_counter()
        pyvrp = require("pyvrp", "pyvrp")
        data = build_data(pyvrp, problem)
        initial = None if start is None else _initial(pyvrp, data, problem, start)
        price = pyvrp.CostEvaluator([0] * problem.size("L"), 0, 0).cost
        compile_seconds = perf_counter() - prepared
        callbacks = pyvrp.IteratedLocalSearchCallbacks()
        iterations = 0

        def note(best: Plan) -> None:
            feasible = best.is_feasible()
            cost = price(best) if feasible else UNLIMITED
            watch.improved(iterations, cost, feasible=feasible, num_routes=best.num_routes())

        def stop(best_cost: int) -> bool:
            nonlocal iterations
            if iterations == budget.iterations or watch.must_stop():
                return True
            iterations += 1
            return False

        callbacks.on_start = lambda search: note(search.initial_solution)
        callbacks.on_best = note
        with Watch(budget, callback) as watch:
            result = pyvrp.solve(
                data,
                stop,
                seed=seed,
                collect_stats=False,
                params=pyvrp.SolveParams(
                    pyvrp.IteratedLocalSearchParams(callbacks=callbacks), _penalties(pyvrp, problem)
                ),
                initial_solution=initial,
            )
        return Outcome(
            _our_solution(problem, result.best),
            iterations=iterations,
            trace=watch.trace,
            interrupted=watch.interrupted,
            compile_seconds=compile_seconds,
            notes=notes_on_threads(threads),
        )


def _penalties(pyvrp: ModuleType, problem: Problem) -> pyvrp.PenaltyParams:
    """PyVRP's defaults, but a higher bound where costs come in finer steps than it expects.

    Otherwise no penalty could keep it from leaving everybody on one route.
    """
    scales, default = problem.scales, pyvrp.PenaltyParams()
    steps = scales.length * int(problem.unit_distance_cost.max()) / min(scales.load, scales.time)
    return pyvrp.PenaltyParams(max_penalty=default.max_penalty * max(steps / FINE, 1.0))


def build_data(pyvrp: ModuleType, problem: Problem) -> pyvrp.ProblemData:
    """The problem as PyVRP's data: locations are our nodes."""
    depots = [
        pyvrp.Depot(node, int(problem.tw_early[node, 0]), _limit(problem.tw_late[node, 0]))
        for node in range(problem.num_depots)
    ]
    clients = [
        pyvrp.Client(
            node,
            delivery=problem.delivery[node].tolist(),
            pickup=problem.pickup[node].tolist(),
            service_duration=int(problem.service[node]),
            tw_early=int(problem.tw_early[node, 0]),
            tw_late=_limit(problem.tw_late[node, 0]),
            release_time=int(problem.release[node]),
            prize=int(problem.prize[node]),
            required=bool(problem.required[node]),
        )
        for node in problem.clients
    ]
    profiles = range(problem.size("P"))
    return pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _ in range(problem.num_nodes)],
        clients=clients,
        depots=depots,
        vehicle_types=[_vehicle_type(pyvrp, problem, v) for v in range(problem.num_vehicle_types)],
        distance_matrices=[without_forbidden(problem.distance_matrix(p)) for p in profiles],
        duration_matrices=[without_forbidden(problem.duration_matrix(p)) for p in profiles],
    )


def _vehicle_type(pyvrp: ModuleType, problem: Problem, v: int) -> pyvrp.VehicleType:
    shift, overtime = _limit(problem.max_duration[v]), 0
    if problem.overtime_cost[v]:
        regular = min(_limit(problem.regular_duration[v]), shift)
        shift, overtime = regular, shift - regular
    return pyvrp.VehicleType(
        num_available=min(int(problem.count[v]), problem.num_clients),
        capacity=[_limit(bound) for bound in problem.capacity[v]],
        start_depot=int(problem.start_depot[v]),
        end_depot=int(problem.end_depot[v]),
        fixed_cost=int(problem.fixed_cost[v]),
        tw_early=int(problem.shift_early[v]),
        tw_late=_limit(problem.shift_late[v]),
        shift_duration=shift,
        max_distance=_limit(problem.max_distance[v]),
        unit_distance_cost=int(problem.unit_distance_cost[v]),
        unit_duration_cost=int(problem.unit_duration_cost[v]),
        profile=int(problem.profile[v]),
        max_overtime=overtime,
        unit_overtime_cost=int(problem.overtime_cost[v]),
    )


def _limit(value: np.integer | Array) -> int:
    return NO_LIMIT if value >= UNLIMITED else int(value)


def _initial(pyvrp: ModuleType, data: pyvrp.ProblemData, problem: Problem, start: Solution) -> Plan:
    """The start as PyVRP's solution; its clients count from 0."""
    try:
        return pyvrp.Solution(
            data,
            [
                pyvrp.Route(
                    data,
                    [node - problem.num_depots for node in route.visits],
                    route.vehicle_type,
                )
                for route in start.routes
                if route.visits
            ],
        )
    except RuntimeError as error:
        raise PolyrouteError(f"solver 'pyvrp' cannot take the start: {error}") from None


def _our_solution(problem: Problem, best: Plan) -> Solution:
    return Solution(
        tuple(
            Route(
                tuple(
                    activity.idx + problem.num_depots for activity in route if activity.is_client()
                ),
                route.vehicle_type(),
            )
            for route in best.routes()
        )
    )
