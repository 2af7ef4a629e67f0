"""Baseline: VROOM, construction heuristics and local search, through pyvroom."""

from __future__ import annotations

from datetime import timedelta
from time import perf_counter
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from polyroute.heuristics.baselines.fleet import fleet_sizes, trivial_outcome, visits_by_vehicle
from polyroute.heuristics.baselines.magnitudes import horizon, power_of_ten, without_forbidden
from polyroute.heuristics.baselines.refusals import goods_oddities, membership_oddities
from polyroute.heuristics.baselines.request import need_time, parse_params, refuse_goals, require
from polyroute.heuristics.baselines.watch import Watch
from polyroute.vrp.budget import Budget, Callback
from polyroute.vrp.errors import PolyrouteError, UnsupportedError
from polyroute.vrp.problem import NOWHERE, UNLIMITED, Array, Problem
from polyroute.vrp.result import Outcome
from polyroute.vrp.solution import Route, Solution
from polyroute.vrp.structure import Pair

if TYPE_CHECKING:
    import vroom

LARGEST = 2**32 - 1
"""VROOM takes lengths, times and costs, and tells the total cost, in 32 bits."""

TOO_HIGH = "Too high cost values"
"""How VROOM says that costs might outgrow its 32 bits."""

PARAMS = {"exploration": 5}
"""Exploration level 0 to 5; 5 is the default of VROOM's command line."""


