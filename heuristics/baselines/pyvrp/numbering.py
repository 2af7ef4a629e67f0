"""Which of PyVRP's clients, shipments, locations and vehicle types stand for what of ours."""

from __future__ import annotations

from dataclasses import dataclass

from polyroute.heuristics.baselines.fleet import usable_types
from polyroute.heuristics.baselines.pyvrp.arcs import NOWHERE_AT
from polyroute.heuristics.baselines.pyvrp.copies import Copy, copies
from polyroute.heuristics.baselines.pyvrp.phases import Step, steps
from polyroute.vrp.problem import Problem

Place = tuple[int, Step | None]
"""A node of ours, or NOWHERE_AT, and what a visit there does to the phase of a route."""


@dataclass(frozen=True)
class Numbering:
    """Lists run over PyVRP's numbers, dictionaries lead to them."""

    types: list[int]  # vehicle types of ours
    copies: list[Copy]  # what its clients are
    members: dict[int, list[int]]  # the copies of each client who is in no pair
    ends: dict[int, tuple[int, bool]]  # each paired client's shipment, and whether it begins there
    places: list[Place]  # its locations, depots first
    location: dict[Place, int]


def number(problem: Problem) -> Numbering:
    """Number what a problem has, as PyVRP's data will list it."""
    ends = {
        node: (index, node == pair.pickup)
        for index, pair in enumerate(problem.pairs)
        for node in (pair.pickup, pair.delivery)
    }
    alone = [node for node in problem.clients if node not in ends]
    clients = [copy for node in alone for copy in copies(problem, node)]
    members: dict[int, list[int]] = {}
    for index, copy in enumerate(clients):
        members.setdefault(copy.node, []).append(index)
    depots = [(node, None) for node in (*range(problem.num_depots), NOWHERE_AT)]
    stops = [(copy.node, copy.step) for copy in clients]
    stops += [(node, steps(problem, node)[0]) for node in sorted(ends)]
    places: list[Place] = list(dict.fromkeys([*depots, *stops]))
    location = {place: index for index, place in enumerate(places)}
    return Numbering(usable_types(problem), clients, members, ends, places, location)
