"""Read Taillard's text format: a mixed fleet, costs by vehicle type, and coordinates (HVRP).

Reference: É. D. Taillard, "A heuristic column generation method for the heterogeneous fleet VRP",
RAIRO Operations Research 33(1), 1999.
"""

from __future__ import annotations

import numpy as np

from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.errors import ReadError
from polyroute.vrp.io.christofides import read_head, read_places, times
from polyroute.vrp.io.dlp import vehicle_type
from polyroute.vrp.io.exact import exact_problem
from polyroute.vrp.io.text import Block
from polyroute.vrp.problem import Problem

HEAD = (
    "the number of customers",
    "the number of vehicle types",
    "the longest time of a route",
    "the time at each customer",
    "0",
    "0",
)


def read_taillard(text: str, round: str | None = None) -> Problem:
    """The problem in one of Taillard's files; arcs are not rounded unless `round` tells.

    The first line is number of customers, of vehicle types, longest time, time at each customer
    and two zeros. A line a type follows (number, capacity, fixed cost, cost a unit of distance),
    then the depot's position, and position and demand of each customer. What follows ``//`` on a
    line is a comment. A longest time of 0 or 999999 is none.

    Raises ReadError with the line of what is malformed.
    """
    plain = "\n".join(line.partition("//")[0] for line in text.split("\n"))
    rows = list(Block("", 1, plain).rows())
    if not rows:
        raise ReadError("the file holds nothing but comments", line=1)
    line, _ = rows[0]
    clients, (types, longest, service, *rest) = read_head(rows[0], HEAD)
    if any(rest):
        raise ReadError(
            f"the last two numbers are {rest[0]:g} and {rest[1]:g}, expected 0 and 0", line=line
        )
    if types != int(types) or not 1 <= types < len(rows):
        raise ReadError(
            f"{HEAD[1]} is {types:g}, expected as many lines and a depot behind them", line=line
        )
    kinds = int(types)
    fleet = np.array([vehicle_type(*row, per="a unit of distance") for row in rows[1 : 1 + kinds]])
    coords, demand = read_places(rows[1 + kinds :], clients, float(fleet[:, 1].max()))
    raw = {
        "coords": coords,
        "delivery": demand[:, None],
        "count": fleet[:, 0],
        "capacity": fleet[:, 1, None],
        "fixed_cost": fleet[:, 2],
        "unit_distance_cost": fleet[:, 3],
    }
    raw |= times(longest, service, len(demand), kinds)
    return exact_problem(
        raw,
        ArcRule.from_label(round or "none"),
        node_id=tuple(map(str, range(len(demand)))),
    )
