"""Random small problems of every class of `Rich`, and lists of all classes."""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.layout.facts import Facts
from polyroute.heuristics.search.solver import SearchSolver
from polyroute.heuristics.search.supported import not_taken
from polyroute.vrp.problem import NOWHERE, UNLIMITED, Backhaul, Problem
from polyroute.vrp.structure import Group, Pair
from tests.heuristics.random_problems.plain import (
    FAMILIES,
    Array,
    Family,
    Rng,
    cvrp,
    loads,
    matrix,
    releases,
    row,
    vrptw,
    windows,
)
from tests.random_attributes import random_problem


def two_depots(rng: Rng, n: int, **fields: object) -> Problem:
    """From and to the first depot, the second, and from the first to the second."""
    windows_of = windows(rng, n, 60)
    at_clients = np.zeros((n + 2, 1), dtype=np.int64)
    at_clients[2:] = loads(rng, n)["delivery"][1:]
    given = {
        "num_depots": 2,
        "coords": rng.integers(0, 31, (n + 2, 2)),
        "delivery": at_clients,
        "capacity": [[14], [20], [25]],
        "tw_early": np.concatenate([[[3]], windows_of["tw_early"]]),
        "tw_late": np.concatenate([[[120]], windows_of["tw_late"]]),
        "service": np.concatenate([[0], windows_of["service"]]),
        "start_depot": [0, 1, 0],
        "end_depot": [0, 1, 1],
        "count": [2, 2, 3],
    }
    return Problem(**given | fields)  # type: ignore[arg-type]


def mixed_fleet(rng: Rng, n: int, **fields: object) -> Problem:
    """Vehicles that cost differently in every way, with shifts of their own; few of each."""
    given = {
        "capacity": [[12], [25], [18]],
        "fixed_cost": [30, 0, 70],
        "unit_distance_cost": [1, 3, 2],
        "unit_duration_cost": [2, 0, 1],
        "regular_duration": [60, UNLIMITED, 40],
        "overtime_cost": [3, 0, 1],
        "shift_early": [0, 20, 10],
        "shift_late": [150, 130, 110],
        "count": [2, 3, 2],
    }
    return vrptw(rng, n, **given | fields)


def sizes(rng: Rng, n: int) -> Problem:
    """Vehicles that differ in what they take and cost, so that one can take another's route."""
    kinds = {"capacity": [[9], [16], [30]], "fixed_cost": [5, 20, 60], "count": [2, 2, 2]}
    return cvrp(rng, n, unit_distance_cost=[1, 1, 2], **kinds)


def pickups(rng: Rng, n: int, **fields: object) -> Problem:
    """Deliveries and pickups in two dimensions, anywhere on a route."""
    delivery, pickup = (row_of_two(rng.integers(0, 8, (n, 2))) for _ in range(2))
    pickup[rng.random(n + 1) < 0.4] = 0
    given = {"delivery": delivery, "pickup": pickup, "backhaul": Backhaul.MIXED}
    return cvrp(rng, n, **{**given, "capacity": [[16, 20]], **fields})


def row_of_two(clients: Array) -> Array:
    """Two values a node, zero at the depot."""
    return np.concatenate([np.zeros((1, 2), dtype=np.int64), clients])


def linehaul_first(rng: Rng, n: int, **fields: object) -> Problem:
    """Clients who get something, and clients who give something, behind them; now and then both."""
    delivery, pickup = (row(0, rng.integers(1, 8, n))[:, None] for _ in range(2))
    what = rng.choice(3, n + 1, p=[0.5, 0.4, 0.1])
    delivery[what == 1], pickup[what == 0] = 0, 0
    given = {"delivery": delivery, "pickup": pickup, "backhaul": Backhaul.LINEHAUL_FIRST}
    return cvrp(rng, n, **given | fields)


def profiles(rng: Rng, n: int, **fields: object) -> Problem:
    """Two matrices of lengths and of travel times that keep no triangle inequality."""
    lengths, times = (np.concatenate([matrix(rng, n), matrix(rng, n)]) for _ in range(2))
    given = {
        "distance": lengths,
        "duration": times,
        "profile": [0, 1, 1],
        "unit_distance_cost": [1, 1, 2],
        "unit_duration_cost": [0, 1, 0],
        "max_distance": [100, 130, UNLIMITED],
        "max_duration": [90, UNLIMITED, 120],
        "count": [3, 2, 2],
        "capacity": [[14], [20], [25]],
    }
    made = loads(rng, n) | windows(rng, n, 60) | given
    return Problem(**made | fields)


def closed_roads(rng: Rng, n: int) -> Problem:
    """Matrices in which some arcs are forbidden, in length or in time."""
    problem = profiles(rng, n)
    tables = {name: np.array(getattr(problem, name)) for name in ("distance", "duration")}
    for table in tables.values():
        table[rng.random(table.shape) < 0.04] = UNLIMITED
    return problem.replace(**tables)


