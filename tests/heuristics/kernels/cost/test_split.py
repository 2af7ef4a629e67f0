"""Proposals for labelled routes: what is kept of a route, and what bounds a price, changes none."""

from __future__ import annotations

import numpy as np
import pytest

from polyroute.heuristics.kernels.arrays import (
    BEST,
    BOUNDED,
    DEPOT,
    LOAD_WEIGHT,
    NEXT,
    PATH,
    SPLIT,
    Rich,
    State,
)
from polyroute.heuristics.kernels.cost.labelling import label_path
from polyroute.heuristics.kernels.cost.proposals import at_least
from polyroute.heuristics.kernels.cost.route_labelled import proposal_labelled
from polyroute.heuristics.kernels.rng import seeded
from polyroute.heuristics.kernels.state import columns_of, empty_state, load_routes
from polyroute.heuristics.layout.facts import BEYOND_PIECES, UNBOUNDED, Facts
from polyroute.heuristics.layout.rich import to_rich
from polyroute.heuristics.layout.vehicle_kinds import VehicleKinds
from polyroute.vrp.problem import Problem
from tests.effort import CHECKED_IN_FULL
from tests.random_attributes import EVERYTHING, TRAITS, random_problem

pytestmark = [pytest.mark.both, *CHECKED_IN_FULL]

UNORDERED = EVERYTHING - {"pairs", "groups", "allowed"}
"""What any order of visits may have, whoever drives it."""

BEYOND_TRIPS = (BEYOND_PIECES - {"reloads"}) | {"several_loads", "backhaul"}
TRAIT = {trait.__name__: trait for trait, _ in TRAITS}
CLIENTS = 8
PRICES = ([40.0, 30.0, 20.0], [3.0, 50.0, 20.0], [90.0, 2.0, 20.0])


def split_problem(rng: np.random.Generator) -> Problem:
    """A random problem whose routes are labelled for their reloads alone."""
    while True:
        names = UNORDERED - BEYOND_TRIPS
        problem = random_problem(rng, names, clients=CLIENTS, chance=0.4, always=TRAIT["reloads"])
        if Facts.of(problem).split:
            return problem


def bounded_problem(rng: np.random.Generator) -> Problem:
    """A random problem whose routes are labelled and bounded by pieces."""
    while True:
        problem = random_problem(rng, UNORDERED - UNBOUNDED, clients=CLIENTS, chance=0.3)
        if Facts.of(problem).bounded:
            return problem


def state_of(problem: Problem, rng: np.random.Generator, **entries: float) -> tuple[Rich, State]:
    """The problem and three random routes."""
    kinds = VehicleKinds.of(problem)
    visits, cuts = 1 + rng.permutation(CLIENTS), np.sort(rng.integers(0, CLIENTS + 1, 2))
    bounds = np.array([0, *cuts, CLIENTS])
    driven = rng.integers(0, len(kinds.examples), 3)
    p = to_rich(problem, Facts.of(problem), kinds, 10)
    for name, value in entries.items():
        p.fleet[{"split": SPLIT, "bounded": BOUNDED}[name]] = value
    s = empty_state(p, np.zeros(columns_of(p)), 3, seeded(0))
    s.total[LOAD_WEIGHT:BEST] = PRICES[0]
    load_routes(p, s, visits, bounds, driven)
    return p, s


def routes_of(s: State) -> list[list[int]]:
    routes = []
    for r in range(3):
        u, route = s.shape[r, 0], []
        while u != DEPOT:
            route.append(int(u))
            u = s.link[u, NEXT]
        routes.append(route)
    return routes


def random_proposal(rng: np.random.Generator, routes: list[list[int]]) -> tuple[int, tuple, list]:
    """A route, how it would go (see `cost.proposals`), and whom it then visits, nobody twice."""
    while True:
        r, other = int(rng.integers(3)), routes[int(rng.integers(3))]
        mine = routes[r]
        kept = int(rng.integers(0, len(mine) + 1))
        path = mine[:kept]
        words: list[int | bool] = [mine[kept - 1] if kept else DEPOT]
        for _ in range(3):
            source = routes[int(rng.integers(3))]
            if not source or rng.random() < 0.6:
                words += [DEPOT, DEPOT, False]
                continue
            i, j = np.sort(rng.integers(0, len(source), 2))
            turned = bool(rng.random() < 0.5)
            words += [source[i], source[j], turned]
            path = path + source[i : j + 1][:: -1 if turned else 1]
        end = int(rng.integers(0, len(other) + 1))
        words.append(other[end] if end < len(other) else DEPOT)
        path = path + other[end:]
        if path and len(set(path)) == len(path):
            return r, tuple(words), path


def price_of_path(p: Rich, s: State, r: int, path: list[int]) -> float:
    """What route `r` costs as a path that is labelled from its beginning."""
    s.ints[PATH, : len(path)] = path
    figures = label_path(p, s, s.shape[r, 3], len(path), np.inf)
    return figures[0] + float(np.dot(s.total[LOAD_WEIGHT:BEST][:3], figures[1:]))


def test_a_route_is_split_as_cheaply_as_it_is_labelled() -> None:
    rng = np.random.default_rng(1)
    for _ in range(20):
        problem = split_problem(rng)
        seed = int(rng.integers(1000))
        told = [
            price_of_path(*state_of(problem, np.random.default_rng(seed), split=split), 0, route)
            for split in (1.0, 0.0)
            for route in [list(range(1, CLIENTS + 1))]
        ]
        timed = {"unit_duration_cost", "overtime_cost", "max_duration"} & problem.active
        assert told[0] == pytest.approx(told[1]) or timed


def test_a_proposal_costs_what_its_path_does_whatever_is_kept() -> None:
    rng = np.random.default_rng(2)
    for _ in range(12):
        problem, seed = split_problem(rng), int(rng.integers(1000))
        p, s = state_of(problem, np.random.default_rng(seed))
        q, t = state_of(problem, np.random.default_rng(seed))
        routes = routes_of(s)
        for prices in PRICES:
            s.total[LOAD_WEIGHT:BEST] = t.total[LOAD_WEIGHT:BEST] = prices
            for _ in range(5):
                r, words, path = random_proposal(rng, routes)
                price = proposal_labelled(p, s, r, *words, np.inf)
                assert price == pytest.approx(price_of_path(q, t, r, path), abs=1e-6)
                assert proposal_labelled(p, s, r, *words, price + 1e-3) == price
                assert proposal_labelled(p, s, r, *words, price - 1e-3) == np.inf
                assert proposal_labelled(p, s, r, *words, -np.inf) <= price + 1e-6


@pytest.mark.plain
def test_pieces_tell_no_more_than_a_labelled_route_costs() -> None:
    rng = np.random.default_rng(3)
    near = 0
    for _ in range(40):
        problem = bounded_problem(rng)
        p, s = state_of(problem, rng)
        routes = routes_of(s)
        for _ in range(5):
            r, words, path = random_proposal(rng, routes)
            price, least = price_of_path(p, s, r, path), at_least(p, s, r, *words)
            assert least <= price + 1e-6
            near += least >= 0.8 * price
    assert near > 60
