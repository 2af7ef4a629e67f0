"""Random small problems of every class that the search takes, random states, and slow twins.

A plan is a list of lists of clients in the kernels' numbers, one a route of a state, empty routes
included. Route r of a random plan is driven by vehicle kind ``fleet_of(problem)[r]``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise, zip_longest

import numpy as np

from polyroute.heuristics.kernels.arrays import (
    ABSENT,
    ARC_IN,
    ARC_OUT,
    COST,
    COUNTED,
    DEPOT,
    EXACT,
    FIRST,
    FORBIDDEN,
    KIND,
    LIMIT,
    LOAD_WEIGHT,
    MAX_ROUTES,
    MISSED,
    NEXT,
    POS,
    PRE_OPEN,
    PREV,
    ROUTE,
    ROUTE_LOAD,
    SIZE,
    STATE_COLUMNS,
    UNCOUNTED,
    WEIGH_2,
    WEIGH_STOPS,
    Load,
    Rich,
    State,
    Timed,
)
from polyroute.heuristics.kernels.cost.arcs import leg
from polyroute.heuristics.kernels.cost.evaluate import standing
from polyroute.heuristics.kernels.rng import seeded
from polyroute.heuristics.kernels.state import commit, depot_row, empty_state, load_routes
from polyroute.heuristics.layout.exact import is_exact
from polyroute.heuristics.layout.layout import is_rich, not_taken
from polyroute.heuristics.layout.neighbours import nearest
from polyroute.heuristics.layout.plain import to_arrays
from polyroute.heuristics.layout.rich import VehicleKinds, to_rich
from polyroute.heuristics.search.solver import SearchSolver
from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.check import RouteEvaluation, Violation, evaluate, judge_route
from polyroute.vrp.problem import NOWHERE, UNLIMITED, Backhaul, Problem, Scales
from polyroute.vrp.solution import Route, Solution
from polyroute.vrp.structure import Group, Pair
from tests.random_attributes import random_problem

Array = np.ndarray
Rng = np.random.Generator
Plan = list[list[int]]
Vector = tuple[float, float, float, float]

# Not asked of numba: who imports it before our kernels gets a cache that knows not of changes in
# callees.
COMPILED = os.environ.get("NUMBA_DISABLE_JIT", "0") == "0"


def cases(number: int) -> range:
    """So many random cases compiled, a third of them as plain Python."""
    return range(number if COMPILED else max(number // 3, 1))


def plain(function: Callable) -> Callable:
    """The Python function of a kernel, compiled or not."""
    return getattr(function, "py_func", function)


# -- problems --------------------------------------------------------------------------------


def places(rng: Rng, n: int, side: int = 30) -> Array:
    """Positions of a depot and `n` clients on a grid so coarse that some coincide."""
    return rng.integers(0, side + 1, (n + 1, 2))


def row(depot: int, clients: Array) -> Array:
    """One value a node."""
    return np.concatenate(([depot], clients))


def loads(rng: Rng, n: int) -> dict[str, Array]:
    """Demands from 0 to 9, and room for the largest and about three clients."""
    demand = rng.integers(0, 10, n)
    return {
        "delivery": row(0, demand)[:, None],
        "capacity": np.array([[max(int(demand.max(initial=1)), 14)]]),
    }


def matrix(rng: Rng, n: int, symmetric: bool = False) -> Array:
    """Random lengths, (1, N, N), that keep no triangle inequality."""
    table = rng.integers(1, 50, (n + 1, n + 1))
    if symmetric:
        table = np.maximum(table, table.T)
    np.fill_diagonal(table, 0)
    return table[None]


def windows(rng: Rng, n: int, width: int, horizon: int = 150) -> dict[str, Array]:
    """Windows of up to `width`, service times, and opening hours of the depot."""
    early = rng.integers(0, horizon * 2 // 3, n)
    late = early + rng.integers(0, width, n)
    return {
        "tw_early": row(int(rng.integers(0, 10)), early)[:, None],
        "tw_late": row(horizon, late)[:, None],
        "service": row(0, rng.integers(0, 6, n)),
    }


def releases(rng: Rng, n: int) -> dict[str, Array]:
    """Release times, some of them too late for some windows."""
    return {"release": row(0, rng.integers(0, 70, n))}


def cvrp(rng: Rng, n: int, **fields: object) -> Problem:
    """A CVRP in the plane, with `fields` besides or instead."""
    given = {"coords": places(rng, n), **loads(rng, n), **fields}
    return Problem(**given)  # type: ignore[arg-type]


def by_rule(rule: ArcRule) -> Callable[[Rng, int], Problem]:
    """CVRP whose lengths follow `rule`."""

    def build(rng: Rng, n: int) -> Problem:
        length = {ArcRule.TRUNC1: 10, ArcRule.MILLI: 2000, ArcRule.NONE: 70}.get(rule, 3)
        scales = Scales(grid=3, length=length, time=length, cost=length)
        return cvrp(rng, n, arc_rule=rule, scales=scales)

    return build


def vrptw(rng: Rng, n: int, **fields: object) -> Problem:
    """Windows that cost detours but can be met."""
    return cvrp(rng, n, **{**windows(rng, n, 60), **fields})


def free_form(rng: Rng, n: int, symmetric: bool, **fields: object) -> Problem:
    """Lengths, and travel times apart from them, from matrices."""
    lengths, times = matrix(rng, n, symmetric), matrix(rng, n, symmetric)
    return Problem(distance=lengths, duration=times, **loads(rng, n), **fields)  # type: ignore[arg-type]


Family = Callable[[Rng, int], Problem]
"""A generator: of random numbers and of how many clients."""

BY_RULE: dict[str, Family] = {rule.label: by_rule(rule) for rule in ArcRule}
"""What differs in its lengths alone."""

FAMILIES: dict[str, Family] = {
    "cvrp": cvrp,
    "tsp": lambda rng, n: Problem(coords=places(rng, n), count=[1]),
    "atsp": lambda rng, n: Problem(distance=matrix(rng, n), count=[1]),
    "asymmetric": lambda rng, n: Problem(distance=matrix(rng, n), **loads(rng, n)),
    "few vehicles": lambda rng, n: cvrp(rng, n, count=[2]),
    "tight windows": lambda rng, n: cvrp(rng, n, **windows(rng, n, 5)),
    "loose windows": lambda rng, n: vrptw(rng, n, count=[3]),
    "decimal windows": lambda rng, n: vrptw(
        rng, n, arc_rule=ArcRule.TRUNC1, scales=Scales(length=10, time=10, cost=10)
    ),
    "longest route": lambda rng, n: cvrp(rng, n, max_distance=[95]),
    "longest day": lambda rng, n: vrptw(rng, n, max_duration=[80]),
    "shift": lambda rng, n: vrptw(rng, n, shift_early=[20], shift_late=[110]),
    "releases": lambda rng, n: vrptw(rng, n, **releases(rng, n)),
    "released days": lambda rng, n: vrptw(rng, n, max_duration=[80], **releases(rng, n)),
    "travel times": lambda rng, n: free_form(rng, n, False, **windows(rng, n, 40)),
    "mirrored travel times": lambda rng, n: free_form(
        rng, n, True, max_duration=[90], max_distance=[100], **windows(rng, n, 40)
    ),
}
"""Every class of problem of `Load` and `Timed`, by name."""


# -- problems with other attributes ------------------------------------------------------------


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
    return combined(rng, n, SearchSolver.SUPPORTS - {"objective"}, walked=False)


def walked(rng: Rng, n: int) -> Problem:
    """Any combination that needs a walk, but nothing that is placed by it."""
    names = SearchSolver.SUPPORTS - {"objective", "breaks", "reloads", "pins"}
    return combined(rng, n, names, walked=True)


def combined(rng: Rng, n: int, names: frozenset[str], *, walked: bool) -> Problem:
    """A random combination of attributes that the search takes, walked or not."""
    while True:
        problem = random_problem(rng, names, clients=n, chance=float(rng.choice([0.15, 0.25, 0.4])))
        if (
            not not_taken(problem)
            and is_exact(problem) == walked
            and problem.size("L") <= 1 + (not walked)
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
    "anything walked": walked,
}
"""The same for `Rich`."""

EVERY = FAMILIES | RICH
JOINED = {name: family for name, family in EVERY.items() if family is not walked}
"""The families whose routes are joined from pieces."""
"""Every class of problem."""


def arrays(problem: Problem, computed: bool = False) -> Load | Timed | Rich:
    """The problem for kernels; `computed` leaves the lengths to be computed from coordinates."""
    if is_rich(problem):
        p = to_rich(problem, VehicleKinds.of(problem), 40)
        nothing = np.zeros((0, 0, 0))
        return p._replace(matrix=nothing, times=nothing) if computed else p
    p = to_arrays(problem, nearest(problem, 40))
    return p._replace(matrix=np.zeros((0, 0))) if computed else p


def can_compute(problem: Problem) -> bool:
    """Whether kernels can compute the lengths, in place of looking them up."""
    if problem.backhaul is Backhaul.LINEHAUL_FIRST and not problem.backhaul_only_routes:
        return False
    return problem.distance is None and problem.arc_rule is not ArcRule.GEO


@lru_cache(maxsize=1000)
def kinds_of(problem: Problem) -> VehicleKinds:
    """Vehicle types that are the same together."""
    return VehicleKinds.of(problem)


def fleet_of(problem: Problem) -> list[int]:
    """The kinds of all vehicles, one after the other in turns."""
    counts = kinds_of(problem).counts
    turns = zip_longest(*([kind] * count for kind, count in enumerate(counts)))
    return [kind for turn in turns for kind in turn if kind is not None]


def node_of(problem: Problem, u: int) -> int:
    """The problem's number of client `u` of the kernels."""
    return u + problem.num_depots - 1


