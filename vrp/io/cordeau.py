"""Read Cordeau's text formats for several depots (MDVRP, MDVRPTW): problems and their plans.

Reference: J.-F. Cordeau, M. Gendreau, G. Laporte, "A tabu search heuristic for periodic and
multi-depot vehicle routing problems", Networks 30(2), 1997.
"""

from __future__ import annotations

import numpy as np

from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.errors import ReadError
from polyroute.vrp.io.exact import exact_problem
from polyroute.vrp.io.text import Block, integer, number
from polyroute.vrp.problem import Problem
from polyroute.vrp.solution import Route, Solution

MDVRP, MDVRPTW = 2, 6

OTHERS = {0: "VRP", 1: "PVRP", 3: "SDVRP", 4: "VRPTW", 5: "PVRPTW", 7: "SDVRPTW"}
"""The other types of the format, which this reader does not know."""

Row = tuple[int, list[str]]  # line number, words


def read_cordeau(text: str, round: str | None = None) -> Problem:
    """The problem in a Cordeau file; arcs are not rounded unless `round` tells, as published.

    Nodes may stand in any order, customers are those with the smaller numbers. Each depot has a
    vehicle type of its own, whose routes return to it. A duration or a load of 0
    means no limit. Depots become the first nodes; `Problem.node_id` keeps the file's numbers.

    Raises ReadError with the line of what is malformed.
    """
    rows = list(Block("", 1, text).rows())
    kind, vehicles, clients, depots = _head(rows[0])
    expected = 1 + depots + clients + depots
    if len(rows) != expected:
        raise ReadError(
            f"found {len(rows)} lines, expected {expected}: one, {depots} for the vehicles of each "
            f"depot, {clients} for the customers and {depots} for the depots",
            line=rows[min(len(rows), expected) - 1][0],
        )
    limits = np.array([_limits(row) for row in rows[1 : 1 + depots]])
    places = sorted(rows[1 + depots :], key=_number)
    nodes = [_node(row, kind, number) for number, row in enumerate(places, start=1)]
    for (line, _), values in zip(places[clients:], nodes[clients:], strict=True):
        if values[2] or values[3]:
            raise ReadError("service time and demand of a depot, expected 0 and 0", line=line)
    table = np.array(nodes[clients:] + nodes[:clients])  # depots first
    own = np.arange(depots, dtype=np.float64)
    raw = {
        "coords": table[:, :2],
        "service": table[:, 2],
        "delivery": table[:, 3, None],
        "count": np.full(depots, float(vehicles)),
        "max_duration": limits[:, 0],
        "capacity": limits[:, 1, None],
        "start_depot": own,
        "end_depot": own,
    }
    if kind == MDVRPTW:
        raw |= {"tw_early": table[:, 4, None], "tw_late": table[:, 5, None]}
    numbers = [*range(clients + 1, clients + depots + 1), *range(1, clients + 1)]
    return exact_problem(
        raw,
        ArcRule.from_label(round or "none"),
        num_depots=depots,
        node_id=tuple(map(str, numbers)),
    )


def read_cordeau_plan(text: str, problem: Problem) -> Solution:
    """The plan in a ``.res`` file: its cost, then depot, vehicle, duration, load, route a line.

    The cost and the figures of routes are passed over; `vrp.check` finds them anew. Raises
    ReadError for a line that is no route, or a number that is no depot or client.
    """
    clients = problem.num_clients
    routes = []
    for line, words in list(Block("", 1, text).rows())[1:]:
        if len(words) < 4:
            raise ReadError(
                f"found {len(words)} values, expected depot, vehicle, duration, load and a route",
                line=line,
            )
        depot = integer(words[0], "the depot", line, 1)
        if depot > problem.num_depots:
            raise ReadError(f"the depot is {depot}, expected 1 to {problem.num_depots}", line=line)
        visits = [integer(word, "a client", line, 0) for word in words[4:]]
        if any(visit > clients + problem.num_depots for visit in visits):
            raise ReadError(f"a client is {max(visits)}, expected 1 to {clients}", line=line)
        # 0, or a number above the clients', is the depot
        nodes = tuple(problem.num_depots + v - 1 for v in visits if 0 < v <= clients)
        routes.append(Route(nodes, depot - 1))
    return Solution(tuple(routes))


def _head(row: Row) -> tuple[int, int, int, int]:
    """Type, vehicles of each depot, customers and depots."""
    line, words = row
    names = (
        "the type",
        "the number of vehicles",
        "the number of customers",
        "the number of depots",
    )
    if len(words) != len(names):
        raise ReadError(f"found {len(words)} values, expected {', '.join(names)}", line=line)
    kind, *sizes = (
        integer(word, name, line, least)
        for word, name, least in zip(words, names, (0, 1, 1, 1), strict=True)
    )
    if kind not in (MDVRP, MDVRPTW):
        name = f" ({OTHERS[kind]})" if kind in OTHERS else ""
        raise ReadError(
            f"the type is {kind}{name}, expected {MDVRP} (MDVRP) or {MDVRPTW} (MDVRPTW)", line=line
        )
    return kind, sizes[0], sizes[1], sizes[2]


def _number(row: Row) -> int:
    """The number of a node, by which rows are sorted; one that is none is told of in its turn."""
    word = row[1][0]
    return int(word) if word.isascii() and word.isdigit() and len(word) < 16 else 0


def _limits(row: Row) -> tuple[float, float]:
    """Longest duration and largest load of a depot's vehicles, infinite where the file has 0."""
    line, words = row
    if len(words) != 2:
        raise ReadError(
            f"found {len(words)} values, expected the duration and the load of a depot's vehicles",
            line=line,
        )
    duration, load = (
        _positive(word, name, line) for word, name in zip(words, ("duration", "load"), strict=True)
    )
    return duration or np.inf, load or np.inf


def _node(row: Row, kind: int, expected: int) -> tuple[float, ...]:
    """x, y, service time, demand and, with windows, earliest and latest start."""
    line, words = row
    windows = 2 if kind == MDVRPTW else 0
    least = 7 + windows
    choices = integer(words[6], "the number of visit combinations", line, 0) if words[6:] else 0
    if len(words) != least + choices:
        raise ReadError(
            f"found {len(words)} values, expected {least} and the {choices} visit combinations",
            line=line,
        )
    if integer(words[0], "the number of a node", line, 1) != expected:
        raise ReadError(f"the number of a node is {words[0]}, expected {expected}", line=line)
    x, y = (number(word, name, line) for word, name in zip(words[1:3], "xy", strict=True))
    service = _positive(words[3], "the service time", line)
    demand = _positive(words[4], "the demand", line)
    if integer(words[5], "the frequency", line, 0) > 1:
        raise ReadError(
            f"the frequency is {words[5]}, expected 1 (several visits are not supported)", line=line
        )
    if not windows:
        return x, y, service, demand
    early, late = (_positive(word, "a time window's end", line) for word in words[-2:])
    if early > late:
        raise ReadError(f"a time window is {words[-2]} to {words[-1]}, expected it to end later",
                        line=line)  # fmt: skip
    return x, y, service, demand, early, late


def _positive(word: str, what: str, line: int) -> float:
    value = number(word, what, line)
    if value < 0:
        raise ReadError(f"{what} is {word}, expected 0 or more", line=line)
    return value
