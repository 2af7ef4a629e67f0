"""A problem as PyVRP's records: depots, clients and their groups, shipments, vehicle types."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from polyroute.heuristics.baselines.pyvrp.arcs import Arcs
from polyroute.heuristics.baselines.pyvrp.loads import Loads
from polyroute.heuristics.baselines.pyvrp.numbering import Numbering
from polyroute.heuristics.baselines.pyvrp.phases import steps
from polyroute.vrp.problem import NOWHERE, UNLIMITED, Array, Problem

if TYPE_CHECKING:
    import pyvrp

NO_LIMIT = int(np.iinfo(np.int64).max)
"""PyVRP's own word for no limit."""


def build_data(
    api: ModuleType, problem: Problem, numbering: Numbering, arcs: Arcs, loads: Loads
) -> tuple[pyvrp.ProblemData, int]:
    """The problem as `api`, PyVRP, holds it, and by how much its costs are above ours."""
    records = _Records(api, problem, numbering, arcs, loads)
    prizes, offset = _prizes(problem, numbering)
    groups = _groups(problem, numbering)
    data = api.ProblemData(
        locations=[api.Location(0, 0) for _ in numbering.places],
        clients=records.clients(prizes, groups),
        depots=records.depots(),
        vehicle_types=[records.vehicle_type(v) for v in numbering.types],
        distance_matrices=arcs.distances,
        duration_matrices=arcs.durations,
        groups=records.client_groups(groups),
        shipments=records.shipments(),
    )
    return data, offset


def _earned(problem: Problem) -> Array:
    """What the best type earns at each node."""
    best: Array = problem.preference.max(axis=1)
    return best


def _groups(problem: Problem, numbering: Numbering) -> list[tuple[list[int], bool]]:
    """Whose copies exclude each other, and whether one must be visited: ours, then the others."""
    groups = [(list(group.clients), group.required) for group in problem.groups]
    grouped = {node for nodes, _ in groups for node in nodes}
    return groups + [
        ([node], bool(problem.required[node]))
        for node, own in numbering.members.items()
        if len(own) > 1 and node not in grouped
    ]


def _prizes(problem: Problem, numbering: Numbering) -> tuple[dict[int, int], int]:
    """The prize of each copy of a client, and by how much PyVRP's costs are above ours."""
    best = _earned(problem)
    grouped = {node for group in problem.groups for node in group.clients}
    prizes, offset = {}, int(best.sum())
    for node, own in numbering.members.items():
        prizes[node] = 0 if problem.required[node] else int(problem.prize[node])
        if not problem.required[node] or node in grouped:
            prizes[node] += int(best[node])
            offset += (len(own) - 1) * prizes[node]
    return prizes, offset


@dataclass(frozen=True)
class _Records:
    """Makes PyVRP's records."""

    api: ModuleType
    problem: Problem
    numbering: Numbering
    arcs: Arcs
    loads: Loads

    def depots(self) -> list[pyvrp.Depot]:
        """Ours, and nowhere."""
        problem = self.problem
        ours = [
            self.api.Depot(d, int(problem.tw_early[d, 0]), _limit(problem.tw_late[d, 0]))
            for d in range(problem.num_depots)
        ]
        return [*ours, self.api.Depot(problem.num_depots)]

    def client_groups(self, groups: list[tuple[list[int], bool]]) -> list[pyvrp.ClientGroup]:
        """Groups of copies."""
        members = self.numbering.members
        return [
            self.api.ClientGroup([k for node in nodes for k in members[node]], required)
            for nodes, required in groups
        ]

    def clients(
        self, prizes: dict[int, int], groups: list[tuple[list[int], bool]]
    ) -> list[pyvrp.Client]:
        """The copies of all who are in no pair."""
        problem, loads = self.problem, self.loads
        group_of = {node: index for index, (nodes, _) in enumerate(groups) for node in nodes}
        return [
            self.api.Client(
                self.numbering.location[copy.node, copy.step],
                delivery=loads.delivery[copy.node].tolist(),
                pickup=loads.pickup[copy.node].tolist(),
                service_duration=int(problem.service[copy.node]),
                tw_early=copy.early,
                tw_late=_limit(copy.late),
                release_time=min(int(problem.release[copy.node]), copy.late),
                prize=prizes[copy.node],
                required=bool(problem.required[copy.node]) and copy.node not in group_of,
                group=group_of.get(copy.node),
            )
            for copy in self.numbering.copies
        ]

    def shipments(self) -> list[pyvrp.Shipment]:
        """The pairs; one whose ends are not both optional must be served."""
        problem, location, shipments = self.problem, self.numbering.location, []
        for pair in problem.pairs:
            ends = [pair.pickup, pair.delivery]
            first, last = (location[node, steps(problem, node)[0]] for node in ends)
            (early, late), (early_last, late_last) = (
                (int(problem.tw_early[node, 0]), _limit(problem.tw_late[node, 0])) for node in ends
            )
            required = bool(problem.required[ends].any())
            shipments.append(
                self.api.Shipment(
                    first,
                    last,
                    early,
                    late,
                    int(problem.service[pair.pickup]),
                    early_last,
                    max(early, late_last),
                    int(problem.service[pair.delivery]),
                    self.loads.pickup[pair.pickup].tolist(),
                    0 if required else int((problem.prize + _earned(problem))[ends].sum()),
                    required,
                )
            )
        return shipments

    def vehicle_type(self, v: int) -> pyvrp.VehicleType:
        """A vehicle type of ours, with no more vehicles than clients."""
        problem, arcs = self.problem, self.arcs
        end = int(problem.end_depot[v])
        shift, overtime = _limit(problem.max_duration[v]), 0
        if problem.overtime_cost[v]:
            regular = min(_limit(problem.regular_duration[v]), shift)
            shift, overtime = regular, shift - regular
        return self.api.VehicleType(
            num_available=min(int(problem.count[v]), max(problem.num_clients, 1)),
            capacity=[_limit(bound) for bound in self.loads.capacity[v]],
            start_depot=int(problem.start_depot[v]),
            end_depot=problem.num_depots if end == NOWHERE else end,
            fixed_cost=int(problem.fixed_cost[v]),
            tw_early=int(problem.shift_early[v]),
            tw_late=_limit(problem.shift_late[v]),
            shift_duration=shift,
            max_distance=_limit(arcs.max_distance[v]),
            unit_distance_cost=arcs.unit_distance_cost[v],
            unit_duration_cost=int(problem.unit_duration_cost[v]),
            profile=arcs.profile[v],
            max_overtime=overtime,
            unit_overtime_cost=int(problem.overtime_cost[v]),
            **self._reloads(v),
        )

    def _reloads(self, v: int) -> dict[str, Any]:
        """Where a type may reload, and how often."""
        for item in self.problem.reloads:
            if item.vehicle_type == v:
                most = min(item.most, self.problem.num_clients)  # an empty trip is of no use
                return {"reload_depots": list(item.depots), "max_reloads": most}
        return {}


def _limit(value: int | np.integer) -> int:
    return NO_LIMIT if value >= UNLIMITED else int(value)