class VroomSolver:
    """VROOM at a stated exploration level.

    It is no anytime solver: it ends by itself when its searches are done, at the latest by the
    budget, and reports its best at the end only. It draws no random numbers. The budget starts
    after the model is built.
    """

    SUPPORTS = frozenset(
        "delivery pickup capacity several_loads pairs tw_early tw_late several_windows service "
        "allowed count several_vehicle_types fixed_cost unit_distance_cost several_depots "
        "start_depot end_depot open_routes shift_early shift_late max_distance max_stops profile "
        "profiles asymmetric".split()
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
        """Solve `problem`; numbers that do not fit into 32 bits are coarsened, with a note.

        A start must be feasible, but need not be complete; from one, VROOM's first plan is that.
        """
        level = parse_params("vroom", params, PARAMS)["exploration"]
        if not 0 <= level <= 5:
            raise PolyrouteError(
                f"parameter exploration of solver 'vroom' is {level}, expected 0 to 5"
            )
        seconds = need_time("vroom", budget)
        refuse_goals("vroom", budget)
        prepared = perf_counter()
        vroom = require("vroom", "pyvroom")
        wrong_input = require("vroom._vroom", "pyvroom").VroomInputException
        trivial = trivial_outcome(problem)
        if trivial is not None:
            return trivial
        odd = membership_oddities(problem) | goods_oddities(problem)
        if odd:
            raise UnsupportedError("solver 'vroom'", odd)
        unit, watch, found = coarse_unit(problem), Watch(budget, callback), None
        while found is None:
            model, types = build_model(vroom, problem, unit, start)
            compile_seconds = perf_counter() - prepared
            try:
                with watch:
                    limit = timedelta(seconds=seconds)
                    found = model.solve(level, nb_threads=threads, timeout=limit)
            except wrong_input as error:
                if TOO_HIGH not in str(error):
                    what = "problem" if start is None else "start"
                    raise PolyrouteError(f"solver 'vroom' refuses the {what}: {error}") from None
                unit *= 10  # it adds up more than we know of
        solution = _our_solution(found, types)
        complete = not found.unassigned
        cost = int(found.summary.cost) * unit if complete else UNLIMITED
        watch.improved(0, cost, feasible=complete, num_routes=len(solution.routes))
        notes = [f"exploration level {level}; ends by itself, the budget is its limit only"]
        if unit > 1:
            notes.append(f"lengths, times and costs rounded to {unit} steps, on the safe side")
        return Outcome(
            solution,
            trace=watch.trace,
            interrupted=watch.interrupted,
            compile_seconds=compile_seconds,
            notes=tuple(notes),
        )


def coarse_unit(problem: Problem) -> int:
    """How many of our steps make one of VROOM's: a power of ten, 1 where all fits."""
    matrices = [problem.distance_matrix(p) for p in range(problem.size("P"))]
    longest = max(int(without_forbidden(matrix).max()) for matrix in matrices)
    costs = 2 * problem.num_clients * longest * int(problem.unit_distance_cost.max())
    costs += problem.num_clients * int(problem.fixed_cost.max())
    limits = [int(limit) for limit in problem.max_distance if limit < UNLIMITED]
    largest = max(costs, horizon(problem), *limits)
    return power_of_ten(largest, LARGEST)


def build_model(
    vroom: ModuleType, problem: Problem, unit: int, start: Solution | None = None
) -> tuple[vroom.Input, list[int]]:
    """The problem as VROOM's input, and the vehicle type of each vehicle.

    A profile a vehicle type holds its costs, which VROOM minimises with the fixed costs. What is
    spent is rounded up to the unit and limits down, so that feasible there is feasible here.
    """
    model = vroom.Input()
    for v in range(problem.num_vehicle_types):
        p = int(problem.profile[v])
        distance = without_forbidden(problem.distance_matrix(p))
        duration = without_forbidden(problem.duration_matrix(p))
        model.set_durations_matrix(str(v), _up(duration, unit))
        model.set_distances_matrix(str(v), _up(distance, unit))
        model.set_costs_matrix(str(v), _up(distance * int(problem.unit_distance_cost[v]), unit))
    end = horizon(problem)
    types = [v for v, size in enumerate(fleet_sizes(problem)) for _ in range(size)]
    first = [()] * len(types) if start is None else visits_by_vehicle(types, start)
    if first is None:
        raise PolyrouteError("solver 'vroom' has fewer vehicles than the start uses")
    model.add_vehicle(
        [
            _vehicle(vroom, problem, k, v, end, unit, _steps(vroom, problem, first[k]))
            for k, v in enumerate(types)
        ]
    )
    paired = {node for pair in problem.pairs for node in (pair.pickup, pair.delivery)}
    model.add_job(
        [
            vroom.Job(
                node,
                location=node,
                default_service=int(_up(problem.service[node], unit)),
                delivery=problem.delivery[node].tolist(),
                pickup=problem.pickup[node].tolist(),
                skills=_skills(problem, node),
                time_windows=_windows(vroom, problem, node, end, unit),
            )
            for node in problem.clients
            if node not in paired
        ]
    )
    model.add_job([_shipment(vroom, problem, pair, end, unit) for pair in problem.pairs])
    return model, types


def _vehicle(
    vroom: ModuleType,
    problem: Problem,
    k: int,
    v: int,
    end: int,
    unit: int,
    steps: list[vroom.VehicleStep],
) -> vroom.Vehicle:
    """A vehicle whose one window must do for departure and return: the tighter of both depots'."""
    depots = [int(problem.start_depot[v]), int(problem.end_depot[v])]
    early = max(int(problem.shift_early[v]), int(problem.tw_early[depots[0]].min()))
    late = min(
        int(problem.shift_late[v]),
        *(int(problem.tw_late[depot].max()) for depot in depots if depot != NOWHERE),
    )
    limits = {}
    if problem.max_distance[v] < UNLIMITED:
        limits["max_distance"] = int(problem.max_distance[v]) // unit
    if problem.max_stops[v] < UNLIMITED:
        limits["max_tasks"] = int(problem.max_stops[v])
    total = problem.delivery.sum(axis=0) + problem.pickup.sum(axis=0)
    return vroom.Vehicle(
        k,
        start=depots[0],
        end=None if depots[1] == NOWHERE else depots[1],
        profile=str(v),
        capacity=np.minimum(problem.capacity[v], total).tolist(),
        skills=set(np.flatnonzero(problem.allowed[:, v]).tolist()),
        time_window=_window(vroom, early, late, end, unit),
        costs=vroom.VehicleCosts(fixed=int(_up(problem.fixed_cost[v], unit))),
        steps=steps,
        **limits,
    )


def _steps(vroom: ModuleType, problem: Problem, visits: tuple[int, ...]) -> list[vroom.VehicleStep]:
    """The visits of a route to begin from, as VROOM's steps; none for a vehicle that stays idle."""
    kinds = {pair.pickup: vroom.VehicleStepPickup for pair in problem.pairs}
    kinds |= {pair.delivery: vroom.VehicleStepDelivery for pair in problem.pairs}
    return [kinds.get(node, vroom.VehicleStepSingle)(node) for node in visits]


def _shipment(
    vroom: ModuleType, problem: Problem, pair: Pair, end: int, unit: int
) -> vroom.Shipment:
    first, last = (
        vroom.ShipmentStep(
            node,
            node,
            default_service=int(_up(problem.service[node], unit)),
            time_windows=_windows(vroom, problem, node, end, unit),
        )
        for node in (pair.pickup, pair.delivery)
    )
    return vroom.Shipment(
        first,
        last,
        amount=problem.pickup[pair.pickup].tolist(),
        skills=_skills(problem, pair.pickup) | _skills(problem, pair.delivery),
    )


def _skills(problem: Problem, node: int) -> set[int]:
    """The skills that a client asks for: one of his own, if some type may not serve him."""
    return set() if problem.allowed[node].all() else {node}


def _windows(
    vroom: ModuleType, problem: Problem, node: int, end: int, unit: int
) -> list[vroom.TimeWindow]:
    pairs = zip(problem.tw_early[node], problem.tw_late[node], strict=True)
    windows = sorted({(int(early), int(late)) for early, late in pairs})
    return [_window(vroom, early, late, end, unit) for early, late in windows]


def _window(vroom: ModuleType, early: int, late: int, end: int, unit: int) -> vroom.TimeWindow:
    if early == 0 and late >= UNLIMITED:
        return vroom.TimeWindow()
    begin = int(_up(early, unit))
    return vroom.TimeWindow(begin, max(min(late, end) // unit, begin))


def _up(value: int | np.integer | Array, unit: int) -> int | np.integer | Array:
    """In VROOM's units, rounded up."""
    return -(-value // unit)


def _our_solution(found: vroom.Solution, types: list[int]) -> Solution:
    frame = found.routes
    jobs = frame[frame["type"].isin(("job", "pickup", "delivery"))]
    visits: dict[int, list[int]] = {}
    for vehicle, node in zip(jobs["vehicle_id"], jobs["location_index"], strict=True):
        visits.setdefault(int(vehicle), []).append(int(node))
    return Solution(tuple(Route(tuple(nodes), types[k]) for k, nodes in visits.items()))
