from __future__ import annotations

import numpy as np
import pytest

from polyroute.heuristics.kernels.arrays import FORBIDDEN, MISSED, NUM_OUT, OUT, ROUTE
from polyroute.heuristics.kernels.fleet_minimisation import squeeze
from polyroute.heuristics.kernels.incumbent import is_feasible
from polyroute.heuristics.kernels.plan import linked, plan_of
from polyroute.heuristics.kernels.rng import seeded
from polyroute.heuristics.kernels.state import depot_row
from polyroute.heuristics.layout.facts import Facts
from polyroute.heuristics.search.costed import Costed
from polyroute.heuristics.search.params import SearchParams
from polyroute.heuristics.search.setting import Setting
from polyroute.heuristics.search.squeeze import Squeezer
from polyroute.heuristics.search.vehicles import everybody_alone, limited
from polyroute.vrp.api import solve
from polyroute.vrp.check import evaluate
from polyroute.vrp.problem import Problem
from polyroute.vrp.solution import Solution
from polyroute.vrp.structure import Pair
from tests.effort import CHECKED_IN_FULL
from tests.heuristics.assertions import assert_state
from tests.heuristics.checked import solution_of
from tests.heuristics.compiled import cases, plain
from tests.heuristics.in_arrays import arrays, everybody
from tests.heuristics.random_problems.plain import FAMILIES
from tests.heuristics.random_problems.rich import RICH
from tests.heuristics.states import plan_of as routes_of

pytestmark = [pytest.mark.both, *CHECKED_IN_FULL]


def squeezer_on(problem: Problem, vehicles: int) -> Squeezer:
    """A squeezer for so many vehicles, where nobody is on a route yet."""
    p = limited(arrays(problem), vehicles)
    prices = np.array([4.0, 8.0, 8.0])
    setting = Setting(SearchParams(), 40.0, 1.0, prices, depot_row(problem, p), True)
    squeezer = Squeezer(p, None, setting, seeded(vehicles))
    all_together = plan_of([everybody(problem)])
    squeezer.begin(Costed(all_together, np.array([np.inf]), np.array([1.0])))
    return squeezer


@pytest.mark.parametrize("family", FAMILIES)
def test_squeezing_exceeds_nothing_and_loses_nobody(family: str) -> None:
    rng = np.random.default_rng(3)
    problem = FAMILIES[family](rng, 9)
    squeezer = squeezer_on(problem, 2)
    p, s = squeezer.p, squeezer.s
    for _ in range(40):
        found = squeeze(p, s, squeezer.waited, squeezer.kept, squeezer.tried, 1, 20.0, 3.0, 4)
        waiting = set(s.ints[OUT, : s.tally[NUM_OUT]].tolist())
        assert found == (not waiting)
        assert waiting == {u for u in problem.clients if s.link[u, ROUTE] < 0}
        routes = [route for route in routes_of(s) if route]
        assert sorted([*waiting, *(u for route in routes for u in route)]) == [*problem.clients]
        assert plain(is_feasible)(s)
        broken = evaluate(problem, Solution.from_visits(routes)).violations
        assert {violation.rule for violation in broken} <= {"missing", "count"}
        if found:
            break


@pytest.mark.parametrize("family", RICH)
def test_squeezing_breaks_no_rule_and_forgets_nobody_who_must_be_served(family: str) -> None:
    rng = np.random.default_rng(4)
    for _ in cases(4):
        problem = RICH[family](rng, 9)
        if not Facts.of(problem).rich:
            continue
        squeezer = squeezer_on(problem, 2)
        p, s = squeezer.p, squeezer.s
        for _ in range(20):
            found = squeeze(p, s, squeezer.waited, squeezer.kept, squeezer.tried, 1, 20.0, 3.0, 4)
            assert found == (s.tally[NUM_OUT] == 0)
            assert found == (s.total[MISSED] < p.fleet[FORBIDDEN])
            assert_state(problem, p, s, routes_of(s))
            assert plain(is_feasible)(s)
            plan = linked(s.link, s.shape)
            solution = solution_of(problem, plan.lists(), plan.kinds.tolist())
            broken = evaluate(problem, solution).violations
            assert {violation.rule for violation in broken} <= {"missing", "group"}
            if found:
                break


@pytest.mark.parametrize("family", FAMILIES)
def test_with_vehicles_enough_everybody_is_served_at_once(family: str) -> None:
    # To serve somebody who never waited was worth nothing, and cost something: so nobody was.
    problem = FAMILIES[family](np.random.default_rng(5), 9)
    squeezer = squeezer_on(problem, 9)
    s = squeezer.s
    if s.tally[NUM_OUT] == 0 or not everybody_alone(squeezer.p, squeezer.setting.depot):
        pytest.skip("nobody waits, or a client exceeds something even alone")
    squeeze(squeezer.p, s, squeezer.waited, squeezer.kept, squeezer.tried, 1, 20.0, 3.0, 4)
    assert s.tally[NUM_OUT] == 0


def test_a_pair_of_which_one_end_must_be_served_goes_on_waiting() -> None:
    # The pickup alone need not be served, and was forgotten; the search then waited for ever.
    problem = Problem(
        coords=[[0, 0], [10, 0], [20, 0]],
        pickup=[[0], [2], [0]],
        delivery=[[0], [0], [2]],
        capacity=[[1]],
        count=[1],
        pairs=(Pair(1, 2),),
        required=[1, 0, 1],
    )
    result = solve(problem, iterations=100)
    assert result.iterations == 100
    assert not result.feasible
