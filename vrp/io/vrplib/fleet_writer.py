"""What a VRPLIB file says of vehicles: headers where all are alike, else sections with each one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from polyroute.vrp.errors import UnsupportedError
from polyroute.vrp.io.exact import plain
from polyroute.vrp.problem import NOWHERE, UNLIMITED, Array, Problem, Quantity

MOST_VEHICLES = 1_000_000
"""How many vehicles are listed one by one at the most."""


def refuse(*what: str) -> None:
    """Raise UnsupportedError for what a VRPLIB file cannot say."""
    raise UnsupportedError("a VRPLIB file", what)


def fleet_lines(problem: Problem, number: dict[int, int]) -> tuple[list[str], list[str]]:
    """Headers and sections on the vehicles; `number` is that of each node in the file."""
    writer = _Fleet(problem, number)
    return list(writer.headers()), list(writer.sections())


class _Fleet:
    """The vehicle types of a problem on their way to a file."""

    def __init__(self, problem: Problem, number: dict[int, int]) -> None:
        self.problem, self.number = problem, number
        ends = problem.end_depot
        if (ends != (NOWHERE if NOWHERE in ends else problem.start_depot)).any():
            refuse("end_depot")
        rate = problem.scales.of(Quantity.COST_PER_LENGTH)
        self.costs = {
            "VEHICLES_FIXED_COST_SECTION": (problem.fixed_cost, Quantity.COST, 0),
            "VEHICLES_UNIT_DISTANCE_COST_SECTION": (
                problem.unit_distance_cost,
                Quantity.COST_PER_LENGTH,
                rate,
            ),
        }
        self.limits = {
            "VEHICLES_MAX_DISTANCE": (problem.max_distance, Quantity.LENGTH),
            "VEHICLES_MAX_DURATION": (problem.max_duration, Quantity.TIME),
        }
        told = [values for values, _ in self.limits.values()]
        for values in (*told, problem.capacity):
            if (values >= UNLIMITED).any() and (values < UNLIMITED).any():
                refuse("limits that only some vehicles or loads have")
        self.listed = (
            problem.num_depots > 1
            or bool(problem.reloads)
            or (problem.size("L") > 1 and bool((problem.count < UNLIMITED).all()))
            or not problem.allowed.all()
            or any((values != neutral).any() for values, _, neutral in self.costs.values())
            or any((values != values[:1]).any() for values in (*told, problem.capacity))
        )
        # more vehicles than clients are never used
        counts = np.where(problem.count < UNLIMITED, problem.count, max(problem.num_clients, 1))
        if self.listed and counts.sum() > MOST_VEHICLES:
            refuse(f"more than {MOST_VEHICLES} vehicles of several kinds")
        kinds = np.arange(problem.num_vehicle_types)
        self.kinds = np.repeat(kinds, counts) if self.listed else kinds

    def headers(self) -> Iterator[str]:
        """What is the same for every vehicle, and how many there are."""
        problem = self.problem
        if self.listed:
            yield f"VEHICLES : {len(self.kinds)}"
            return
        total = int(problem.count.sum())
        if total < UNLIMITED:
            if not total:
                refuse("no vehicles at all")
            yield f"VEHICLES : {total}"
        if (problem.capacity < UNLIMITED).all():
            yield f"CAPACITY : {self._row(problem.capacity[0], Quantity.LOAD)}"
        for name, (values, quantity) in self.limits.items():
            if (values < UNLIMITED).all():
                yield f"{name} : {self._row(values[:1], quantity)}"

    def sections(self) -> Iterator[str]:
        """What is said of each vehicle."""
        if not self.listed:
            return
        problem = self.problem
        if not len(self.kinds):
            refuse("no vehicles at all")
        if (problem.capacity < UNLIMITED).all():
            yield from self._each(
                "CAPACITY_SECTION", lambda kind: self._row(problem.capacity[kind], Quantity.LOAD)
            )
        for name, (values, quantity) in self.limits.items():
            if (values < UNLIMITED).all():
                yield from self._column(f"{name}_SECTION", values, quantity)
        for name, (values, quantity, neutral) in self.costs.items():
            if (values != neutral).any():
                yield from self._column(name, values, quantity)
        if problem.num_depots > 1:
            starts = problem.start_depot
            yield from self._each(
                "VEHICLES_DEPOT_SECTION", lambda kind: str(self.number[int(starts[kind])])
            )
        if not problem.allowed.all():
            yield from self._each("VEHICLES_ALLOWED_CLIENTS_SECTION", self._allowed)
        yield from self._reloads()

    def _allowed(self, kind: int) -> str:
        clients = (node for node in self.problem.clients if self.problem.allowed[node, kind])
        return self._nodes(clients)

    def _reloads(self) -> Iterator[str]:
        reloads = {reload.vehicle_type: reload for reload in self.problem.reloads}
        if not reloads:
            return
        yield from self._each(
            "VEHICLES_RELOAD_DEPOT_SECTION",
            lambda kind: self._nodes(reloads[kind].depots if kind in reloads else ()),
        )
        most = [reload.most for reload in reloads.values()]
        if min(most) < UNLIMITED:
            if max(most) >= UNLIMITED:
                refuse("limits that only some vehicles or loads have")
            yield from self._each(
                "VEHICLES_MAX_RELOADS_SECTION",
                lambda kind: str(reloads[kind].most if kind in reloads else 0),
            )

    def _nodes(self, nodes: Iterable[int]) -> str:
        return " ".join(str(self.number[node]) for node in nodes)

    def _each(self, section: str, said: Callable[[int], str]) -> Iterator[str]:
        """A section with a row a vehicle."""
        yield section
        rows = {kind: said(kind) for kind in set(self.kinds.tolist())}
        for vehicle, kind in enumerate(self.kinds.tolist(), start=1):
            yield f"{vehicle} {rows[kind]}".rstrip()

    def _column(self, section: str, values: Array, quantity: Quantity) -> Iterator[str]:
        return self._each(section, lambda kind: self._row(values[kind : kind + 1], quantity))

    def _row(self, values: Array, quantity: Quantity) -> str:
        scale = self.problem.scales.of(quantity)
        return " ".join(plain(int(value), scale) for value in values)
