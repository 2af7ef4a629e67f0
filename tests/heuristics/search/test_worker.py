from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from polyroute.data import solomon
from polyroute.heuristics.kernels.arrays import (
    BEST,
    COUNT,
    DISTANCE_WEIGHT,
    FORBIDDEN,
    LATENESS,
    LOAD_WEIGHT,
    MAX_ROUTES,
    OVERLOAD,
    SIZE,
    TIME_WEIGHT,
    Rich,
)
from polyroute.heuristics.kernels.incumbent import cost_of
from polyroute.heuristics.kernels.links import relink
from polyroute.heuristics.kernels.plan import Plan, plan_of
from polyroute.heuristics.kernels.refresh import refresh
from polyroute.heuristics.kernels.rng import seeded
from polyroute.heuristics.kernels.state import depot_row
from polyroute.heuristics.kernels.undo_log import commit
from polyroute.heuristics.layout.facts import Facts
from polyroute.heuristics.search import worker as worker_module
from polyroute.heuristics.search.annealing import anneal
from polyroute.heuristics.search.clock import Clock
from polyroute.heuristics.search.costed import Costed
from polyroute.heuristics.search.pace import Pace
from polyroute.heuristics.search.params import SearchParams
from polyroute.heuristics.search.setting import PRICE_RANGE, Setting
from polyroute.heuristics.search.steering import LEAST_PRICES
from polyroute.heuristics.search.worker import Worker
from polyroute.vrp.budget import Budget
from polyroute.vrp.check import evaluate
from polyroute.vrp.problem import Problem
from polyroute.vrp.solution import Solution
from polyroute.vrp.structure import Break
from tests import random_attributes
from tests.heuristics.assertions import assert_state
from tests.heuristics.checked import is_legal, penalised
from tests.heuristics.compiled import COMPILED, cases, plain
from tests.heuristics.in_arrays import arrays, layout_of
from tests.heuristics.random_problems.plain import FAMILIES, cvrp
from tests.heuristics.random_problems.rich import RICH
from tests.heuristics.states import plan_of as routes_of
from tests.heuristics.states import served

pytestmark = pytest.mark.both

FIRST_PRICES = np.array([4.0, 8.0, 8.0])


def worker_on(problem: Problem, plan: Plan, **params: float) -> Worker:
    """A worker that begins from `plan`."""
    p = arrays(problem)
    settings = SearchParams(**params)  # type: ignore[arg-type]
    setting = Setting(settings, 7.5, 0.2, FIRST_PRICES, depot_row(problem, p), True)
    worker = Worker(p, None, setting, seeded(1))
    worker.load(plan)
    return worker


def test_dear_vehicles_are_not_saved_by_giving_few_of_them_everybody() -> None:
    rng = np.random.default_rng(2)
    early = rng.integers(0, 300, 31)
    early[0] = 0
    problem = cvrp(
        rng,
        30,
        tw_early=early[:, None],
        tw_late=(early + 100)[:, None] + 900 * (np.arange(31) == 0)[:, None],
        fixed_cost=[5000],
        breaks=(Break(0, ((0, 1000),), 10),),
    )
    worker = worker_on(problem, layout_of(problem).to_plan(Solution(())))
    assert worker.s.total[OVERLOAD : OVERLOAD + 3].sum() < 10  # not above 100
    assert (worker.s.total[LOAD_WEIGHT:BEST] == FIRST_PRICES).all()


@pytest.mark.parametrize("family", FAMILIES)
def test_who_is_on_no_route_is_inserted(family: str) -> None:
    rng = np.random.default_rng(1)
    for clients in (1, 5, 9):
        problem = FAMILIES[family](rng, clients)
        left = rng.permutation(problem.clients)[: rng.integers(clients + 1)].tolist()
        worker = worker_on(problem, plan_of([[u] for u in left[: problem.count[0]]]))
        assert served(routes_of(worker.s)) == [*problem.clients]


def test_the_shortest_of_too_many_routes_are_taken_apart() -> None:
    problem = cvrp(np.random.default_rng(2), 9, count=[2])
    worker = worker_on(problem, plan_of([[1], [2, 3, 4], [5], [6, 7, 8, 9]]))
    assert int(worker.p.fleet[MAX_ROUTES]) == 2
    plan = routes_of(worker.s)
    assert served(plan) == [*problem.clients]
    assert (worker.s.shape[:, SIZE] > 0).sum() == 2