def everybody(problem: Problem) -> list[int]:
    """All clients in the kernels' numbers."""
    return [*range(1, problem.num_clients + 1)]


# -- states ----------------------------------------------------------------------------------


def random_plan(rng: Rng, problem: Problem, num_routes: int, left_out: int = 0) -> Plan:
    """Clients shuffled into at most `num_routes` routes, without regard to any limit.

    Nobody is on a route that may not serve him, pairs are together and in order, and of a group
    one at most is served. Half of those who may be left out are.
    """
    if is_rich(problem):
        return _random_rich_plan(rng, problem, num_routes, left_out)
    clients = rng.permutation(problem.clients)[left_out:]
    ends = np.sort(rng.integers(0, len(clients) + 1, num_routes - 1))
    routes = [piece.tolist() for piece in np.split(clients, ends)]
    routes.sort(key=len, reverse=True)
    return routes


def _random_rich_plan(rng: Rng, problem: Problem, num_routes: int, left_out: int) -> Plan:
    fleet = [kinds_of(problem).types[kind][0] for kind in fleet_of(problem)[:num_routes]]
    plan: Plan = [[] for _ in fleet]
    partner = {pair.pickup: pair.delivery for pair in problem.pairs}
    grouped = {u for group in problem.groups for u in group.clients}
    firsts = [int(rng.choice(group.clients)) for group in problem.groups]
    firsts += [u for u in problem.clients if u not in grouped and u not in partner.values()]
    for first in rng.permutation(firsts)[left_out:].tolist():
        if not problem.required[first] and rng.random() < 0.5:
            continue
        unit = [first, partner[first]] if first in partner else [first]
        able = [r for r, kind in enumerate(fleet) if problem.allowed[unit, kind].all()]
        if able:
            route = plan[int(rng.choice(able))]
            at = -1
            for u in unit:
                at = int(rng.integers(at + 1, len(route) + 1))
                route.insert(at, u - problem.num_depots + 1)
    return plan


