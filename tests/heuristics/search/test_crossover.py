from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from polyroute.heuristics.kernels.plan import NOT_SERVED, plan_of
from polyroute.heuristics.search.costed import Costed
from polyroute.heuristics.search.crossover import better_of, merge
from tests.heuristics.compiled import cases
from tests.heuristics.in_arrays import arrays
from tests.heuristics.random_problems.plain import Rng
from tests.heuristics.random_problems.rich import alternatives

pytestmark = pytest.mark.both

Routes = list[list[int]]


def costed(
    routes: Routes,
    lengths: list[float],
    excess: list[float] | None = None,
    kinds: list[int] | None = None,
) -> Costed:
    over = np.zeros(len(routes)) if excess is None else np.array(excess)
    return Costed(plan_of(routes, kinds), np.array(lengths, dtype=float), over)


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


def test_no_kind_of_vehicle_is_exceeded() -> None:
    best = costed([[1, 2], [3, 4], [5]], [9, 9, 9], kinds=[0, 0, 1])
    other = costed([[2, 1], [4, 3], [5]], [5, 6, 7], kinds=[1, 1, 0])
    assert merge(best, other, 6, np.array([2, 2, 3])).cost == 5 + 6 + 7
    # Both at once would take two of the second kind, and nothing is known of one of them alone.
    assert merge(best, other, 6, np.array([2, 1, 3])) is best
    same = costed([[2, 1], [4, 3], [5]], [5, 6, 7], kinds=[0, 1, 1])
    merged = merge(best, same, 6, np.array([2, 1, 3]))
    assert merged.cost == 5 + 9 + 7
    assert sorted(merged.plan.kinds) == [0, 0, 1]


def test_random_fleets_are_never_exceeded_and_nothing_gets_dearer() -> None:
    cheaper = 0
    for number in cases(300):
        rng = np.random.default_rng(number)
        routes = random_routes(rng, 12, 6)
        changed = shuffled(rng, shuffled(rng, routes))
        kinds = [rng.integers(-1, 3, len(of)).tolist() for of in (routes, changed)]
        best = costed(routes, rng.integers(1, 50, len(routes)).tolist(), kinds=kinds[0])
        other = costed(changed, rng.integers(1, 50, len(changed)).tolist(), kinds=kinds[1])
        used = [kinds[0].count(k) for k in range(3)]
        limits = np.array([*used, sum(used)]) + np.append(rng.integers(0, 2, 3), 1)
        merged = merge(best, other, 13, limits)
        assert sorted(u for route in merged.plan.lists() for u in route) == [*range(1, 13)]
        found = merged.plan.kinds.tolist()
        counts = [found.count(k) for k in range(3)]
        assert (np.array([*counts, sum(counts)]) <= limits).all()
        assert merged.cost <= best.cost
        cheaper += merged.cost < best.cost
    assert cheaper > 0


def test_who_is_left_out_is_a_route_that_takes_no_vehicle() -> None:
    best = costed([[1, 2], [3]], [9, 4], kinds=[0, NOT_SERVED])
    other = costed([[1, 2, 3]], [12], kinds=[0])
    assert merge(best, other, 4, np.array([1, 1])).cost == 12
    dearer = costed([[1, 2, 3]], [14], kinds=[0])
    assert merge(best, dearer, 4, np.array([1, 1])) is best
    without = costed([[2], [1], [3]], [3, 5, 4], kinds=[0, NOT_SERVED, NOT_SERVED])
    assert merge(best, without, 4, np.array([1, 1])).plan.num_vehicles == 1


def test_where_there_are_alternatives_the_cheaper_plan_is_taken_whole() -> None:
    p = arrays(alternatives(np.random.default_rng(1), 5))
    best = costed([[1, 2], [3], [4], [5]], [9, 9, 2, 2])
    mixed = costed([[1, 2], [3], [4, 5]], [5, 9, 9])
    assert better_of(p, best, mixed) is best
    cheaper = costed([[1, 2], [3], [4, 5]], [5, 9, 7])
    assert better_of(p, best, cheaper) is cheaper
    exceeding = costed([[1, 2], [3], [4, 5]], [5, 9, 1], [0, 1, 0])
    assert better_of(p, best, exceeding) is best