def test_only_the_price_of_what_is_exceeded_rises() -> None:
    problem = cvrp(
        np.random.default_rng(3), 6, capacity=[[1]], count=[2], delivery=[[0]] + [[1]] * 6
    )
    worker = worker_on(problem, plan_of([[1, 2, 3], [4, 5, 6]]))
    total = worker.s.total
    assert total[OVERLOAD] > 0
    assert total[LATENESS] == 0
    worker.steer(0.0, 1.0)
    assert total[LOAD_WEIGHT] > FIRST_PRICES[0]
    assert total[TIME_WEIGHT] == FIRST_PRICES[1]
    assert total[DISTANCE_WEIGHT] == FIRST_PRICES[2]


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_prices_stay_in_their_range(share: float) -> None:
    problem = cvrp(
        np.random.default_rng(4), 6, capacity=[[1]], count=[2], delivery=[[0]] + [[1]] * 6
    )
    worker = worker_on(problem, plan_of([[1, 2, 3], [4, 5, 6]]))
    for steps in (1.0, 10.0, 1e4):
        worker.steer(share, steps)
        prices = worker.s.total[LOAD_WEIGHT : LOAD_WEIGHT + 3]
        assert (prices >= FIRST_PRICES * LEAST_PRICES).all()
        assert (prices <= FIRST_PRICES * PRICE_RANGE).all()
    if share == 1.0:
        assert prices[0] == FIRST_PRICES[0]  # load is never cheaper than at first


def test_a_strict_worker_exceeds_nothing_and_keeps_its_prices() -> None:
    problem = cvrp(np.random.default_rng(4), 12, capacity=[[4]], delivery=[[0]] + [[1]] * 12)
    worker = worker_on(problem, plan_of([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]]))
    worker.be_strict()
    prices = worker.s.total[LOAD_WEIGHT : LOAD_WEIGHT + 3].copy()
    for _ in range(20):
        anneal(worker.p, worker.s, 10 if COMPILED else 1, 1.0, worker.setting.params)
        worker.steer(0.0, 5.0)
        assert not worker.s.total[OVERLOAD : OVERLOAD + 3].any()
    assert (worker.s.total[LOAD_WEIGHT : LOAD_WEIGHT + 3] == prices).all()


