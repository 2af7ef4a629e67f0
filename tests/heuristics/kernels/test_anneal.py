from __future__ import annotations

import numpy as np
import pytest

from polyroute.heuristics.kernels.arrays import (
    BEST,
    FORBIDDEN,
    NUM_LOGGED,
    NUM_OUT,
    NUM_QUEUED,
    Load,
    Rich,
    State,
    Timed,
)
from polyroute.heuristics.kernels.incumbent import cost_of, keep_best, keep_if_best
from polyroute.heuristics.kernels.plan import linked
from polyroute.heuristics.kernels.recreate import recreate
from polyroute.heuristics.kernels.touched import touch_all
from polyroute.heuristics.kernels.undo_log import commit, undo
from polyroute.heuristics.search.annealing import anneal, descend
from polyroute.vrp.check import evaluate
from polyroute.vrp.problem import Problem
from tests.effort import in_full
from tests.heuristics.assertions import assert_state
from tests.heuristics.checked import solution_of
from tests.heuristics.compiled import BOUNDS_UNCHECKED, COMPILED
from tests.heuristics.kernels.ruins import CLIENTS, assert_settled, ruined, settings, situations
from tests.heuristics.random_problems.rich import EVERY
from tests.heuristics.states import Plan, fleet_size, plan_of

pytestmark = pytest.mark.both

CLASSES = [*EVERY] if BOUNDS_UNCHECKED else in_full([*EVERY], ["cvrp"])
"""With bounds checked nothing comes from the cache, so that a class of arrays takes long."""


def assert_best(
    problem: Problem, p: Load | Timed | Rich, s: State, best: Plan, kinds: list[int]
) -> None:
    """Assert that the best plan breaks nothing and costs what is noted."""
    assert len(best) <= fleet_size(p)
    evaluation = evaluate(problem, solution_of(problem, best, kinds))
    assert evaluation.feasible
    assert evaluation.cost == s.total[BEST]


@pytest.mark.plain
@pytest.mark.parametrize("family", EVERY)
def test_the_best_kept_is_a_copy_through_ruins_commits_and_undos(family: str) -> None:
    for rng, problem, p, s in situations(family, 5, 10):
        keep_best(s)
        best, cost = sorted(plan_of(s)), s.total[BEST]
        for _ in range(15):
            ruined(rng, p, s)
            recreate(p, s)
            if rng.random() < 0.3:
                assert_state(problem, p, s, plan_of(s))
                keep_best(s)
                best, cost = sorted(plan_of(s)), cost_of(s)
            if rng.random() < 0.5:
                commit(s)
            else:
                undo(p, s)
            assert sorted(linked(s.best, s.best_shape).lists()) == [
                route for route in best if route
            ]
            assert s.total[BEST] == cost


@pytest.mark.checked
@pytest.mark.parametrize("family", CLASSES)
def test_annealing_keeps_the_state_whole_and_the_best_feasible(family: str) -> None:
    for rng, problem, p, s in situations(family, 6, 10):
        touch_all(s)
        descend(p, s, CLIENTS, 1000)
        assert s.tally[NUM_QUEUED] == 0
        assert_state(problem, p, s, plan_of(s))
        rounds = 40 if COMPILED else 5
        feasible = anneal(p, s, rounds, float(rng.uniform(0, 5)), settings(rng))
        plan = plan_of(s)
        assert 0 <= feasible <= rounds
        assert_state(problem, p, s, plan)
        assert_settled(problem, p, s)
        assert s.tally[NUM_LOGGED] == s.tally[NUM_OUT] == 0
        if s.total[BEST] < p.fleet[FORBIDDEN]:
            best = linked(s.best, s.best_shape)
            assert_best(problem, p, s, best.lists(), best.kinds.tolist())
        elif np.isfinite(s.total[BEST]):
            assert isinstance(p, Rich)  # somebody is left out
        else:
            assert feasible == 0


def test_no_round_of_annealing_loses_a_better_solution_that_it_found() -> None:
    for rng, _, p, s in situations("loose windows", 7, 10):
        touch_all(s)
        descend(p, s, CLIENTS, 1000)
        for _ in range(10):
            before = s.total[BEST]
            anneal(p, s, 3, float(rng.uniform(0, 5)), settings(rng))
            after = s.total[BEST]
            assert after <= before
            keep_if_best(s)
            assert s.total[BEST] == after
