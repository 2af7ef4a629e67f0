"""Nobody is left out who fits somewhere at less than his prize: what `explain` would show."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from polyroute.heuristics.search.solver import SearchSolver
from polyroute.vrp.api import solve
from polyroute.vrp.explain import places
from polyroute.vrp.problem import Problem
from polyroute.vrp.solution import Solution
from tests.effort import in_full
from tests.heuristics.compiled import COMPILED
from tests.heuristics.random_problems.rich import combined, prizes

OF_COST = SearchSolver.SUPPORTS - {"objective"}
CHOICE = frozenset({"required", "prize"})


def with_choice(rng: np.random.Generator, *, labelled: bool) -> Problem:
    """Any problem in which somebody may be left out, and is in no group."""
    while True:
        problem = combined(rng, 8, OF_COST - {"groups"}, labelled=labelled)
        if "required" in problem.active:
            return problem


KINDS: dict[str, Callable[[np.random.Generator], Problem]] = {
    "prizes": lambda rng: prizes(rng, 12),
    "any": lambda rng: with_choice(rng, labelled=False),
    "labelled": lambda rng: with_choice(rng, labelled=True),
}


def regretted(problem: Problem, solution: Solution) -> list[str]:
    """Who is left out though a place is known that breaks nothing and costs less than his prize."""
    partner = {u: v for pair in problem.pairs for u, v in _both_ways(pair.pickup, pair.delivery)}
    found = []
    for node in solution.unserved(problem):
        unit = {node, partner.get(node, node)}
        prize = sum(int(problem.prize[u]) for u in unit if not problem.required[u])
        for place in places(problem, solution, node):
            if not place.broken and (place.cost < prize or problem.required[list(unit)].any()):
                found.append(f"{node}: {place.describe(problem)}, prize {prize}")
    return found


def _both_ways(u: int, v: int) -> tuple[tuple[int, int], tuple[int, int]]:
    return (u, v), (v, u)


@pytest.mark.both
@pytest.mark.parametrize("kind", KINDS)
def test_the_search_and_what_explains_its_plan_agree(kind: str) -> None:
    left_out = 0
    for seed in range(in_full(200, 30) if COMPILED else 3):
        problem = KINDS[kind](np.random.default_rng(seed))
        result = solve(problem, iterations=3, seed=seed, params={"neighbours": "2"})
        left_out += len(result.solution.unserved(problem))
        assert regretted(problem, result.solution) == []
    assert left_out > 0


@pytest.mark.both
def test_who_fits_beside_nobody_near_is_served() -> None:
    # The first town fills its vehicle; whoever is left fits on the other town's route, where no
    # client of the first knows anybody.
    coords = [[500, 500], *[[0, 0]] * 9, *[[1000, 0]] * 3]
    problem = Problem(
        coords=coords,
        delivery=[[int(u > 0)] for u in range(13)],
        capacity=[[6]],
        count=[2],
        required=[u == 0 for u in range(13)],
        prize=[5000 * (u > 0) for u in range(13)],
    )
    result = solve(problem, iterations=20, seed=1, params={"neighbours": "4"})
    assert not result.solution.unserved(problem)