@pytest.mark.parametrize("wary", [False, True])
def test_a_wary_worker_to_whom_nothing_is_feasible_goes_back_and_becomes_strict(
    wary: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = cvrp(np.random.default_rng(4), 8, capacity=[[4]], delivery=[[0]] + [[1]] * 8)
    worker = worker_on(problem, plan_of([[1, 2, 3, 4], [5, 6, 7, 8]]))
    worker.wary = wary
    known = worker.current().plan.lists()
    worker.load(plan_of([[1, 2, 3, 4, 5, 6], [7, 8]]))  # overloaded, and stays so
    worker.incumbent = Costed(plan_of(known), np.array([1.0, 1.0]), np.zeros(2))
    monkeypatch.setattr(worker_module, "anneal", lambda p, s, size, temperature, params: 0)
    done = []
    for budget in (800, 2000):
        pace = Pace(Clock(Budget(iterations=10_000), None), 0, 1.0, budget)
        worker.run(pace)
        done.append(worker.strict)
    assert done == [False, wary]
    assert (worker.current().plan.lists() == known) == wary


def test_patience_lasts_for_the_first_fall_of_the_temperature() -> None:
    worker = worker_on(cvrp(np.random.default_rng(4), 6), plan_of([[1, 2, 3], [4, 5, 6]]))
    assert worker.patience == worker_module.PATIENCE
    worker.setting = replace(worker.setting, falls=4)
    assert worker.patience == 0.25


def test_many_small_steps_make_a_large_one() -> None:
    problem = cvrp(
        np.random.default_rng(5), 6, capacity=[[1]], count=[2], delivery=[[0]] + [[1]] * 6
    )
    once, often = (worker_on(problem, plan_of([[1, 2, 3], [4, 5, 6]])) for _ in range(2))
    once.steer(0.0, 8.0)
    for _ in range(8):
        often.steer(0.0, 1.0)
    assert once.share == pytest.approx(often.share)
    assert once.s.total[LOAD_WEIGHT] == pytest.approx(often.s.total[LOAD_WEIGHT])


def test_who_adopts_goes_on_from_the_others_plan() -> None:
    problem = cvrp(np.random.default_rng(6), 9)
    first, second = (worker_on(problem, plan_of([[*problem.clients]])) for _ in range(2))
    first.run(Pace(Clock(Budget(iterations=50), None), 0, 1.0, 50))
    second.adopt(first)
    assert [route for route in routes_of(second.s) if route] == first.current().plan.lists()
    assert second.s.total[LOAD_WEIGHT] == first.s.total[LOAD_WEIGHT]


def test_who_adopts_is_as_strict_as_the_other() -> None:
    problem = cvrp(np.random.default_rng(6), 6)
    strict, other = (worker_on(problem, plan_of([[1, 2, 3], [4, 5, 6]])) for _ in range(2))
    strict.be_strict()
    strict.wary = True
    loose = other.s.total[LOAD_WEIGHT : LOAD_WEIGHT + 3].copy()
    other.adopt(strict)
    assert other.strict
    assert other.wary
    assert (other.s.total[LOAD_WEIGHT : LOAD_WEIGHT + 3] == strict.prices).all()
    strict.adopt(worker_on(problem, plan_of([[1, 2, 3], [4, 5, 6]])))
    assert not strict.strict
    assert (strict.s.total[LOAD_WEIGHT : LOAD_WEIGHT + 3] == loose).all()


def test_figures_are_those_of_the_current_plan() -> None:
    problem = cvrp(np.random.default_rng(7), 9, capacity=[[9]])
    worker = worker_on(problem, plan_of([[1, 2, 3, 4, 5], [6], [7, 8, 9]]))
    plan, lengths, excess = worker.current()
    for route, length, over in zip(plan.lists(), lengths, excess, strict=True):
        prices = worker.s.total[LOAD_WEIGHT]
        assert penalised_route(problem, worker, route) == pytest.approx(length + over * prices)


@pytest.mark.plain
def test_the_best_plan_takes_over_feasible_routes_of_an_overloaded_solution() -> None:
    coords = [[0, 0], [9, 0], [9, 1], [0, 9], [0, 8], [1, 9]]
    problem = Problem(coords=coords, delivery=[[0], *[[1]] * 5], capacity=[[2]])
    worker = worker_on(problem, plan_of([[1], [2], [3, 4], [5]]))
    before = worker.best()
    assert before is not None
    s = worker.s
    commit(s)
    nodes = [np.array(route, dtype=np.int64) for route in ([1, 2], [3, 4, 5])]
    for r in range(len(s.shape)):
        if s.shape[r, SIZE]:
            relink(s, r, np.zeros(0, dtype=np.int64))
            refresh(worker.p, s, r)
    for r, route in enumerate(nodes):
        relink(s, r, route)
        refresh(worker.p, s, r)
    assert worker.current().exceeded == 1
    worker._note_best()
    best = worker.best()
    assert best is not None
    assert sorted(best.plan.lists()) == [[1, 2], [3, 4], [5]]
    checked = evaluate(problem, Solution.from_visits(best.plan.lists()))
    assert checked.feasible
    assert checked.distance == best.cost == s.total[BEST] < before.cost


@pytest.mark.parametrize("windows", [False, True])
def test_the_best_plan_costs_what_the_checker_says(windows: bool) -> None:
    for number in cases(10):
        rng = np.random.default_rng(number)
        problem = solomon.generate(solomon.VrptwClass(15), rng) if windows else cvrp(rng, 15)
        worker = worker_on(problem, plan_of([[u] for u in problem.clients]))
        for until in (20, 40, 60):
            worker.run(Pace(Clock(Budget(iterations=60), None), until - 20, 1.0, 20))
            best = worker.best()
            assert best is not None
            checked = evaluate(problem, Solution.from_visits(best.plan.lists()))
            assert checked.feasible
            assert checked.distance == best.cost == worker.s.total[BEST]


def penalised_route(problem: Problem, worker: Worker, route: list[int]) -> float:
    """Distance and priced excess of one route, whose prices must be integers."""
    return float(penalised(problem, worker.s, [route]))


# -- problems of any kind --------------------------------------------------------------------------


@pytest.mark.parametrize("family", RICH)
def test_a_worker_begins_from_any_start_within_the_fleet(family: str) -> None:
    rng = np.random.default_rng(8)
    for _ in cases(8):
        problem = RICH[family](rng, 7)
        p = arrays(problem)
        if not isinstance(p, Rich):
            continue
        layout = layout_of(problem)
        worker = worker_on(problem, layout.to_plan(random_attributes.random_plan(rng, problem)))
        plan = routes_of(worker.s)
        assert_state(problem, p, worker.s, plan)
        assert is_legal(problem, worker.s, plan)
        assert (worker.s.used <= p.vehicle[:, COUNT]).all()


@pytest.mark.parametrize("family", RICH)
def test_the_best_plan_of_any_kind_costs_what_the_checker_says(family: str) -> None:
    for number in cases(8):
        rng = np.random.default_rng(number)
        problem = RICH[family](rng, 8)
        if not Facts.of(problem).rich:
            continue
        worker = worker_on(problem, plan_of([]))
        layout = layout_of(problem)
        rounds = 20 if COMPILED else 5
        for turn in range(3):
            worker.run(Pace(Clock(Budget(iterations=60), None), turn * rounds, 1.0, rounds))
            best, current = worker.best(), worker.current()
            assert current.cost == pytest.approx(plain(cost_of)(worker.s))
            if best is not None and best.cost < worker.p.fleet[FORBIDDEN]:
                checked = evaluate(problem, layout.to_solution(best.plan))
                assert checked.feasible, checked.violations
                assert checked.cost == best.cost == worker.s.total[BEST]