def no_routes(problem: Problem, p: Load | Timed | Rich, num_routes: int, seed: int = 0) -> State:
    """A state without visits."""
    return empty_state(p, depot_row(problem, p), num_routes, seeded(seed))


def load_visits(
    p: Load | Timed | Rich, s: State, visits: Plan, kinds: Sequence[int] | None = None
) -> None:
    """Fill an empty state with routes, of kind 0 unless given."""
    nodes = np.array([u for route in visits for u in route], dtype=np.int64)
    bounds = np.cumsum([0, *map(len, visits)])
    driven = [0] * len(visits) if kinds is None else kinds[: len(visits)]
    load_routes(p, s, nodes, bounds, np.array(driven, dtype=np.int64))


def state_of(rng: Rng, problem: Problem, p: Load | Timed | Rich, plan: Plan) -> State:
    """A state that holds `plan`, under random integer weights."""
    s = no_routes(problem, p, len(plan), int(rng.integers(2**32)))
    load_visits(p, s, plan, fleet_of(problem) if isinstance(p, Rich) else None)
    commit(s)
    s.total[LOAD_WEIGHT : LOAD_WEIGHT + 3] = rng.integers(0, 30, 3)
    return s


def fleet_size(p: Load | Timed | Rich) -> int:
    """The most routes that a state has room for."""
    return int(p.fleet[MAX_ROUTES])


def plan_of(s: State) -> Plan:
    """Every route of a state as its links tell, from the front."""
    plan = []
    for first in s.shape[:, FIRST]:
        route, u = [], int(first)
        while u != DEPOT:
            assert len(route) < len(s.link), "a route leads round in a circle"
            route.append(u)
            u = int(s.link[u, NEXT])
        plan.append(route)
    return plan


