"""A problem as VROOM's input, in whole numbers of 32 bits, and its plan as ours."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from polyroute.heuristics.baselines.fleet import fleet_sizes, visits_by_vehicle
from polyroute.heuristics.baselines.magnitudes import horizon, power_of_ten, without_forbidden
from polyroute.vrp.errors import PolyrouteError
from polyroute.vrp.problem import NOWHERE, UNLIMITED, Array, Problem
from polyroute.vrp.solution import Route, Solution
from polyroute.vrp.structure import Pair

if TYPE_CHECKING:
    import vroom

LARGEST = 2**32 - 1
"""VROOM takes lengths, times and costs, and tells the total cost, in 32 bits."""


def coarse_unit(problem: Problem) -> int:
    """How many of our steps make one of VROOM's: a power of ten, 1 where all fits."""
    matrices = [problem.distance_matrix(p) for p in range(problem.size("P"))]
    longest = max(int(without_forbidden(matrix).max()) for matrix in matrices)
    costs = 2 * problem.num_clients * longest * int(problem.unit_distance_cost.max())
    costs += problem.num_clients * int(problem.fixed_cost.max())
    limits = [int(limit) for limit in problem.max_distance if limit < UNLIMITED]
    largest = max(costs, horizon(problem), *limits)
    return power_of_ten(largest, LARGEST)


def build_input(
    api: ModuleType, problem: Problem, unit: int, start: Solution | None = None
) -> tuple[vroom.Input, list[int]]:
    """The problem as the input of `api`, VROOM, and the vehicle type of each vehicle.

    What is spent is rounded up to the unit and limits down, so that feasible there is feasible
    here. Raises PolyrouteError if the start uses more vehicles than there are.
    """
    types = [v for v, size in enumerate(fleet_sizes(problem)) for _ in range(size)]
    first = [()] * len(types) if start is None else visits_by_vehicle(types, start)
    if first is None:
        raise PolyrouteError("solver 'vroom' has fewer vehicles than the start uses")
    records = _Records(api, problem, unit, horizon(problem))
    model = api.Input()
    records.set_matrices(model)
    model.add_vehicle([records.vehicle(k, v, first[k]) for k, v in enumerate(types)])
    paired = {node for pair in problem.pairs for node in (pair.pickup, pair.delivery)}
    model.add_job([records.job(node) for node in problem.clients if node not in paired])
    model.add_job([records.shipment(pair) for pair in problem.pairs])
    return model, types


def our_solution(found: vroom.Solution, types: list[int]) -> Solution:
    """VROOM's plan as ours, given the vehicle type of each vehicle."""
    frame = found.routes
    jobs = frame[frame["type"].isin(("job", "pickup", "delivery"))]
    visits: dict[int, list[int]] = {}
    for vehicle, node in zip(jobs["vehicle_id"], jobs["location_index"], strict=True):
        visits.setdefault(int(vehicle), []).append(int(node))
    return Solution(tuple(Route(tuple(nodes), types[k]) for k, nodes in visits.items()))


@dataclass(frozen=True)
class _Records:
    """Makes VROOM's records; `end` is a time before which every sensible plan has ended."""

    api: ModuleType
    problem: Problem
    unit: int
    end: int

    def set_matrices(self, model: vroom.Input) -> None:
        """A profile a vehicle type holds its costs, which VROOM minimises with the fixed costs."""
        problem = self.problem
        for v in range(problem.num_vehicle_types):
            p = int(problem.profile[v])
            distance = without_forbidden(problem.distance_matrix(p))
            duration = without_forbidden(problem.duration_matrix(p))
            costs = distance * int(problem.unit_distance_cost[v])
            model.set_durations_matrix(str(v), self._up(duration))
            model.set_distances_matrix(str(v), self._up(distance))
            model.set_costs_matrix(str(v), self._up(costs))

    def vehicle(self, k: int, v: int, visits: tuple[int, ...]) -> vroom.Vehicle:
        """Vehicle `k`, of type `v`, which begins with `visits`.

        Its one window must do for departure and return: the tighter of both depots'.
        """
        problem = self.problem
        start, end = int(problem.start_depot[v]), int(problem.end_depot[v])
        early = max(int(problem.shift_early[v]), int(problem.tw_early[start].min()))
        late = min(
            int(problem.shift_late[v]),
            *(int(problem.tw_late[depot].max()) for depot in (start, end) if depot != NOWHERE),
        )
        limits = {}
        if problem.max_distance[v] < UNLIMITED:
            limits["max_distance"] = int(problem.max_distance[v]) // self.unit
        if problem.max_stops[v] < UNLIMITED:
            limits["max_tasks"] = int(problem.max_stops[v])
        total = problem.delivery.sum(axis=0) + problem.pickup.sum(axis=0)
        return self.api.Vehicle(
            k,
            start=start,
            end=None if end == NOWHERE else end,
            profile=str(v),
            capacity=np.minimum(problem.capacity[v], total).tolist(),
            skills=set(np.flatnonzero(problem.allowed[:, v]).tolist()),
            time_window=self._window(early, late),
            costs=self.api.VehicleCosts(fixed=int(self._up(problem.fixed_cost[v]))),
            steps=self._steps(visits),
            **limits,
        )

    def _steps(self, visits: tuple[int, ...]) -> list[vroom.VehicleStep]:
        """The visits of a route to begin from; none for a vehicle that stays idle."""
        kinds = {pair.pickup: self.api.VehicleStepPickup for pair in self.problem.pairs}
        kinds |= {pair.delivery: self.api.VehicleStepDelivery for pair in self.problem.pairs}
        return [kinds.get(node, self.api.VehicleStepSingle)(node) for node in visits]

    def job(self, node: int) -> vroom.Job:
        """A client who is in no pair."""
        problem = self.problem
        return self.api.Job(
            node,
            location=node,
            default_service=int(self._up(problem.service[node])),
            delivery=problem.delivery[node].tolist(),
            pickup=problem.pickup[node].tolist(),
            skills=self._skills(node),
            time_windows=self._windows(node),
        )

    def shipment(self, pair: Pair) -> vroom.Shipment:
        """A pair."""
        first, last = (
            self.api.ShipmentStep(
                node,
                node,
                default_service=int(self._up(self.problem.service[node])),
                time_windows=self._windows(node),
            )
            for node in (pair.pickup, pair.delivery)
        )
        return self.api.Shipment(
            first,
            last,
            amount=self.problem.pickup[pair.pickup].tolist(),
            skills=self._skills(pair.pickup) | self._skills(pair.delivery),
        )

    def _skills(self, node: int) -> set[int]:
        """The skills that a client asks for: one of his own, if some type may not serve him."""
        return set() if self.problem.allowed[node].all() else {node}

    def _windows(self, node: int) -> list[vroom.TimeWindow]:
        early, late = self.problem.tw_early[node], self.problem.tw_late[node]
        windows = sorted(set(zip(early.tolist(), late.tolist(), strict=True)))
        return [self._window(*window) for window in windows]

    def _window(self, early: int, late: int) -> vroom.TimeWindow:
        if early == 0 and late >= UNLIMITED:
            return self.api.TimeWindow()
        begin = int(self._up(early))
        return self.api.TimeWindow(begin, max(min(late, self.end) // self.unit, begin))

    def _up(self, value: int | np.integer | Array) -> int | np.integer | Array:
        """In VROOM's units, rounded up."""
        return -(-value // self.unit)
