"""A problem as VROOM's input, in whole numbers of 32 bits, and its plan as ours."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from polyroute.heuristics.baselines.fleet import fleet_sizes, visits_by_vehicle
from polyroute.heuristics.baselines.magnitudes import horizon, without_forbidden
from polyroute.heuristics.baselines.vroom.priorities import priorities_of
from polyroute.heuristics.baselines.vroom.stays import Stays, at_places
from polyroute.heuristics.baselines.vroom.units import Units, arc_costs
from polyroute.vrp.errors import PolyrouteError
from polyroute.vrp.problem import NOWHERE, UNLIMITED, Array, Problem
from polyroute.vrp.solution import BREAK, VISIT, Event, Route, Solution
from polyroute.vrp.structure import Pair

if TYPE_CHECKING:
    import vroom


def build_input(
    api: ModuleType, problem: Problem, units: Units, start: Solution | None = None
) -> tuple[vroom.Input, list[int]]:
    """The problem as the input of `api`, VROOM, and the vehicle type of each vehicle.

    What is spent is rounded up to its unit and limits down, so that feasible there is feasible
    here, but for breaks, which it also takes on the road. Raises PolyrouteError if the start uses
    more vehicles than there are, UnsupportedError for prizes that are no priorities.
    """
    types = [v for v, size in enumerate(fleet_sizes(problem)) for _ in range(size)]
    first = [()] * len(types) if start is None else visits_by_vehicle(types, start)
    if first is None:
        raise PolyrouteError("solver 'vroom' has fewer vehicles than the start uses")
    end, first_served = horizon(problem), priorities_of(problem)
    records = _Records(api, problem, units, end, first_served, Stays.of(problem))
    model = api.Input()
    records.set_matrices(model)
    model.add_vehicle([records.vehicle(k, v, first[k]) for k, v in enumerate(types)])
    paired = {node for pair in problem.pairs for node in (pair.pickup, pair.delivery)}
    model.add_job([records.job(node) for node in problem.clients if node not in paired])
    model.add_job([records.shipment(pair) for pair in problem.pairs])
    return model, types


def our_solution(found: vroom.Solution, types: list[int]) -> Solution:
    """VROOM's plan as ours, given the vehicle type of each vehicle."""
    events: dict[int, list[Event]] = {}
    frame = found.routes
    if frame.empty:
        return Solution(())
    columns = (frame[name] for name in ("vehicle_id", "type", "id"))
    for vehicle, what, id in zip(*columns, strict=True):
        if what == "break":
            events.setdefault(int(vehicle), []).append(Event(BREAK, int(id)))
        elif what not in ("start", "end"):
            events.setdefault(int(vehicle), []).append(Event(VISIT, int(id)))
    return Solution(tuple(Route.of_events(row, types[k]) for k, row in events.items()))


@dataclass(frozen=True)
class _Records:
    """Makes VROOM's records; `end` is a time before which every sensible plan has ended."""

    api: ModuleType
    problem: Problem
    units: Units
    end: int
    priorities: Array  # (N,)
    stays: Stays

    def set_matrices(self, model: vroom.Input) -> None:
        """A profile holds its costs, which VROOM minimises with the fixed costs."""
        problem, units = self.problem, self.units
        for v, name in enumerate(self.profiles):
            if name in self.profiles[:v]:
                continue
            p = int(problem.profile[v])
            distance = without_forbidden(problem.distance_matrix(p))
            duration = without_forbidden(problem.duration_matrix(p))
            model.set_durations_matrix(name, units.time.up(self._at_places(duration)))
            model.set_costs_matrix(name, units.cost.up(self._at_places(arc_costs(problem, v))))
            if "max_distance" in problem.active:
                model.set_distances_matrix(name, units.length.up(self._at_places(distance)))

    def _at_places(self, table: Array) -> Array:
        return at_places(table, self.stays.place, self.stays.together)

    @cached_property
    def profiles(self) -> list[str]:
        """VROOM's profile of each type: the matrices and the price of a unit of distance."""
        rates = zip(self.problem.profile, self.problem.unit_distance_cost, strict=True)
        return [f"{profile} at {rate}" for profile, rate in rates]

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
            limits["max_distance"] = self.units.length.down(int(problem.max_distance[v]))
        if problem.max_driving[v] < UNLIMITED:
            limits["max_travel_time"] = self.units.time.down(int(problem.max_driving[v]))
        if problem.max_stops[v] < UNLIMITED:
            limits["max_tasks"] = int(problem.max_stops[v])
        total = problem.delivery.sum(axis=0) + problem.pickup.sum(axis=0)
        return self.api.Vehicle(
            k,
            start=self._place(start),
            end=None if end == NOWHERE else self._place(end),
            profile=self.profiles[v],
            capacity=np.minimum(problem.capacity[v], total).tolist(),
            skills=set(np.flatnonzero(problem.allowed[:, v]).tolist()),
            time_window=self._window(early, late),
            breaks=self._breaks(v),
            costs=self.api.VehicleCosts(fixed=int(self.units.cost.up(problem.fixed_cost[v]))),
            steps=self._steps(visits),
            type=str(problem.profile[v]),
            **limits,
        )

    def _breaks(self, v: int) -> list[vroom.Break]:
        """The breaks of a type, known by their index."""
        problem = self.problem
        total = problem.delivery.sum(axis=0) + problem.pickup.sum(axis=0)
        return [
            self.api.Break(
                index,
                time_windows=[self._window(*window) for window in pause.windows],
                service=int(self.units.time.up(pause.duration)),
                max_load=np.minimum(pause.max_load, total).tolist() if pause.max_load else None,
            )
            for index, pause in enumerate(problem.breaks)
            if pause.vehicle_type == v
        ]

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
            location=self._place(node),
            **self._stay(node),
            delivery=problem.delivery[node].tolist(),
            pickup=problem.pickup[node].tolist(),
            skills=self._skills(node),
            priority=int(self.priorities[node]),
            time_windows=self._windows(node),
        )

    def shipment(self, pair: Pair) -> vroom.Shipment:
        """A pair."""
        first, last = (
            self.api.ShipmentStep(
                node,
                self._place(node),
                **self._stay(node),
                time_windows=self._windows(node),
            )
            for node in (pair.pickup, pair.delivery)
        )
        return self.api.Shipment(
            first,
            last,
            amount=self.problem.pickup[pair.pickup].tolist(),
            skills=self._skills(pair.pickup) | self._skills(pair.delivery),
            priority=int(self.priorities[pair.pickup]),
        )

    def _place(self, node: int) -> int:
        return int(self.stays.place[node])

    def _stay(self, node: int) -> dict[str, dict[str, int]]:
        """Setup and service by the type of vehicle, which is its profile."""
        return {
            f"{name}_per_type": {
                str(p): int(self.units.time.up(steps)) for p, steps in enumerate(table[:, node])
            }
            for name, table in (("setup", self.stays.setup), ("service", self.stays.service))
        }

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
        time, origin = self.units.time, self.units.origin
        begin = int(time.up(max(early - origin, 0)))
        return self.api.TimeWindow(begin, max(time.down(min(late, self.end) - origin), begin))
