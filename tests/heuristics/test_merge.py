from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from heuristics.merge import Costed, joined_costed, merge
from heuristics.plan import plan_of
from tests.heuristics.random_problems import Rng, cases

pytestmark = pytest.mark.kernels

Routes = list[list[int]]


def costed(routes: Routes, lengths: list[float], excess: list[float] | None = None) -> Costed:
    over = np.zeros(len(routes)) if excess is None else np.array(excess)
    return Costed(plan_of(routes), np.array(lengths, dtype=float), over)


def vehicles(number: int) -> np.ndarray:
    """The limits of a fleet of so many vehicles of one kind."""
    return np.array([number, number])


def random_routes(rng: Rng, clients: int, number: int) -> Routes:
    """Clients 1 … `clients` on at most `number` routes."""
    on = rng.integers(number, size=clients)
    routes = [[int(u) + 1 for u in np.flatnonzero(on == r)] for r in range(number)]
    return [route for route in routes if route]


def shuffled(rng: Rng, routes: Routes) -> Routes:
    """The same plan but for some neighbouring routes, whose clients are dealt anew."""
    at = int(rng.integers(len(routes)))
    mixed = rng.permutation([u for route in routes[at : at + 2] for u in route]).tolist()
    dealt = [part for part in (mixed[::2], mixed[1::2]) if part]
    return [routes[i] for i in rng.permutation(len(routes)) if i not in (at, at + 1)] + dealt


def cheapest(best: Costed, other: Costed) -> float:
    """The least cost over all exchanges of routes of `best` for feasible ones of `other`."""
    mine, theirs = best.plan.lists(), other.plan.lists()
    found: float = best.cost
    for k in range(1, len(theirs) + 1):
        for chosen in combinations(range(len(theirs)), k):
            if other.excess[list(chosen)].any():
                continue
            clients = {u for r in chosen for u in theirs[r]}
            gone = [r for r, route in enumerate(mine) if clients.intersection(route)]
            if {u for r in gone for u in mine[r]} == clients:
                change = other.lengths[list(chosen)].sum() - best.lengths[gone].sum()
                found = min(found, best.cost + float(change))
    return found


def test_the_merged_plan_is_the_cheapest_exchange_of_routes() -> None:
    shorter = 0
    for number in cases(200):
        rng = np.random.default_rng(number)
        routes = random_routes(rng, 12, 6)
        changed = shuffled(rng, shuffled(rng, routes))
        best = costed(routes, rng.integers(1, 50, len(routes)).tolist())
        over = (rng.random(len(changed)) < 0.2).astype(float).tolist()
        other = costed(changed, rng.integers(1, 50, len(changed)).tolist(), over)
        merged = merge(best, other, 13, vehicles(100))
        assert sorted(u for route in merged.plan.lists() for u in route) == [*range(1, 13)]
        assert not merged.excess.any()
        assert merged.cost == cheapest(best, other)
        known = {
            tuple(route): length
            for plan in (other, best)
            for route, length in zip(plan.plan.lists(), plan.lengths, strict=True)
        }
        assert all(tuple(route) in known for route in merged.plan.lists())
        shorter += merged.cost < best.cost
    assert shorter > 0


def test_what_is_nowhere_shorter_changes_nothing() -> None:
    best = costed([[1, 2], [3]], [4, 5])
    assert merge(best, costed([[3], [2, 1]], [5, 4]), 4, vehicles(9)) is best
    assert merge(best, costed([[1, 3], [2]], [1, 1], [1, 0]), 4, vehicles(9)) is best


def test_groups_are_taken_one_by_one() -> None:
    best = costed([[1, 2], [3], [4], [5]], [9, 9, 2, 2])
    other = costed([[1], [2], [4, 5], [3]], [3, 3, 9, 9])
    merged = merge(best, other, 6, vehicles(9))
    assert merged.cost == 3 + 3 + 9 + 2 + 2
    assert sorted(merged.plan.lists()) == [[1], [2], [3], [4], [5]]


def test_a_fleet_is_never_exceeded() -> None:
    best = costed([[1, 2], [3, 4], [5]], [9, 9, 9])
    other = costed([[1], [2], [3], [4], [5]], [1, 1, 1, 1, 1])
    assert merge(best, other, 6, vehicles(5)).cost == 5
    merged = merge(best, other, 6, vehicles(4))
    assert merged.cost == 19
    assert merged.plan.num_routes == 3


def test_joined_and_renamed_routes_keep_their_figures() -> None:
    first, second = costed([[1, 2]], [4], [1]), costed([[3]], [2])
    both = joined_costed([first, second])
    assert (both.plan.lists(), both.cost, both.exceeded) == ([[1, 2], [3]], 6, 1)
    assert both.select(np.array([1])).plan.lists() == [[3]]
    assert both.renamed(np.array([0, 7, 8, 9])).plan.lists() == [[7, 8], [9]]
