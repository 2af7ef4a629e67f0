"""Kinds of vehicles: vehicle types that differ in name and number only are one kind to kernels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from polyroute.heuristics.layout.stopovers import breaks_of
from polyroute.vrp.problem import ATTRIBUTES, Problem


@dataclass(frozen=True)
class VehicleKinds:
    """Which vehicle types each kind of vehicle stands for."""

    types: tuple[tuple[int, ...], ...]
    counts: tuple[int, ...]  # of each kind, at most one vehicle a client
    limits: tuple[int, ...]  # of each vehicle type

    @classmethod
    def of(cls, problem: Problem) -> VehicleKinds:
        """Put vehicle types together that differ in name and number only; leave unused ones out."""
        groups: dict[bytes, list[int]] = {}
        for vehicle_type in range(problem.num_vehicle_types):
            if problem.count[vehicle_type] > 0:
                groups.setdefault(_signature(problem, vehicle_type), []).append(vehicle_type)
        most = problem.num_clients
        limits = [min(int(count), most) for count in problem.count]
        counts = [min(sum(limits[one] for one in group), most) for group in groups.values()]
        return cls(tuple(map(tuple, groups.values())), tuple(counts), tuple(limits))

    @property
    def examples(self) -> list[int]:
        """A vehicle type of each kind."""
        return [types[0] for types in self.types]


def _signature(problem: Problem, vehicle_type: int) -> bytes:
    """All that matters of a vehicle type, but its number."""
    rows = []
    for item in ATTRIBUTES:
        if "V" in item.axes and item.name != "count":
            row = np.take(getattr(problem, item.name), vehicle_type, axis=item.axes.index("V"))
            rows.append(np.ascontiguousarray(row).tobytes())
    rows.append(_stopover_signature(problem, vehicle_type))
    return b"|".join(rows)


def _stopover_signature(problem: Problem, vehicle_type: int) -> bytes:
    """All that reloads, breaks and pins say of a vehicle type, but its number."""
    reloads = [
        (sorted(item.depots), item.most)
        for item in problem.reloads
        if item.vehicle_type == vehicle_type
    ]
    breaks = [problem.breaks[i] for i in breaks_of(problem, vehicle_type)]
    rests = [(item.windows, item.duration, item.max_load, item.on_the_road) for item in breaks]
    pins = [item.visits for item in problem.pins if item.vehicle_type == vehicle_type]
    return repr((reloads, rests, pins)).encode()