def served(plan: Plan) -> list[int]:
    """All clients on routes, in order, repeated as often as they are visited."""
    return sorted(u for route in plan for u in route)


# -- slow twins ------------------------------------------------------------------------------

EXCESS = {"negative_load": 1, "time_window": 2, "shift": 2, "max_duration": 2, "max_distance": 3}
"""Where each rule's amount stands in a vector of cost, overload, lateness and overrun."""

WEIGHED = frozenset(("capacity", "max_stops"))
"""Rules of which overload is the weighed sum, over all dimensions of loads."""

BARRED = frozenset(("unreachable", "backhaul_order", "backhaul_only"))
"""Rules that cost at least the constant FORBIDDEN."""


def route_of(problem: Problem, visits: Sequence[int], kind: int = 0) -> Route:
    """A route of the kernels in the problem's numbers."""
    nodes = tuple(node_of(problem, u) for u in visits)
    return Route(nodes, kinds_of(problem).types[kind][0])


def solution_of(problem: Problem, plan: Plan, kinds: Sequence[int] | None = None) -> Solution:
    """A plan of the kernels in the problem's numbers."""
    of_each = [0] * len(plan) if kinds is None else kinds
    return Solution(tuple(map(lambda *given: route_of(problem, *given), plan, of_each)))


@lru_cache(maxsize=100_000)
def judged(
    problem: Problem, visits: tuple[int, ...], kind: int = 0
) -> tuple[RouteEvaluation, tuple[Violation, ...]]:
    """The figures of one route of vehicle kind `kind`, and what it breaks, by the checker."""
    return judge_route(problem, route_of(problem, visits, kind))


@lru_cache(maxsize=1000)
def weights_of(problem: Problem) -> tuple[float, float, float]:
    """What a unit of either load, and a stop, too many weigh."""
    if not is_rich(problem):
        return 1.0, 1.0, 1.0
    second, stops = to_rich(problem, kinds_of(problem), 1).fleet[[WEIGH_2, WEIGH_STOPS]].tolist()
    return 1.0, second, stops


@lru_cache(maxsize=100_000)
def measure(problem: Problem, visits: tuple[int, ...], kind: int = 0) -> Vector:
    """Cost, overload, lateness and overrun of one route, by the checker."""
    figures, found = judged(problem, visits, kind)
    vehicle = kinds_of(problem).types[kind][0]
    most = [*figures.load, *([0] * (2 - len(figures.load))), len(visits)]
    limits = [*problem.capacity[vehicle], *([0] * (2 - problem.size("L")))]
    limits.append(problem.max_stops[vehicle])
    vector = [float(figures.cost), 0.0, 0.0, 0.0]
    for value, limit, weight in zip(most, limits, weights_of(problem), strict=True):
        vector[1] += weight * max(int(value) - int(limit), 0) if visits else 0.0
    for violation in found:
        if violation.rule not in WEIGHED:
            vector[EXCESS[violation.rule]] += violation.amount
    return vector[0], vector[1], vector[2], vector[3]


def is_barred(problem: Problem, visits: Sequence[int], kind: int = 0) -> bool:
    """Whether a route goes over a forbidden arc, or serves in a forbidden order."""
    return any(found.rule in BARRED for found in judged(problem, tuple(visits), kind)[1])


def is_allowed(problem: Problem, visits: Sequence[int], kind: int = 0) -> bool:
    """Whether the vehicle may serve all, and all pairs are complete and in order."""
    if "allowed" in problem.active:
        found = judged(problem, tuple(visits), kind)[1]
        if any(violation.rule == "allowed" for violation in found):
            return False
    if not problem.pairs:
        return True
    place = {node_of(problem, u): pos for pos, u in enumerate(visits)}
    for pair in problem.pairs:
        first, last = place.get(pair.pickup), place.get(pair.delivery)
        if (first is None) != (last is None):
            return False
        if first is not None and last is not None and first > last:
            return False
    return True


def measure_plan(
    problem: Problem, plan: Sequence[Sequence[int]], kinds: Sequence[int] | None = None
) -> Array:
    """The sum of the routes' vectors."""
    of_each = [0] * len(plan) if kinds is None else kinds
    vectors = [measure(problem, tuple(route), of_each[r]) for r, route in enumerate(plan)]
    return np.array([(0, 0, 0, 0), *vectors]).sum(axis=0)


