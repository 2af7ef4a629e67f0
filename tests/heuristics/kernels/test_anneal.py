from __future__ import annotations

import numpy as np
import pytest

from polyroute.heuristics.kernels.anneal import anneal, descend
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
from polyroute.heuristics.kernels.plan import linked
from polyroute.heuristics.kernels.state import keep_if_best, touch_all
from polyroute.vrp.check import evaluate
from polyroute.vrp.problem import Problem
from tests.heuristics.random_problems import (
    COMPILED,
    EVERY,
    Plan,
    assert_state,
    fleet_size,
    plan_of,
    solution_of,
)
from tests.heuristics.ruined import CLIENTS, assert_settled, settings, situations

pytestmark = [pytest.mark.both, pytest.mark.checked]


@pytest.mark.parametrize("family", EVERY)
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


def assert_best(
    problem: Problem, p: Load | Timed | Rich, s: State, best: Plan, kinds: list[int]
) -> None:
    """Assert that the best plan breaks nothing and costs what is noted."""
    assert len(best) <= fleet_size(p)
    evaluation = evaluate(problem, solution_of(problem, best, kinds))
    assert evaluation.feasible
    assert evaluation.cost == s.total[BEST]


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
