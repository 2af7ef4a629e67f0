from __future__ import annotations

import numpy as np
import pytest

from heuristics.arrays import NUM_OUT, OUT, ROUTE
from heuristics.fleet import limited
from heuristics.merge import Costed
from heuristics.params import SearchParams
from heuristics.plan import plan_of
from heuristics.rng import seeded
from heuristics.routes import depot_row, is_feasible
from heuristics.squeeze import Squeezer, squeeze
from heuristics.worker import Setting
from tests.heuristics.random_problems import FAMILIES, arrays
from tests.heuristics.random_problems import plan_of as routes_of
from vrp.check import evaluate
from vrp.problem import Problem
from vrp.solution import Solution

pytestmark = pytest.mark.kernels


def squeezer_on(problem: Problem, vehicles: int) -> Squeezer:
    """A squeezer for so many vehicles, where nobody is on a route yet."""
    p = limited(arrays(problem), vehicles)
    prices = np.array([4.0, 8.0, 8.0])
    setting = Setting(SearchParams(), 40.0, 1.0, prices, depot_row(problem, p), True)
    squeezer = Squeezer(p, None, setting, seeded(vehicles))
    everybody = plan_of([[*problem.clients]])
    squeezer.begin(Costed(everybody, np.array([np.inf]), np.array([1.0])))
    return squeezer


@pytest.mark.parametrize("family", FAMILIES)
def test_squeezing_exceeds_nothing_and_loses_nobody(family: str) -> None:
    rng = np.random.default_rng(3)
    problem = FAMILIES[family](rng, 9)
    squeezer = squeezer_on(problem, 2)
    p, s = squeezer.p, squeezer.s
    for _ in range(40):
        found = squeeze(p, s, squeezer.waited, squeezer.kept, 1, 20.0, 3.0, 4)
        waiting = set(s.ints[OUT, : s.tally[NUM_OUT]].tolist())
        assert found == (not waiting)
        assert waiting == {u for u in problem.clients if s.link[u, ROUTE] < 0}
        routes = [route for route in routes_of(s) if route]
        assert sorted([*waiting, *(u for route in routes for u in route)]) == [*problem.clients]
        assert is_feasible(s)
        broken = evaluate(problem, Solution.from_visits(routes)).violations
        assert {violation.rule for violation in broken} <= {"missing", "count"}
        if found:
            break
