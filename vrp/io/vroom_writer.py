"""Writing a problem as VROOM's JSON, from which VROOM and `vrp.io.vroom` read the same problem.

Times and lengths are written in the problem's steps, for VROOM takes whole numbers: seconds where a
second is the unit. So are costs, unless all prices are whole in the problem's own unit. Each
vehicle of a type is written alone. VROOM leaves out whom it cannot serve, so clients who must be
served are written as tasks like any others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from polyroute.vrp.errors import UnsupportedError
from polyroute.vrp.io.jsontext import Json, Object, layout
from polyroute.vrp.io.vroom import ANYWHERE
from polyroute.vrp.io.vroom_arcs import HOUR, KILOMETRE
from polyroute.vrp.io.vroom_matrices import LARGEST_ENTRY
from polyroute.vrp.io.vroom_names import breaks, described, task_kinds, task_numbers, vehicles
from polyroute.vrp.io.vroom_priority import priorities
from polyroute.vrp.problem import NOWHERE, UNLIMITED, Array, Problem

SUPPORTS = frozenset(
    "delivery pickup capacity several_loads tw_early tw_late several_windows service required "
    "prize allowed count start_depot end_depot open_routes several_depots several_vehicle_types "
    "fixed_cost unit_distance_cost shift_early shift_late max_distance max_stops profile profiles "
    "asymmetric pairs breaks breaks_on_the_road arc_cost max_driving".split()
)
LATEST = LARGEST_ENTRY - 1
"""The end of a window that only begins."""


def problem_to_vroom(problem: Problem) -> str:
    """The problem as VROOM's JSON.

    Raises UnsupportedError, which names what VROOM's JSON cannot say.
    """
    beyond = problem.active - SUPPORTS
    if beyond:
        _refuse(*beyond)
    if any(not pause.on_the_road for pause in problem.breaks):
        _refuse("breaks that are taken at stops only")
    return layout(_Writer(problem).document()) + "\n"


def _refuse(*what: str) -> None:
    raise UnsupportedError("VROOM's JSON", what)


class _Writer:
    """A problem on its way to VROOM's JSON."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.kinds = task_kinds(problem)
        self.numbers = task_numbers(problem)
        self.priorities = self._priorities()
        self.skills = self._skills()
        loads = problem.delivery.any() or problem.pickup.any()
        self.has_loads = bool(loads) or "capacity" in problem.active
        profiles = range(problem.size("P"))
        stored = problem.distance is not None
        self.distances = [
            problem.distance[p] if stored else problem.distance_matrix(p) for p in profiles
        ]
        self.durations = (
            [*problem.duration] if problem.duration is not None else [m for m in self.distances]
        )
        self.by_time = [
            np.array_equal(a, b) for a, b in zip(self.distances, self.durations, strict=True)
        ]
        self.has_costs = "arc_cost" in problem.active
        if self.has_costs and problem.unit_distance_cost.any():
            _refuse("arc_cost beside unit_distance_cost")
        self.anywhere = self._anywhere()
        nodes = [node for node in range(problem.num_nodes) if node != self.anywhere]
        self.nodes = np.array(nodes)
        self.place = {node: index for index, node in enumerate(nodes)}
        self.unit = self._unit()

    def document(self) -> Json:
        """The whole input."""
        jobs = [node for node in self.problem.clients if self.kinds[node] == "job"]
        document: Object = {
            "vehicles": [self._vehicle(id, kind) for id, kind in vehicles(self.problem)],
            "jobs": [self._job(node) for node in jobs],
            "shipments": self._shipments(),
            "matrices": {self._profile(p): self._matrices(p) for p in range(len(self.durations))},
        }
        return document

    # -- arcs and prices -------------------------------------------------------------------

    def _anywhere(self) -> int | None:
        """The depot that stands for no start, if it is no way from and to anywhere."""
        depots = self.problem.node_id[: self.problem.num_depots]
        if ANYWHERE not in depots:
            return None
        node = depots.index(ANYWHERE)
        used = any(m[node].any() or m[:, node].any() for m in [*self.distances, *self.durations])
        return None if used else node

    def _profile(self, number: int) -> str:
        return "car" if len(self.durations) == 1 else f"profile {number + 1}"

    def _matrices(self, number: int) -> Object:
        found: Object = {"durations": self._square(self.durations[number])}
        if not self.by_time[number]:
            found["distances"] = self._square(self.distances[number])
        if self.has_costs:
            found["costs"] = self._square(self.problem.arc_cost[number] // self.unit)
        return found

    def _square(self, matrix: Array) -> Json:
        square = matrix[np.ix_(self.nodes, self.nodes)]
        if (square >= UNLIMITED).any():
            _refuse("forbidden arcs")
        if (square >= LARGEST_ENTRY).any():
            _refuse("arcs of 2^32 steps and more")
        return cast("Json", square.tolist())

    def _unit(self) -> int:
        """Our steps of cost in one of VROOM's: those of the problem's unit if prices stay whole."""
        problem = self.problem
        unit = problem.scales.cost
        prices = [
            *problem.fixed_cost.tolist(),
            *(self._per_hour_or_km(kind) for kind in range(problem.num_vehicle_types)),
        ]
        whole = all(price % unit == 0 for price in prices)
        if self.has_costs:
            whole = whole and not (problem.arc_cost % unit).any()
        return unit if whole else 1

    def _per_hour_or_km(self, kind: int) -> int:
        by_time = self.by_time[int(self.problem.profile[kind])]
        return int(self.problem.unit_distance_cost[kind]) * (HOUR if by_time else KILOMETRE)

    # -- vehicles --------------------------------------------------------------------------

    def _vehicle(self, id: int, kind: int) -> Object:
        problem = self.problem
        profile = int(problem.profile[kind])
        by_time = self.by_time[profile]
        price = self._per_hour_or_km(kind) // self.unit
        row: Object = {"id": id, "profile": self._profile(profile)}
        row |= described(problem.vehicle_name[kind], problem.vehicle_id[kind], id)
        for name, node in (
            ("start", int(problem.start_depot[kind])),
            ("end", int(problem.end_depot[kind])),
        ):
            if node not in (NOWHERE, self.anywhere):
                row |= {f"{name}_index": self.place[node]} | self._location(node, name)
        costs: Object = {"fixed": int(problem.fixed_cost[kind]) // self.unit}
        if not self.has_costs:
            costs |= {"per_hour": price if by_time else 0, "per_km": 0 if by_time else price}
        row["costs"] = costs
        if self.has_loads:
            room = problem.delivery.sum(axis=0) + problem.pickup.sum(axis=0)
            capacity = problem.capacity[kind]
            row["capacity"] = np.where(capacity >= UNLIMITED, room, capacity).tolist()
        window = self._shift(kind)
        if window != (0, UNLIMITED):
            row["time_window"] = _bounded(window)
        far, wheel = int(problem.max_distance[kind]), int(problem.max_driving[kind])
        for name, limit in (
            ("max_distance", UNLIMITED if by_time else far),
            ("max_travel_time", min(far, wheel) if by_time else wheel),
            ("max_tasks", int(problem.max_stops[kind])),
        ):
            if limit < UNLIMITED:
                row[name] = limit
        skills: list[Json] = [skill for skill, able in self.skills.values() if kind in able]
        if skills:
            row["skills"] = skills
        pauses = [(number, problem.breaks[index]) for number, index in breaks(problem, kind)]
        if pauses:
            row["breaks"] = [
                {"id": number, "service": pause.duration}
                | described("", pause.id, number)
                | _windows(pause.windows)
                | ({"max_load": [*pause.max_load]} if pause.max_load else {})
                for number, pause in pauses
            ]
        return row

    def _shift(self, kind: int) -> tuple[int, int]:
        """A vehicle's working hours, with those of its depots."""
        problem = self.problem
        start, end = int(problem.start_depot[kind]), int(problem.end_depot[kind])
        early = max(int(problem.shift_early[kind]), int(problem.tw_early[start, 0]))
        late = int(problem.shift_late[kind])
        if end != NOWHERE:
            late = min(late, int(problem.tw_late[end, 0]))
            if int(problem.tw_early[end, 0]) > early:
                _refuse("an end depot that opens after the start")
        if int(problem.tw_late[start, 0]) < late:
            _refuse("a start depot that closes before the end")
        return early, late

    def _skills(self) -> dict[bytes, tuple[int, set[int]]]:
        """A skill, and the types that have it, for each set of types that some client allows."""
        skills: dict[bytes, tuple[int, set[int]]] = {}
        for row in self.problem.allowed:
            if not row.all() and row.tobytes() not in skills:
                skills[row.tobytes()] = len(skills) + 1, {*np.flatnonzero(row).tolist()}
        return skills

    # -- tasks -----------------------------------------------------------------------------

    def _priorities(self) -> list[int]:
        problem = self.problem
        required = problem.required[problem.num_depots :]
        if required.all():
            return [0] * problem.num_nodes
        if required.any():
            _refuse("required clients beside optional ones")
        found = priorities(problem)
        if found is None:
            _refuse("prizes that are no priorities")
        return cast("Array", found).tolist()

    def _job(self, node: int) -> Object:
        problem = self.problem
        row = self._task(node) | self._shared(node)
        if self.has_loads:
            row["delivery"] = problem.delivery[node].tolist()
            row["pickup"] = problem.pickup[node].tolist()
        return row

    def _task(self, node: int) -> Object:
        """What stands with a job or one end of a shipment."""
        problem = self.problem
        row: Object = {"id": self.numbers[node], "location_index": self.place[node]}
        row |= described(problem.node_name[node], problem.node_id[node], self.numbers[node])
        row |= self._location(node, "location")
        if problem.service[node]:
            row["service"] = int(problem.service[node])
        bounds = zip(problem.tw_early[node], problem.tw_late[node], strict=True)
        return row | _windows(sorted({(int(early), int(late)) for early, late in bounds}))

    def _shared(self, node: int) -> Object:
        """What stands with a job or a shipment."""
        row: Object = {}
        allowed = self.problem.allowed[node]
        if not allowed.all():
            row["skills"] = [self.skills[allowed.tobytes()][0]]
        if self.priorities[node]:
            row["priority"] = self.priorities[node]
        return row

    def _shipments(self) -> list[Json]:
        problem = self.problem
        ends = [end for pair in problem.pairs for end in (pair.pickup, pair.delivery)]
        if len(set(ends)) < len(ends):
            _refuse("a client in two pairs")
        shipments: list[Json] = []
        for pair in problem.pairs:
            first, second = pair.pickup, pair.delivery
            same_goods = (problem.pickup[first] == problem.delivery[second]).all()
            if not same_goods or problem.delivery[first].any() or problem.pickup[second].any():
                _refuse("a pair whose ends do not have the same goods")
            if self._shared(first) != self._shared(second):
                _refuse("a pair whose ends differ in allowed or prize")
            row: Object = {"pickup": self._task(first), "delivery": self._task(second)}
            if self.has_loads:
                row["amount"] = problem.pickup[first].tolist()
            shipments.append(row | self._shared(first))
        return shipments

    def _location(self, node: int, key: str) -> Object:
        lonlat: Array | None = self.problem.lonlat
        return {} if lonlat is None else {key: lonlat[node].tolist()}


def _windows(windows: Sequence[tuple[int, int]]) -> Object:
    if [*windows] == [(0, UNLIMITED)]:
        return {}
    return {"time_windows": [_bounded(window) for window in windows]}


def _bounded(window: tuple[int, int]) -> list[Json]:
    early, late = window
    return [early, LATEST if late >= UNLIMITED else late]
