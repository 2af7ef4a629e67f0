"""Read Li and Lim's text format: pickups and deliveries in pairs, with time windows (PDPTW).

Reference: H. Li, A. Lim, "A metaheuristic for the pickup and delivery problem with time windows",
International Journal on Artificial Intelligence Tools 12(2), 2003.
"""

from __future__ import annotations

import numpy as np

from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.errors import ReadError
from polyroute.vrp.io.exact import exact_problem
from polyroute.vrp.io.pairs import match_pairs
from polyroute.vrp.io.text import Block, Table, integer, number
from polyroute.vrp.problem import Problem
from polyroute.vrp.structure import Pair

COLUMNS = ("x", "y", "demand", "ready time", "due date", "service time", "pickup", "delivery")


def read_lilim(text: str, round: str | None = None) -> Problem:
    """The problem in a Li-Lim file; arcs are not rounded unless `round` tells, as published.

    Task 0 is the depot; its window bounds every route. A task with a positive demand picks up what
    the task in its last column gets, which names it in the column before.

    Raises ReadError with the line of what is malformed.
    """
    rows = list(Block("", 1, text).rows())
    line, words = rows[0]
    if len(words) != 3:
        raise ReadError(
            f"found {len(words)} values, expected the number, the capacity and the speed of the "
            "vehicles",
            line=line,
        )
    count = integer(words[0], "the number of vehicles", line, 1)
    capacity = number(words[1], "the capacity", line)
    speed = number(words[2], "the speed", line)
    if speed != 1:
        raise ReadError(f"the speed is {speed:g}, expected 1 (others are not supported)", line=line)
    block = Block("tasks", line + 1, "".join(text.split("\n", line)[line:]))
    table = Table.read(block, "task", COLUMNS, 0, None)
    tasks = range(len(table.values))
    demand = table.column("demand")
    ready, due, service = (table.column(name, least=0.0) for name in COLUMNS[3:6])
    for name in ("demand", "service time", "pickup", "delivery"):
        table.expect_zero(name, 0, "the depot")
    table.expect_at_most("demand", capacity, "capacity")
    table.expect_at_most("ready time", due, "due date")
    return exact_problem(
        {
            "coords": table.values[:, :2],
            "pickup": np.maximum(demand, 0.0)[:, None],
            "delivery": np.maximum(-demand, 0.0)[:, None],
            "tw_early": ready[:, None],
            "tw_late": due[:, None],
            "service": service,
            "capacity": np.array([[capacity]]),
            "count": np.array([count], dtype=np.float64),
        },
        ArcRule.from_label(round or "none"),
        node_id=tuple(map(str, range(len(demand)))),
        pairs=tuple(Pair(*ends) for ends in match_pairs(table, demand, tasks)),
    )