def length_of(problem: Problem, plan: Sequence[Sequence[int]]) -> int:
    """The distance of `plan`, under `Load` and `Timed`."""
    return int(measure_plan(problem, plan)[0])


def kinds_in(s: State) -> list[int]:
    """The kind of vehicle of each route."""
    kinds: list[int] = s.shape[:, KIND].tolist()
    return kinds


def penalised(problem: Problem, s: State, plan: Sequence[Sequence[int]]) -> float:
    """Cost and weighted excess of `plan`, under the weights of `s`, which must be integers.

    Its routes are driven by the vehicles of `s`.
    """
    cost, *excess = measure_plan(problem, plan, kinds_in(s))
    return float(cost + s.total[LOAD_WEIGHT : LOAD_WEIGHT + 3] @ np.array(excess))


def assert_delta(
    problem: Problem, p: Load | Timed | Rich, s: State, plan: Plan, new: Plan, found: float
) -> None:
    """Assert that going from `plan`, which `s` holds, to `new` changes the penalised cost so.

    Under `Rich` it is infinite where somebody may not be served, or a pair is torn, and at least
    the constant FORBIDDEN more where the new routes are barred. Where routes are walked, it may be
    infinite for whatever does not pay.
    """
    if not isinstance(p, Rich):
        assert found == penalised(problem, s, new) - penalised(problem, s, plan)
        return
    kinds = kinds_in(s)
    routes = [r for r, route in enumerate(new) if route != plan[r]]
    if not all(is_allowed(problem, new[r], kinds[r]) for r in routes):
        assert found == np.inf
        return
    before = sum(standing(p, s, r) for r in routes)
    found += before
    ended_early = p.fleet[EXACT] != 0 and found == np.inf
    if any(is_barred(problem, new[r], kinds[r]) for r in routes):
        assert ended_early or wall(problem, p) <= found < np.inf
        return
    cost, *excess = measure_plan(problem, [new[r] for r in routes], [kinds[r] for r in routes])
    expected = cost + s.total[LOAD_WEIGHT : LOAD_WEIGHT + 3] @ np.array(excess)
    if ended_early:
        assert expected >= before
    else:
        assert found == expected


def wall(problem: Problem, p: Rich) -> float:
    """What a plan with something forbidden costs at least, whatever it earns."""
    return float(p.fleet[FORBIDDEN] - problem.preference.max(axis=1, initial=0).sum())


def is_legal(problem: Problem, s: State, plan: Plan) -> bool:
    """Whether the vehicles of `s` may serve whom they serve, and no pair is torn."""
    return all(is_allowed(problem, *pair) for pair in zip(plan, kinds_in(s), strict=True))


def legs_of(p: Load | Timed | Rich, s: State, plan: Plan) -> float:
    """What the routes of `plan` pay for their arcs, driven by the vehicles of `s`."""
    return float(
        sum(
            leg(p, s, r, *ends)
            for r, route in enumerate(plan)
            for ends in pairwise([DEPOT, *route, DEPOT] if route else [])
        )
    )


def missed(problem: Problem, p: Load | Timed | Rich, plan: Plan) -> float:
    """What those cost whom `plan` leaves out."""
    prizes, number = _absence(problem, frozenset(u for route in plan for u in route))
    return float(prizes + number * p.fleet[FORBIDDEN])


@lru_cache(maxsize=1000)
def _absence(problem: Problem, present: frozenset[int]) -> tuple[int, int]:
    """Prizes of those who are not served, and how many clients and groups should be, and are not.

    That does not depend on who serves the others, or when.
    """
    evaluation = evaluate(problem, solution_of(problem, [sorted(present)]))
    rules = [found.rule for found in evaluation.violations]
    return evaluation.terms["prizes"], rules.count("missing") + rules.count("group")


@lru_cache(maxsize=100_000)
def arc_cost(problem: Problem, kind: int, u: int, v: int) -> int | None:
    """What vehicles of that kind pay for an arc, None for a forbidden one; DEPOT: the ends."""
    vehicle = kinds_of(problem).types[kind][0]
    tail = int(problem.start_depot[vehicle]) if u == DEPOT else node_of(problem, u)
    head = int(problem.end_depot[vehicle]) if v == DEPOT else node_of(problem, v)
    if head == NOWHERE:
        return 0
    profile = int(problem.profile[vehicle])
    ends = np.array(tail), np.array(head), profile
    length, time = int(problem.distances_between(*ends)), int(problem.durations_between(*ends))
    if max(length, time) >= UNLIMITED:
        return None
    rates = problem.unit_distance_cost[vehicle], problem.unit_duration_cost[vehicle]
    return int(length * rates[0] + time * rates[1])


