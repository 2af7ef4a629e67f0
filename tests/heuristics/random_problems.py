"""Random small problems of every class that the search takes, random states, and slow twins.

A plan is a list of lists of client nodes, one a route of a state, empty routes included.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numba
import numpy as np

from heuristics import plan as flat
from heuristics.arrays import (
    ARC_IN,
    ARC_OUT,
    BEST,
    DEPOT,
    FIRST,
    LOAD_WEIGHT,
    MAX_ROUTES,
    NEXT,
    POS,
    PREV,
    ROUTE,
    ROUTE_LOAD,
    Load,
    State,
    Timed,
)
from heuristics.convert import to_arrays
from heuristics.neighbours import nearest
from heuristics.rng import seeded
from heuristics.routes import depot_row, empty_state, load_routes
from vrp.arcs import ArcRule
from vrp.check import evaluate
from vrp.problem import Problem, Scales
from vrp.solution import Route, Solution

Array = np.ndarray
Rng = np.random.Generator
Plan = list[list[int]]
Vector = tuple[int, int, int, int]

COMPILED = not numba.config.DISABLE_JIT


def cases(number: int) -> range:
    """So many random cases compiled, a quarter of them as plain Python."""
    return range(number if COMPILED else max(number // 4, 1))


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


FAMILIES: dict[str, Callable[[Rng, int], Problem]] = {
    "cvrp": cvrp,
    **{rule.label: by_rule(rule) for rule in ArcRule},
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
"""Every class of problem, by name: a generator and a number of clients make one."""


def arrays(problem: Problem, computed: bool = False) -> Load | Timed:
    """The problem for kernels; `computed` leaves the lengths to be computed from coordinates."""
    p = to_arrays(problem, nearest(problem, 40))
    return p._replace(matrix=np.zeros((0, 0))) if computed else p


def can_compute(problem: Problem) -> bool:
    """Whether kernels can compute the lengths, in place of looking them up."""
    return problem.distance is None and problem.arc_rule is not ArcRule.GEO


# -- states ----------------------------------------------------------------------------------


def random_plan(rng: Rng, problem: Problem, num_routes: int, left_out: int = 0) -> Plan:
    """Clients shuffled into at most `num_routes` routes, without regard to any limit."""
    clients = rng.permutation(problem.clients)[left_out:]
    ends = np.sort(rng.integers(0, len(clients) + 1, num_routes - 1))
    routes = [piece.tolist() for piece in np.split(clients, ends)]
    routes.sort(key=len, reverse=True)  # a state keeps its empty routes last
    return routes


def no_routes(problem: Problem, p: Load | Timed, num_routes: int, seed: int = 0) -> State:
    """A state without visits."""
    return empty_state(p, depot_row(problem, p), num_routes, seeded(seed))


def load_visits(p: Load | Timed, s: State, visits: Plan) -> None:
    """Fill an empty state with routes."""
    plan = flat.plan_of(visits)
    load_routes(p, s, plan.visits, plan.bounds)


def state_of(rng: Rng, problem: Problem, p: Load | Timed, plan: Plan) -> State:
    """A state that holds `plan`, under random integer weights."""
    s = no_routes(problem, p, len(plan), int(rng.integers(2**32)))
    load_visits(p, s, plan)
    s.total[LOAD_WEIGHT:BEST] = rng.integers(0, 30, BEST - LOAD_WEIGHT)
    return s


def fleet_size(p: Load | Timed) -> int:
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

EXCESS = {"capacity": 1, "time_window": 2, "shift": 2, "max_duration": 2, "max_distance": 3}
"""Where each rule's amount stands in a vector of distance, overload, lateness and overrun."""


@lru_cache(maxsize=100_000)
def measure(problem: Problem, visits: tuple[int, ...]) -> Vector:
    """Distance, overload, lateness and overrun of one route, by the checker."""
    evaluation = evaluate(problem, Solution((Route(visits),)))
    vector = [evaluation.distance, 0, 0, 0]
    for found in evaluation.violations:
        if found.route is not None:
            vector[EXCESS[found.rule]] += found.amount
    return vector[0], vector[1], vector[2], vector[3]


def measure_plan(problem: Problem, plan: Sequence[Sequence[int]]) -> Array:
    """The sum of the routes' vectors."""
    return np.array([measure(problem, tuple(route)) for route in plan]).sum(axis=0)


def length_of(problem: Problem, plan: Sequence[Sequence[int]]) -> int:
    """The distance of `plan`."""
    return int(measure_plan(problem, plan)[0])


def penalised(problem: Problem, s: State, plan: Sequence[Sequence[int]]) -> int:
    """Distance and weighted excess of `plan`, under the weights of `s`, which must be integers."""
    distance, *excess = measure_plan(problem, plan)
    weights = s.total[LOAD_WEIGHT:BEST].astype(np.int64)
    return int(distance + weights @ np.array(excess))


def assert_state(problem: Problem, s: State, plan: Plan) -> None:
    """Assert that links, shapes, figures and totals are those of `plan`."""
    assert plan_of(s) == plan
    served = set()
    for r, visits in enumerate(plan):
        around = [DEPOT, *visits, DEPOT]
        assert s.shape[r].tolist() == [around[1], around[-2], len(visits)]
        for pos, u in enumerate(visits):
            link = [0] * 4
            link[PREV], link[NEXT], link[ROUTE], link[POS] = around[pos], around[pos + 2], r, pos
            assert s.link[u].tolist() == link
            ahead, behind = np.array(around[pos]), np.array(around[pos + 2])
            assert s.cum[u, ARC_IN] == problem.distances_between(ahead, np.array(u))
            assert s.cum[u, ARC_OUT] == problem.distances_between(np.array(u), behind)
            assert u not in served
            served.add(u)
        assert tuple(s.figure[r, :ROUTE_LOAD]) == measure(problem, tuple(visits))
        assert s.figure[r, ROUTE_LOAD] == problem.delivery[visits, 0].sum()
    for u in set(range(problem.num_nodes)) - served:
        assert s.link[u, ROUTE] == -1
    assert s.total[:LOAD_WEIGHT].tolist() == measure_plan(problem, plan).tolist()


def frozen(s: State) -> dict[str, Array]:
    """Copies of the arrays that make up the current solution."""
    names = ("link", "cum", "shape", "figure", "total")
    return {name: getattr(s, name).copy() for name in names}


def assert_frozen(s: State, copies: dict[str, Array]) -> None:
    """Assert that the current solution is the one that `frozen` copied."""
    for name, array in copies.items():
        assert np.array_equal(getattr(s, name), array), name
