"""Baseline: VROOM, construction heuristics and local search, through pyvroom."""

from __future__ import annotations

from datetime import timedelta
from time import perf_counter
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from heuristics.peer import (
    fleet_sizes,
    horizon,
    need_time,
    parse_params,
    refuse_goals,
    refuse_start,
    require,
    without_forbidden,
)
from heuristics.watch import Watch
from vrp.api import Budget, Callback, Outcome
from vrp.errors import PolyrouteError
from vrp.problem import NOWHERE, UNLIMITED, Array, Problem
from vrp.solution import Route, Solution

if TYPE_CHECKING:
    import vroom

LARGEST = 2**32 - 1
"""VROOM takes lengths, times and costs in 32 bits."""

PARAMS = {"exploration": 5}
"""Exploration level 0 to 5; 5 is the default of VROOM's command line."""


class VroomSolver:
    """VROOM at a stated exploration level.

    It is no anytime solver: it ends by itself when its searches are done, at the latest by the
    budget, and reports its best at the end only. It draws no random numbers. The budget starts
    after the model is built.
    """

    SUPPORTS = frozenset(
        "delivery pickup capacity several_loads tw_early tw_late several_windows service count "
        "several_vehicle_types fixed_cost unit_distance_cost several_depots start_depot end_depot "
        "open_routes shift_early shift_late max_distance max_stops profile profiles "
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
        """Solve `problem`; raises PolyrouteError if its numbers do not fit into 32 bits."""
        level = parse_params("vroom", params, PARAMS)["exploration"]
        if not 0 <= level <= 5:
            raise PolyrouteError(
                f"parameter exploration of solver 'vroom' is {level}, expected 0 to 5"
            )
        seconds = need_time("vroom", budget)
        refuse_goals("vroom", budget)
        refuse_start("vroom", start)
        prepared = perf_counter()
        vroom = require("vroom", "pyvroom")
        model, types = build_model(vroom, problem)
        compile_seconds = perf_counter() - prepared
        with Watch(budget, callback) as watch:
            found = model.solve(level, nb_threads=threads, timeout=timedelta(seconds=seconds))
            solution = _our_solution(found, types)
            complete = not found.unassigned
            cost = int(found.summary.cost) if complete else UNLIMITED
            watch.improved(0, cost, feasible=complete, num_routes=len(solution.routes))
        return Outcome(
            solution,
            trace=watch.trace,
            interrupted=watch.interrupted,
            compile_seconds=compile_seconds,
            notes=(f"exploration level {level}; ends by itself, the budget is its limit only",),
        )


def build_model(vroom: ModuleType, problem: Problem) -> tuple[vroom.Input, list[int]]:
    """The problem as VROOM's input, and the vehicle type of each vehicle.

    A profile a vehicle type holds its costs, which VROOM minimises with the fixed costs.
    """
    model = vroom.Input()
    for v in range(problem.num_vehicle_types):
        p = int(problem.profile[v])
        distance = without_forbidden(problem.distance_matrix(p))
        model.set_durations_matrix(str(v), _small(without_forbidden(problem.duration_matrix(p))))
        model.set_distances_matrix(str(v), _small(distance))
        model.set_costs_matrix(str(v), _small(distance * int(problem.unit_distance_cost[v])))
    end = horizon(problem)
    types = [v for v, size in enumerate(fleet_sizes(problem)) for _ in range(size)]
    model.add_vehicle([_vehicle(vroom, problem, k, v, end) for k, v in enumerate(types)])
    model.add_job(
        [
            vroom.Job(
                node,
                location=node,
                default_service=int(problem.service[node]),
                delivery=problem.delivery[node].tolist(),
                pickup=problem.pickup[node].tolist(),
                time_windows=_windows(vroom, problem, node, end),
            )
            for node in problem.clients
        ]
    )
    return model, types


def _vehicle(vroom: ModuleType, problem: Problem, k: int, v: int, end: int) -> vroom.Vehicle:
    """A vehicle whose one window must do for departure and return: the tighter of both depots'."""
    depots = [int(problem.start_depot[v]), int(problem.end_depot[v])]
    early = max(int(problem.shift_early[v]), int(problem.tw_early[depots[0]].min()))
    late = min(
        int(problem.shift_late[v]),
        *(int(problem.tw_late[depot].max()) for depot in depots if depot != NOWHERE),
    )
    limits = {}
    if problem.max_distance[v] < UNLIMITED:
        limits["max_distance"] = int(problem.max_distance[v])
    if problem.max_stops[v] < UNLIMITED:
        limits["max_tasks"] = int(problem.max_stops[v])
    total = problem.delivery.sum(axis=0) + problem.pickup.sum(axis=0)
    return vroom.Vehicle(
        k,
        start=depots[0],
        end=None if depots[1] == NOWHERE else depots[1],
        profile=str(v),
        capacity=np.minimum(problem.capacity[v], total).tolist(),
        time_window=_window(vroom, early, late, end),
        costs=vroom.VehicleCosts(fixed=int(problem.fixed_cost[v])),
        **limits,
    )


def _windows(vroom: ModuleType, problem: Problem, node: int, end: int) -> list[vroom.TimeWindow]:
    pairs = zip(problem.tw_early[node], problem.tw_late[node], strict=True)
    windows = sorted({(int(early), int(late)) for early, late in pairs})
    return [_window(vroom, early, late, end) for early, late in windows]


def _window(vroom: ModuleType, early: int, late: int, end: int) -> vroom.TimeWindow:
    if early == 0 and late >= UNLIMITED:
        return vroom.TimeWindow()
    return vroom.TimeWindow(_fits(early), _fits(min(late, end)))


def _fits(value: int) -> int:
    if value > LARGEST:
        raise PolyrouteError(
            f"solver 'vroom' holds lengths, times and costs in 32 bits, found {value}; "
            "use fewer decimals or larger units"
        )
    return value


def _small(matrix: Array) -> Array:
    _fits(int(matrix.max()))
    return matrix.astype(np.uint32)


def _our_solution(found: vroom.Solution, types: list[int]) -> Solution:
    frame = found.routes
    jobs = frame[frame["type"] == "job"]
    visits: dict[int, list[int]] = {}
    for vehicle, node in zip(jobs["vehicle_id"], jobs["id"], strict=True):
        visits.setdefault(int(vehicle), []).append(int(node))
    return Solution(tuple(Route(tuple(nodes), types[k]) for k, nodes in visits.items()))