def assert_state(problem: Problem, p: Load | Timed | Rich, s: State, plan: Plan) -> None:
    """Assert that links, shapes, figures and totals are those of `plan`."""
    assert plan_of(s) == plan
    served = set()
    kinds = kinds_in(s)
    for r, visits in enumerate(plan):
        around = [DEPOT, *visits, DEPOT]
        assert s.shape[r, FIRST : SIZE + 1].tolist() == [around[1], around[-2], len(visits)]
        assert s.shape[r, COUNTED] == (kinds[r] if visits else UNCOUNTED)
        barred = is_barred(problem, visits, kinds[r])
        for pos, u in enumerate(visits):
            link = [0] * 4
            link[PREV], link[NEXT], link[ROUTE], link[POS] = around[pos], around[pos + 2], r, pos
            assert s.link[u].tolist() == link
            for column, ends in ((ARC_IN, around[pos : pos + 2]), (ARC_OUT, around[pos + 1 :][:2])):
                if s.cum[u, column] >= p.fleet[FORBIDDEN]:
                    assert barred
                else:
                    assert s.cum[u, column] == arc_cost(problem, kinds[r], *ends)
            assert u not in served
            served.add(u)
        assert_figures(problem, p, s, r, visits)
        if isinstance(p, Rich):
            assert_open_pairs(problem, s, visits)
    for u in set(everybody(problem)) - served:
        assert s.link[u, ROUTE] < 0
    assert s.total[:LOAD_WEIGHT].tolist() == s.figure[:, :ROUTE_LOAD].sum(axis=0).tolist()
    if isinstance(p, Rich):
        assert s.total[MISSED] == missed(problem, p, plan)
        used = [sum(bool(plan[r]) for r in range(len(plan)) if kinds[r] == k) for k in s_kinds(s)]
        assert s.used.tolist() == used


def s_kinds(s: State) -> range:
    """All kinds of vehicles."""
    return range(len(s.used))


def assert_figures(
    problem: Problem, p: Load | Timed | Rich, s: State, r: int, visits: list[int]
) -> None:
    """Assert that the figures of route `r` are the checker's; its cost a wall's if it is barred."""
    kind = int(s.shape[r, KIND])
    if is_barred(problem, visits, kind):
        assert s.figure[r, COST] >= wall(problem, p)
    else:
        assert tuple(s.figure[r, :ROUTE_LOAD]) == measure(problem, tuple(visits), kind)
        assert not isinstance(p, Rich) or s.figure[r, COST] < p.fleet[FORBIDDEN]
    assert s.figure[r, ROUTE_LOAD] == taken_along(problem, visits)


def taken_along(problem: Problem, visits: Sequence[int]) -> int:
    """What is on board, in the first dimension, when the vehicle leaves the depot."""
    ends = {pair.delivery for pair in problem.pairs}
    nodes = [node_of(problem, u) for u in visits]
    return sum(int(problem.delivery[u, 0]) for u in nodes if u not in ends)


def assert_open_pairs(problem: Problem, s: State, visits: list[int]) -> None:
    """Assert that the number of pairs begun and not ended is kept of each visit."""
    firsts = {pair.pickup for pair in problem.pairs}
    lasts = {pair.delivery for pair in problem.pairs}
    opened = 0
    for u in visits:
        opened += (node_of(problem, u) in firsts) - (node_of(problem, u) in lasts)
        assert s.cum[u, PRE_OPEN] == opened


def frozen(s: State) -> dict[str, Array]:
    """Copies of the arrays that make up the current solution.

    Under `Rich` rows of who is on no route, and the kind of an empty one, mean nothing.
    """
    names = ("link", "cum", "shape", "figure", "total", "used")
    copies = {name: getattr(s, name).copy() for name in names}
    copies["total"][LIMIT] = 0.0
    if s.cum.shape[1] == STATE_COLUMNS:
        absent = s.link[:, ROUTE] < 0
        copies["cum"][absent] = copies["link"][absent] = ABSENT
        copies["shape"][s.shape[:, SIZE] == 0, KIND] = 0
    return copies


def assert_frozen(s: State, copies: dict[str, Array]) -> None:
    """Assert that the current solution is the one that `frozen` copied."""
    for name, array in frozen(s).items():
        assert np.array_equal(copies[name], array), name
