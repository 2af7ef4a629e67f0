"""Random plans, and states that hold them.

A plan is a list of lists of clients in the kernels' numbers, one a route of a state, empty routes
included. Route r of a random plan is driven by vehicle kind ``fleet_of(problem)[r]``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from polyroute.heuristics.kernels.arrays import (
    DEPOT,
    FIRST,
    KIND,
    LOAD_WEIGHT,
    MAX_ROUTES,
    NEXT,
    Load,
    Rich,
    State,
    Timed,
)
from polyroute.heuristics.kernels.rng import seeded
from polyroute.heuristics.kernels.state import depot_row, empty_state, load_routes
from polyroute.heuristics.kernels.undo_log import commit
from polyroute.heuristics.layout.facts import Facts
from polyroute.vrp.problem import Problem
from tests.heuristics.in_arrays import fleet_of, kinds_of
from tests.heuristics.random_problems.plain import Rng

Plan = list[list[int]]


def random_plan(rng: Rng, problem: Problem, num_routes: int, left_out: int = 0) -> Plan:
    """Clients shuffled into at most `num_routes` routes, without regard to any limit.

    Nobody is on a route that may not serve him, pairs are together and in order, and of a group
    one at most is served. Half of those who may be left out are.
    """
    if Facts.of(problem).rich:
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


def kinds_in(s: State) -> list[int]:
    """The kind of vehicle of each route."""
    kinds: list[int] = s.shape[:, KIND].tolist()
    return kinds


def s_kinds(s: State) -> range:
    """All kinds of vehicles."""
    return range(len(s.used))
