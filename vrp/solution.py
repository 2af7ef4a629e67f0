"""A plan: which vehicle type visits which clients in which order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vrp.errors import ProblemError
from vrp.problem import Problem


@dataclass(frozen=True)
class Route:
    """One vehicle's round: client nodes in order; depots are those of the vehicle type."""

    visits: tuple[int, ...]
    vehicle_type: int = 0

    def __len__(self) -> int:
        return len(self.visits)


@dataclass(frozen=True)
class Solution:
    """Routes in order; clients that no route visits are unserved. Judged by `vrp.check`."""

    routes: tuple[Route, ...]

    @classmethod
    def from_visits(cls, visits: Iterable[Sequence[int]], vehicle_type: int = 0) -> Solution:
        """Routes of one vehicle type from sequences of client nodes; empty ones are dropped."""
        return cls(
            tuple(
                Route(tuple(int(v) for v in route), vehicle_type) for route in visits if len(route)
            )
        )

    @classmethod
    def from_numbers(
        cls, problem: Problem, numbers: Iterable[Sequence[int]], vehicle_type: int = 0
    ) -> Solution:
        """Routes from client numbers as in a CVRPLIB ``.sol``: from 1, depots not counted.

        Raises ProblemError for a number outside 1 to the number of clients.
        """
        routes: list[list[int]] = []
        for route in numbers:
            for number in route:
                if not 1 <= number <= problem.num_clients:
                    raise ProblemError(
                        f"route {len(routes) + 1} visits client {number}, "
                        f"expected 1 to {problem.num_clients}"
                    )
            routes.append([number + problem.num_depots - 1 for number in route])
        return cls.from_visits(routes, vehicle_type)

    def numbers(self, problem: Problem) -> list[list[int]]:
        """Visits as in a CVRPLIB ``.sol``: clients from 1, depots not counted."""
        return [[node - problem.num_depots + 1 for node in route.visits] for route in self.routes]

    def unserved(self, problem: Problem) -> list[int]:
        """Client nodes that no route visits, in order."""
        served = {node for route in self.routes for node in route.visits}
        return [node for node in problem.clients if node not in served]