def skills(rng: Rng, n: int) -> Problem:
    """Three kinds of vehicles, each of which may not serve some clients."""
    allowed = rng.random((n + 1, 3)) < 0.6
    allowed[np.arange(n + 1), rng.integers(0, 3, n + 1)] = True
    allowed[0] = True
    given = {"allowed": allowed, "count": [2, 2, 3], "capacity": [[14], [20], [9]]}
    return cvrp(rng, n, fixed_cost=[0, 5, 10], **given)


def prizes(rng: Rng, n: int, **fields: object) -> Problem:
    """Half of the clients may be left out, at a cost."""
    required = rng.random(n + 1) < 0.5
    required[0] = True
    given = {"required": required, "prize": row(0, rng.integers(0, 60, n)), "count": [3]}
    return cvrp(rng, n, **given | fields)


def alternatives(rng: Rng, n: int) -> Problem:
    """Groups of clients of whom one is served, must be served, or is worth a prize."""
    order = (1 + rng.permutation(n)).tolist()
    groups = tuple(
        Group(tuple(order[i : i + 3]), required=i % 2 == 0)
        for i in range(0, n - 2, 4)
        if len(order[i : i + 3]) > 1
    )
    return prizes(rng, n, groups=groups)


def paired(rng: Rng, n: int, **fields: object) -> Problem:
    """About a third of the clients give what another one gets; windows."""
    delivery, pickup = (row(0, rng.integers(0, 6, n))[:, None] for _ in range(2))
    pickup[:] = 0
    order = (1 + rng.permutation(n)).tolist()
    pairs = []
    for first, last in zip(order[0 : n // 2 : 2], order[1 : n // 2 + 1 : 2], strict=False):
        pairs.append(Pair(first, last))
        delivery[first] = 0
        delivery[last] = pickup[first] = rng.integers(1, 8)
    given = {"delivery": delivery, "pickup": pickup, "pairs": tuple(pairs)}
    return vrptw(rng, n, **{**given, "capacity": [[12]], "count": [4], **fields})


def anything(rng: Rng, n: int) -> Problem:
    """Any combination of what joins, with an objective of cost alone."""
    return combined(rng, n, SearchSolver.SUPPORTS - {"objective"}, labelled=False)


def labelled(rng: Rng, n: int) -> Problem:
    """Any combination that needs labelling, but no stopovers."""
    names = SearchSolver.SUPPORTS - {"objective", "breaks", "reloads", "pins"}
    return combined(rng, n, names, labelled=True)


def combined(rng: Rng, n: int, names: frozenset[str], *, labelled: bool) -> Problem:
    """A random combination of attributes that the search takes, labelled or not."""
    while True:
        problem = random_problem(rng, names, clients=n, chance=float(rng.choice([0.15, 0.25, 0.4])))
        if (
            not not_taken(problem)
            and Facts.of(problem).labelled == labelled
            and problem.size("L") <= 1 + (not labelled)
        ):
            return problem


RICH: dict[str, Family] = {
    "open routes": lambda rng, n: cvrp(rng, n, end_depot=[NOWHERE]),
    "open days": lambda rng, n: vrptw(rng, n, end_depot=[NOWHERE], shift_late=[90]),
    "two depots": two_depots,
    "two depots, open": lambda rng, n: two_depots(rng, n, end_depot=[0, NOWHERE, 1]),
    "mixed fleet": mixed_fleet,
    "mixed fleet, released": lambda rng, n: mixed_fleet(rng, n, **releases(rng, n)),
    "mixed pickups": pickups,
    "linehaul first": linehaul_first,
    "linehaul always": lambda rng, n: linehaul_first(rng, n, backhaul_only_routes=False),
    "few stops": lambda rng, n: cvrp(rng, n, max_stops=[2]),
    "profiles": profiles,
    "closed roads": closed_roads,
    "skills": skills,
    "prizes": prizes,
    "alternatives": alternatives,
    "pairs": paired,
    "pairs, mixed fleet": lambda rng, n: paired(
        rng, n, count=[2, 2], fixed_cost=[9, 0], unit_duration_cost=[1, 2], capacity=[[9], [15]]
    ),
    "anything": anything,
    "anything labelled": labelled,
}
"""Every class of problem of `Rich`, by name."""

EVERY = FAMILIES | RICH
"""Every class of problem."""

JOINED = {name: family for name, family in EVERY.items() if family is not labelled}
"""The families whose routes are joined from pieces."""

ANYWHERE = ("cvrp", "tsp", "tight windows", "mirrored travel times", "mixed fleet", "mixed pickups")
"""Classes in which anybody may be on any route, at a price."""
