from __future__ import annotations

import numpy as np
import pytest

from polyroute.heuristics.kernels.arrays import BEST, DEPOT, LOAD_WEIGHT, SPLIT, Rich, State
from polyroute.heuristics.kernels.cost.labelling import label_path
from polyroute.heuristics.kernels.cost.route_labelled import proposal_labelled
from polyroute.heuristics.kernels.rng import seeded
from polyroute.heuristics.kernels.state import columns_of, empty_state, load_routes
from polyroute.heuristics.layout.facts import BEYOND_PIECES, Facts
from polyroute.heuristics.layout.rich import to_rich
from polyroute.heuristics.layout.vehicle_kinds import VehicleKinds
from polyroute.vrp.problem import Problem
from tests.effort import CHECKED_IN_FULL
from tests.random_attributes import EVERYTHING, TRAITS, random_problem

pytestmark = [pytest.mark.both, *CHECKED_IN_FULL]

BEYOND = (BEYOND_PIECES - {"reloads"}) | {
    "several_loads",
    "pairs",
    "backhaul",
    "groups",
    "pins",
    "allowed",
}
RELOADS = next(trait for trait, _ in TRAITS if trait.__name__ == "reloads")
CLIENTS = 9
PRICES = ([40.0, 30.0, 20.0], [3.0, 50.0, 20.0], [90.0, 2.0, 20.0])


def split_problem(rng: np.random.Generator) -> Problem:
    """A random problem whose routes are labelled for their reloads alone."""
    while True:
        problem = random_problem(
            rng, EVERYTHING - BEYOND, clients=CLIENTS, chance=0.4, always=RELOADS
        )
        if Facts.of(problem).split:
            return problem


def both_ways(problem: Problem) -> list[tuple[Rich, State]]:
    """The problem and three random routes, split and labelled."""
    rng = np.random.default_rng(len(problem.active))
    visits, cuts = 1 + rng.permutation(CLIENTS), np.sort(rng.integers(0, CLIENTS + 1, 2))
    bounds = np.array([0, *cuts, CLIENTS])
    kinds = rng.integers(0, len(VehicleKinds.of(problem).examples), 3)
    made = []
    for split in (1.0, 0.0):
        p = to_rich(problem, Facts.of(problem), VehicleKinds.of(problem), 10)
        p.fleet[SPLIT] = split
        s = empty_state(p, np.zeros(columns_of(p)), 3, seeded(0))
        s.total[LOAD_WEIGHT:BEST] = PRICES[0]
        load_routes(p, s, visits, bounds, kinds)
        made.append((p, s))
    return made


def random_proposal(rng: np.random.Generator, routes: list[list[int]]) -> tuple[int, tuple, list]:
    """A route, how it would go (see `cost.proposals`), and whom it then visits, nobody twice."""
    while True:
        r = int(rng.integers(len(routes)))
        mine, other = routes[r], routes[int(rng.integers(len(routes)))]
        kept = int(rng.integers(0, len(mine) + 1))
        path = mine[:kept]
        words: list[int | bool] = [mine[kept - 1] if kept else DEPOT]
        for _ in range(3):
            source = routes[int(rng.integers(len(routes)))]
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


def test_a_route_is_split_no_dearer_than_it_is_labelled() -> None:
    rng = np.random.default_rng(1)
    dearer = 0
    for _ in range(150):
        prices = []
        for p, s in both_ways(split_problem(rng)):
            s.ints[9, :CLIENTS] = 1 + np.arange(CLIENTS)
            figures = label_path(p, s, 0, CLIENTS, np.inf)
            prices.append(figures[0] + float(np.dot(PRICES[0], figures[1:])))
        assert prices[0] <= prices[1] + 1e-6
        dearer += prices[0] < prices[1] - 1e-6
    assert dearer <= 10


def test_a_proposal_costs_what_its_path_does_whatever_is_kept() -> None:
    rng = np.random.default_rng(2)
    refused = 0
    for _ in range(60):
        problem = split_problem(rng)
        (p, s), (q, t) = both_ways(problem)
        routes: list[list[int]] = [[] for _ in range(3)]
        for u in np.lexsort((s.link[:, 3], s.link[:, 2])):
            if u != DEPOT:
                routes[s.link[u, 2]].append(int(u))
        for prices in PRICES:
            s.total[LOAD_WEIGHT:BEST] = t.total[LOAD_WEIGHT:BEST] = prices
            for _ in range(8):
                r, words, _ = random_proposal(rng, routes)
                price = proposal_labelled(p, s, r, *words, np.inf)
                told = proposal_labelled(q, t, r, *words, np.inf)
                assert price == pytest.approx(told, abs=1e-6)
                if price < np.inf:
                    assert proposal_labelled(p, s, r, *words, price + 1e-3) == price
                    assert proposal_labelled(p, s, r, *words, price - 1e-3) == np.inf
                    refused += 1
    assert refused > 500
