"""A plan: which vehicle type visits which clients in which order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from polyroute.vrp.errors import ProblemError
from polyroute.vrp.problem import Problem

VISIT, RELOAD, BREAK = "visit", "reload", "break"


class Event(NamedTuple):
    """Something that a vehicle does between its start and its end."""

    what: str  # VISIT, RELOAD or BREAK
    number: int  # a client node, a depot, an index into Problem.breaks


@dataclass(frozen=True)
class Route:
    """One vehicle's round: client nodes in order; its ends are those of the vehicle type.

    Reloads are (position, depot) and breaks (position, index into `Problem.breaks`): before
    visits[position], or after the last where the position is the number of visits. The positions
    do not decrease; of a reload and a break at one position the reload comes first.
    """

    visits: tuple[int, ...]
    vehicle_type: int = 0
    reloads: tuple[tuple[int, int], ...] = ()
    breaks: tuple[tuple[int, int], ...] = ()

    def __len__(self) -> int:
        return len(self.visits)

    @classmethod
    def of_events(cls, events: Iterable[Event], vehicle_type: int = 0) -> Route:
        """The route on which `events` happen in this order.

        Raises ProblemError for a reload right after a break, which no route can say.
        """
        visits: list[int] = []
        reloads: list[tuple[int, int]] = []
        breaks: list[tuple[int, int]] = []
        for what, number in events:
            if what == VISIT:
                visits.append(number)
            elif what == BREAK:
                breaks.append((len(visits), number))
            elif breaks and breaks[-1][0] == len(visits):
                raise ProblemError("a reload follows a break at the same stop, expected it before")
            else:
                reloads.append((len(visits), number))
        return cls(tuple(visits), vehicle_type, tuple(reloads), tuple(breaks))

    @property
    def events(self) -> tuple[Event, ...]:
        """Visits, reloads and breaks in the order in which they happen."""
        if not self.reloads and not self.breaks:
            return tuple(Event(VISIT, node) for node in self.visits)
        between: list[list[Event]] = [[] for _ in range(len(self.visits) + 1)]
        for position, depot in self.reloads:
            between[position].append(Event(RELOAD, depot))
        for position, index in self.breaks:
            between[position].append(Event(BREAK, index))
        events = between[0]
        for node, after in zip(self.visits, between[1:], strict=True):
            events += [Event(VISIT, node), *after]
        return tuple(events)

    @property
    def trips(self) -> tuple[tuple[int, ...], ...]:
        """The visits between one depot and the next, one more than there are reloads."""
        cuts = [0, *(position for position, _ in self.reloads), len(self.visits)]
        return tuple(self.visits[a:b] for a, b in pairwise(cuts))


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
