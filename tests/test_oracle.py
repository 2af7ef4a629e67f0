"""The exact optimum against the slower one, on problems of every kind."""

from __future__ import annotations

import numpy as np
import pytest

from polyroute.vrp.check import evaluate
from polyroute.vrp.cli.attributes import features
from polyroute.vrp.problem import Problem
from tests.cases import CASES
from tests.effort import in_full
from tests.naive import best_solution
from tests.oracle import MOST, optimum
from tests.random_attributes import EVERYTHING, TRAITS, random_problem

NAMES = {trait.__name__: trait for trait, _ in TRAITS}


def assert_same(problem: Problem) -> bool:
    """Assert that both oracles agree; whether there is a plan."""
    found, slow = optimum(problem), best_solution(problem)
    assert (found is None) == (slow is None)
    if found is None or slow is None:
        return False
    assert found[1] == slow[1].objective
    evaluation = evaluate(problem, found[0])
    assert evaluation.feasible, evaluation.violations
    assert evaluation.objective == found[1]
    return True


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_both_oracles_agree_on_each_case(case: object) -> None:
    assert_same(case.problem)  # type: ignore[attr-defined]


def assert_same_on_some(trait: str, clients: int) -> None:
    """Assert that both agree on a dozen random problems, and on three with a plan at least."""
    rng = np.random.default_rng(5)
    draw = {"clients": clients, "chance": 0.2, "always": NAMES[trait]}
    drawn = solved = 0
    while drawn < in_full(12, 5) or solved < 3:
        solved += assert_same(random_problem(rng, **draw))  # type: ignore[arg-type]
        drawn += 1
        assert drawn < 40, f"{solved} of {drawn} problems have a plan"


@pytest.mark.parametrize("trait", NAMES)
def test_both_oracles_agree_on_random_problems_with_each_trait(trait: str) -> None:
    assert_same_on_some(trait, 3)


@pytest.mark.slow
@pytest.mark.parametrize("trait", NAMES)
def test_both_oracles_agree_on_larger_problems_with_each_trait(trait: str) -> None:
    assert_same_on_some(trait, 4)


@pytest.mark.parametrize("seed", range(3))
def test_a_plan_of_six_clients_costs_what_the_oracle_says(seed: int) -> None:
    rng, found = np.random.default_rng(seed), None
    while found is None:
        problem = random_problem(rng, clients=6, chance=0.15)
        found = optimum(problem)
    evaluation = evaluate(problem, found[0])
    assert evaluation.feasible, evaluation.violations
    assert evaluation.objective == found[1]


def test_more_clients_than_can_be_looked_through_are_refused() -> None:
    with pytest.raises(AssertionError, match="too many orders"):
        optimum(random_problem(np.random.default_rng(0), clients=MOST + 1))


def test_all_features_are_drawn_and_none_beyond_the_names() -> None:
    rng = np.random.default_rng(2)
    drawn = [random_problem(rng) for _ in range(300)]
    assert frozenset().union(*(problem.active for problem in drawn)) == EVERYTHING
    assert features().keys() == EVERYTHING
    few = frozenset("delivery capacity tw_early tw_late".split())
    assert all(random_problem(rng, few).active <= few for _ in range(100))
